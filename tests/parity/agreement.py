"""The companion and torch on the same numbers: equal values, equal gradients."""

import numpy as np
import torch

from companion.gradients.tensor import Tensor

CLOSE = {"rtol": 1e-10, "atol": 1e-12}


def agree(ours, theirs, *inputs, value=CLOSE, gradient=CLOSE):
    """Compare forward and backward of two functions, with a random direction for the outputs.

    The gradient with respect to every input is compared; those of parameters are left behind. An
    input of None is passed on as it is. `value` and `gradient` say how close, where rounding of
    the inputs alone costs more than usual.
    """
    mine = [x if x is None else Tensor(x, requires_grad=True) for x in inputs]
    other = [x if x is None else torch.tensor(x, requires_grad=True) for x in inputs]
    out, expected = ours(*mine), theirs(*other)
    np.testing.assert_allclose(out.numpy(), expected.detach().numpy(), **value)
    assert out.shape == tuple(expected.shape)
    direction = np.random.default_rng(0).normal(size=out.shape)
    out.backward(direction)
    expected.backward(torch.tensor(direction))
    for a, b in ((a, b) for a, b in zip(mine, other, strict=True) if a is not None):
        np.testing.assert_allclose(a.grad, b.grad.numpy(), **gradient)
