"""Which places may be looked at.

Derived in the chapter :ref:`self_attention`.
"""

from numbers import Integral

import numpy as np


def causal_mask(steps):
    """Say that a place may look at itself and at what stands before it.

    Parameters
    ----------
    steps : int
        T, at least 1.

    Returns
    -------
    numpy.ndarray
        (T, T) bool: row t has True at the places 0 … t.

    Raises
    ------
    ValueError
        If `steps` is no whole number, or below 1.
    """
    if not isinstance(steps, Integral) or steps < 1:
        raise ValueError(f"causal_mask: steps={steps!r}; expected at least 1, a whole number")
    return np.tri(steps, dtype=bool)


def padding_mask(lengths, steps=None):
    """Say that the places after the end of a sequence may not be looked at.

    Parameters
    ----------
    lengths : array_like of int
        (N,), at least 1 each.
    steps : int, optional
        S; by default the longest length.

    Returns
    -------
    numpy.ndarray
        (N, S) bool: True where there is something.

    Raises
    ------
    ValueError
        If a length is below 1 or above `steps`.
    """
    lengths = np.asarray(lengths)
    if lengths.dtype.kind not in "iu" or lengths.ndim != 1 or not len(lengths):
        raise ValueError(f"padding_mask: lengths {lengths!r}; expected one integer a sequence")
    steps = int(lengths.max()) if steps is None else steps
    if not isinstance(steps, Integral):
        raise ValueError(f"padding_mask: steps={steps!r}; expected a whole number")
    if lengths.min() < 1 or lengths.max() > steps:
        raise ValueError(f"padding_mask: lengths {lengths.tolist()}; expected 1 … {steps}")
    return np.arange(steps) < lengths[:, None]


def to_add(mask, dtype):
    """Turn a mask of booleans into what is added to scores: 0 where a look is allowed, else -∞.

    Parameters
    ----------
    mask : numpy.ndarray
        (…, T, S); booleans, or floats that are added as they are.
    dtype : numpy.dtype
        Of the scores.

    Returns
    -------
    numpy.ndarray
        Of `dtype`.

    Raises
    ------
    ValueError
        If a row forbids every look, or the mask holds whole numbers, NaN or +∞.
    """
    mask = np.asarray(mask)
    if mask.dtype.kind not in "bf":
        raise ValueError(
            f"attention: a mask of {mask.dtype}; expected booleans, or floats that are added to "
            "the scores; turn 0 and 1 into booleans by .astype(bool)"
        )
    if (mask.dtype != bool) and not (mask < np.inf).all():
        raise ValueError("attention: the mask holds NaN or +∞; expected finite numbers or -∞")
    blind = ~(mask if mask.dtype == bool else mask > -np.inf).any(axis=-1)
    if blind.any():
        raise ValueError(
            f"attention: the mask {mask.shape} forbids every look in row "
            f"{tuple(map(int, np.argwhere(blind)[0]))}; leave at least one place in each row"
        )
    added = np.where(mask, 0, -np.inf) if mask.dtype == bool else mask
    return added.astype(dtype)
