"""How far to go along a direction: go back until the function has fallen enough."""

import math


class NoStep(ArithmeticError):
    """A line search found no step; the message says what to look at."""


def backtracking(phi, slope, start=None, *, first=1.0, c1=1e-4, shrink=0.5, max_trials=60):
    """Shorten a step until it meets Armijo's condition φ(α) ≤ φ(0) + c₁αφ'(0).

    Parameters
    ----------
    phi : callable
        α → value of the function at the end of the step, φ(α) = J(x + αp).
    slope : float
        φ'(0) = ∇J(x)·p, below 0.
    start : float, optional
        φ(0), if it is known.
    first : float
        Step to try first, above 0.
    c1 : float
        Share of the fall that the slope promises, between 0 and 1.
    shrink : float
        Factor between one trial and the next, between 0 and 1.
    max_trials : int
        Trials before it gives up.

    Returns
    -------
    float
        The first of α = first · shrinkᵏ, k = 0, 1, …, that meets the condition. A value that is
        not finite does not.

    Raises
    ------
    ValueError
        If the direction does not lead downhill, or an option is out of range.
    NoStep
        If no trial meets the condition.

    Notes
    -----
    The condition is asked for up to the rounding error of φ(0). Armijo (1966); Nocedal and Wright,
    *Numerical Optimization* (2006), algorithm 3.1. Derived in the chapter :ref:`second_order`.
    """
    check(slope, first, c1)
    if not 0 < shrink < 1:
        raise ValueError(f"shrink is {shrink}; expected a number between 0 and 1")
    start = phi(0.0) if start is None else start
    alpha = first
    for _ in range(max_trials):
        if falls_enough(phi(alpha), start, alpha, slope, c1):
            return alpha
        alpha *= shrink
    raise NoStep(
        f"no step down to {alpha / shrink:.0e} lets the value fall; is the gradient that of the "
        "function, or is the value at its rounding error?"
    )


def falls_enough(value, start, alpha, slope, c1):
    """Whether φ(α) ≤ φ(0) + c₁αφ'(0), up to the rounding error of φ(0).

    Parameters
    ----------
    value, start : float
        φ(α) and φ(0).
    alpha, slope, c1 : float
        Step, φ'(0) and the share that is asked for.

    Returns
    -------
    bool
        False for a value that is not finite.
    """
    return math.isfinite(value) and value <= start + c1 * alpha * slope + rounding(start)


def rounding(value):
    """Return a few rounding errors of `value`: smaller differences say nothing.

    Parameters
    ----------
    value : float
        Any number.

    Returns
    -------
    float
        Eight times the relative error of one rounding, times its size.
    """
    return 8 * 2.0**-53 * abs(value)


def check(slope, first, c1):
    """Refuse a direction that does not lead downhill, and options out of range.

    Parameters
    ----------
    slope, first, c1 : float
        As for `backtracking`.

    Raises
    ------
    ValueError
        Naming the value and what is expected.
    """
    if not slope < 0:
        raise ValueError(f"the slope is {slope:g}: not a descent direction; expected below 0")
    if not 0 < first < math.inf:
        raise ValueError(f"first is {first}; expected a step above 0")
    if not 0 < c1 < 1:
        raise ValueError(f"c1 is {c1}; expected a number between 0 and 1")
