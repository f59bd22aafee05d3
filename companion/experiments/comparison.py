"""Fair comparisons: each side tuned on the same grid with the same budget before it is judged."""

from typing import NamedTuple

import numpy as np


class Sweep(NamedTuple):
    """What a run costs over a grid of settings and seeds; see `sweep`.

    Attributes
    ----------
    values : numpy.ndarray
        The settings that were tried, (K,), smallest first.
    costs : numpy.ndarray
        Cost of each run, (K, S); a run that diverged costs infinity.
    """

    values: np.ndarray
    costs: np.ndarray

    @property
    def median(self):
        """Median cost of each setting over the seeds, (K,)."""
        return np.median(self.costs, axis=1)

    @property
    def best(self):
        """The setting with the smallest median cost, of equals the smallest, as a float."""
        return float(self.values[np.argmin(self.median)])

    @property
    def on_edge(self):
        """Whether the best setting is the first or the last: then the grid was too narrow."""
        return int(np.argmin(self.median)) in (0, len(self.values) - 1)

    def reaching(self, target):
        """Share of the settings whose median cost is at most `target`."""
        return float(np.mean(self.median <= target))


def sweep(cost, values, seeds):
    """Try every setting with every seed.

    Parameters
    ----------
    cost : callable
        ``cost(value, seed)`` trains once and returns what it cost, a number to make small. NaN
        counts as infinity, and so does an `ArithmeticError`, such as a loss that is not finite.
    values : array_like
        Settings to try, such as learning rates, (K,).
    seeds : iterable of int
        Seeds to tune with. Report results on others.

    Returns
    -------
    Sweep
        All costs.

    Raises
    ------
    ValueError
        If there are no settings or no seeds.
    """
    values, seeds = np.sort(np.asarray(values, dtype=float)), list(seeds)
    if not len(values) or not seeds:
        raise ValueError(f"sweep: got {len(values)} settings and {len(seeds)} seeds; need some")
    costs = [[_tried(cost, float(value), seed) for seed in seeds] for value in values]
    return Sweep(values, np.array(costs))


def apart(name, tuning, seeds):
    """Complain if a seed would both tune and judge.

    Parameters
    ----------
    name : str
        Of the contest, for the message.
    tuning, seeds : iterable of int
        To choose a setting with, and to judge it by.

    Raises
    ------
    ValueError
        If a seed is among both.
    """
    if both := sorted(set(tuning) & set(seeds)):
        raise ValueError(f"{name}: seeds {both} would judge themselves")


def bracket(cost, start, seeds, *, factor=2**0.5, most=40):
    """Walk along a grid of settings until the best one has a worse one on either side.

    From a start where all diverge it walks down, as suits learning rates.

    Parameters
    ----------
    cost : callable
        As for `sweep`.
    start : float
        Where to begin, above 0. The grid holds ``start`` times the whole powers of `factor`.
    seeds : iterable of int
        Seeds to tune with. Report results on others.
    factor : float
        Quotient of neighbouring settings, above 1.
    most : int
        How many settings to try at most.

    Returns
    -------
    Sweep
        All settings that were tried and their costs. The best is not on the edge; where several
        are equally good, none of them is.

    Raises
    ------
    ValueError
        If `start`, `factor` or `seeds` do not make a grid.
    RuntimeError
        If `most` settings were not enough.

    Notes
    -----
    It finds the best of the whole grid if the median cost falls towards it from both sides. For
    costs with several valleys take `sweep`. Used first in the chapter :ref:`descent`.
    """
    seeds = list(seeds)
    if not start > 0 or not factor > 1 or not seeds:
        raise ValueError(
            f"bracket: start is {start}, factor {factor}, with {len(seeds)} seeds; "
            "expected a start above 0, a factor above 1 and some seeds"
        )
    costs, beside = {}, {0}
    while len(costs) + len(beside) <= most:
        for step in sorted(beside):
            value = float(start * factor**step)
            costs[step] = [_tried(cost, value, seed) for seed in seeds]
        median = {step: np.median(found) for step, found in costs.items()}
        least = min(median.values())
        if least < np.inf:
            best = [step for step in median if median[step] == least]
            beside = {step + way for step in best for way in (-1, 1)} - costs.keys()
        else:
            beside = {min(costs) - 1}
        if not beside:
            steps = np.array(sorted(costs))
            values = start * factor ** steps.astype(float)
            return Sweep(values, np.array([costs[step] for step in steps]))
    raise RuntimeError(
        f"bracket: no best setting with worse neighbours among {len(costs)} tried, the last near "
        f"{start * factor ** min(beside):g}; start nearer to it, or use sweep"
    )


def _tried(cost, value, seed):
    try:
        found = float(cost(value, seed))
    except ArithmeticError:
        return np.inf
    return np.inf if np.isnan(found) else found


def first_below(values, target):
    """Count the steps until a target is reached.

    Parameters
    ----------
    values : array_like
        What was measured after each step, (N,).
    target : float
        The level to reach.

    Returns
    -------
    float
        1 for the first step, 2 for the second …; infinity if it is never reached.
    """
    reached = np.flatnonzero(np.asarray(values, dtype=float) <= target)
    return float(reached[0] + 1) if len(reached) else np.inf
