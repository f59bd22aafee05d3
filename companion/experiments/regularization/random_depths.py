"""Residual networks trained side by side, whose blocks may be left out at random."""

import numpy as np

from companion.gradients.activations import relu
from companion.gradients.generator import manual_seed
from companion.gradients.layers import Linear
from companion.gradients.module import Module, Parameter


class ResidualStacks(Module):
    """R networks with residual blocks, h ← h + drop(ReLU(W h + b)), as one.

    Parameters
    ----------
    seeds : sequence of int
        R seeds of the first weights.
    sizes : tuple of int
        Inputs, width, outputs.
    drops : sequence of callable
        One for each block: makes the layer that drops the branch, such as
        ``lambda: StochasticDepth(0.3, "row")``. It gets the branches of all networks, (R, B,
        width): "row" then draws once for each network and mini-batch.
    scale : float
        Factor of the first weights of the blocks; small ones begin near the identity.

    Attributes
    ----------
    skipped : set of int
        Blocks that are left out in evaluation, empty at first; to see what each is worth.

    Notes
    -----
    The networks share no weights, so that the gradient of the sum of their losses is each network's
    own. For `companion.experiments.regularization.small_sets.learn`.
    """

    def __init__(self, seeds, sizes, drops, scale=1.0):
        D, width, K = sizes
        shapes = [(D, width), *[(width, width)] * len(drops), (width, K)]
        drawn = [_drawn(seed, shapes) for seed in seeds]
        for k in range(len(shapes)):
            factor = scale if 0 < k <= len(drops) else 1.0
            weights = np.stack([one[k].weight.data.T for one in drawn])
            setattr(self, f"weight{k}", Parameter(weights * np.float32(factor)))
            biases = np.stack([one[k].bias.data[None] for one in drawn])
            setattr(self, f"bias{k}", Parameter(biases))
        for k, make in enumerate(drops, start=1):
            setattr(self, f"drop{k}", make())
        self.depth, self.skipped = len(drops), set()

    def forward(self, x):
        """Return the scores of the networks, (R, N, K), for (N, D) or (R, N, D)."""
        h = relu(self._affine(0, x))
        for k in range(1, self.depth + 1):
            if self.training or k not in self.skipped:
                h = h + getattr(self, f"drop{k}")(relu(self._affine(k, h)))
        return self._affine(self.depth + 1, h)

    def _affine(self, k, x):
        return x @ getattr(self, f"weight{k}") + getattr(self, f"bias{k}")


def _drawn(seed, shapes):
    """Draw the layers of one network."""
    manual_seed(seed)
    return [Linear(*shape) for shape in shapes]
