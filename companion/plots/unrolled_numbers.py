"""An unrolled recurrence of one unit, with its numbers on the wires."""

import numpy as np

from companion.plots.network import FILLS, GRADIENT, INK, canvas, number, unit
from companion.plots.shapes import arrow_between, subscript

STEP, RISE = 2.0, 1.35


def draw_unrolled_numbers(x, states, weights, gradients=None):
    """Draw a recurrence of one unit and one input with what runs over its wires.

    Values stand in the units and, in black, on the wires: an input times W, a state times U. With
    gradients, in colour, what comes back: at the head of a wire to the product that it carries, at
    its tail to the state that it comes from.

    Parameters
    ----------
    x, states : sequence of float
        (T,) each; the state before the first is 0.
    weights : pair of float
        W and U.
    gradients : sequence of float, optional
        (T,) dL/da, of the sum before the bend at each step, where L is the last state.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If there is no step, or lengths differ.
    """
    steps = len(x)
    if not steps or len(states) != steps or (gradients is not None and len(gradients) != steps):
        raise ValueError(
            f"draw_unrolled_numbers: {steps} inputs, {len(states)} states; expected as many of "
            "both, at least one, and as many gradients if any"
        )
    w, u = weights
    before = [0.0, *states]
    figure, ax = canvas(STEP * (steps + 0.9), RISE + 1.3)
    unit(ax, np.array([0.5, 0.35]), f"h₀\n{number(0)}", FILLS[1])
    for t in range(steps):
        at = 0.5 + STEP * (t + 1)
        back = None if gradients is None else gradients[t]
        arrow_between(ax, (at - STEP, 0.35), (at, 0.35))
        arrow_between(ax, (at, 0.35 - RISE), (at, 0.35))
        carried = None if back is None or not t else u * back
        _label(ax, (at - STEP / 2, 0.6), f"U h = {number(u * before[t])}")
        _slope(ax, (at - STEP + 0.5, 0.13), carried)
        _slope(ax, (at - 0.5, 0.13), None if carried is None else back)
        _label(ax, (at - 0.1, 0.35 - RISE / 2), f"W x = {number(w * x[t])}", ha="right")
        _slope(ax, (at + 0.1, 0.35 - RISE / 2), back, ha="left")
        unit(ax, np.array([at, 0.35 - RISE]), f"{subscript('x', t + 1)}\n{number(x[t])}", FILLS[0])
        unit(ax, np.array([at, 0.35]), f"{subscript('h', t + 1)}\n{number(states[t])}", FILLS[1])
    end = 0.5 + STEP * steps
    arrow_between(ax, (end, 0.35), (end + 1.0, 0.35))
    _slope(ax, (end + 0.6, 0.13), None if gradients is None else 1.0)
    return figure


def _label(ax, at, text, **options):
    options = {"ha": "center", "va": "center", "fontsize": 9, "color": INK} | options
    ax.text(*at, text, **options)


def _slope(ax, at, value, **options):
    if value is not None:
        _label(ax, at, number(value), color=GRADIENT, weight="bold", **options)
