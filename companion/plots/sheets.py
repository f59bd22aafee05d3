"""A network for small images: a stack of sheets for the channels, bars for dense layers."""

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from companion.plots.network import FILLS, INK
from companion.plots.style import COLORS

LARGEST, TALLEST, BAR, GAP = 1.25, 1.5, 0.13, 0.46  # inches
SHIFT = 0.034  # from sheet to sheet, right and up


def draw_sheets(shapes, steps=None, *, axes_of=None, most=16):
    """Draw what flows through a network, from left to right.

    An image with channels is a stack of sheets, as many as it has channels, the first in front; its
    side is drawn to scale. A vector is a bar, its length to the scale of the longest one.

    Parameters
    ----------
    shapes : sequence of tuple of int
        Of one example, without the axis of the batch: (C, H, W) or (D,).
    steps : sequence of str, optional
        What stands between one and the next, one fewer than shapes.
    axes_of : int, optional
        At which volume the names of the axes are written: C to the back, H down, W to the right.
    most : int
        Most sheets that are drawn of one stack.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If a shape is neither, has an axis without entries, or the number of steps does not fit.
    """
    shapes = [tuple(shape) for shape in shapes]
    for shape in shapes:
        if len(shape) not in (1, 3) or min(shape) < 1:
            raise ValueError(f"draw_sheets: shape {shape}; expected (C, H, W) or (D,), all ≥ 1")
    steps = [""] * (len(shapes) - 1) if steps is None else list(steps)
    if len(steps) != len(shapes) - 1:
        raise ValueError(
            f"draw_sheets: {len(steps)} steps between {len(shapes)} shapes; "
            f"expected {len(shapes) - 1}"
        )
    scale = LARGEST / max((max(s[1:]) for s in shapes if len(s) == 3), default=1)
    stretch = TALLEST / max((s[0] for s in shapes if len(s) == 1), default=1)
    figure, ax = plt.subplots()
    x, top = 0.0, TALLEST / 2 + 0.1
    for k, shape in enumerate(shapes):
        if k:
            middle = x + GAP / 2
            ax.annotate("", (x + 0.9 * GAP, 0), (x + 0.1 * GAP, 0), arrowprops=_arrow())
            ax.text(middle, top, steps[k - 1], ha="center", va="bottom", fontsize=9, color=INK)
            x += GAP
        if len(shape) == 3:
            x = _sheets(ax, x, shape, scale, most, names=k == axes_of)
        else:
            height = max(stretch * shape[0], 0.06)
            ax.add_patch(Rectangle((x, -height / 2), BAR, height, fc=FILLS[1], ec=INK, lw=0.8))
            _label(ax, x + BAR / 2, str(shape[0]))
            x += BAR
    low, high = -TALLEST / 2 - 0.5, top + 0.42
    figure.set_size_inches(x + 0.5, high - low)
    ax.set(xlim=(-0.25, x + 0.25), ylim=(low, high), aspect="equal")
    ax.axis("off")
    return figure


def _sheets(ax, x, shape, scale, most, names):
    """Draw a stack, and return where it ends on the right."""
    C, H, W = shape
    n, height, width = min(C, most), H * scale, W * scale
    back = SHIFT * (n - 1)
    bottom = -(height + back) / 2
    for i in reversed(range(n)):
        at = (x + SHIFT * i, bottom + SHIFT * i)
        ax.add_patch(Rectangle(at, width, height, fc=FILLS[0], ec=INK, lw=0.8))
    _label(ax, x + (width + back) / 2, f"{C}@{H}×{W}")
    if names:
        style = {"fontsize": 9, "color": COLORS[1], "weight": "bold"}
        ax.text(x + width / 2, bottom + 0.03, "W", ha="center", va="bottom", **style)
        ax.text(x + 0.04, bottom + height / 2, "H", ha="left", va="center", **style)
        at = (x + back / 2 - 0.02, bottom + height + back / 2 + 0.03)
        ax.text(*at, "C", ha="right", va="bottom", **style)
    return x + width + back


def _label(ax, x, text):
    ax.text(x, -TALLEST / 2 - 0.12, text, ha="center", va="top", fontsize=9, color=INK)


def _arrow():
    return {"arrowstyle": "-|>", "color": INK, "lw": 1, "shrinkA": 0, "shrinkB": 0}
