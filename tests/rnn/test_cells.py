"""One step at a time: torch's cells, and the layers as a loop over them."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.gradients.tensor import Tensor
from tests.parity.agreement import CLOSE

KINDS = ["RNNCell", "GRUCell", "LSTMCell"]


def both(kind, *sizes, **options):
    ours, theirs = (getattr(face, kind)(*sizes, **options).double() for face in (nn, torch.nn))
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


@pytest.mark.parametrize("batch", [(), (3,)])
@pytest.mark.parametrize("options", [{}, {"bias": False}], ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_one_step(kind, options, batch):
    ours, theirs = both(kind, 4, 5, **options)
    rng = np.random.default_rng(0)
    count = 2 if kind == "LSTMCell" else 1
    arrays = [rng.normal(size=(*batch, 4)), *(rng.normal(size=(*batch, 5)) for _ in range(count))]
    mine = [Tensor(a, requires_grad=True) for a in arrays]
    other = [torch.tensor(a, requires_grad=True) for a in arrays]
    out = ours(mine[0], tuple(mine[1:]) if count == 2 else mine[1])
    expected = theirs(other[0], tuple(other[1:]) if count == 2 else other[1])
    out, expected = (a if count == 2 else (a,) for a in (out, expected))
    for a, b in zip(out, expected, strict=True):
        np.testing.assert_allclose(a.numpy(), b.detach().numpy(), **CLOSE)
    sum((a * a).sum() for a in out).backward()
    sum((b * b).sum() for b in expected).backward()
    for a, b in zip([*mine, *ours.parameters()], [*other, *theirs.parameters()], strict=True):
        np.testing.assert_allclose(a.grad, b.grad.numpy(), **CLOSE)


def test_a_relu_cell():
    ours, theirs = both("RNNCell", 3, 4, True, "relu")
    x = np.random.default_rng(1).normal(size=(2, 3))
    np.testing.assert_allclose(ours(x).numpy(), theirs(torch.tensor(x)).detach().numpy(), **CLOSE)


@pytest.mark.parametrize(("kind", "layer"), [*zip(KINDS, ["RNN", "GRU", "LSTM"], strict=True)])
def test_a_loop_over_a_cell_is_the_layer(kind, layer):
    whole = getattr(nn, layer)(3, 4).double()
    cell = getattr(nn, kind)(3, 4).double()
    cell.load_state_dict({k.removesuffix("_l0"): v for k, v in whole.state_dict().items()})
    x, state, steps = np.random.default_rng(2).normal(size=(6, 2, 3)), None, []
    for xt in x:
        state = cell(xt, state)
        steps.append((state[0] if kind == "LSTMCell" else state).numpy())
    np.testing.assert_allclose(whole(x)[0].numpy(), steps, **CLOSE)


@pytest.mark.parametrize("kind", KINDS)
def test_what_does_not_fit_is_named(kind):
    cell, pair = getattr(nn, kind)(3, 4), kind == "LSTMCell"
    with pytest.raises(ValueError, match=r"input \(2, 4\); expected \(N, 3\)"):
        cell(np.zeros((2, 4)))
    state = np.zeros((1, 4))
    with pytest.raises(ValueError, match=r"state \(1, 4\); expected \(2, 4\)"):
        cell(np.zeros((2, 3)), (state, state) if pair else state)
    with pytest.raises(ValueError, match="hidden_size=0"):
        getattr(nn, kind)(3, 0)
    if pair:
        with pytest.raises(ValueError, match="a pair"):
            cell(np.zeros((2, 3)), state)


def test_an_unknown_bend_is_named():
    with pytest.raises(ValueError, match="'gelu'"):
        nn.RNNCell(2, 3, nonlinearity="gelu")
