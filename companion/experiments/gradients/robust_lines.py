"""Straight lines that minimize the squared, the Huber and the absolute error, and what slips do.

All lines are fitted to convergence, so that losses are compared and not optimizers. Many sets of
points are fitted at once: points along the last axis, each row a set.
"""

import numpy as np


def squared_line(x, y):
    """Line with the least sum of squared errors.

    Parameters
    ----------
    x, y : numpy.ndarray
        Points, (..., N), the same shape.

    Returns
    -------
    slope, offset : numpy.ndarray
        One of each for every row, (...).
    """
    return huber_line(x, y, np.inf)


def huber_line(x, y, delta):
    """Line with the least sum of Huber losses, by least squares with weights.

    The derivative of Huber's loss is w d with w = 1 / max(abs(d) / delta, 1). So fit with weights,
    compute the weights from the errors, and go on until no slope moves.

    Parameters
    ----------
    x, y : numpy.ndarray
        Points, (..., N), the same shape.
    delta : float
        Error up to which an example pulls in proportion, positive; infinity is least squares.

    Returns
    -------
    slope, offset : numpy.ndarray
        One of each for every row, (...).

    Notes
    -----
    Huber (1964). Used in the chapter :ref:`losses`, explained in :ref:`choosing_a_loss`.
    """
    w, a, moved = np.ones_like(y, dtype=float), np.inf, np.inf
    while moved > 1e-9:
        last, share = a, w / w.sum(axis=-1, keepdims=True)
        x0, y0 = ((share * v).sum(axis=-1, keepdims=True) for v in (x, y))
        spread = (share * (x - x0) ** 2).sum(axis=-1, keepdims=True)
        a = (share * (x - x0) * (y - y0)).sum(axis=-1, keepdims=True) / spread
        b = y0 - a * x0
        moved = np.abs(a - last).max()
        w = 1 / np.maximum(np.abs(a * x + b - y) / delta, 1)
    return a[..., 0], b[..., 0]


def absolute_line(x, y, steepest=100.0):
    """Line with the least sum of absolute errors, by halving an interval of slopes.

    For a given slope the best offset is a median. What is left is a convex function of the slope,
    and the sign of its derivative, the sum of sign(d) x, says on which side the best slope lies.

    Parameters
    ----------
    x, y : numpy.ndarray
        Points, (..., N), the same shape.
    steepest : float
        Largest size of a slope that is looked for.

    Returns
    -------
    slope, offset : numpy.ndarray
        One of each for every row, (...).
    """
    high = np.full((*np.shape(y)[:-1], 1), float(steepest))
    low = -high
    for _ in range(40):
        a = (low + high) / 2
        b = np.median(y - a * x, axis=-1, keepdims=True)
        pull = (np.sign(a * x + b - y) * x).sum(axis=-1, keepdims=True)
        low, high = np.where(pull < 0, a, low), np.where(pull < 0, high, a)
    return a[..., 0], b[..., 0]


def moved_by_slips(fit, x, y, share, draws=100, seed=0):
    """Fit a table with and without slips of the decimal point; see how far the line moves.

    Parameters
    ----------
    fit : callable
        ``fit(x, y)`` returns slopes and offsets, such as `absolute_line`.
    x, y : numpy.ndarray
        The true table, (N,).
    share : float
        Probability that a value of `y` is multiplied by ten.
    draws : int
        How often the slips are drawn anew.
    seed : int
        Of the generator; with the same seed, more slips contain the fewer.

    Returns
    -------
    numpy.ndarray
        Mean size of the change of the line over the values of `x`, for each draw, (draws,).
    """
    luck = np.random.default_rng(seed).random((draws, len(y)))
    spoiled = np.where(luck < share, 10 * y, y)
    slope, offset = fit(x, y)
    slopes, offsets = fit(np.broadcast_to(x, spoiled.shape), spoiled)
    change = np.multiply.outer(slopes - slope, x) + (offsets - offset)[:, None]
    return np.abs(change).mean(axis=1)
