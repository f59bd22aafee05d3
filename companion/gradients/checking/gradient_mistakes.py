"""What a wrong gradient tells about the line that computed it.

Derived in the chapter :ref:`gradient_checking`, section *A colleague's report*.
"""

import numpy as np

from companion.gradients.checking.mistakes import likely_mistake
from companion.gradients.checking.verdicts import is_fine, verdict_of
from companion.tables import index_of

RTOL = 1e-4
"""Entries that differ by less, relative to the measured one, count as equal."""


def gradient_mistake(analytic, numeric, positions, shape, value=None, noise=0.0):
    """Guess the mistake behind a wrong gradient.

    Parameters
    ----------
    analytic, numeric : numpy.ndarray
        Checked entries, (K,), finite.
    positions : numpy.ndarray of int
        Which entries of the flattened parameter they are, (K,).
    shape : tuple of int
        Shape of the parameter.
    value : numpy.ndarray, optional
        Values of the parameter at those entries, (K,).
    noise : float
        Rounding error to expect in each measured entry.

    Returns
    -------
    str or None
        What probably went wrong; None where nothing common fits.
    """
    atol = max(1e-6 * np.abs(numeric).max(), noise)
    bad = np.abs(analytic - numeric) > atol + RTOL * np.abs(numeric)
    if not analytic.any():
        return "it is zero: never computed, or cut off on the way back"
    if not bad.any():
        return None
    if not np.any(np.abs(numeric) > noise):
        return "it should be zero: the cost does not depend on it here"
    return (
        _one_place(analytic, numeric, bad, positions, shape, noise, atol)
        or _zeros(analytic, bad)
        or _penalty(analytic, numeric, value, noise)
        or _array(analytic, numeric, shape, atol)
    )


def _one_place(analytic, numeric, bad, positions, shape, noise, atol):
    """Say if one entry, one row or one column alone is wrong, and how."""
    # The others must be right by themselves, not only less wrong than those.
    if not np.any(numeric[~bad]) or not is_fine(verdict_of(analytic[~bad], numeric[~bad], noise)):
        return None
    within = likely_mistake(analytic[bad], numeric[bad], RTOL, atol)
    how = f": {within}" if within else ""
    if bad.sum() == 1:
        index = tuple(map(int, np.unravel_index(positions[bad][0], shape)))
        return f"only {index_of(index)} of the {bad.size} entries checked is wrong{how}"
    names = ("row", "column") if len(shape) == 2 else [f"axis {k}, index" for k in range(9)]
    for axis, places in enumerate(np.unravel_index(positions, shape)):
        if len(shape) > 1 and len({*places[bad].tolist()}) == 1:
            return f"only {names[axis]} {places[bad][0]} is wrong{how}"
    return None


def _zeros(analytic, bad):
    if np.any(analytic[bad]):
        return None
    return f"{bad.sum()} of {bad.size} entries are zero and should not be"


def _penalty(analytic, numeric, value, noise):
    """Say if the difference is a multiple of the parameter, as the gradient of λ/2 ‖θ‖² is."""
    if value is None or value.size < 3 or not np.ptp(np.abs(value)):
        return None
    rest = analytic - numeric
    factor = float(rest @ value / (value @ value))
    if np.abs(rest - factor * value).max() > 1e-3 * np.abs(rest).max() + noise:
        return None
    if factor < 0:
        return f"{-factor:.3g} times the parameter itself is missing: the gradient of a penalty?"
    return f"it has {factor:.3g} times the parameter itself too much: a penalty counted twice?"


def _array(analytic, numeric, shape, atol):
    if analytic.size == np.prod(shape):
        analytic, numeric = analytic.reshape(shape), numeric.reshape(shape)
    return likely_mistake(analytic, numeric, RTOL, atol)
