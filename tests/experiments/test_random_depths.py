"""Residual stacks side by side compute what torch computes for each alone."""

import numpy as np
import pytest
import torch

from companion.experiments.regularization.random_depths import ResidualStacks
from companion.gradients.generator import manual_seed
from companion.gradients.layers import Linear
from companion.gradients.module import Module
from companion.gradients.tensor import Tensor

SIZES, SEEDS = (6, 5, 3), (1, 2)
X = np.random.default_rng(3).normal(size=(2, 7, 6))


class Times(Module):
    """Stands for a drawn scale: multiplies by one number for each network."""

    def __init__(self, *scale):
        self.scale = np.array(scale).reshape(-1, 1, 1)

    def forward(self, x):
        return x * self.scale if self.training else x


def stacks(*scales, factor=1.0):
    drops = [lambda s=s: Times(*s) for s in scales]
    return ResidualStacks(SEEDS, SIZES, drops, factor).double()


def alone(seed, x, scales, factor=1.0):
    """One network by torch, with the weights that the seed draws, and its parameters."""
    manual_seed(seed)
    shapes = [(6, 5), *[(5, 5)] * len(scales), (5, 3)]
    layers = [Linear(*shape) for shape in shapes]
    parameters = []
    for k, layer in enumerate(layers):
        by = factor if 0 < k <= len(scales) else 1.0
        weight = torch.tensor((layer.weight.data * np.float32(by)).astype(float))
        parameters.append((weight.requires_grad_(), torch.tensor(layer.bias.data.astype(float))))
    linear, h = torch.nn.functional.linear, torch.tensor(x)
    h = torch.relu(linear(h, *parameters[0]))
    for (weight, bias), scale in zip(parameters[1:-1], scales, strict=True):
        h = h + scale * torch.relu(linear(h, weight, bias))
    return linear(h, *parameters[-1]), parameters


@pytest.mark.parametrize("factor", [1.0, 0.5])
def test_scores_and_gradients_equal_torch_s(factor):
    scales = ((0.0, 2.0), (1.25, 0.0), (1.0, 4.0))
    nets = stacks(*scales, factor=factor)
    out = nets(Tensor(X))
    direction = np.random.default_rng(1).normal(size=out.shape)
    out.backward(direction)
    for r, seed in enumerate(SEEDS):
        theirs, parameters = alone(seed, X[r], [s[r] for s in scales], factor)
        np.testing.assert_allclose(out.numpy()[r], theirs.detach().numpy(), rtol=1e-10)
        theirs.backward(torch.tensor(direction[r]))
        for k, (weight, _) in enumerate(parameters):
            ours = getattr(nets, f"weight{k}").grad[r].T
            np.testing.assert_allclose(ours, weight.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_evaluation_has_all_blocks_but_the_skipped_ones():
    nets = stacks((0.0, 0.0), (3.0, 3.0)).eval()
    for skipped, scales in ((set(), [1, 1]), ({1}, [0, 1]), ({1, 2}, [0, 0])):
        nets.skipped = skipped
        out = nets(Tensor(X[0])).numpy()
        for r, seed in enumerate(SEEDS):
            expected = alone(seed, X[0], scales)[0].detach().numpy()
            np.testing.assert_allclose(out[r], expected, rtol=1e-10)
