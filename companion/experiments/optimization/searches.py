"""Searches for hyperparameters, replayed on a table of real training runs.

A comparison of strategies needs thousands of searches. So small networks are trained once, side by
side, at the places of a table, with several seeds; between them the logarithm of the loss is
interpolated, so that a search may ask for any point. A box is a sequence of axes as in
`companion.optimization.tuning.boxes`.
"""

from functools import lru_cache

import numpy as np
from scipy.interpolate import RegularGridInterpolator

from companion.data.batches import Batches
from companion.data.digits import digits, pooled
from companion.experiments.side_by_side import SideBySide
from companion.gradients.activation_layers import Tanh
from companion.gradients.generator import manual_seed
from companion.gradients.grad_mode import no_grad
from companion.gradients.layers import Linear
from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.gradients.module import Sequential
from companion.gradients.tensor import Tensor

WORST = 10.0
"""What a network counts whose loss is not finite, or larger than this."""


@lru_cache(maxsize=1)
def small_digits():
    """Return digits of 7 × 7 pixels to learn from, and 1,000 to compare settings by."""
    split = digits()
    X, y = pooled(split.X_train, 4), split.y_train
    X = (X - X[:500].mean()) / X[:500].std()
    return (X[:1000], y[:1000]), (X[3000:], y[3000:])


def small_network(seed):
    """Make a network of 49 inputs, 16 tanh units and 10 scores."""
    manual_seed(seed)
    return Sequential(Linear(49, 16), Tanh(), Linear(16, 10))


def training(optimizer, nets, rows=500, size=32, epochs=5, **settings):
    """Train R networks, each with settings of its own; pause after each update.

    Parameters
    ----------
    optimizer : callable
        ``optimizer(parameters, **settings)``, such as SGD.
    nets : SideBySide
        R networks, changed in place.
    rows, size, epochs : int
        How many digits are learned from, examples in a mini-batch, passes.
    **settings : array_like
        One value for each network, (R,), or one for all.

    Yields
    ------
    int
        Updates so far.
    """
    own = {name: np.float32(value).reshape(-1, 1, 1) for name, value in settings.items()}
    optimizer = optimizer(nets.parameters(), **own)
    X, y = (part[:rows] for part in small_digits()[0])
    batches, step = Batches(X, y, batch_size=size), 0
    for epoch in range(epochs):
        for batch in batches.epoch(epoch):
            with np.errstate(over="ignore", invalid="ignore"):
                optimizer.zero_grad()
                _costs(nets, *batch).sum().backward()
                optimizer.step()
            yield (step := step + 1)


@np.errstate(over="ignore", invalid="ignore")
def judged(nets):
    """Losses of R networks on the digits to compare by, (R,), at most `WORST`."""
    with no_grad():
        losses = _costs(nets, *small_digits()[1]).data
    return np.where(losses < WORST, losses, WORST)  # NaN is not below


def _costs(nets, X, y):
    """Mean cross-entropy of each of R networks, (R,)."""
    scores = nets(Tensor(X))
    R, N, K = scores.shape
    each = CrossEntropyLoss(reduction="none")(scores.reshape(R * N, K), np.tile(y, R))
    return each.reshape(R, N).mean(axis=1)


def table(optimizer, box, counts, names, seeds=8, **fixed):
    """Train networks at the places of a table over two hyperparameters.

    Parameters
    ----------
    optimizer : callable
        As for `training`.
    box : sequence of Axis
        Ranges of the two hyperparameters.
    counts : tuple of int
        Values of each.
    names : tuple of str
        What the optimizer calls them.
    seeds : int
        How many first weights are tried with each setting.
    **fixed
        Settings that are the same for all.

    Returns
    -------
    numpy.ndarray
        Losses, (first, second, seeds).
    """
    sides = [axis.at(np.linspace(0, 1, n)) for axis, n in zip(box, counts, strict=True)]
    every = np.meshgrid(*sides, np.arange(seeds), indexing="ij")
    first, second, seed = (values.ravel() for values in every)
    fresh = [small_network(s) for s in range(seeds)]
    nets = SideBySide([fresh[int(s)] for s in seed])
    own = dict(zip(names, (first, second), strict=True))
    for _ in training(optimizer, nets, **own, **fixed):
        pass
    return judged(nets).reshape(*counts, seeds)


def between(box, losses):
    """Make a function of any points of a box from a table of losses.

    Parameters
    ----------
    box : sequence of Axis
        The D axes of the table.
    losses : numpy.ndarray
        Losses at equal distances along each axis, the last axis for the seeds.

    Returns
    -------
    callable
        Points (n, D) → losses (n, seeds); the logarithms are interpolated.
    """
    places = [np.linspace(0, 1, n) for n in losses.shape[:-1]]
    inside = RegularGridInterpolator(places, np.log(losses))

    def loss(points):
        columns = zip(box, np.transpose(points), strict=True)
        shares = [axis.share(column) for axis, column in columns]
        return np.exp(inside(np.clip(np.transpose(shares), 0, 1)))

    return loss


def chosen(losses, seed):
    """Judge a search after each trial: it picks by one seed, and others are its judges.

    Parameters
    ----------
    losses : numpy.ndarray
        Losses of its trials in their order, (n, seeds).
    seed : int
        The seed by which it picks.

    Returns
    -------
    numpy.ndarray
        Mean loss, over the other seeds, of the best of the first 1, 2, …, n trials, (n,).
    """
    own, others = losses[:, seed], np.delete(losses, seed, axis=1)
    best = [own[:n].argmin() for n in range(1, len(own) + 1)]
    return others.mean(axis=1)[best]


def shifted_grid(box, count, rng):
    """List the points of a grid that is shifted by a random part of a cell.

    A grid that always has the same points may be lucky or unlucky.

    Parameters
    ----------
    box : sequence of Axis
        The D axes.
    count : int
        Values along each axis, k.
    rng : numpy.random.Generator
        Where the shift comes from.

    Returns
    -------
    numpy.ndarray
        Points, (kᴰ, D).
    """
    cells = np.indices([count] * len(box)).reshape(len(box), -1)
    shares = (cells + rng.uniform(size=(len(box), 1))) / count
    return np.stack([axis.at(share) for axis, share in zip(box, shares, strict=True)], axis=1)


def searches(draw, loss, repetitions=300, seeds=8):
    """Run many searches and return what each ends with.

    Parameters
    ----------
    draw : callable
        ``draw(rng)`` returns the points of a search, (n, D).
    loss : callable
        What `between` returned.
    repetitions : int
        How many searches; they pick by one seed after another.
    seeds : int
        How many seeds the losses have.

    Returns
    -------
    numpy.ndarray
        Loss of the chosen setting, judged by the other seeds, (repetitions,).
    """
    rng = np.random.default_rng(0)
    return np.array([chosen(loss(draw(rng)), r % seeds)[-1] for r in range(repetitions)])
