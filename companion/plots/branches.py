"""A module of several branches: piles of maps, sent through side by side and joined to one pile."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Polygon

from companion.plots.network import FILLS, INK
from companion.plots.style import COLORS

WIDE, BACK = 0.62, np.array([0.26, 0.2])  # a map: its front edge, and where its far edge goes
TALLEST, LEAST, SPACE, STEP = 1.9, 0.05, 0.34, 1.62  # inches


def draw_branches(channels, branches, *, side=None, ax=None):
    """Draw piles of maps: the input, what each branch makes of it, and all of it joined.

    The height of a pile says how many maps it has.

    Parameters
    ----------
    channels : int
        Maps of the input.
    branches : sequence of sequence of tuple
        For each branch its layers: a name and the maps that come out, such as
        ``[("1×1", 16), ("5×5", 32)]``. A branch without layers passes the input on.
    side : int, optional
        Height and width of the maps, to be written below the input and the joined pile.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib.figure.Figure
        The figure. The parts of the joined pile have the colours of their branches.

    Raises
    ------
    ValueError
        If there is no branch, or a pile without maps.
    """
    ends = [branch[-1][1] if branch else channels for branch in branches]
    maps = [channels, *(m for branch in branches for _, m in branch)]
    if not branches or min(maps) < 1:
        raise ValueError(f"draw_branches: {branches} of {channels} maps; expected branches of maps")
    scale = TALLEST / max(sum(ends), *maps)
    steps = max(len(branch) for branch in branches)
    rows = [
        max(LEAST, *(m * scale for _, m in branch)) + BACK[1] + SPACE if branch else 0.3
        for branch in branches
    ]
    tall, right = sum(rows), (steps + 1) * STEP
    if ax is None:
        _, ax = plt.subplots(figsize=(1.25 * (right + 1.6), 1.25 * (tall + 0.5)))
    top, middle = tall, tall / 2
    start = _pile(ax, (0, middle), channels, scale, FILLS[0])
    pile, parts = middle + sum(ends) * scale / 2, []
    for branch, end, row, color in zip(branches, ends, rows, COLORS, strict=False):
        at, centre, fill = start, top - row / 2, 0.55 + 0.45 * np.array(to_rgb(color))
        for k, (name, m) in enumerate(branch):
            x = (k + 1) * STEP
            _arrow(ax, [at, (x, centre)])
            at = _pile(ax, (x, centre), m, scale, fill, name)
        around = [(STEP, centre)] * (not branch)
        around += [(right - STEP + WIDE, centre)] * (len(branch) < steps)
        parts.append((pile - end * scale / 2, end, fill))
        _arrow(ax, [at, *around, (right, parts[-1][0])])
        top, pile = top - row, pile - end * scale
    for part, end, fill in reversed(parts):  # an upper one hides the top of the one below it
        _pile(ax, (right, part), end, scale, fill, None)
    text = f"{sum(ends)}"
    ax.text(right + WIDE / 2, pile - 0.08, text, ha="center", va="top", fontsize=9, color=INK)
    if side is not None:
        low = min(pile, middle - channels * scale / 2) - 0.27
        for x in (WIDE / 2, right + WIDE / 2):
            ax.text(x, low, f"of {side} × {side}", ha="center", va="top", fontsize=9, color=INK)
    ax.set(xlim=(-0.15, right + WIDE + 0.5), ylim=(-0.35, tall + 0.25), aspect="equal")
    ax.axis("off")
    return ax.figure


def _pile(ax, left, maps, scale, fill, name=""):
    """Draw a pile whose front has its left edge around a point; return the middle of its right."""
    (x, y), h = left, max(LEAST, maps * scale)
    low, high = y - h / 2, y + h / 2
    near, far = np.array([x, x + WIDE]), np.array([x, x + WIDE]) + BACK[0]
    faces = (
        ([near[0], near[1], near[1], near[0]], [low, low, high, high], 1.0),
        ([near[0], near[1], far[1], far[0]], [high, high, high + BACK[1], high + BACK[1]], 1.05),
        ([near[1], far[1], far[1], near[1]], [low, low + BACK[1], high + BACK[1], high], 0.88),
    )
    for xs, ys, shade in faces:
        color = np.clip(np.array(to_rgb(fill)) * shade, 0, 1)
        corners = np.stack([xs, ys], axis=1)
        ax.add_patch(Polygon(corners, closed=True, fc=color, ec=INK, lw=0.7, zorder=2))
    if name is not None:
        style = {"ha": "center", "fontsize": 9, "color": INK}
        ax.text(x + WIDE / 2, low - 0.05, f"{maps}", va="top", **style)
        ax.text(x + (WIDE + BACK[0]) / 2, high + BACK[1] + 0.04, name, va="bottom", **style)
    return x + WIDE + BACK[0], y + BACK[1] / 2


def _arrow(ax, points):
    """Draw a line through points that ends in an arrow."""
    line = {"color": "#555555", "lw": 0.9}
    ax.plot(*np.transpose(points[:-1]), ls="-", zorder=1, **line)
    style = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 1, **line}
    ax.annotate("", points[-1], points[-2], arrowprops=style, zorder=3)
