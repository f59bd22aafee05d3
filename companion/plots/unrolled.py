"""A recurrence, folded up and unrolled in time."""

import numpy as np

from companion.plots.network import FILLS, INK, canvas, unit
from companion.plots.shapes import arrow, arrow_between, subscript

STEP, RISE = 1.5, 1.1


def draw_unrolled(steps, names=("x", "h", "y"), *, weights=("W", "U", "V"), outputs=None):
    """Draw a recurrent unit with its loop, and beside it the same unit at each step.

    Parameters
    ----------
    steps : int
        Steps in time, at least 1.
    names : tuple of str
        Of inputs, states and outputs; each gets its step as an index.
    weights : tuple of str
        Written on the wires from input to state, from state to state, and from state to output.
    outputs : sequence of int, optional
        Steps, counted from 1, that have an output; by default all.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If there is no step, or an output outside the steps.
    """
    outputs = range(1, steps + 1) if outputs is None else list(outputs)
    if steps < 1 or any(not 1 <= t <= steps for t in outputs):
        raise ValueError(f"draw_unrolled: {steps} steps with outputs at {list(outputs)}")
    figure, ax = canvas(STEP * (steps + 2) + 0.6, 2 * RISE + 1.3)
    _column(ax, 0.7, names, weights, output=bool(len(outputs)))
    arrow(ax, (0.9, 0.2), (0.9, -0.2), bend=-1.6)
    ax.text(1.45, 0.25, weights[1], ha="center", color=INK, fontsize=10)
    for t in range(steps + 1):
        at = 0.7 + STEP * (t + 1.4)
        if t:
            labels = tuple(subscript(name, t) for name in names)
            _column(ax, at, labels, weights, output=t in outputs)
            _wire(ax, (at - STEP, 0), (at, 0), weights[1])
        else:
            unit(ax, np.array([at, 0.0]), subscript(names[1], t), FILLS[1])
    return figure


def _column(ax, at, labels, weights, output):
    """Draw input, state and output of one step."""
    x, h, y = labels
    _wire(ax, (at, -RISE), (at, 0), weights[0])
    unit(ax, np.array([at, -RISE]), x, FILLS[0])
    unit(ax, np.array([at, 0.0]), h, FILLS[1])
    if output:
        _wire(ax, (at, 0), (at, RISE), weights[2])
        unit(ax, np.array([at, RISE]), y, FILLS[2])


def _wire(ax, start, end, label):
    """Draw an arrow from unit to unit with its weight beside it."""
    arrow_between(ax, start, end)
    level = start[1] == end[1]
    at = (start[0] + end[0]) / 2 + (0 if level else 0.17), (start[1] + end[1]) / 2 + 0.17 * level
    ax.text(*at, label, ha="center", va="center", color=INK, fontsize=10)
