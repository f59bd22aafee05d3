"""Batch sizes against each other: updates and seconds to a target loss, each at its best rate."""

import time
from itertools import chain, count
from typing import NamedTuple

import numpy as np

from companion.data.batches import Batches
from companion.experiments.comparison import bracket, first_below
from companion.gradients import backpropagation as network

CHECKS = np.unique(np.round(1.08 ** np.arange(140))).astype(int)
"""Updates after which the loss is measured, about 8 % apart."""
_MARKS = set(CHECKS.tolist())


class Race(NamedTuple):
    """What one batch size needs; see `race`.

    Attributes
    ----------
    rate : float
        Its tuned learning rate.
    losses : list of numpy.ndarray
        Loss at `CHECKS`, for each seed, as far as the run went.
    updates : numpy.ndarray
        Updates to the target, (S,); infinity where it was not reached.
    """

    rate: float
    losses: list
    updates: np.ndarray


@np.errstate(over="ignore", invalid="ignore")
def losses_on_the_way(X, y, size, rate, seed, most, target=0.0, hidden=32):
    """Train a network of one hidden layer of ReLU units, and note its loss at `CHECKS`.

    Parameters
    ----------
    X, y : array_like
        Inputs (N, D) and classes (N,) from 0.
    size : int
        Examples in a mini-batch.
    rate : float
        Learning rate of plain gradient descent.
    seed : int
        Seed of the first weights and of the order of the examples.
    most : int
        Updates to take at most.
    target : float
        Stop when the loss is not above it; or not below 10, as a run that diverges.
    hidden : int
        Hidden units.

    Returns
    -------
    numpy.ndarray
        Loss of the first 1,000 examples after 1, 2, 3 … updates, as `CHECKS` lists them.
    """
    drawn = network.initialize([X.shape[1], hidden, int(np.max(y)) + 1], seed=seed)
    net = [(W.astype("float32"), b.astype("float32")) for W, b in drawn]
    batches, found = Batches(X, y, batch_size=size, seed=seed), []
    stream = chain.from_iterable(map(batches.epoch, count()))
    for number, batch in enumerate(stream, start=1):
        _update(net, *batch, np.float32(rate))
        if number in _MARKS:
            scores = network.forward(net, X[:1000], "relu")[-1]
            found.append(network.cost(scores, y[:1000])[0])
            if not target < found[-1] < 10:
                break
        if number >= most:
            break
    return np.array(found)


def _update(net, inputs, labels, rate):
    a = network.forward(net, inputs, "relu")
    _, dz = network.cost(a[-1], labels)
    gradients = network.backward(net, a, dz, "relu")
    for (W, b), (dW, db) in zip(net, gradients, strict=True):
        W -= rate * dW
        b -= rate * db


def updates_to(losses, target):
    """Return the first of `CHECKS` at which the loss is at most the target, or infinity.

    Parameters
    ----------
    losses : array_like
        Losses at `CHECKS`.
    target : float
        The level to reach.
    """
    place = first_below(losses, target)
    return CHECKS[int(place) - 1] if np.isfinite(place) else np.inf


def race(X, y, sizes, target=0.4, tuning=range(2), judging=range(10, 15), epochs=60, updates=5000):
    """Give each batch size its best rate on one grid, then count its updates to the target.

    Parameters
    ----------
    X, y : array_like
        Inputs (N, D) and classes (N,).
    sizes : iterable of int
        Batch sizes; N is the full batch.
    target : float
        Loss to reach.
    tuning, judging : iterable of int
        Seeds that choose the rate, among whole powers of √2, and others that are reported.
    epochs, updates : int
        Longest run in tuning, whichever ends first.

    Returns
    -------
    dict of int to Race
        Batch size → what it needs.

    Notes
    -----
    Used in the chapters :ref:`descent` and :ref:`batch_size_and_noise`.
    """
    found = {}
    for size in sizes:
        most = min(updates, epochs * -(-len(X) // size))

        def needed(rate, seed, size=size, most=most):
            return updates_to(losses_on_the_way(X, y, size, rate, seed, most, target), target)

        near = 2.0 ** (np.round(2 * np.log2(min(size / 90, 0.5))) / 2)  # a guess to start from
        rate = bracket(needed, near, tuning).best
        runs = [
            losses_on_the_way(X, y, size, rate, seed, updates, 0.9 * target) for seed in judging
        ]
        found[size] = Race(rate, runs, np.array([updates_to(run, target) for run in runs]))
    return found


def seconds_per_update(step, X, y, sizes, rounds=20, in_a_row=3):
    """Measure the CPU time of one update; the sizes take turns, so that load hits all alike.

    Parameters
    ----------
    step : callable
        ``step(inputs, labels)`` makes one update.
    X, y : array_like
        What to draw batches from.
    sizes : iterable of int
        Batch sizes.
    rounds, in_a_row : int
        Turns of each size, and updates measured in a turn after one that only warms up.

    Returns
    -------
    dict of int to float
        Batch size → median seconds.
    """
    seconds, rng = {size: [] for size in sizes}, np.random.default_rng(0)
    for size in [*seconds] * rounds:
        for turn in range(in_a_row + 1):
            chosen = rng.permutation(len(X))[:size]
            inputs, labels = X[chosen], y[chosen]
            start = time.process_time_ns()
            step(inputs, labels)
            if turn:
                seconds[size].append((time.process_time_ns() - start) / 1e9)
    return {size: float(np.median(spent)) for size, spent in seconds.items()}


def mean_seconds(seconds, N, size):
    """Average the seconds of an update over an epoch: a short last batch costs less.

    Parameters
    ----------
    seconds : dict
        Batch size → seconds, in rising order, as `seconds_per_update` returns.
    N, size : int
        Examples in the set and in a batch.
    """
    full, rest = divmod(N, size)
    short = np.interp(rest, [*seconds], [*seconds.values()]) if rest else 0
    return (full * seconds[size] + short) / -(-N // size)


def fit_law(x, y):
    """Fit y = p + q x with the least relative squares.

    Parameters
    ----------
    x, y : array_like
        Points (N,), y above 0.

    Returns
    -------
    tuple of float
        p and q.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    p, q = np.linalg.lstsq(np.stack([1 / y, x / y], axis=1), np.ones(len(y)))[0]
    return float(p), float(q)
