"""Pairs of pictures: how far apart they are, and whether they show one person."""

from typing import NamedTuple

import numpy as np

from companion.faces.distances import squared_distances


class Pairs(NamedTuple):
    """Distances of pairs of pictures, and which of the pairs show one person twice.

    Attributes
    ----------
    distances : numpy.ndarray
        (K,) float64.
    same : numpy.ndarray
        (K,) bool.
    """

    distances: np.ndarray
    same: np.ndarray


def all_pairs(names):
    """List every pair of a batch once, and whether it shows one person.

    Parameters
    ----------
    names : array_like
        (B,) who is on each picture.

    Returns
    -------
    first, second : numpy.ndarray
        (B (B − 1) / 2,) int64: numbers of the two pictures, the smaller one first, sorted.
    same : numpy.ndarray
        Of the same length, bool.

    Raises
    ------
    ValueError
        If names are not a list (B,).

    Notes
    -----
    Chapter :ref:`siamese`.
    """
    names = np.asarray(names)
    if names.ndim != 1:
        raise ValueError(f"all_pairs: names {names.shape}; expected (B,), one for each picture")
    first, second = np.triu_indices(len(names), 1)
    return first, second, names[first] == names[second]


def pairs_of(encodings, names):
    """Measure every pair of pictures once.

    Parameters
    ----------
    encodings : array_like
        (N, D), one a picture.
    names : array_like
        (N,) who is on each.

    Returns
    -------
    Pairs
        N (N − 1) / 2 Euclidean distances: those of picture 0 first.

    Raises
    ------
    ValueError
        If the numbers of encodings and names differ, or an encoding is not finite.

    Notes
    -----
    Chapter :ref:`verification`.
    """
    encodings, names = np.asarray(encodings, dtype=float), np.asarray(names)
    if encodings.ndim != 2 or names.shape != encodings.shape[:1]:
        raise ValueError(
            f"pairs_of: encodings {encodings.shape}, names {names.shape}; expected (N, D) and (N,)"
        )
    bad = ~np.isfinite(encodings).all(axis=1)
    if bad.any():
        raise ValueError(
            f"pairs_of: encoding {np.flatnonzero(bad)[0]} is not finite; did training diverge?"
        )
    rows = enumerate(encodings)
    squares = [squared_distances(one[None], encodings[k:])[0, 1:] for k, one in rows]
    return Pairs(np.sqrt(np.concatenate([*squares, []])), all_pairs(names)[2])
