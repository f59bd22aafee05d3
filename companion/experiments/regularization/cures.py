"""What a remedy does to a network: other layers, masked units, shifted digits, a penalty."""

from typing import NamedTuple

import numpy as np
from scipy.special import softmax

from companion.experiments.regularization.small_sets import (
    SIZES,
    errors,
    learn,
    losses,
    network,
    own_sets,
    scores,
)
from companion.experiments.side_by_side import SideBySide
from companion.gradients.activation_layers import ReLU
from companion.gradients.module import Module
from companion.gradients.tensor import Tensor


class Outcome(NamedTuple):
    """What R networks reached, and the networks.

    Attributes
    ----------
    train, dev : numpy.ndarray
        Share of mistakes on the own training set and on the development set, (R,).
    dev_loss : numpy.ndarray
        Mean cross-entropy on the development set, (R,).
    networks : SideBySide
        In evaluation mode.
    """

    train: np.ndarray
    dev: np.ndarray
    dev_loss: np.ndarray
    networks: SideBySide


def treated(
    seeds,
    data,
    make,
    *,
    sizes=SIZES,
    activation=ReLU,
    masked=0.0,
    size=500,
    epochs=30,
    **options,
):
    """Train a network for each seed on a set of its own, and measure it.

    Parameters
    ----------
    seeds : sequence of int
        R seeds.
    data : ThreeWay
        Training sets are drawn from its first part; the second is measured on.
    make : callable
        Parameters → optimizer.
    sizes, activation
        As for `companion.experiments.regularization.small_sets.network`.
    masked : float
        Share of the hidden units that `Masked` leaves out, if any.
    size : int
        Examples in a training set.
    epochs : int
        Passes over it.
    **options
        For `companion.experiments.regularization.small_sets.learn`.

    Returns
    -------
    Outcome
        Errors and losses at the end.

    Notes
    -----
    Used in the chapter :ref:`bias_variance`.
    """
    X, y = own_sets(seeds, size, data)

    def between():
        return [Masked(masked)] if masked else []

    networks = SideBySide([
        network(seed, sizes, between, activation=activation) for seed in seeds
    ])
    learn(networks, X, y, make(networks.parameters()), epochs=epochs, **options)
    dev = data.X_dev, data.y_dev
    return Outcome(
        errors(networks, X, y), errors(networks, *dev), losses(networks, *dev), networks
    )


def probabilities(networks, X):
    """Softmax of the scores of R networks for inputs (N, D), as (R, N, K) numbers."""
    return softmax(scores(networks, X).astype(float), axis=-1)


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
