"""A recurrence, folded up and unrolled in time."""

import numpy as np
from matplotlib.patches import FancyArrowPatch

from companion.plots.network import FILLS, INK, RADIUS, canvas, unit

STEP, RISE = 1.5, 1.1
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


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
    loop = {"connectionstyle": "arc3,rad=-1.6", "arrowstyle": "-|>", "mutation_scale": 11}
    ax.add_patch(FancyArrowPatch((0.9, 0.2), (0.9, -0.2), color=INK, **loop))
    ax.text(1.45, 0.25, weights[1], ha="center", color=INK, fontsize=10)
    for t in range(steps + 1):
        at = 0.7 + STEP * (t + 1.4)
        index = str(t).translate(SUBSCRIPTS)
        if t:
            labels = tuple(name + index for name in names)
            _column(ax, at, labels, weights, output=t in outputs)
            arrow(ax, (at - STEP, 0), (at, 0), weights[1])
        else:
            unit(ax, np.array([at, 0.0]), names[1] + index, FILLS[1])
    return figure


def _column(ax, at, labels, weights, output):
    """Draw input, state and output of one step."""
    x, h, y = labels
    arrow(ax, (at, -RISE), (at, 0), weights[0])
    unit(ax, np.array([at, -RISE]), x, FILLS[0])
    unit(ax, np.array([at, 0.0]), h, FILLS[1])
    if output:
        arrow(ax, (at, 0), (at, RISE), weights[2])
        unit(ax, np.array([at, RISE]), y, FILLS[2])


def arrow(ax, start, end, label):
    """Draw an arrow from unit to unit with its weight beside it."""
    start, end = np.array(start, float), np.array(end, float)
    way = (end - start) / np.linalg.norm(end - start)
    style = {"arrowstyle": "-|>", "color": INK, "mutation_scale": 11}
    ax.add_patch(FancyArrowPatch(start + way * RADIUS, end - way * RADIUS, **style))
    beside = np.array([way[1], -way[0]]) * 0.17
    middle = (start + end) / 2 + (beside if way[1] else -beside)
    ax.text(*middle, label, ha="center", va="center", color=INK, fontsize=10)
