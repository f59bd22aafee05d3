"""Modules and losses as objects: names, modes, state, and errors that say what to do."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.gradients.generator import manual_seed
from companion.gradients.tensor import Tensor


def small(face=nn):
    return face.Sequential(face.Linear(3, 4), face.ReLU(), face.Linear(4, 2))


def test_state_dicts_are_torch_s_both_ways():
    ours, theirs = small(), small(torch.nn)
    assert {k: v.shape for k, v in ours.state_dict().items()} == {
        k: tuple(v.shape) for k, v in theirs.state_dict().items()
    }
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    x = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    expected = theirs(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours(x).numpy(), expected, rtol=1e-5, atol=1e-6)


def test_state_dict_is_a_copy_and_loading_copies():
    model = small()
    state = model.state_dict()
    state["0.weight"] += 1
    assert not np.array_equal(model.state_dict()["0.weight"], state["0.weight"])
    model.load_state_dict(state)
    state["0.weight"] += 1
    assert not np.array_equal(model.state_dict()["0.weight"], state["0.weight"])


def test_loading_what_does_not_fit_changes_nothing():
    model = small()
    before = model.state_dict()
    missing = {k: v + 1 for k, v in before.items() if k != "0.bias"}
    with pytest.raises(KeyError, match=r"missing \['0.bias'\], not expected \['extra'\]"):
        model.load_state_dict({**missing, "extra": 1})
    wrong = {k: v + 1 for k, v in before.items()} | {"2.weight": np.ones((3, 3))}
    with pytest.raises(ValueError, match=r"2.weight is \(3, 3\) here, \(2, 4\) in the model"):
        model.load_state_dict(wrong)
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value, before[name])


def test_modes_and_types_reach_every_module():
    model = nn.Sequential(small(), nn.Identity())
    assert not any(m.training for m in model.eval().modules())
    assert all(m.training for m in model.train().modules())
    assert len(list(model.modules())) == 6
    assert {p.dtype for p in model.double().parameters()} == {np.dtype(float)}
    assert {p.dtype for p in model.float().parameters()} == {np.dtype("float32")}
    assert len(model) == 2
    assert isinstance(model[1], nn.Identity)


def test_a_module_used_twice_counts_once_as_in_torch():
    for face in (nn, torch.nn):
        layer = face.Linear(3, 3)
        model = face.Sequential(layer, face.Tanh(), layer)
        assert len(list(model.parameters())) == 2
        assert len(model.state_dict()) == 4


def test_zero_grad_forgets():
    model = small()
    model(np.ones((2, 3), np.float32)).sum().backward()
    assert all(p.grad is not None for p in model.parameters())
    model.zero_grad()
    assert all(p.grad is None for p in model.parameters())


def test_seeded_weights_repeat():
    manual_seed(5)
    first = small().state_dict()
    manual_seed(5)
    for name, value in small().state_dict().items():
        np.testing.assert_array_equal(value, first[name])


def test_repr_shows_the_tree_as_torch_does():
    assert repr(nn.Sequential(small(), nn.Tanh())) == repr(
        torch.nn.Sequential(small(torch.nn), torch.nn.Tanh())
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: nn.Linear(3, 2)(np.ones((5, 4))),
            r"linear: \(5, 4\) and .* 4 ≠ 3 features",
        ),
        (lambda: nn.CrossEntropyLoss(reduction="max"), r"reduction is 'max'; choose one of"),
        (
            lambda: nn.CrossEntropyLoss()(np.ones((2, 3)), [0, 3]),
            "class 3 in target, but classes are 0 … 2",
        ),
        (lambda: nn.NLLLoss()(np.ones((2, 3)), [0, -1]), "class -1 in target"),
        (lambda: nn.CrossEntropyLoss()(np.ones((2, 3)), [0.0, 1.0]), "expected integer class"),
        (lambda: nn.CrossEntropyLoss()(np.ones((2, 3)), [[0, 1]]), r"expected \(N, K\) scores"),
        (
            lambda: nn.BCEWithLogitsLoss()(np.ones(3), np.ones((3, 1))),
            r"and target \(3, 1\)",
        ),
        (lambda: nn.BCELoss()(np.array([1.5]), np.array([1.0])), "input holds 1.5; probabilities"),
        (lambda: nn.BCELoss()(np.array([0.5]), np.array([-2.0])), "target holds -2; probabil"),
        (lambda: nn.BCELoss()(np.array([np.nan]), np.array([1.0])), "input holds nan; probab"),
        (lambda: nn.CrossEntropyLoss()(np.ones((0, 3)), np.ones(0, int)), "mean of no numbers"),
    ],
)
def test_errors_name_the_value_and_the_remedy(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("part", [slice(1), slice(1, None), slice(-2, None), slice(None, None, 2)])
def test_a_slice_of_a_sequence_is_torch_s(part):
    """A network of the same modules, under their old names."""
    ours, theirs = small(), small(torch.nn)
    ours.load_state_dict(theirs.state_dict())
    assert [*ours[part].state_dict()] == [*theirs[part].state_dict()]
    assert [type(m).__name__ for m in ours[part]] == [type(m).__name__ for m in theirs[part]]
    assert all(m in [*ours] for m in ours[part])
    inputs = 3 if part.start in (None, 0) else 4
    x = np.random.default_rng(0).normal(size=(5, inputs)).astype("f")
    with torch.no_grad():
        expected = theirs[part](torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(ours[part](Tensor(x)).numpy(), expected, rtol=1e-5, atol=1e-6)
