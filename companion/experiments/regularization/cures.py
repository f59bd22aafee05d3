"""Plain remedies for a network that learns by heart: masked units, shifted digits, a penalty."""

import numpy as np

from companion.gradients.module import Module
from companion.gradients.tensor import Tensor


class Masked(Module):
    """Units that are left out at random while learning, and scaled up where they are kept.

    Parameters
    ----------
    rate : float
        Share of the units that each example goes without, from 0 to below 1.
    seed : int
        Seed of the masks.

    Raises
    ------
    ValueError
        If `rate` is not from 0 to below 1.

    Notes
    -----
    Dropout in a few lines, for experiments before the chapter :ref:`dropout`. Used in the chapter
    :ref:`bias_variance`.
    """

    def __init__(self, rate, seed=0):
        if not 0 <= rate < 1:
            raise ValueError(f"Masked: rate is {rate}; expected a share from 0 to below 1")
        self.rate, self.rng = rate, np.random.default_rng([seed, 13])

    def forward(self, x):
        """Return x with units masked in training mode, as it is in evaluation mode."""
        if not self.training or not self.rate:
            return x
        kept = self.rng.random(x.shape, dtype=np.float32) >= self.rate
        return x * Tensor(kept.astype(x.data.dtype) / np.float32(1 - self.rate))


def shifted(most=2, side=28):
    """Make a function for ``learn(augment=…)`` that moves each image by whole pixels.

    Parameters
    ----------
    most : int
        Largest shift, in pixels; rows and columns move by −`most` to `most`, each equally likely.
    side : int
        Height and width of the images, which are rows of side² numbers.

    Returns
    -------
    callable
        ``(x, labels, rng)`` → moved images of the same shape, filled up with 0, and the labels.

    Raises
    ------
    ValueError
        If `most` is negative or no image would be left.

    Notes
    -----
    Used in the chapter :ref:`bias_variance`.
    """
    if not 0 <= most < side:
        raise ValueError(f"shifted: most is {most}; expected 0 to {side - 1} pixels")
    along = np.arange(side)

    def move(x, labels, rng):
        padded = np.pad(x.reshape(-1, side, side), ((0, 0), (most, most), (most, most)))
        down, right = rng.integers(0, 2 * most + 1, (2, len(x), 1))
        rows = (along + down)[:, :, None]
        columns = (along + right)[:, None, :]
        moved = padded[np.arange(len(x))[:, None, None], rows, columns]
        return moved.reshape(x.shape), labels

    return move


def squares(strength):
    """Make a function for ``learn(penalty=…)``: the sum of all squared weights times a strength.

    Parameters
    ----------
    strength : float
        Factor of the sum.

    Notes
    -----
    Used in the chapter :ref:`bias_variance`.
    """
    return lambda weights: sum((w * w).sum() for w in weights) * strength
