"""Which triplets to learn from: all that still teach, the hardest, or those in between."""

import numpy as np


def all_triplets(labels):
    """List every triplet: an anchor, another picture of the same person, one of somebody else.

    Parameters
    ----------
    labels : array_like
        (B,) who is on each picture.

    Returns
    -------
    numpy.ndarray
        (T, 3) int64, numbers of anchor, positive and negative, sorted.

    Notes
    -----
    Chapter :ref:`triplet`.
    """
    same, other = _same(labels)
    return np.argwhere(same[:, :, None] & other[:, None, :])


def batch_all(distances, labels, margin):
    """Choose all triplets whose loss is above zero.

    Parameters
    ----------
    distances : array_like
        (B, B), between all pictures of a batch.
    labels : array_like
        (B,) who is on each.
    margin : float
        By how much a negative must be farther away than a positive.

    Returns
    -------
    numpy.ndarray
        (T, 3) int64, sorted.

    Notes
    -----
    Hermans et al. (2017). Chapter :ref:`triplet`.
    """
    distances = _square("batch_all", distances, labels)
    a, p, n = all_triplets(labels).T
    return np.stack([a, p, n], axis=1)[distances[a, p] - distances[a, n] + margin > 0]


def batch_hard(distances, labels, margin=None):
    """Choose for each anchor its farthest positive and its nearest negative.

    Parameters
    ----------
    distances, labels
        As for `batch_all`.
    margin : float, optional
        Not used; here so that all ways are called alike.

    Returns
    -------
    numpy.ndarray
        (T, 3) int64: one for each anchor that has both. Of equal distances the first counts.

    Notes
    -----
    Hermans et al. (2017). Chapter :ref:`triplet`.
    """
    distances = _square("batch_hard", distances, labels)
    same, other = _same(labels)
    farthest = np.where(same, distances, -np.inf).argmax(axis=1)
    nearest = np.where(other, distances, np.inf).argmin(axis=1)
    chosen = np.stack([np.arange(len(same)), farthest, nearest], axis=1)
    return chosen[same.any(axis=1) & other.any(axis=1)]


def semi_hard(distances, labels, margin):
    """Choose for each anchor and positive the nearest negative behind the positive.

    Parameters
    ----------
    distances, labels, margin
        As for `batch_all`; the negative is farther than the positive, by less than the margin.

    Returns
    -------
    numpy.ndarray
        (T, 3) int64, sorted: one for each pair that has such a negative. Of equal distances the
        first counts.

    Notes
    -----
    Schroff et al. (2015). Chapter :ref:`triplet`.
    """
    distances = _square("semi_hard", distances, labels)
    same, other = _same(labels)
    a, p = np.nonzero(same)
    reach = distances[a, p][:, None]
    between = other[a] & (distances[a] > reach) & (distances[a] < reach + margin)
    nearest = np.where(between, distances[a], np.inf).argmin(axis=1)
    return np.stack([a, p, nearest], axis=1)[between.any(axis=1)]


def at_random(seed=0):
    """Make a choice by chance: for each anchor one positive and one negative.

    Parameters
    ----------
    seed : int
        Of the draws; each call goes on with them.

    Returns
    -------
    callable
        ``choose(distances, labels, margin)`` → (T, 3) int64; distances and margin are not used.

    Notes
    -----
    Chapter :ref:`triplet`.
    """
    rng = np.random.default_rng(seed)

    def choose(distances, labels, margin=None):
        same, other = _same(labels)
        rows = np.flatnonzero(same.any(axis=1) & other.any(axis=1))
        drawn = [[a, *(rng.choice(np.flatnonzero(m[a])) for m in (same, other))] for a in rows]
        return np.array(drawn, dtype=np.int64).reshape(-1, 3)

    return choose


def _same(labels):
    """Which pairs are two pictures of one person, and which show two people."""
    labels = np.asarray(labels)
    alike = labels[:, None] == labels[None]
    return alike & ~np.eye(len(labels), dtype=bool), ~alike


def _square(name, distances, labels):
    distances = np.asarray(distances)
    if distances.shape != (len(labels), len(labels)):
        raise ValueError(
            f"{name}: distances {distances.shape} for {len(labels)} labels; "
            "expected those between all pictures of the batch"
        )
    if np.isnan(distances).any():
        raise ValueError(f"{name}: a distance is NaN; did training diverge?")
    return distances
