"""Whom the errors hit: counts by person, rates of each, and intervals that count people."""

from typing import NamedTuple

import numpy as np


class Counts(NamedTuple):
    """Errors and pairs of pictures, by the people on them.

    Attributes
    ----------
    people : numpy.ndarray
        (P,) their names, sorted.
    errors : numpy.ndarray
        (P, P) float64: on the diagonal pairs of the same person that were rejected, elsewhere pairs
        of two people that were accepted.
    pairs : numpy.ndarray
        (P, P) float64: all pairs that were counted, each once; a pair of two people stands in both
        halves.
    """

    people: np.ndarray
    errors: np.ndarray
    pairs: np.ndarray


def count_errors(distances, names, threshold, counted=None):
    """Count the errors at one threshold by the people on the pictures.

    Parameters
    ----------
    distances : array_like
        (N, N), between all pictures.
    names : array_like
        (N,) who is on each.
    threshold : float
        A pair is accepted if its distance is at most that.
    counted : array_like, optional
        (N, N) bool, symmetric: the pairs that count; all by default.

    Returns
    -------
    Counts
        For all people in `names`, also those without a counted pair.

    Raises
    ------
    ValueError
        If there is no picture, shapes differ, the choice is not symmetric, or a distance or the
        threshold is NaN.

    Notes
    -----
    Chapter :ref:`faces_and_people`.
    """
    distances, names = np.asarray(distances, dtype=float), np.asarray(names)
    if not len(names):
        raise ValueError("count_errors: no pictures; expected at least one")
    shape = (len(names), len(names))
    counted = np.ones(shape, dtype=bool) if counted is None else np.asarray(counted, dtype=bool)
    if distances.shape != shape or counted.shape != shape:
        raise ValueError(
            f"count_errors: distances {distances.shape} and pairs {counted.shape} for {len(names)} "
            f"names; expected {shape}, all pictures against all"
        )
    if not np.array_equal(counted, counted.T):
        raise ValueError("count_errors: a pair counts one way round only; make `counted` symmetric")
    if np.isnan(distances).any() or np.isnan(threshold):
        raise ValueError("count_errors: a distance or the threshold is NaN; did training diverge?")
    people, number = np.unique(names, return_inverse=True)
    member = np.eye(len(people))[number]
    counted = counted & ~np.eye(len(names), dtype=bool)
    same = names[:, None] == names[None]
    wrong = counted & np.where(same, distances > threshold, distances <= threshold)
    errors, pairs = (member.T @ which @ member for which in (wrong, counted))
    for table in (errors, pairs):
        table[np.diag_indices(len(people))] /= 2
    return Counts(people, errors, pairs)


def put_together(several):
    """Add up counts of several runs; somebody who occurs in more than one stands there once.

    Parameters
    ----------
    several : sequence of Counts
        At least one.

    Returns
    -------
    Counts
        Of all people who occur.
    """
    people = np.unique(np.concatenate([counts.people for counts in several]))
    errors, pairs = np.zeros((2, len(people), len(people)))
    for counts in several:
        at = np.ix_(*[np.searchsorted(people, counts.people)] * 2)
        errors[at] += counts.errors
        pairs[at] += counts.pairs
    return Counts(people, errors, pairs)


def rates_by_person(counts):
    """Rates of each person.

    Parameters
    ----------
    counts : Counts
        What was counted.

    Returns
    -------
    rejected : numpy.ndarray
        (P,) false reject rate: share of the pairs of two pictures of a person.
    accepted : numpy.ndarray
        (P,) false accept rate: share of the pairs with one picture of a person and one of somebody
        else. NaN where there are no pairs.

    Notes
    -----
    Doddington et al. (1998) sort speakers by these rates. Chapter :ref:`faces_and_people`.
    """
    own = np.eye(len(counts.people), dtype=bool)
    return _shares(counts, own), _shares(counts, ~own)


def rates(counts, weights=None):
    """Rates of all pairs together.

    Parameters
    ----------
    counts : Counts
        What was counted.
    weights : array_like, optional
        (..., P) how often each person is taken; once by default. A pair of two people is taken as
        often as the product says.

    Returns
    -------
    rejected, accepted : numpy.ndarray
        (...) false reject rate and false accept rate; NaN where there are no pairs.
    """
    weights = np.ones(len(counts.people)) if weights is None else np.asarray(weights, dtype=float)
    own = np.eye(len(counts.people), dtype=bool)
    one = [weights @ table.diagonal() for table in (counts.errors, counts.pairs)]
    two = [((weights @ np.where(own, 0, table)) * weights).sum(-1)
           for table in (counts.errors, counts.pairs)]  # fmt: skip
    return _ratio(*one), _ratio(*two)


def interval_over_people(counts, level=0.9, draws=1000, seed=0):
    """Intervals of both rates by drawing people, not pairs, with repetition (bootstrap).

    Parameters
    ----------
    counts : Counts
        Of at least two people.
    level : float
        Share of the draws within the interval, between 0 and 1.
    draws : int
        How often as many people as there are are drawn.
    seed : int
        Of the draws.

    Returns
    -------
    rejected, accepted : numpy.ndarray
        (2,) lowest and highest of each rate. Draws without any pair do not count; NaN if none has.

    Raises
    ------
    ValueError
        If there are fewer than two people, or the level is not between 0 and 1.

    Notes
    -----
    Bolle, Ratha and Pankanti (2004), "Error analysis of pattern recognition systems: the subsets
    bootstrap". Two copies of one person that are drawn make no pair of different people. Chapter
    :ref:`faces_and_people`.
    """
    many = len(counts.people)
    if many < 2:
        raise ValueError(f"interval_over_people: {many} people; one says nothing about the others")
    if not 0 < level < 1:
        raise ValueError(f"interval_over_people: level {level}; expected between 0 and 1")
    drawn = np.random.default_rng(seed).multinomial(many, np.full(many, 1 / many), size=draws)
    ends = (50 - 50 * level, 50 + 50 * level)
    found = []
    for rate in rates(counts, drawn):
        rate = rate[~np.isnan(rate)]
        found.append(np.percentile(rate, ends) if len(rate) else np.full(2, np.nan))
    return tuple(found)


def _shares(counts, which):
    return _ratio(*(np.where(which, table, 0).sum(1) for table in (counts.errors, counts.pairs)))


def _ratio(errors, pairs):
    errors, pairs = np.asarray(errors), np.asarray(pairs)
    return np.divide(errors, pairs, out=np.full(pairs.shape, np.nan), where=pairs > 0)
