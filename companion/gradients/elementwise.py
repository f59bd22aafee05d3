"""Functions of one number applied to each, and choices between two."""

import numpy as np

from companion.gradients.selection import only_where
from companion.gradients.tape import primitive


@primitive
def exp(a):
    """Exponential e**a. Pullback: dc * c."""
    c = np.exp(a)
    return c, lambda dc: dc * c


@primitive
def log(a):
    """Natural logarithm. Pullback: dc / a."""
    return np.log(a), lambda dc: dc / a


@primitive
def sqrt(a):
    """Square root. Pullback: dc / (2 c)."""
    c = np.sqrt(a)
    return c, lambda dc: dc / (2 * c)


@primitive
def abs(a):
    """Absolute value. Pullback: dc * sign(a), which is 0 at 0."""
    return np.abs(a), lambda dc: dc * np.sign(a)


@primitive
def sin(a):
    """Sine of a, in radians. Pullback: dc * cos(a)."""
    return np.sin(a), lambda dc: dc * np.cos(a)


@primitive
def cos(a):
    """Cosine of a, in radians. Pullback: -dc * sin(a)."""
    return np.cos(a), lambda dc: -dc * np.sin(a)


@primitive
def maximum(a, b):
    """Larger of a and b. Pullbacks: dc where it was taken, half of it each on a tie."""
    return np.maximum(a, b), _where_larger(a, b), _where_larger(b, a)


@primitive
def minimum(a, b):
    """Smaller of a and b. Pullbacks: dc where it was taken, half of it each on a tie."""
    return np.minimum(a, b), _where_larger(b, a), _where_larger(a, b)


@primitive
def clip(a, *, min=None, max=None):
    """Limit a to [min, max]. Pullback: dc inside the limits, bounds included, 0 outside."""
    c = np.clip(a, min, max)
    return c, lambda dc: only_where(c == a, dc)


@primitive
def where(condition, a, b):
    """Take a where `condition` holds, else b. Pullbacks: none, dc where it holds, dc elsewhere."""
    return (
        np.where(condition, a, b),
        lambda dc: np.zeros_like(dc),
        lambda dc: only_where(condition, dc),
        lambda dc: only_where(np.logical_not(condition), dc),
    )


def _where_larger(a, b):
    """Make the pullback of the larger of two to a: dc, half of it on a tie, else 0.

    Chosen, not multiplied: where b was taken, an infinite dc must not become 0 · ∞.
    """
    return lambda dc: only_where(np.greater(a, b), dc) + only_where(np.equal(a, b), dc / 2)
