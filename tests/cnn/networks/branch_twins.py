"""One network made for both engines: weights move either way and the outputs agree."""

import numpy as np
import torch

from companion import nn
from companion.gradients.generator import manual_seed
from companion.gradients.tensor import Tensor, no_grad


def assert_twins(make, shape):
    """Check ``make(nn)`` with inputs of a shape, in evaluation mode and float64."""
    manual_seed(0)
    torch.manual_seed(0)
    ours, theirs = make(nn).double().eval(), make(torch.nn).double().eval()
    x = np.random.default_rng(0).normal(size=shape)
    with torch.no_grad():
        for name, buffer in theirs.named_buffers():  # statistics other than 0 and 1
            if name.endswith(("mean", "var")):
                buffer.add_(torch.rand_like(buffer))
    ours.load_state_dict({k: v.numpy() for k, v in theirs.state_dict().items()})
    assert_same(ours, theirs, x)
    other = make(nn).double().eval()
    theirs.load_state_dict({k: torch.tensor(v) for k, v in other.state_dict().items()})
    assert_same(other, theirs, x)


def assert_same(ours, theirs, x):
    with torch.no_grad(), no_grad():
        expected = theirs(torch.tensor(x)).numpy()
        got = ours(Tensor(x)).numpy()
    assert np.ptp(expected) > 0
    np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-10)


def size(module):
    """Number of weights of a module of torch's."""
    return sum(p.numel() for p in module.parameters())
