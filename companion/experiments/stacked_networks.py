"""Networks trained side by side by plain gradient descent, each with a learning rate of its own."""

from itertools import chain, islice, repeat
from typing import NamedTuple

import numpy as np

from companion.data.batches import Batches
from companion.experiments.comparison import apart
from companion.experiments.side_by_side import SideBySide
from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.gradients.tensor import Tensor, no_grad


class Tuned(NamedTuple):
    """Networks trained at the learning rate that other seeds have chosen; see `tuned`.

    Attributes
    ----------
    rate : float
        The rate.
    networks : SideBySide
        The trained networks, one for each seed.
    costs : numpy.ndarray
        Cost of each network at each update, (S, steps).
    """

    rate: float
    networks: SideBySide
    costs: np.ndarray


def cross_entropy(scores, y):
    """Mean cross-entropy of each network: scores (R, N, K), class numbers y (N,) → (R,)."""
    rows = scores.reshape(-1, scores.shape[-1])
    each = CrossEntropyLoss(reduction="none")(rows, np.tile(y, len(scores)))
    return each.reshape(len(scores), -1).mean(axis=1)


def squared_error(outputs, y):
    """Mean squared error of each network: outputs (R, N, 1), targets y (N,) → (R,)."""
    return ((outputs.reshape(len(outputs), -1) - y) ** 2).mean(axis=1)


@np.errstate(all="ignore")  # too large a learning rate may end in NaN
def train(
    networks, examples, rates, steps, *, loss=cross_entropy, batch=100, decay=0.0, watch=None
):
    """Train networks side by side, each with its own learning rate, on the same batches.

    Parameters
    ----------
    networks : SideBySide
        R networks; they are changed.
    examples : tuple of array_like
        Inputs (N, D) and targets (N,).
    rates : array_like
        Learning rates, (R,).
    steps : int
        Updates.
    loss : callable
        Maps outputs (R, M, K) and targets (M,) to the cost of each network, (R,).
    batch : int
        Examples in a mini-batch.
    decay : float
        λ of the penalty λ/2 ‖W‖² on all weights but the biases.
    watch : callable, optional
        ``watch(step, costs)`` is called before each update; where it returns true, training ends.

    Returns
    -------
    numpy.ndarray
        Costs without the penalty, each before its update, (R, steps). A network that diverged
        has costs that are not finite.
    """
    stream = islice(chain.from_iterable(repeat(Batches(*examples, batch_size=batch))), steps)
    named = list(networks.named_parameters())
    eta = np.reshape(rates, (-1, 1, 1)).astype(named[0][1].data.dtype)
    costs = []
    for step, (x, y) in enumerate(stream):
        if watch is not None and watch(step, costs):
            break
        J = loss(networks(Tensor(x)), y)
        costs.append(J.numpy())
        J.sum().backward()
        for name, p in named:
            penalized = decay and "weight" in name
            p.data -= eta * (p.grad + decay * p.data if penalized else p.grad)
            p.grad = None
    return np.array(costs).T


def tuned(make, examples, rates, steps, *, seeds=range(5), tuning=(100, 101), last=40, **options):
    """Choose the learning rate on seeds that are used for nothing else, then train other seeds.

    Parameters
    ----------
    make : callable
        ``make(seed)`` returns a fresh network that `SideBySide` can stack.
    examples, steps
        As for `train`.
    rates : sequence of float
        Learning rates to try. The one with the lowest mean cost over the last updates is taken.
    seeds, tuning : sequence of int
        Seeds to report, and seeds to choose by.
    last : int
        Number of updates at the end whose costs are averaged for the choice.
    **options
        For `train`.

    Returns
    -------
    Tuned
        Rate, networks and costs.

    Raises
    ------
    ValueError
        If no rate gave a finite cost, or a seed is used for both.
    """
    apart("tuned", tuning, seeds)
    tries = SideBySide([make(seed) for _ in rates for seed in tuning])
    costs = train(tries, examples, np.repeat(rates, len(tuning)), steps, **options)
    ends = costs[:, -last:].mean(axis=1).reshape(len(rates), -1).mean(axis=1)
    if not np.isfinite(ends).any():
        raise ValueError(f"tuned: all networks diverged at the rates {list(rates)}; try smaller")
    rate = float(rates[np.argmin(np.where(np.isfinite(ends), ends, np.inf))])
    networks = SideBySide([make(seed) for seed in seeds])
    return Tuned(rate, networks, train(networks, examples, [rate] * len(seeds), steps, **options))


def accuracies(networks, X, y):
    """Share of the examples X (N, D) whose class y (N,) gets the largest score, (R,)."""
    with no_grad():
        scores = networks(Tensor(X)).numpy()
    return np.mean(scores.argmax(axis=-1) == y, axis=1)


def smoothed(costs, width=20):
    """Mean over the last `width` updates: costs (R, steps) → (R, steps − width + 1)."""
    return np.lib.stride_tricks.sliding_window_view(costs, width, axis=-1).mean(axis=-1)
