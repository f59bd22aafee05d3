"""Buffers: state that is not learned but saved, loaded, cast and restored like weights."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.data.batches import Batches
from companion.gradients.tensor import Tensor
from companion.training import Callback, EarlyStopping, fit, manual_seed


def network(face=nn):
    return face.Sequential(
        face.Linear(3, 6), face.BatchNorm1d(6), face.ReLU(), face.Sequential(face.Linear(6, 2))
    )


def trained(face=nn):
    model, rng = network(face), np.random.default_rng(0)
    for _ in range(4):
        x = rng.normal(size=(8, 3)).astype(np.float32)
        model(x if face is nn else torch.tensor(x))
    return model


def test_state_dicts_with_buffers_are_torch_s_both_ways():
    x = np.random.default_rng(1).normal(size=(5, 3)).astype(np.float32)
    ours, theirs = trained(), network(torch.nn)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    expected = theirs.eval()(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours.eval()(x).numpy(), expected, rtol=1e-5, atol=1e-6)

    ours, theirs = network(), trained(torch.nn)
    ours.load_state_dict(theirs.state_dict())
    assert ours[1].num_batches_tracked.item() == 4
    expected = theirs.eval()(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours.eval()(x).numpy(), expected, rtol=1e-5, atol=1e-6)


def test_buffers_have_torch_s_names_and_are_no_parameters():
    ours, theirs = network(), network(torch.nn)
    for names in ("named_buffers", "named_parameters"):
        found = [[name for name, _ in getattr(m, names)()] for m in (ours, theirs)]
        assert found[0] == found[1]
    assert len(list(ours.buffers())) == 3
    assert not any(b.requires_grad for b in ours.buffers())
    shared = nn.BatchNorm1d(2)
    twice = nn.Sequential(shared, shared)
    assert (len(list(twice.buffers())), len(twice.state_dict())) == (3, 10)
    assert not list(nn.BatchNorm1d(2, track_running_stats=False).buffers())


def test_a_module_of_one_s_own_may_have_buffers():
    class Scaled(nn.Module):
        def __init__(self):
            self.register_buffer("scale", Tensor(np.array([2.0])))
            self.register_buffer("missing", None)

        def forward(self, x):
            return x * self.scale

    one, other = Scaled(), Scaled()
    assert list(one.state_dict()) == ["scale"]
    one.scale.data[...] = 5
    assert one(Tensor(np.ones(1))).item() == 5
    assert other(Tensor(np.ones(1))).item() == 2
    other.load_state_dict(one.state_dict())
    one.scale.data[...] = 7
    assert other(Tensor(np.ones(1))).item() == 5
    other.scale = Tensor(np.array([3.0]))  # what replaces a buffer is one
    assert other.state_dict()["scale"] == 3


def test_casts_reach_buffers_but_leave_counts_alone():
    model = trained().double()
    kinds = {name: b.dtype for name, b in model.named_buffers()}
    assert kinds == {
        "1.running_mean": np.float64,
        "1.running_var": np.float64,
        "1.num_batches_tracked": np.int64,
    }
    assert {b.dtype for b in model.float().buffers() if b.ndim} == {np.dtype("float32")}


def test_loading_what_does_not_fit_changes_no_buffer():
    model = trained()
    before = model.state_dict()
    missing = {k: v + 1 for k, v in before.items() if k != "1.running_var"}
    with pytest.raises(KeyError, match=r"missing \['1.running_var'\]"):
        model.load_state_dict(missing)
    with pytest.raises(ValueError, match=r"1.running_mean is \(2,\) here, \(6,\) in the model"):
        model.load_state_dict({k: v + 1 for k, v in before.items()} | {"1.running_mean": [1, 2]})
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value, before[name])


ENGINES = {"companion": (nn, optim), "torch": (torch.nn, torch.optim)}
X = np.random.default_rng(2).normal(1.0, 2.0, size=(64, 3)).astype(np.float32)
Y = (X[:, 0] * X[:, 1] > 0).astype(np.int64)


def run(engine, epochs, checkpoint=None, callbacks=(), lr=0.1):
    face, optimizers = ENGINES[engine]
    manual_seed(0)
    model = network(face)
    history = fit(
        model,
        Batches(X, Y, batch_size=16),
        face.CrossEntropyLoss(),
        optimizers.SGD(model.parameters(), lr=lr),
        epochs=epochs,
        validation=(X, Y),
        callbacks=callbacks,
        checkpoint=checkpoint,
    )
    return model, history


def state_of(model):
    return {name: np.asarray(value).copy() for name, value in model.state_dict().items()}


@pytest.mark.parametrize("engine", ENGINES)
def test_checkpoints_carry_buffers(engine, tmp_path):
    """A resumed run has the running statistics, and so the held-out losses, of an unbroken one."""
    path = tmp_path / "run.npz"
    run(engine, 2, path)
    resumed, history = run(engine, 5, path)
    whole, expected = run(engine, 5)
    assert history["val_loss"] == expected["val_loss"]
    for (name, a), b in zip(state_of(resumed).items(), state_of(whole).values(), strict=True):
        np.testing.assert_array_equal(a, b, err_msg=name)
    assert state_of(resumed)["1.num_batches_tracked"] == 20


@pytest.mark.parametrize("engine", ENGINES)
def test_early_stopping_restores_buffers(engine):
    seen = []

    class Keep(Callback):
        def on_epoch_end(self, loop):
            seen.append(state_of(loop.model))

    # A rate so large that the held-out loss gets worse at once.
    model, history = run(engine, 30, callbacks=[EarlyStopping(patience=4), Keep()], lr=2.0)
    assert history.stopped
    assert len(history) < 30
    best = seen[int(np.argmin(history["val_loss"]))]
    assert not np.array_equal(best["1.running_mean"], seen[-1]["1.running_mean"])
    for name, value in state_of(model).items():
        assert value.shape == best[name].shape
        np.testing.assert_array_equal(value, best[name], err_msg=name)


def test_a_buffer_is_a_tensor_under_a_name_of_its_own():
    layer = nn.Linear(2, 2)
    with pytest.raises(TypeError, match="mean is a ndarray; wrap it in Tensor"):
        layer.register_buffer("mean", np.zeros(2))
    layer.register_buffer("mean", Tensor(np.zeros(2)))
    for name in ("mean", "weight", "forward"):
        with pytest.raises(ValueError, match=f"the name '{name}' is taken"):
            layer.register_buffer(name, Tensor(np.zeros(2)))
    assert list(layer.state_dict()) == ["weight", "bias", "mean"]
