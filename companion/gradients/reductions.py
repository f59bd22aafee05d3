"""From many numbers to fewer: sums, means and extremes along axes."""

import numpy as np

from companion.gradients.tape import primitive


@primitive
def sum(a, *, axis=None, keepdims=False):
    """Sum over `axis` (all axes if None). Pullback: dc, copied back along `axis`."""
    return np.sum(a, axis=axis, keepdims=keepdims), _spread(a, axis, keepdims)


@primitive
def mean(a, *, axis=None, keepdims=False):
    """Mean over `axis`. Pullback: dc / n, copied back along `axis`."""
    if a.size == 0:
        raise ValueError("the mean of no numbers is not defined")
    total = np.sum(a, axis=axis, keepdims=keepdims)
    spread, n = _spread(a, axis, keepdims), a.size // total.size
    return total / n, lambda dc: spread(dc / n)


@primitive
def max(a, *, axis=None, keepdims=False):
    """Largest value over `axis`. Pullback: dc to where it was; ties share it equally."""
    return _extreme(np.max, a, axis, keepdims)


@primitive
def min(a, *, axis=None, keepdims=False):
    """Smallest value over `axis`. Pullback: dc to where it was; ties share it equally."""
    return _extreme(np.min, a, axis, keepdims)


@primitive
def logsumexp(a, *, axis=None, keepdims=False):
    """Log of the sum of e**a over `axis`, finite for any finite a. Pullback: dc softmax(a)."""
    if a.ndim == 0:
        axis = None  # a number has no axis; 0 and -1 are taken for it, as in torch
    top = np.max(a, axis=axis, keepdims=True)
    # Where all values are -inf (or one is +inf) the shift itself must stay finite.
    shifted = np.exp(a - np.where(np.isfinite(top), top, 0))
    total = np.sum(shifted, axis=axis, keepdims=True)
    with np.errstate(divide="ignore"):
        c = np.log(total) + np.where(np.isfinite(top), top, 0)
    spread = _spread(a, axis, keepdims)
    return _drop(c, axis, keepdims), lambda dc: spread(dc) * (shifted / total)


@primitive
def var(a, *, axis=None, correction=1, keepdims=False):
    """Mean square of the distance from the mean, divided by n - `correction` instead of n.

    Pullback: dc 2 (a - mean) / (n - correction). Not above 0, the divisor gives NaN or infinity, as
    a variance of one number does.
    """
    centred = a - (np.mean(a, axis=axis, keepdims=True) if a.size else 0)
    total = np.sum(centred * centred, axis=axis, keepdims=keepdims)
    n = np.asarray(np.maximum(a.size // np.maximum(total.size, 1) - correction, 0), a.dtype)
    spread = _spread(a, axis, keepdims)
    with np.errstate(divide="ignore", invalid="ignore"):
        return total / n, lambda dc: spread(dc) * (2 / n) * centred


@primitive
def norm(a, *, axis=None, keepdims=False):
    """Euclidean length √Σa² over `axis`. Pullback: dc a / c, and 0 where the length is 0.

    The largest entry is taken out first, so that squares neither overflow nor vanish.
    """
    largest = np.max(np.abs(a), axis=axis, keepdims=True, initial=0)
    unit = np.where(np.isfinite(largest) & (largest > 0), largest, 1)
    c = unit * np.sqrt(np.sum((a / unit) ** 2, axis=axis, keepdims=True))
    spread = _spread(a, axis, keepdims)
    return _drop(c, axis, keepdims), lambda dc: spread(dc) * (a / np.where(c > 0, c, 1))


@primitive
def cumsum(a, *, dim):
    """Sum of the first 1, 2, … entries along `dim`. Pullback: sums of dc from the end."""
    if a.ndim == 0:
        return a, lambda dc: dc

    def pullback(dc):
        return np.flip(np.cumsum(np.flip(dc, dim), axis=dim), dim)

    return np.cumsum(a, axis=dim, dtype=a.dtype), pullback


def _spread(a, axis, keepdims):
    """Make the pullback that copies a reduced gradient back to the shape of `a`."""
    shape = a.shape
    lost = not keepdims and axis is not None and a.ndim > 0  # a number has no axis to lose

    def pullback(dc):
        return np.broadcast_to(np.expand_dims(dc, axis) if lost else dc, shape)

    return pullback


def _drop(c, axis, keepdims):
    if keepdims:
        return c
    return c.reshape(()) if axis is None or c.ndim == 0 else np.squeeze(c, axis)


def _extreme(reduce, a, axis, keepdims):
    if a.size == 0:
        raise ValueError("the extreme of no numbers is not defined")
    c = reduce(a, axis=axis, keepdims=True)
    there = a == c
    spread, ties = _spread(a, axis, keepdims), there.sum(axis=axis, keepdims=keepdims)

    def pullback(dc):
        return np.where(there, spread(dc / ties.astype(dc.dtype)), 0)

    return _drop(c, axis, keepdims), pullback
