"""ReLU networks with and without a normalization, many side by side, by plain gradient descent.

As in `companion.experiments.side_by_side`, arrays have one slice for each network; here a layer's
activations are (R, units, examples). The normalizing rule itself is passed in.
"""

from itertools import pairwise

import numpy as np

from companion.gradients.activations import relu
from companion.gradients.grad_mode import no_grad
from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.gradients.tensor import Tensor


class Plain:
    """No normalization: a bias for each unit."""

    def __call__(self, z, gamma, beta, layer, training):
        """Return z + β."""
        return z + beta


class OverBatch:
    """Batch normalization; its running averages start at the first batch.

    Parameters
    ----------
    normalize : callable
        `companion.optimization.normalization.normalize.normalize`.
    """

    def __init__(self, normalize):
        self.normalize, self.running = normalize, {}

    def __call__(self, z, gamma, beta, layer, training):
        """Standardize each unit over the examples, in evaluation by the running averages."""
        R, units, N = z.shape
        if not training:
            mean, var = (v.reshape(R, units, 1) for v in self.running[layer])
            return (z - mean) * (1 / np.sqrt(var + 1e-5)) * gamma + beta

        def observe(mean, var):
            new = np.array([mean, var * N / (N - 1)])
            self.running[layer] = 0.9 * self.running.get(layer, new) + 0.1 * new

        by_unit = (1, R * units, N)
        options = {"statistics": by_unit, "affine": by_unit, "observe": observe}
        return self.normalize(z, gamma, beta, **options)


class Within:
    """Layer (one group) or group normalization: standardize within each example.

    Parameters
    ----------
    normalize : callable
        As for `OverBatch`.
    groups : int
        How many groups the units of a layer form.
    """

    def __init__(self, normalize, groups=1):
        self.normalize, self.groups = normalize, groups

    def __call__(self, z, gamma, beta, layer, training):
        """Standardize each group of units of each example."""
        R, units, N = z.shape
        shape = (1, R * N * self.groups, units // self.groups)
        z = self.normalize(z.permute(0, 2, 1), 1.0, 0.0, statistics=shape, affine=shape)
        return z.permute(0, 2, 1) * gamma + beta


class Networks:
    """One ReLU network per seed, with He's first weights.

    Parameters
    ----------
    seeds : sequence of int
        Seeds of the first weights, R of them.
    norm : Plain, OverBatch or Within
        Applied to the weighted sums of each hidden layer.
    sizes : sequence of int
        Inputs, units of each hidden layer, outputs.
    after : bool
        Whether to normalize after the activation instead of before it.
    """

    def __init__(self, seeds, norm, sizes, after=False):
        self.norm, self.after = norm, after
        self.disturb = lambda z: z  # applied after each normalization, for experiments
        rngs = [np.random.default_rng(seed) for seed in seeds]
        self.W = [
            _leaf([rng.normal(0, (2 / n) ** 0.5, (k, n)) for rng in rngs])
            for n, k in pairwise(sizes)
        ]
        self.beta = [_leaf(np.zeros((len(rngs), k, 1))) for k in sizes[1:]]
        self.gamma = [_leaf(np.ones((len(rngs), k, 1))) for k in sizes[1:-1]]

    def parameters(self):
        """Return weights, shifts and, with a normalization, scales; each has R slices."""
        return [*self.W, *self.beta, *([] if isinstance(self.norm, Plain) else self.gamma)]

    def scores(self, x, training=True):
        """Return the scores of all networks for inputs (N, D), (R, classes, N)."""
        a = Tensor(np.broadcast_to(x.T, (len(self.W[0].data), *x.T.shape)))
        for layer, (W, gamma) in enumerate(zip(self.W, self.gamma, strict=False)):
            z = relu(W @ a) if self.after else W @ a
            z = self.disturb(self.norm(z, gamma, self.beta[layer], layer, training))
            a = z if self.after else relu(z)
        return self.W[-1] @ a + self.beta[-1]

    def errors(self, x, y):
        """Share of the examples that each network gets wrong in evaluation, (R,)."""
        with np.errstate(over="ignore", invalid="ignore"), no_grad():
            guess = self.scores(x, training=False).data.argmax(axis=1)
        return 1 - (guess == y).mean(axis=1)

    def backward(self, x, y):
        """Leave each network's gradients in its parameters, and return the losses, (R,)."""
        for p in self.parameters():
            p.grad = None
        scores = self.scores(x).permute(0, 2, 1)
        R, N, K = scores.shape
        each = CrossEntropyLoss(reduction="none")(scores.reshape(R * N, K), np.tile(y, R))
        losses = each.reshape(R, N).mean(axis=1)
        losses.sum().backward()
        return losses.data


def _leaf(values):
    return Tensor(np.asarray(values, np.float32), requires_grad=True)


def mini_batches(count, steps, size, seed=0):
    """Say which examples each mini-batch holds: (steps, size), epoch after epoch shuffled.

    Parameters
    ----------
    count : int
        How many examples there are.
    steps, size : int
        Mini-batches, and examples in each.
    seed : int
        Seed of the order.
    """
    rng, epochs = np.random.default_rng(seed), -(-steps * size // count)
    rows = np.concatenate([rng.permutation(count) for _ in range(epochs)])
    return rows[: steps * size].reshape(steps, size)


@np.errstate(over="ignore", invalid="ignore")
def train(nets, rates, X, y, steps=80, size=64, watch=None):
    """Train by gradient descent, each network at a rate of its own.

    Parameters
    ----------
    nets : Networks
        R networks, changed in place.
    rates : array_like
        Learning rates, (R,), or one for all.
    X, y : numpy.ndarray
        Training examples (N, D) and labels (N,).
    steps, size : int
        Updates, and examples in a mini-batch.
    watch : callable, optional
        Called with the number of each step, between backward pass and update.

    Returns
    -------
    numpy.ndarray
        Training losses, (R, steps); of a network that explodes they end in NaN.
    """
    rates, history = np.reshape(rates, (-1, 1, 1)).astype(np.float32), []
    for step, rows in enumerate(mini_batches(len(X), steps, size)):
        history.append(nets.backward(X[rows], y[rows]))
        if watch:
            watch(step)
        for p in nets.parameters():
            p.data -= rates * p.grad
    return np.array(history).T


def loss_by_rate(norm, rates, seeds, X, y, hidden=10, units=32, prepare=None, after=False):
    """Train at every rate with every seed; return the mean loss of the last ten updates.

    Parameters
    ----------
    norm : Plain, OverBatch or Within
        The normalization.
    rates, seeds : sequence
        Learning rates (K,) and seeds of the first weights (S,).
    X, y : numpy.ndarray
        Training examples and labels of ten classes.
    hidden, units : int
        Hidden layers, and units in each.
    prepare : callable, optional
        Called with the networks before they are trained.
    after : bool
        As for `Networks`.

    Returns
    -------
    numpy.ndarray
        Losses, (K, S); infinite where a network exploded.
    """
    every = [seed for _ in rates for seed in seeds]
    nets = Networks(every, norm, [X.shape[1], *[units] * hidden, 10], after)
    if prepare:
        prepare(nets)
    losses = train(nets, np.repeat(rates, len(seeds)), X, y)[:, -10:]
    return np.nan_to_num(losses.mean(axis=1), nan=np.inf).reshape(len(rates), len(seeds))
