"""How many updates stacked networks need until their cost is below a target."""

from typing import NamedTuple

import numpy as np

from companion.experiments.side_by_side import SideBySide
from companion.experiments.stacked_networks import train


class Race(NamedTuple):
    """Updates that networks needed at the learning rate that won; see `race`.

    Attributes
    ----------
    rate : float
        The rate.
    updates : numpy.ndarray
        Updates of each network, (S,); the budget for one that did not arrive.
    """

    rate: float
    updates: np.ndarray


def updates_until(networks, examples, rates, target, budget, **options):
    """Train until all costs have been below a target, and count.

    Parameters
    ----------
    networks, examples, rates
        As for `stacked_networks.train`.
    target : float
        Cost to get below.
    budget : int
        Most updates.
    **options
        For `stacked_networks.train`.

    Returns
    -------
    numpy.ndarray
        Updates before each network's cost was first below `target`, (R,); `budget` if it never was.
    """

    def all_arrived(step, costs):  # asked now and then only: it takes time
        return step % 20 == 0 < step and np.any(np.array(costs) < target, axis=0).all()

    costs = train(networks, examples, rates, budget, watch=all_arrived, **options)
    below = costs < target
    return np.where(below.any(axis=1), below.argmax(axis=1), budget)


def race(make, examples, rates, target, budget, *, seeds=range(8), tuning=(100, 101), **options):
    """Choose the rate at which the tuning seeds need the fewest updates; let other seeds run at it.

    Parameters
    ----------
    make : callable
        ``make(seed)`` returns a fresh network that `SideBySide` can stack.
    examples, target, budget
        As for `updates_until`.
    rates : sequence of float
        Learning rates to try. One that did not arrive counts with the whole budget.
    seeds, tuning : sequence of int
        Seeds to report, and seeds to choose by.
    **options
        For `stacked_networks.train`.

    Returns
    -------
    Race
        Rate and updates.
    """
    tries = SideBySide([make(seed) for _ in rates for seed in tuning])
    each = np.repeat(rates, len(tuning))
    first = updates_until(tries, examples, each, target, budget, **options)
    rate = float(rates[first.reshape(len(rates), -1).mean(axis=1).argmin()])
    networks = SideBySide([make(seed) for seed in seeds])
    updates = updates_until(networks, examples, [rate] * len(seeds), target, budget, **options)
    return Race(rate, updates)
