"""A network for images as the volumes between its layers: boxes that get smaller and deeper."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Polygon

from companion.plots.network import FILLS, INK

SHADES = {"front": 1.0, "top": 1.05, "side": 0.9}
BACK = np.array([0.42, 0.3])  # where a pixel towards the back goes
SPACE = 7.0


def draw_volumes(shapes, names=None, *, ax=None, title="", fill=None):
    """Draw what lies between the layers of a network: a box for each volume, a bar for each vector.

    Sides are drawn as the roots of sizes, so that 224 and 7 fit into one picture: the height and
    the slanted depth of a box are the image's, its width is the number of channels.

    Parameters
    ----------
    shapes : sequence of tuple of int
        (C, H, W) of a volume, or (D,) of a vector.
    names : sequence of str, optional
        What is written above each, such as the layer that made it.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    title : str
        What is written above all.
    fill : sequence of int, optional
        For each shape, which of the three fills it has; by default the input, volumes and vectors
        differ.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If there is no shape, one has neither one nor three numbers, or names or fills do not fit.
    """
    shapes = [tuple(int(n) for n in shape) for shape in shapes]
    if not shapes or any(len(shape) not in (1, 3) or min(shape) < 1 for shape in shapes):
        raise ValueError(f"draw_volumes: {shapes}; expected shapes (C, H, W) or (D,)")
    for name, given in (("names", names), ("fill", fill)):
        if given is not None and len(given) != len(shapes):
            raise ValueError(f"draw_volumes: {len(given)} {name} for {len(shapes)} shapes")
    if fill is None:
        fill = [0 if k == 0 else 2 if len(shape) == 1 else 1 for k, shape in enumerate(shapes)]
    if ax is None:
        _, ax = plt.subplots(figsize=(7.2, 2.8))
    tallest, at = max(_extent(shape)[1] for shape in shapes), 0.0
    for k, shape in enumerate(shapes):
        width, height, back = _extent(shape)
        for corners, shade in _faces(width, height, back):
            colour = np.clip(np.array(to_rgb(FILLS[fill[k]])) * SHADES[shade], 0, 1)
            corners = np.array(corners) + np.array([at, 0])
            ax.add_patch(Polygon(corners, closed=True, fc=colour, ec="#6A7A85", lw=0.9))
        middle = at + (width + BACK[0] * back) / 2
        size = f"{shape[0]}" if len(shape) == 1 else f"{shape[0]}\n{shape[1]}×{shape[2]}"
        style = {"ha": "center", "fontsize": 9, "color": INK}
        ax.text(middle, -tallest / 2 - 1.2, size, va="top", **style)
        if names is not None:
            ax.text(middle, tallest / 2 + BACK[1] * 15 + 1.2, names[k], va="bottom", **style)
        at += max(width + BACK[0] * back, 6) + SPACE * 0.55
    ax.set(xlim=(-2, at), ylim=(-tallest / 2 - 6.5, tallest / 2 + 8.5), aspect="equal")
    ax.set_title(title, fontsize=10, color=INK)
    ax.axis("off")
    return ax.figure


def _extent(shape):
    """Width, height and depth of a box in the picture."""
    if len(shape) == 1:
        return 1.2, 0.25 * np.sqrt(shape[0]), 0.0
    channels, height, width = np.sqrt(shape)
    return 0.45 * channels, height, width


def _faces(width, height, back):
    """Yield corners and kind of the faces that can be seen, around the middle of the left edge."""
    x, y = BACK * back
    low, high = -height / 2, height / 2
    yield [(0, low), (width, low), (width, high), (0, high)], "front"
    if back:
        yield [(0, high), (width, high), (width + x, high + y), (x, high + y)], "top"
        yield [(width, low), (width + x, low + y), (width + x, high + y), (width, high)], "side"
