"""The soft threshold, and projections onto what the penalties bound."""

import numpy as np


def soft_threshold(x, threshold):
    """Move each number towards 0 by a threshold, and to exactly 0 if it is not larger than that.

    The minimizer of ½(u - x)² + t|u| over u.

    Parameters
    ----------
    x : array_like
        Any shape.
    threshold : float or array_like
        t, at least 0; an array broadcasts with `x`.

    Returns
    -------
    numpy.ndarray
        Same shape and, for real numbers, same type as `x`.

    Raises
    ------
    ValueError
        If a threshold is negative or NaN.

    Notes
    -----
    Donoho and Johnstone (1994). Derived in the chapter :ref:`penalties`.
    """
    if not np.all(np.asarray(threshold) >= 0):
        raise ValueError(f"soft_threshold: threshold is {threshold}; expected at least 0")
    x = np.asarray(x)
    x = x if np.issubdtype(x.dtype, np.floating) else x.astype(float)
    t = np.asarray(threshold, dtype=x.dtype)
    return np.where(np.abs(x) > t, x - np.copysign(t, x), np.where(np.isnan(x), x, 0))


def project_l2(w, radius):
    """Return the nearest point whose Euclidean norm is at most a radius.

    Parameters
    ----------
    w : array_like
        Any shape, taken as one vector.
    radius : float
        Above 0.

    Returns
    -------
    numpy.ndarray
        `w` itself inside the ball, otherwise `w` scaled down to its surface.

    Raises
    ------
    ValueError
        If the radius is not above 0.

    Notes
    -----
    Used in the chapter :ref:`sparsity`.
    """
    w = _inside_of(w, radius, "project_l2")
    size = np.linalg.norm(w)
    return w * (radius / size) if size > radius else w


def project_l1(w, radius):
    """Return the nearest point whose absolute values add up to at most a radius.

    It is a soft threshold with the threshold that makes the sum fit.

    Parameters
    ----------
    w : array_like
        Any shape, taken as one vector.
    radius : float
        Above 0.

    Returns
    -------
    numpy.ndarray
        Same shape; `w` itself inside the diamond.

    Raises
    ------
    ValueError
        If the radius is not above 0.

    Notes
    -----
    Duchi, Shalev-Shwartz, Singer and Chandra (2008), Figure 1. Used in the chapter
    :ref:`sparsity`.
    """
    w = _inside_of(w, radius, "project_l1")
    sizes = np.sort(np.abs(w), axis=None)[::-1]
    if sizes.sum() <= radius:
        return w
    # With the k largest left over, the threshold would be (their sum - radius) / k.
    thresholds = (np.cumsum(sizes) - radius) / np.arange(1, len(sizes) + 1)
    last = np.flatnonzero(sizes > thresholds)[-1]
    return soft_threshold(w, thresholds[last])


def _inside_of(w, radius, who):
    if not radius > 0:
        raise ValueError(f"{who}: radius is {radius}; expected a number above 0")
    return np.asarray(w, dtype=float)
