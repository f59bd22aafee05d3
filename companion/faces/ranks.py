"""What a larger gallery does: the right person's rank, and strangers who are given a name."""

from math import comb

import numpy as np


def ranks(distances, own):
    """Tell at which place each probe's own person stands.

    Parameters
    ----------
    distances : array_like
        (P, N) of probes from the people of a gallery.
    own : array_like
        (P,) int: the column of each probe's own person.

    Returns
    -------
    numpy.ndarray
        (P,) int64: 1 if nobody is nearer or equally near, counted up by one for each who is.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a distance is NaN.

    Notes
    -----
    Chapter :ref:`identification`.
    """
    distances, own = np.asarray(distances, dtype=float), np.asarray(own)
    if distances.ndim != 2 or own.shape != distances.shape[:1]:
        raise ValueError(
            f"ranks: distances {distances.shape}, own {own.shape}; expected (P, N) and (P,)"
        )
    if np.isnan(distances).any():
        raise ValueError("ranks: a distance is NaN; look at its picture")
    mine = distances[np.arange(len(own)), own]
    return (distances <= mine[:, None]).sum(axis=1)


def identified(ranks, people, size, k=1):
    """Work out how often the right person is among the first k of a smaller gallery.

    Parameters
    ----------
    ranks : array_like
        (P,) int: places in the whole gallery, from `ranks`.
    people : int
        How many people the whole gallery has.
    size : int
        How many the smaller one has: the right person, and others drawn at random.
    k : int
        How many names are listed.

    Returns
    -------
    float
        The mean over the probes and over *all* galleries of that size, without drawing any:
        of `size` − 1 others, fewer than k are nearer.

    Raises
    ------
    ValueError
        If `size` is not between 1 and `people`, or `k` below 1.

    Notes
    -----
    The rank-k rate; its curve over k is called CMC. Chapter :ref:`identification`.
    """
    if not 1 <= size <= people:
        raise ValueError(f"identified: {size} of {people} people; expected 1 to {people}")
    if k < 1:
        raise ValueError(f"identified: rank {k}; expected at least 1")
    nearer = np.asarray(ranks) - 1
    return float(np.mean([_at_most(k - 1, int(n), people - 1, size - 1) for n in nearer]))


def strangers_named(near, people, size):
    """Work out how often somebody who is not enrolled is given a name.

    Parameters
    ----------
    near : array_like
        (P,) int: how many people of the whole gallery each stranger's probe is near enough to.
    people : int
        How many people the whole gallery has.
    size : int
        How many the smaller one has, drawn at random.

    Returns
    -------
    float
        The mean over the probes and over all galleries of that size: at least one is near enough.

    Raises
    ------
    ValueError
        If `size` is not between 0 and `people`.

    Notes
    -----
    If all probes and people were alike and independent: 1 − (1 − FAR)^size. Less, where a few
    probes are near to many people. Chapter :ref:`identification`.
    """
    if not 0 <= size <= people:
        raise ValueError(f"strangers_named: {size} of {people} people; expected 0 to {people}")
    return float(1 - np.mean([_at_most(0, int(n), people, size) for n in near]))


def _at_most(most, marked, people, size):
    """Chance that among `size` of `people` at most `most` of the `marked` are drawn."""
    counts = range(min(most, size) + 1)
    ways = sum(comb(marked, j) * comb(people - marked, size - j) for j in counts)
    return ways / comb(people, size)
