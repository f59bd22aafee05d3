"""Guessing the mistake behind a wrong array: the few that are made again and again.

The grader and the gradient check of the chapter :ref:`gradient_checking` share it.
"""

import numpy as np


def likely_mistake(got, expected, rtol, atol):
    """Return what probably went wrong, or None when nothing common fits.

    Parameters
    ----------
    got, expected : ndarray
        Two arrays that differ.
    rtol, atol : float
        Closeness, as for `numpy.isclose`.

    Returns
    -------
    str or None
    """
    if not (got.size and expected.size) or {got.dtype.kind, expected.dtype.kind} - set("iuf"):
        return None

    def fits(value):
        with np.errstate(all="ignore"):
            return value.shape == got.shape and np.allclose(value, got, rtol, atol, equal_nan=True)

    if got.shape != expected.shape:
        return _of_shape(got, expected, fits)
    got, expected = got.astype(float), expected.astype(float)
    if not np.isfinite(got).all() and np.isfinite(expected).all():
        return "NaN or infinity arises: log(0), 0/0, or exp of something large"
    if not expected.any() or not np.isfinite(expected).all():
        return None
    if not got.any():
        return "it is all zeros: is it ever filled?"
    for text, value in _candidates(got, expected):
        if fits(value):
            return text
    return _ratio(got, expected, rtol) or _offset(got, expected) or _near(got, expected)


def _of_shape(got, expected, fits):
    if fits(expected.T):
        return "the result is transposed"
    if got.size == expected.size and fits(expected.reshape(got.shape)):
        return (
            "the values are right, their shape is not: reshape, or keepdims, or an axis of length 1"
        )
    if expected.ndim == 1 and got.shape == (expected.size,) * 2:
        return (
            f"a column ({expected.size}, 1) and a row ({expected.size},) were broadcast to a square"
        )
    if expected.ndim and got.ndim == 0:
        return "a sum or mean over everything: is its axis missing?"
    if got.ndim == expected.ndim - 1:
        return "a sum or mean took one axis too many: keepdims=True would keep it"
    return None


def _candidates(got, expected):
    """Yield what the usual slips would have given."""
    yield "the sign is flipped", -expected
    yield "it is twice as large: accumulated twice, or a ½ is missing", 2 * expected
    yield "it is half as large: a factor 2 is missing", expected / 2
    if expected.ndim == 2 and expected.shape[0] == expected.shape[1]:
        yield "the result is transposed", expected.T
    if expected.ndim:
        yield "the order is reversed", expected[::-1]
        yield "everything is one place late: off by one", np.roll(expected, 1, axis=0)
        yield "everything is one place early: off by one", np.roll(expected, -1, axis=0)
    if expected.size > 1 and got.any():  # a lone whole number, or nothing but zeros, says little
        yield "the values are rounded to whole numbers", np.round(expected)
        yield "the values are cut to whole numbers: // or an integer array", np.floor(expected)
    yield "some signs are flipped", np.where(np.sign(got) == np.sign(expected), expected, -expected)
    yield "it should be squared, or a square root is one too many", np.sqrt(np.abs(expected))
    yield "a square root is missing", expected**2
    for axis in range(expected.ndim):
        other = [a for a in range(expected.ndim) if a != axis]
        if expected.ndim == 2 and np.allclose(expected.sum(axis), 1):
            sums = got.sum(other[0])
            if np.allclose(sums, 1) and not np.allclose(got.sum(axis), 1):
                yield f"it sums to 1 along axis {other[0]}; it should along axis {axis}", got


def _ratio(got, expected, rtol):
    # The ratio where it is known best; small entries of a measured array are mostly rounding.
    large = np.abs(expected) >= 0.1 * np.abs(expected).max()
    ratio = np.median(got[large] / expected[large])
    allowed = max(rtol, 1e-6) * np.abs(got).max()
    if ratio == 0 or np.isclose(ratio, 1, 10 * rtol, 0):
        return None
    if np.abs(got - ratio * expected).max() > allowed:
        return None
    for factor, text in (
        (ratio, "too large: is a division by {n} missing?"),
        (1 / ratio, "too small"),
    ):
        if factor > 2 and abs(factor - round(factor)) < 1e-6 * factor:
            text = text.format(n=round(factor))
            return f"it is {round(factor)} times {text}" + _number_of_examples(text)
    return f"it is {ratio:.6g} times what it should be" if got.size > 1 else None


def _number_of_examples(text):
    return "" if "missing" in text else ": is a division one too many, or a mean in place of a sum?"


def _offset(got, expected):
    offset = np.median(got - expected)
    if got.size > 2 and np.ptp(expected) > 0 and np.allclose(got - expected, offset, 1e-6, 0):
        return f"every value is {abs(offset):.6g} too {'large' if offset > 0 else 'small'}"
    return None


def _near(got, expected):
    scale = np.abs(expected).max()
    if np.abs(got - expected).max() < 1e-3 * scale:
        return "it is close, but not to rounding: float32, or an approximation?"
    return None
