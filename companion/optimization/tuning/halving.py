"""Stopping poor trials early: successive halving."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np


class Rung(NamedTuple):
    """One comparison in successive halving.

    Attributes
    ----------
    epochs : int
        How long each trial had been trained by then.
    alive : numpy.ndarray
        Numbers of the trials that were compared, (n,).
    losses : numpy.ndarray
        What each of them cost, (n,).
    """

    epochs: int
    alive: np.ndarray
    losses: np.ndarray


def successive_halving(losses_after, count, rungs, factor=2):
    """Train all trials a little, keep the best, train those longer, and so on.

    Parameters
    ----------
    losses_after : callable
        ``losses_after(alive, epochs)`` trains the trials with these numbers until they have had
        so many epochs, and returns what each costs then, (n,). NaN counts as infinity.
    count : int
        Number of trials at the start.
    rungs : sequence of int
        Epochs after which trials are compared, rising; after the last nobody is dropped.
    factor : int
        At each rung one of so many trials goes on, at least one. Halving is 2.

    Returns
    -------
    list of Rung
        One per rung. The winner is ``rungs[-1].alive[rungs[-1].losses.argmin()]``.

    Raises
    ------
    ValueError
        If there is no trial or no rung, the rungs do not rise, or `factor` is below 2.

    Notes
    -----
    Jamieson and Talwalkar (2016). Used on the page :ref:`search_compared`.
    """
    rungs = list(rungs)
    if count < 1 or not rungs or factor < 2:
        raise ValueError(
            f"successive_halving: {count} trials, {len(rungs)} rungs, factor {factor}; "
            "expected at least 1, 1 and 2"
        )
    if rungs[0] < 1 or any(b <= a for a, b in pairwise(rungs)):
        raise ValueError(f"successive_halving: rungs are {rungs}; expected rising, from 1 on")
    alive, seen = np.arange(count), []
    for epochs in rungs:
        losses = np.asarray(losses_after(alive, epochs), dtype=float)
        losses = np.where(np.isnan(losses), np.inf, losses)
        seen.append(Rung(epochs, alive, losses))
        keep = max(1, len(alive) // factor)
        alive = alive[np.argsort(losses, kind="stable")[:keep]]
    return seen


def epochs_spent(seen):
    """Count the epochs that all trials together were trained for.

    Parameters
    ----------
    seen : list of Rung
        What `successive_halving` returned.

    Returns
    -------
    int
        Each trial goes on from where it stopped, so nothing is trained twice.
    """
    before = [0, *(rung.epochs for rung in seen[:-1])]
    return sum(
        len(rung.alive) * (rung.epochs - done) for rung, done in zip(seen, before, strict=True)
    )
