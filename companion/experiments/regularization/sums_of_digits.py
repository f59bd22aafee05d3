"""Pictures of two digits whose sum is asked: read one by one, or from pixels to sum at once."""

import numpy as np

from companion.gradients.tensor import Tensor


def pairs(X, y, count, seed, side=7):
    """Put two random digits beside each other.

    Parameters
    ----------
    X, y : array_like
        Digits, (N, side²), and which they are, (N,).
    count, seed : int
        How many pictures, and the seed of the choice.
    side : int
        Side of a digit in pixels.

    Returns
    -------
    images : numpy.ndarray
        (count, side, 2 · side).
    labels : numpy.ndarray
        Left and right digit, (count, 2).
    """
    rows = np.random.default_rng([seed, 41]).integers(len(X), size=(count, 2))
    images = np.asarray(X).reshape(-1, side, side)[rows]
    return np.concatenate([images[:, 0], images[:, 1]], axis=2), np.asarray(y)[rows]


def halves(images, cut=None):
    """Cut pictures in two and give the right part the size of the left by adding paper.

    Parameters
    ----------
    images : numpy.ndarray
        (…, side, 2 · side).
    cut : int, optional
        Column where the right part begins, at least `side`; by default in the middle. Each part is
        `side` columns wide: the left one ends at the cut, the right one begins there.

    Returns
    -------
    numpy.ndarray
        Left and right parts as rows, (2, …, side²).
    """
    side = images.shape[-2]
    cut = side if cut is None else cut
    if not side <= cut < 2 * side:
        raise ValueError(f"halves: cut is {cut}; expected {side} to {2 * side - 1}")
    right = images[..., cut : cut + side]
    wide = np.zeros((*images.shape[:-1], side), dtype=images.dtype)
    wide[..., : right.shape[-1]] = right
    parts = np.stack([images[..., cut - side : cut], wide])
    return parts.reshape(*parts.shape[:-2], side * side)


def learn_from_sums(readers, images, sums, log_probabilities, optimizer, *, updates, batch=50):
    """Train readers of single digits when only the sums of pairs are known.

    Parameters
    ----------
    readers : SideBySide
        R networks that read one digit, (side²,) → (10,); changed in place.
    images, sums : numpy.ndarray
        Pictures for each, (R, N, side, 2 · side), and sums, (R, N).
    log_probabilities : callable
        Scores of the left and of the right digits, (M, 10) each → log-probabilities of the sums,
        (M, 19).
    optimizer
        Made with the readers' parameters.
    updates, batch : int
        How many updates, and pictures in each.
    """
    rng, each = np.random.default_rng([0, 42]), np.arange(len(images))[:, None]
    for _ in range(updates):
        rows = np.argsort(rng.random(sums.shape), axis=1)[:, :batch]
        left, right = (readers(Tensor(x)) for x in halves(images[each, rows]))
        known = log_probabilities(left.reshape(-1, 10), right.reshape(-1, 10))
        right_ones = known[np.arange(known.shape[0]), sums[each, rows].reshape(-1)]
        optimizer.zero_grad()
        (-right_ones.sum() * (1 / rows.shape[1])).backward()
        optimizer.step()
    readers.eval()
