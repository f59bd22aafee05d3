"""Blocks of a Transformer: parts one above the other, each with a way around it."""

import numpy as np
from matplotlib.patches import FancyArrowPatch

from companion.plots.network import FILLS, INK, canvas

WIDE, TALL, STEP, AROUND = 1.5, 0.42, 0.62, 1.0
APART = 3.1


def draw_blocks(columns, across=()):
    """Draw blocks side by side, read from below.

    Parameters
    ----------
    columns : sequence of tuple
        For each block: a title, the names of its parts from below, and ``True`` if each norm
        stands before its part, ``False`` if behind the sum.
    across : sequence of tuple of int
        Arrows ``(from, to, part)`` from the top of one column into a part of another, counted from
        0.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If there is no column or one has no part, or an arrow leads nowhere.
    """
    if not columns or not all(parts for _, parts, _ in columns):
        raise ValueError(f"draw_blocks: {columns}; expected at least one block with a part")
    for begin, end, part in across:
        if not (0 <= begin < len(columns) and 0 <= end < len(columns)) or not (
            0 <= part < len(columns[end][1])
        ):
            raise ValueError(f"draw_blocks: no arrow {(begin, end, part)} in these columns")
    tallest = max(len(parts) for _, parts, _ in columns)
    top = tallest * 3 * STEP + 0.3
    figure, ax = canvas(APART * len(columns), top + 1.0)
    ax.set(xlim=(-APART / 2, APART * (len(columns) - 0.5)), ylim=(-0.6, top + 0.4))
    tops, places = [], []
    for k, (title, parts, norm_first) in enumerate(columns):
        ax.text(APART * k, -0.45, title, ha="center", va="center", fontsize=10, color=INK)
        last, at = _column(ax, APART * k, parts, norm_first)
        tops.append(last)
        places.append(at)
    for begin, end, part in across:
        start = np.array([APART * begin, tops[begin]])
        goal = np.array([APART * end - WIDE / 2 * np.sign(end - begin), places[end][part]])
        middle = goal[0] - 0.9 * np.sign(end - begin)
        bends = [start, (middle, start[1]), (middle, goal[1])]
        ax.plot(*np.array(bends).T, color=INK, lw=1.2, ls="-", zorder=1)
        _arrow(ax, bends[-1], goal)
    return figure


def _column(ax, x, parts, norm_first):
    """Draw one block; return the height of its end and of each part's box."""
    y, at = 0.25, []
    _arrow(ax, (x, -0.25), (x, y))
    for part in parts:
        names = ["norm", part, "+"] if norm_first else [part, "+", "norm"]
        begin = y - 0.12
        for k, name in enumerate(names):
            middle = y + STEP * k + TALL / 2
            _box(ax, x, middle, name)
            if name == part:
                at.append(middle)
            if name == "+":
                wire = np.array([(x, begin), (x + AROUND, begin), (x + AROUND, middle)])
                ax.plot(*wire.T, color=INK, lw=1.2, ls="-", zorder=1)
                _arrow(ax, wire[-1], (x + 0.2, middle))
            _arrow(ax, (x, middle + TALL / 2), (x, middle + STEP - TALL / 2))
        y += 3 * STEP
    return y, at


def _box(ax, x, y, name):
    """Write a part in a box; a sum in a circle, a norm in another colour."""
    shape = "circle,pad=0.2" if name == "+" else "round,pad=0.35"
    fill = {"+": "white", "norm": FILLS[1]}.get(name, FILLS[0])
    box = {"boxstyle": shape, "fc": fill, "ec": INK, "lw": 1}
    ax.text(x, y, name, ha="center", va="center", fontsize=9, color=INK, bbox=box, zorder=3)


def _arrow(ax, start, end):
    style = {"arrowstyle": "-|>", "mutation_scale": 9, "color": INK, "lw": 1.2, "zorder": 2}
    ax.add_patch(FancyArrowPatch(start, end, shrinkA=0, shrinkB=0, **style))
