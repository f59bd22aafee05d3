"""How far to go along a direction: fall enough, and leave little slope behind."""

import math
from typing import NamedTuple

from companion.optimization.second_order.line_search import (
    NoStep,
    check,
    falls_enough,
    rounding,
)


class Trial(NamedTuple):
    """A step with the value and the slope there."""

    alpha: float
    value: float
    slope: float


def strong_wolfe(
    phi, dphi, slope=None, start=None, *, first=1.0, c1=1e-4, c2=0.9, longest=1e10, max_trials=40
):
    """Find a step that meets the strong Wolfe conditions.

    They are φ(α) ≤ φ(0) + c₁αφ'(0) (enough fall, Armijo), and a slope φ'(α) of at most c₂ times
    the size of φ'(0) (little slope left).

    Parameters
    ----------
    phi, dphi : callable
        α → φ(α) = J(x + αp), and α → φ'(α) = ∇J(x + αp)·p.
    slope, start : float, optional
        φ'(0), below 0, and φ(0), if they are known.
    first : float
        Step to try first, above 0.
    c1, c2 : float
        The two shares, 0 < c1 < c2 < 1.
    longest : float
        Longest step to try.
    max_trials : int
        Values of φ to ask for before it gives up.

    Returns
    -------
    float
        The step. φ' was asked for there last, φ before it.

    Raises
    ------
    ValueError
        If the direction does not lead downhill, or an option is out of range.
    NoStep
        If no trial meets both conditions; a function that falls without end is one reason.

    Notes
    -----
    Nocedal and Wright, *Numerical Optimization* (2006), algorithms 3.5 (widen until a good step is
    enclosed) and 3.6 (zoom in on it), with cubic interpolation, their equation 3.59. Enough fall is
    asked for up to the rounding error of φ(0). Derived in the chapter :ref:`second_order`.
    """
    slope = dphi(0.0) if slope is None else slope
    start = phi(0.0) if start is None else start
    check(slope, first, c1)
    if not c1 < c2 < 1:
        raise ValueError(f"c1 is {c1} and c2 is {c2}; expected 0 < c1 < c2 < 1")

    def better(alpha, value, than):
        above = value > than.value + rounding(start)
        return falls_enough(value, start, alpha, slope, c1) and not above

    before, alpha = Trial(0.0, start, slope), min(first, longest)
    for trials in range(1, max_trials + 1):
        value = phi(alpha)
        if not better(alpha, value, before):
            after = Trial(alpha, value, math.nan)
            return _zoom(phi, dphi, before, after, better, -c2 * slope, max_trials - trials)
        here = Trial(alpha, value, dphi(alpha))
        if abs(here.slope) <= -c2 * slope:
            return alpha
        if here.slope >= 0:
            return _zoom(phi, dphi, here, before, better, -c2 * slope, max_trials - trials)
        if alpha >= longest:
            break
        before, alpha = here, min(2 * alpha, longest)
    raise NoStep(
        f"the function still falls at a step of {alpha:.0e}; is it bounded below along this "
        "direction?"
    )


def _zoom(phi, dphi, low, high, better, steepest, trials):
    """Shrink an interval that holds good steps; `low` is its better end, not always its left."""
    for _ in range(trials):
        alpha = _inside(low, high)
        value = phi(alpha)
        if not better(alpha, value, low):
            high = Trial(alpha, value, math.nan)
            continue
        here = Trial(alpha, value, dphi(alpha))
        if abs(here.slope) <= steepest:
            return alpha
        if here.slope * (high.alpha - low.alpha) >= 0:
            high = low
        low = here
    raise NoStep(
        f"no step between {low.alpha:.3g} and {high.alpha:.3g} meets both conditions; is the "
        "gradient that of the function, or is the value at its rounding error?"
    )


def _inside(low, high, margin=0.1):
    """Guess the minimum between two trials; keep away from both ends by a tenth of the way."""
    guess = _parabola(low, high) if math.isnan(high.slope) else _cubic(low, high)
    if math.isnan(guess):
        return 0.5 * (low.alpha + high.alpha)
    left, right = sorted((low.alpha, high.alpha))
    gap = margin * (right - left)
    return min(max(guess, left + gap), right - gap)


def _cubic(a, b):
    """Minimum of the cubic through two values and two slopes; NaN if it has none."""
    d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.alpha - b.alpha)
    square = d1 * d1 - a.slope * b.slope
    if not square >= 0:
        return math.nan
    d2 = math.copysign(math.sqrt(square), b.alpha - a.alpha)
    bottom = b.slope - a.slope + 2 * d2
    return b.alpha - (b.alpha - a.alpha) * (b.slope + d2 - d1) / bottom if bottom else math.nan


def _parabola(a, b):
    """Minimum of the parabola through two values and the slope at `a`; NaN if it has none."""
    width = b.alpha - a.alpha
    bend = b.value - a.value - a.slope * width
    if not bend > 0:
        return math.nan
    return a.alpha - a.slope * width * width / (2 * bend)
