"""Statistics of layers against the same numbers by hand, and against torch."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.gradients.tensor import Tensor
from companion.training.recording import LayerStatistics, record

RNG = np.random.default_rng(4)
X, Y = RNG.normal(size=(7, 5)), RNG.integers(0, 3, 7)


def both():
    """The same float64 network in both engines."""
    ours, theirs = (
        face.Sequential(
            face.Linear(5, 6), face.ReLU(), face.Sequential(face.Linear(6, 4), face.Tanh()),
            face.Linear(4, 3),
        ).double()
        for face in (nn, torch.nn)
    )  # fmt: skip
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    return ours, theirs


def test_numbers_by_hand():
    """One hidden layer: the four equations written out, then mean, spread and norm."""
    model = nn.Sequential(nn.Linear(5, 6), nn.ReLU(), nn.Linear(6, 3)).double()
    W1, b1, W2, b2 = model.state_dict().values()
    with record(model) as layers:
        nn.CrossEntropyLoss()(model(X), Y).backward()
    Z1 = X @ W1.T + b1
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ W2.T + b2
    dZ2 = np.exp(Z2) / np.exp(Z2).sum(axis=1, keepdims=True)
    dZ2[np.arange(7), Y] -= 1
    dZ2 /= 7
    dA1 = dZ2 @ W2
    dZ1 = dA1 * (Z1 > 0)
    norm = np.linalg.norm
    expected = [
        ("0", "Linear", Z1, dZ1, norm(dZ1.T @ X)),
        ("1", "ReLU", A1, dA1, np.nan),
        ("2", "Linear", Z2, dZ2, norm(dZ2.T @ A1)),
    ]
    for row, (name, kind, a, da, own) in zip(layers.statistics(), expected, strict=True):
        assert (row.name, row.kind) == (name, kind)
        spread = a.var(axis=0).mean() ** 0.5
        numbers = [a.mean(), a.std(), spread, np.mean(a == 0), norm(da), da.std(), own]
        np.testing.assert_allclose(row[2:], numbers, rtol=1e-10, atol=1e-14)


def test_both_engines_give_the_same():
    ours, theirs = both()
    with record(ours) as a:
        nn.CrossEntropyLoss()(ours(X), Y).backward()
    with record(theirs) as b:
        torch.nn.CrossEntropyLoss()(theirs(torch.tensor(X)), torch.tensor(Y)).backward()
    assert [row.name for row in a.statistics()] == ["0", "1", "2.0", "2.1", "3"]
    for row, other in zip(a.statistics(), b.statistics(), strict=True):
        assert isinstance(row, LayerStatistics)
        assert row[:2] == other[:2]
        np.testing.assert_allclose(row[2:], other[2:], rtol=1e-10)
        assert np.isnan(row.weight_gradient_norm) == (row.kind != "Linear")


def test_what_a_later_layer_overwrites_was_recorded_before():
    model = torch.nn.Sequential(torch.nn.Linear(5, 40), torch.nn.ReLU(inplace=True))
    with record(model) as layers, torch.no_grad():
        model(torch.tensor(X, dtype=torch.float32))
    first, second = layers.statistics()
    assert first.zeros == 0
    assert second.zeros > 0.2
    assert first.std > second.std


def test_spread_sees_only_what_differs_between_examples():
    """A dead forward signal: units differ, examples do not. Then unit k is k times the example."""
    layer = nn.Linear(1, 4).double()
    nn.init.zeros_(layer.weight)
    layer.bias.data[:] = range(4)
    with record(layer) as layers:
        layer(np.array([[1.0], [2.0], [4.0]]))
        layer.weight.data[:, 0] = range(4)
        layer(np.array([[1.0], [3.0]]))
    dead, alive = layers.statistics()
    assert dead.spread == 0
    assert dead.std == pytest.approx(1.25**0.5)
    assert alive.spread == pytest.approx(3.5**0.5)  # rms of 0, 1, 2, 3


@pytest.mark.parametrize("x", [np.array([np.inf, 1.0]), np.array([np.nan, 1.0]), np.array(2.0)])
def test_spread_of_what_is_not_finite_or_has_no_examples_is_unknown(x):
    layer = nn.Identity()
    with np.errstate(all="raise"), record(layer) as layers:
        layer(Tensor(x))
    assert np.isnan(layers.statistics()[0].spread)


def test_without_a_backward_pass_gradients_are_unknown():
    model = both()[0]
    with record(model) as layers:
        model(X)
    for row in layers.statistics():
        assert np.isfinite(row[2:6]).all()
        assert np.isnan(row[6:]).all()


def test_a_layer_called_twice_is_two_entries():
    layer = nn.Linear(5, 5).double()
    model = nn.Sequential(layer, layer)
    with record(model) as layers:
        model(X).sum().backward()
    first, second = layers.statistics()
    assert first.name == second.name == "0"
    assert first.gradient_norm != second.gradient_norm


@pytest.mark.parametrize("face", [nn, torch.nn])
def test_hooks_are_gone_after_an_error(face):
    model = face.Sequential(face.Linear(5, 6), face.Tanh())
    with pytest.raises(ZeroDivisionError), record(model) as layers:
        raise ZeroDivisionError
    x = X.astype(np.float32)
    model(x if face is nn else torch.tensor(x))
    assert layers.statistics() == []


def test_tiny_and_huge_numbers_are_neither_lost_nor_overflow():
    model = nn.Sequential(nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False)).double()
    nn.init.constant_(model[0].weight, 1e-200)
    nn.init.constant_(model[1].weight, 1e-100)
    with np.errstate(all="raise", under="ignore"), record(model) as layers:
        model(np.array([[1e-5], [3e-5]])).sum().backward()
    first, _ = layers.statistics()
    assert first.std == pytest.approx(1e-205, rel=1e-12)
    assert first.gradient_norm == pytest.approx(2**0.5 * 1e-100, rel=1e-12)
    assert first.weight_gradient_norm == pytest.approx(4e-105, rel=1e-12)
    nn.init.constant_(model[0].weight, 1e200)
    with np.errstate(all="raise", under="ignore"), record(model) as layers:
        model(np.array([[1.0], [3.0]]))
    assert layers.statistics()[0].std == pytest.approx(1e200, rel=1e-12)
