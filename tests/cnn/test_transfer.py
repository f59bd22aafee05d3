"""Borrowed features: heads as scikit-learn fits them, and layers that really stay as they are."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from companion import nn, optim
from companion.cnn import transfer
from companion.cnn.heads import fit_head
from companion.cnn.networks.efficientnet_lite import efficientnet_lite0
from companion.data.batches import Batches
from companion.training import fit, manual_seed, predict
from companion.training.engines import to_numpy

ENGINES = [pytest.param((nn, optim), id="ours"), pytest.param((torch.nn, torch.optim), id="torch")]


def small(nn, classes=3):
    """A body of six modules with two batch normalizations, and a head."""
    layers = [
        *(nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU()),
        *(nn.Conv2d(4, 5, 3, padding=1, bias=False), nn.BatchNorm2d(5), nn.ReLU()),
    ]
    return transfer.with_head(nn, layers, 5, classes)


def pictures(N=12, classes=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(N, 3, 6, 6)).astype("float32") + 2, np.arange(N) % classes


def weights(network):
    return {name: to_numpy(v).copy() for name, v in network.state_dict().items()}


@settings(max_examples=15, deadline=None)
@given(
    N=st.integers(6, 30), D=st.integers(1, 40), K=st.integers(2, 5),
    penalty=st.sampled_from([1e-3, 1e-2, 0.3]), seed=st.integers(0, 10**6),
)  # fmt: skip
def test_the_head_is_the_one_that_scikit_learn_finds(N, D, K, penalty, seed):
    """With fewer and with more examples than features."""
    rng = np.random.default_rng(seed)
    F = rng.normal(size=(N, D)) * rng.uniform(0.1, 10, D) + rng.normal(size=D)
    y = np.r_[np.arange(K), rng.integers(K, size=N - K)]
    W, b = fit_head(F, y, K, penalty)
    Z = (F - F.mean(axis=0)) / F.std(axis=0)
    theirs = LogisticRegression(C=1 / (N * penalty), tol=1e-10, max_iter=10000).fit(Z, y)
    if K == 2:  # one row of weights there, half of it with either sign here
        scores = (F @ W.T + b) @ [-1, 1]
        np.testing.assert_allclose(_penalized(W * F.std(axis=0), F, W, b, y, penalty),
                                   _minimum_of_two(Z, y, penalty), rtol=1e-5)  # fmt: skip
        assert scores.shape == (N,)
        return
    np.testing.assert_allclose(W * F.std(axis=0), theirs.coef_, atol=2e-3)


def _penalized(scaled, F, W, b, y, penalty):
    scores = F @ W.T + b
    top = scores.max(axis=1, keepdims=True)
    logs = scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
    return -logs[np.arange(len(y)), y].mean() + penalty / 2 * np.sum(scaled**2)


def _minimum_of_two(Z, y, penalty):
    """Cost of scikit-learn's classifier of two classes; v = ±w / 2 halves the squares."""
    C = 1 / (len(y) * penalty / 2)
    theirs = LogisticRegression(C=C, tol=1e-10, max_iter=10000).fit(Z, y)
    w, b = theirs.coef_[0] / 2, theirs.intercept_[0] / 2
    W, b = np.stack([-w, w]), np.array([-b, b])
    return _penalized(W, Z, W, b, y, penalty)


def test_features_that_are_constant_do_no_harm():
    F = np.random.default_rng(0).normal(size=(9, 4))
    y = np.arange(9) % 3
    W, b = fit_head(F, y, 3)
    wide, same = fit_head(np.hstack([F, np.full((9, 1), 7.0)]), y, 3)
    np.testing.assert_allclose(wide[:, :4] @ F.T + (wide[:, 4] * 7 + same)[:, None],
                               W @ F.T + b[:, None], atol=1e-4)  # fmt: skip


def test_a_single_example_of_each_class_is_learned():
    F, y = np.eye(4) * 1000, np.arange(4)
    W, b = fit_head(F, y, 4)
    assert ((F @ W.T + b).argmax(axis=1) == y).all()
    W, b = fit_head(F[:1], y[:1], 3)  # two classes have no example
    assert np.isfinite(W).all()
    assert (F[:1] @ W.T + b).argmax() == 0


@pytest.mark.parametrize(
    ("F", "y", "penalty", "message"),
    [
        (np.ones(3), np.zeros(3, int), 0.1, r"features \(3,\)"),
        (np.ones((3, 2)), np.zeros(2, int), 0.1, r"classes \(2,\)"),
        (np.ones((0, 2)), np.zeros(0, int), 0.1, r"features \(0, 2\)"),
        (np.ones((2, 2)), np.array([0, 5]), 0.1, "classes from 0 to 5"),
        (np.ones((2, 2)), np.array([0, 1]), 0.0, "penalty 0.0"),
    ],
)
def test_heads_without_sense_are_refused(F, y, penalty, message):
    with pytest.raises(ValueError, match=message):
        fit_head(F, y, 3, penalty)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("count", [0, 3, 6])
