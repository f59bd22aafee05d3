"""Dense networks of growing depth with and without shortcuts, many side by side."""

from typing import NamedTuple

import numpy as np

from companion.experiments.comparison import apart
from companion.experiments.optimization.normalized_networks import Networks, mini_batches
from companion.gradients.activations import relu
from companion.gradients.grad_mode import no_grad
from companion.gradients.tensor import Tensor


class Stacks(Networks):
    """R networks of blocks of two dense layers each, with He's first weights.

    Parameters
    ----------
    seeds : sequence of int
        Seeds of the first weights, R of them.
    norm : Plain, OverBatch or Within
        Of `companion.experiments.optimization.normalized_networks`; after each weighted sum.
    sizes : tuple of int
        Inputs, width, outputs.
    blocks : int
        Blocks; the networks have ``2 · blocks + 2`` layers with weights.
    residual : bool
        Whether a block is ReLU(F(h) + h) or ReLU(F(h)).
    gamma : float
        First scale of the last normalization in each block; with 0 a residual block begins as its
        shortcut.
    preact : bool
        Whether normalization and ReLU stand before each weighted sum of a block, and once more
        behind the last block, in place of after the sums.
    """

    def __init__(self, seeds, norm, sizes, blocks, residual, gamma=1.0, preact=False):
        D, width, K = sizes
        super().__init__(seeds, norm, [D, *[width] * (2 * blocks + 1), K])
        self.blocks, self.residual, self.preact = blocks, residual, preact
        for scale in self.gamma[2::2]:
            scale.data *= np.float32(gamma)

    def scores(self, x, training=True):
        """Return the scores of all networks for inputs (N, D), (R, classes, N)."""
        x = Tensor(np.broadcast_to(x.T, (len(self.W[0].data), *x.T.shape)))
        *_, h = self.states(x, training)
        return self.W[-1] @ h + self.beta[-1]

    def states(self, x, training=True):
        """Yield what the first layer and each block give: x (R, D, N) to (R, width, N) each."""
        h = self.W[0] @ x
        if not self.preact:
            h = relu(self._normed(0, h, training))
        yield h
        for k in range(1, 2 * self.blocks, 2):
            if self.preact:
                F = self.W[k] @ relu(self._normed(k, h, training))
                F = self.W[k + 1] @ relu(self._normed(k + 1, F, training))
                h = F + h if self.residual else F
            else:
                F = relu(self._normed(k, self.W[k] @ h, training))
                F = self._normed(k + 1, self.W[k + 1] @ F, training)
                h = relu(F + h if self.residual else F)
            yield h
        if self.preact:
            yield relu(self._normed(0, h, training))

    def training_errors(self, x, y):
        """Share of the examples that each network gets wrong, with their own statistics, (R,)."""
        with np.errstate(over="ignore", invalid="ignore"), no_grad():
            guess = self.scores(x).data.argmax(axis=1)
        return 1 - (guess == y).mean(axis=1)

    def _normed(self, k, z, training):
        return self.norm(z, self.gamma[k], self.beta[k], k, training)


@np.errstate(over="ignore", invalid="ignore")
def train(nets, rates, X, y, steps=100, size=100, momentum=0.9):
    """Train by gradient descent with momentum, each network at a rate of its own.

    Parameters
    ----------
    nets : Stacks
        R networks, changed in place.
    rates : array_like
        Learning rates, (R,), or one for all.
    X, y : numpy.ndarray
        Training examples (N, D) and labels (N,).
    steps, size : int
        Updates, and examples in a mini-batch.
    momentum : float
        Share of the last step in the next one.

    Returns
    -------
    numpy.ndarray
        Training losses, (R, steps).
    """
    rates, losses = np.reshape(rates, (-1, 1, 1)).astype(np.float32), []
    velocities = [np.zeros_like(p.data) for p in nets.parameters()]
    for rows in mini_batches(len(X), steps, size):
        losses.append(nets.backward(X[rows], y[rows]))
        for p, v in zip(nets.parameters(), velocities, strict=True):
            v *= np.float32(momentum)
            v += p.grad
            p.data -= rates * v
    return np.array(losses).T


class Found(NamedTuple):
    """What networks of one kind and depth reach; see `tuned`.

    Attributes
    ----------
    rate : float
        Learning rate with the smallest median error on the seeds for tuning.
    tried : numpy.ndarray
        Those medians, one for each rate.
    errors : numpy.ndarray
        Training error of each judged network at that rate, (S,).
    losses : numpy.ndarray
        Their losses, update by update, (S, steps).
    """

    rate: float
    tried: np.ndarray
    errors: np.ndarray
    losses: np.ndarray


def tuned(make, rates, X, y, *, seeds=range(6), tuning=(100, 101), steps=100, size=100):
    """Choose a learning rate on some seeds, and train networks of other seeds at it.

    Parameters
    ----------
    make : callable
        ``make(seeds)`` returns `Stacks`.
    rates : sequence of float
        Learning rates to try.
    X, y : numpy.ndarray
        Training examples (N, D) and labels.
    seeds, tuning : sequence of int
        Seeds to report, and seeds to choose by.
    steps, size : int
        Updates, and examples in a mini-batch.

    Returns
    -------
    Found
        What came out.

    Raises
    ------
    ValueError
        If a seed is used for both.
    """
    apart("tuned", tuning, seeds)
    nets = make([seed for _ in rates for seed in tuning])
    train(nets, np.repeat(rates, len(tuning)), X, y, steps, size)
    tried = np.median(nets.training_errors(X, y).reshape(len(rates), -1), axis=1)
    rate = float(rates[int(tried.argmin())])
    nets = make(list(seeds))
    losses = train(nets, rate, X, y, steps, size)
    return Found(rate, tried, nets.training_errors(X, y), losses)
