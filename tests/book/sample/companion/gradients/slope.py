"""Difference quotients."""

STEP = 1e-6


def slope(f, x):
    """Slope of `f` at `x` by a central difference."""
    return (f(x + STEP) - f(x - STEP)) / (2 * STEP)