def test_frozen_modules_stay_to_the_last_bit(engine, count):
    """Weights and running averages of the frozen ones stay; those of all others move."""
    engine_nn, engine_optim = engine
    network, (X, y) = small(engine_nn), pictures()
    frozen = transfer.freeze_first(network, count)
    learning = [p for p in network.parameters() if p.requires_grad]
    before = weights(network)
    # Twice an epoch's end comes after a validation, which wakes the network.
    fit(
        network, Batches(X, y, batch_size=4), engine_nn.CrossEntropyLoss(),
        engine_optim.SGD(learning, lr=0.1, weight_decay=0.1), epochs=3, validation=(X, y),
        callbacks=[transfer.Still(frozen)],
    )  # fmt: skip
    for name, value in weights(network).items():
        place = name.split(".")
        stays = place[0] == "0" and int(place[1]) < count
        same = np.array_equal(value, before[name])
        assert same == stays, f"{name}: stays {stays}, same {same}"


@pytest.mark.parametrize("engine", ENGINES)
def test_without_care_frozen_batch_normalization_goes_on(engine):
    engine_nn, engine_optim = engine
    network, (X, y) = small(engine_nn), pictures()
    transfer.freeze_first(network, 6)
    before = weights(network)
    learning = [p for p in network.parameters() if p.requires_grad]
    fit(network, (X, y), engine_nn.CrossEntropyLoss(), engine_optim.SGD(learning, lr=0.1))
    after = weights(network)
    assert np.array_equal(after["0.0.weight"], before["0.0.weight"])
    assert not np.allclose(after["0.1.running_mean"], before["0.1.running_mean"])


@pytest.mark.parametrize("engine", ENGINES)
def test_features_computed_once_train_the_same_network(engine):
    engine_nn, engine_optim = engine
    found = []
    for cached in (False, True):
        manual_seed(3)
        network, (X, y) = small(engine_nn).eval(), pictures()
        transfer.freeze_first(network, 3)
        front, rest = transfer.parted(engine_nn, network, 3)
        given, part = (predict(front, X), rest) if cached else (X, network)
        learning = [p for p in network.parameters() if p.requires_grad]
        fit(
            part, Batches(given, y, batch_size=5), engine_nn.CrossEntropyLoss(),
            engine_optim.SGD(learning, lr=0.1), epochs=2,
            callbacks=[transfer.Still(transfer.norms(network))],
        )  # fmt: skip
        found.append(weights(network))
    for name in found[0]:
        np.testing.assert_allclose(found[0][name], found[1][name], atol=1e-5)


def test_both_engines_give_the_same_scores():
    ours = transfer.with_head(nn, list(efficientnet_lite0(nn)[0])[:6], 24, 7).double().eval()
    theirs = transfer.with_head(torch.nn, list(efficientnet_lite0(torch.nn)[0])[:6], 24, 7)
    theirs = theirs.double().eval()
    rng = np.random.default_rng(0)
    W, b = rng.normal(size=(7, 24)), rng.normal(size=7)
    theirs.load_state_dict({k: torch.from_numpy(v) for k, v in ours.state_dict().items()})
    x = rng.normal(size=(2, 3, 17, 17))
    for network in (ours, theirs):
        assert not to_numpy(network[3].weight).any()
    ours.load_state_dict({**ours.state_dict(), "3.weight": W, "3.bias": b})
    theirs.load_state_dict({k: torch.from_numpy(v) for k, v in ours.state_dict().items()})
    np.testing.assert_allclose(predict(ours, x), predict(theirs, x), atol=1e-10)


def test_refreshed_statistics_are_those_of_the_images():
    """One batch: mean and unbiased variance of what reaches each normalization."""
    network, (X, _) = small(torch.nn), pictures()
    kept = [norm.momentum for norm in transfer.norms(network)]
    transfer.refreshed(network, X, batch_size=100)
    z = network[0][0](torch.from_numpy(X)).detach()
    norm = network[0][1]
    torch.testing.assert_close(norm.running_mean, z.mean((0, 2, 3)))
    torch.testing.assert_close(norm.running_var, z.transpose(0, 1).flatten(1).var(dim=1))
    assert [n.momentum for n in transfer.norms(network)] == kept
    assert not network.training


def test_slips_are_named():
    network = small(nn)
    with pytest.raises(ValueError, match="7 of 6 modules"):
        transfer.freeze_first(network, 7)
    with pytest.raises(ValueError, match=r"W \(5, 3\)"):
        transfer.set_head(network[3], np.ones((5, 3)), np.ones(3))
