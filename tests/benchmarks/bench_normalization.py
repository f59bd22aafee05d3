"""Normalizations forward and backward in float32: the companion against torch, two threads each."""

from statistics import geometric_mean

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_limits

from companion.gradients.tensor import Tensor
from companion.nn import functional
from tests.benchmarks.ratio import median_ratio

SHAPES = [(256, 512), (512, 128), (64, 32, 28, 28), (32, 64, 14, 14)]
LIMITS = {"batch": 1.5, "layer": 4, "group": 4}
KINDS = {
    "batch": lambda F, x, w, b: F.batch_norm(x, None, None, w, b, True),
    "layer": lambda F, x, w, b: F.layer_norm(x, tuple(x.shape[1:]), w, b),
    "group": lambda F, x, w, b: F.group_norm(x, 8, w, b),
}


def both_ways(kind, shape):
    """Forward and backward in each engine, as functions without arguments."""
    rng = np.random.default_rng(0)
    size = shape[1:] if kind == "layer" else shape[1:2]
    arrays = [rng.normal(size=s).astype(np.float32) for s in (shape, size, size)]
    direction = rng.normal(size=shape).astype(np.float32)

    def ours():
        leaves = [Tensor(a, requires_grad=True) for a in arrays]
        out = KINDS[kind](functional, *leaves)
        out.backward(direction)
        return [out.data, *(leaf.grad for leaf in leaves)]

    tensors, towards = [torch.from_numpy(a) for a in arrays], torch.from_numpy(direction)

    def theirs():
        leaves = [t.detach().requires_grad_() for t in tensors]
        out = KINDS[kind](torch.nn.functional, *leaves)
        out.backward(towards)
        return [out.detach().numpy(), *(leaf.grad.numpy() for leaf in leaves)]

    return ours, theirs


@pytest.mark.parametrize("kind", KINDS)
def test_normalization(kind):
    ratios = []
    torch.set_num_threads(2)
    with threadpool_limits(2):
        for shape in SHAPES:
            ours, theirs = both_ways(kind, shape)
            for a, b in zip(ours(), theirs(), strict=True):
                np.testing.assert_allclose(a, b, rtol=2e-3, atol=2e-3)
            ratio, mine, other = median_ratio(ours, theirs, rounds=9, repeats=50)
            ratios.append(ratio)
            print(
                f"\n{kind} norm {shape}: companion {1e3 * mine:.2f} ms, "
                f"torch {1e3 * other:.2f} ms, ratio {ratio:.2f}",
                end="",
            )
    assert geometric_mean(ratios) <= LIMITS[kind]
