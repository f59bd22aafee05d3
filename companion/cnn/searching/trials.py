"""Trials of a search: what was tried, what was seen, and how far from the best it stopped."""

from typing import NamedTuple

import numpy as np


class Trial(NamedTuple):
    """One architecture that a search had trained.

    Attributes
    ----------
    genes : tuple
        The architecture.
    error : float
        What the search saw of it; lower is better.
    """

    genes: tuple
    error: float


def chosen(trials):
    """Return the trial that a search would hand over: the lowest error, of equal ones the first.

    Parameters
    ----------
    trials : sequence of Trial
        In order.

    Returns
    -------
    Trial
        One of them.

    Raises
    ------
    ValueError
        If there is no trial.
    """
    if not trials:
        raise ValueError("chosen: no trials; search first")
    return min(trials, key=lambda trial: trial.error)


def regret(trials, truth):
    """Say after each trial how much worse than the best is what a search would hand over.

    Parameters
    ----------
    trials : sequence of Trial
        In order.
    truth : dict
        Architecture → true error, of the whole space.

    Returns
    -------
    numpy.ndarray
        For each number of trials the true error of the architecture that *looked* best so far,
        minus the lowest true error of the space, (trials,).

    Raises
    ------
    KeyError
        If the truth about an architecture is not known.

    Notes
    -----
    It need not fall from trial to trial: an architecture may look better than it is. Derived in the
    chapter :ref:`architecture_search`.
    """
    best, at_hand, found = min(truth.values()), None, []
    for trial in trials:
        if trial.genes not in truth:
            raise KeyError(f"regret: the true error of {trial.genes} is not known")
        if at_hand is None or trial.error < at_hand.error:
            at_hand = trial
        found.append(truth[at_hand.genes] - best)
    return np.array(found)


def chance_of_rank(many, draws):
    """Say how likely the best of some draws is the best of all, the second best, and so on.

    Parameters
    ----------
    many : int
        Things to draw from, N, all different.
    draws : int
        Independent draws n, each thing every time with the same probability.

    Returns
    -------
    numpy.ndarray
        Probability that the best thing drawn has rank 1, 2, …, N, (N,); they add up to 1.

    Raises
    ------
    ValueError
        If a number is below 1.

    Notes
    -----
    The best rank is above k if all draws are among the other N − k: with probability (1 − k/N)ⁿ.
    Derived in the chapter :ref:`architecture_search`.
    """
    if min(many, draws) < 1:
        raise ValueError(f"chance_of_rank: {draws} draws of {many}; expected at least 1 of each")
    worse = (1 - np.arange(many + 1) / many) ** draws
    return worse[:-1] - worse[1:]
