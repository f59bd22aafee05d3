"""Difference quotients: gradients from values alone, and how far they can be trusted.

Derived in the chapter :ref:`gradient_checking`.
"""

from typing import NamedTuple

import numpy as np

UNIT_ROUNDOFF = 2.0**-53
"""Largest relative error of rounding to float64, about 1.1e-16."""

ROUNDINGS = 20
"""Rounding errors, in units of the value, that a cost may have picked up on its way."""

WIDE = 100
"""How much wider the second step is that tells a kink from a curve."""

SCHEMES = ("central", "forward")


class Differences(NamedTuple):
    """Values of a function at a point and a step ε below and above it, by coordinate.

    Attributes
    ----------
    at : float
        Value at the point.
    below, above : numpy.ndarray
        Values with one coordinate moved by -ε or ε, (K,).
    eps : float
        Step ε.
    """

    at: float
    below: np.ndarray
    above: np.ndarray
    eps: float

    @property
    def central(self):
        """Central differences (f(x + ε) - f(x - ε)) / 2ε, (K,)."""
        return (self.above - self.below) / (2 * self.eps)

    @property
    def left(self):
        """One-sided differences (f(x) - f(x - ε)) / ε, (K,)."""
        return (self.at - self.below) / self.eps

    @property
    def right(self):
        """One-sided differences (f(x + ε) - f(x)) / ε, (K,)."""
        return (self.above - self.at) / self.eps

    @property
    def noise(self):
        """Size of the rounding error to expect in `central`: a few times u f / ε."""
        largest = np.abs([self.at, *self.below, *self.above]).max()
        return float(ROUNDINGS * UNIT_ROUNDOFF * largest / self.eps)


class Kink(NamedTuple):
    """Coordinate at which a function has one slope to the left and another to the right."""

    index: tuple
    left: float
    right: float


def numerical_gradient(f, x, eps=1e-6, scheme="central"):
    """Gradient by differences: (f(x + ε) - f(x - ε)) / 2ε for each coordinate.

    Parameters
    ----------
    f : callable
        Maps an array like `x` to a number. Called twice per coordinate.
    x : array_like
        Where, any shape; taken as float64 and left as it is.
    eps : float
        Step ε > 0. The error is about ε² from the formula and 1e-16/ε from rounding.
    scheme : {"central", "forward"}
        ``"forward"`` is (f(x + ε) - f(x)) / ε: one call per coordinate and one more, with an
        error of about ε from the formula.

    Returns
    -------
    numpy.ndarray
        Gradient, same shape as `x`, float64.

    Raises
    ------
    ValueError
        If `eps` is not positive or the scheme is unknown.
    """
    _positive(eps)
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}; choose one of {[*SCHEMES]}")
    x = np.array(x, dtype=float)
    above = shifted_values(lambda: f(x), x, eps)
    if scheme == "forward":
        return ((above - float(f(x))) / eps).reshape(x.shape)
    below = shifted_values(lambda: f(x), x, -eps)
    return ((above - below) / (2 * eps)).reshape(x.shape)


def differences(cost, x, eps=1e-6, positions=None, at=None):
    """Move one coordinate of `x` at a time and note the cost.

    Parameters
    ----------
    cost : callable
        Takes nothing, reads `x`, returns a number.
    x : numpy.ndarray
        The array that `cost` reads, float64. It is moved in place and put back exactly.
    eps : float
        Step ε > 0.
    positions : array_like of int, optional
        Which coordinates, as positions in ``x.flat``; all by default.
    at : float, optional
        ``cost()`` where `x` is, if known.

    Returns
    -------
    Differences
        Values by position.

    Raises
    ------
    ValueError
        If `eps` is not positive.
    """
    _positive(eps)
    at = float(cost()) if at is None else at
    below = shifted_values(cost, x, -eps, positions)
    return Differences(at, below, shifted_values(cost, x, eps, positions), eps)


def shifted_values(cost, x, step, positions=None):
    """Values of a cost with one coordinate of `x` at a time moved by `step`.

    Parameters
    ----------
    cost : callable
        Takes nothing, reads `x`, returns a number.
    x : numpy.ndarray
        The array that `cost` reads. It is moved in place and put back exactly.
    step : float
        How far.
    positions : array_like of int, optional
        Which coordinates, as positions in ``x.flat``; all by default.

    Returns
    -------
    numpy.ndarray
        A value for each position, float64.
    """
    positions = range(x.size) if positions is None else positions
    values = np.empty(len(positions))
    for k, position in enumerate(positions):
        kept = x.flat[position]
        try:
            x.flat[position] = kept + step
            values[k] = float(cost())
        finally:
            x.flat[position] = kept
    return values


def find_kink(cost, x, measured, positions):
    """Find a kink: look where the two one-sided differences disagree most.

    On a curve they differ by ε f″, which grows with the step; at a kink by the jump of the slope,
    which does not. A step a hundred times as wide tells which it is.

    Parameters
    ----------
    cost, x, positions
        As for `differences`.
    measured : Differences
        What that returned.

    Returns
    -------
    Kink or None
        The kink, or None if there is none within a step ε of the point.
    """
    gaps = np.abs(measured.right - measured.left)
    if not gaps.size or not np.isfinite(gaps).all():
        return None
    k = int(np.argmax(gaps))
    wide = WIDE * measured.eps
    outer = [shifted_values(cost, x, step, positions[k : k + 1])[0] for step in (-wide, wide)]
    curve = abs(outer[0] - 2 * measured.at + outer[1]) / wide / WIDE
    if not gaps[k] > 10 * curve + 4 * measured.noise:
        return None
    index = tuple(map(int, np.unravel_index(positions[k], x.shape)))
    return Kink(index, float(measured.left[k]), float(measured.right[k]))


def _positive(eps):
    if not eps > 0:
        raise ValueError(f"eps is {eps}; expected a small positive step, such as 1e-6")
