"""Forward and backward of every activation in float32: the companion against torch."""

import numpy as np
import pytest
import torch

from companion.gradients.tensor import Tensor
from companion.nn import functional as F
from tests.benchmarks.ratio import median_ratio

OPTIONS = {
    "sigmoid": {},
    "tanh": {},
    "relu": {},
    "leaky_relu": {},
    "prelu": {},
    "elu": {},
    "selu": {},
    "gelu": {},
    "silu": {},
    "softplus": {},
    "softmax": {"dim": -1},
    "log_softmax": {"dim": -1},
}


def both_passes(name, functions, x, direction, leaf):
    """Forward and backward as a function without arguments."""
    z, function = leaf(x, requires_grad=True), getattr(functions, name)
    more = [leaf(np.float32([0.25]), requires_grad=True)] if name == "prelu" else []

    def work():
        z.grad = None
        function(z, *more, **OPTIONS[name]).backward(direction)

    return work


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("shape", [(64, 784), (512, 1024)])
def test_activations_cost_little_more_than_torch_s(shape, threads):
    rng = np.random.default_rng(0)
    x, direction = rng.normal(size=(2, *shape)).astype(np.float32)
    torch.set_num_threads(threads)
    ratios = {}
    for name in OPTIONS:
        ours = both_passes(name, F, x, direction, Tensor)
        there = torch.nn.functional, x, torch.tensor(direction), torch.tensor
        theirs = both_passes(name, *there)
        ratios[name], mine, _ = median_ratio(ours, theirs, rounds=7, repeats=10)
        print(f"\n{shape} {name:<12} {1e3 * mine:.2f} ms, ratio {ratios[name]:.2f}", end="")
    mean = np.exp(np.mean(np.log([*ratios.values()])))
    print(f"\n{shape}, {threads} threads: geometric mean of the ratios {mean:.2f}")
    assert mean <= 1.5
