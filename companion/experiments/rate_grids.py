"""Which learning rates work: a small network trained with every rate of a grid, side by side."""

from typing import NamedTuple

import numpy as np

from companion.experiments.comparison import Sweep
from companion.experiments.side_by_side import SideBySide
from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.gradients.tensor import Tensor, no_grad


class Task(NamedTuple):
    """What is learned: data, a network and a cost.

    Attributes
    ----------
    X, y : numpy.ndarray
        Inputs, (N, D), and targets, (N, ...).
    network : callable
        Seed → a network that `SideBySide` can stack.
    cost : callable
        ``cost(outputs, targets)``: what R networks put out, a tensor (R, B, K), and their targets,
        (R, B, ...) → the cost of each, a tensor (R,). `cross_entropy` and `squared_error` are such.
    """

    X: np.ndarray
    y: np.ndarray
    network: object
    cost: object

    def costs(self, nets, X=None, y=None):
        """Cost of each network on all examples, or on others, (R,); infinity for NaN."""
        X, y = (self.X, self.y) if X is None else (X, y)
        with no_grad():
            outputs = nets(Tensor(X))
            found = self.cost(outputs, np.broadcast_to(y, (outputs.shape[0], *y.shape))).data
        return np.where(np.isnan(found), np.inf, found)


def cross_entropy(scores, labels):
    """Mean cross-entropy of R networks: scores (R, B, K), labels (R, B) → (R,)."""
    R, B, K = scores.shape
    losses = CrossEntropyLoss(reduction="none")(scores.reshape(R * B, K), labels.reshape(R * B))
    return losses.reshape(R, B).mean(axis=1)


def squared_error(outputs, targets):
    """Mean squared error of R networks: both (R, B, K) → (R,)."""
    error = outputs - Tensor(np.ascontiguousarray(targets))
    return (error * error).mean(axis=(1, 2))


@np.errstate(over="ignore", invalid="ignore")
def train_side_by_side(task, make, rates, seeds, steps=None, size=32):
    """Train R networks, each at its own rate, or with its own rate at each update.

    Parameters
    ----------
    task : Task
        What they learn.
    make : callable
        ``make(parameters, lr=...)`` → optimizer.
    rates : array_like
        A learning rate for each network, (R,), or for each of its updates, (R, steps).
    seeds : sequence of int
        Seed of each network, (R,): the first weights, and the order of the examples. Networks of
        the same seed start alike and see the same mini-batches.
    steps : int, optional
        Number of updates; not needed where `rates` tells it.
    size : int
        Examples in a mini-batch, drawn at random with replacement.

    Returns
    -------
    SideBySide
        The networks after training.
    numpy.ndarray
        Cost of each mini-batch before its update, (R, steps).
    """
    rates = np.asarray(rates, dtype=np.float32)
    plan = np.broadcast_to(rates[:, None], (len(rates), steps)) if rates.ndim == 1 else rates
    unique, place = np.unique(seeds, return_inverse=True)
    chosen = np.stack([draws(seed, len(task.X), plan.shape[1], size) for seed in unique], axis=1)
    nets = SideBySide([task.network(int(seed)) for seed in seeds])
    optimizer, losses = make(nets.parameters(), lr=plan[:, 0].reshape(-1, 1, 1)), []
    for now, rows in zip(plan.T, chosen, strict=True):
        rows = rows[place]
        optimizer.param_groups[0]["lr"] = now.reshape(-1, 1, 1)
        optimizer.zero_grad()
        costs = task.cost(nets(Tensor(task.X[rows])), task.y[rows])
        costs.sum().backward()
        optimizer.step()
        losses.append(costs.data)
    return nets, np.array(losses).T


def draws(seed, examples, steps, size):
    """Numbers of the examples in each mini-batch of a seed, (steps, size)."""
    return np.random.default_rng([seed, 1]).integers(examples, size=(steps, size))


def tune(task, make, rates, seeds=(0, 1, 2), steps=160, size=32):
    """Train with every rate and every seed.

    Parameters
    ----------
    task, make, steps, size
        As for `train_side_by_side`.
    rates : array_like
        Learning rates, (K,), smallest first.
    seeds : sequence of int
        Seeds to tune with, S of them. Report results on others.

    Returns
    -------
    Sweep
        The cost on all examples after training, (K, S).
    """
    every = np.repeat(rates, len(seeds)), [*seeds] * len(rates)
    nets, _ = train_side_by_side(task, make, *every, steps, size)
    return Sweep(np.asarray(rates), task.costs(nets).reshape(len(rates), len(seeds)))


def good_rates(tried, target, fine=6001):
    """Find which rates reach a target, between the tried ones by interpolation.

    Parameters
    ----------
    tried : Sweep
        Costs over a grid of rates.
    target : float
        The median cost to reach, above 0.
    fine : int
        How many rates to look at.

    Returns
    -------
    rates, good : numpy.ndarray
        Rates, evenly spaced in their logarithm, and whether each reaches the target, both (fine,).
        The logarithm of the median cost is interpolated over the logarithm of the rate.
    """
    ends, lows = np.log(tried.values[[0, -1]]), np.log(np.minimum(tried.median, 1e3))
    at = np.linspace(*ends, fine)
    costs = np.interp(at, np.log(tried.values), lows)
    return np.exp(at), costs <= np.log(target)


def decades(tried, target):
    """Measure the range of rates that reach a target, in factors of ten; see `good_rates`."""
    rates, good = good_rates(tried, target)
    return float(np.log10(rates[-1] / rates[0]) * good.mean())
