"""Arrays as blocks of cells, with names on their axes and the part that an operation touches."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Polygon

from companion.plots.network import FILLS, INK, number

TOUCHED = "#F0A56E"
BACK = np.array([0.52, 0.4])  # where one cell towards the back goes, in cells right and up
SHADES = {"front": 1.0, "top": 1.06, "side": 0.9}


def draw_array(
    shape, region=None, *, names=None, values=None, title="", ax=None, cell=0.34, stretch=1.0
):
    """Draw an array as a block of cells, and fill those that an operation touches.

    As in print, the last axis goes to the right and the one before it down; a first of three goes
    to the back. Of a block one sees the front (the first index of the first axis), the top and the
    right side.

    Parameters
    ----------
    shape : tuple of int
        Cells along each of two or three axes.
    region : index, optional
        What is filled, as NumPy indexes it: ``np.s_[:, 0]`` are the cells that batch normalization
        averages for one channel of (N, C, H × W).
    names : sequence of str, optional
        What the axes are called, one for each.
    values : array_like, optional
        Numbers to write into the cells, of the same shape; with two axes only.
    title : str
        What is written above.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    cell : float
        Height of a cell in inches, if the figure is new.
    stretch : float
        Width of a cell in heights.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If there are not two or three axes, names or values do not fit them, or nothing of the
        region can be seen.
    """
    shape = tuple(shape)
    _check(shape, names, values)
    touched = np.zeros(shape, bool)
    if region is not None:
        touched[region] = True
    block = touched[None] if len(shape) == 2 else touched
    faces = list(_faces(block, flat=len(shape) == 2))
    if touched.any() and not any(hit for _, _, hit in faces):
        raise ValueError(f"draw_array: nothing of the region is at the surface of {shape}")
    depth, rows, columns = block.shape
    back = BACK * (depth if len(shape) == 3 else 0)
    width, height = columns * stretch + back[0], rows + back[1]
    if ax is None:
        _, ax = plt.subplots(figsize=(cell * (width + 2.4), cell * (height + 2.6)))
    for corners, shade, hit in faces:
        fill = np.clip(np.array(to_rgb(TOUCHED if hit else FILLS[0])) * SHADES[shade], 0, 1)
        corners = np.array(corners) * [stretch, 1]
        edge = INK if hit else "#8A9AA5"
        style = {"fc": fill, "ec": edge, "lw": 0.8, "joinstyle": "round"}
        ax.add_patch(Polygon(corners, closed=True, zorder=2 if hit else 1, **style))
    if values is not None:
        for (row, column), value in np.ndenumerate(np.asarray(values)):
            at = (column + 0.5) * stretch, -row - 0.5
            ax.text(*at, number(value), ha="center", va="center", fontsize=9, color=INK, zorder=3)
    _name(ax, names, (columns * stretch, rows), back * [stretch, 1])
    ax.set(xlim=(-1.3, columns * stretch + back[0] * stretch + 1.0), aspect="equal")
    ax.set(ylim=(-rows - 1.3, back[1] + 0.3))
    ax.set_title(title, fontsize=10, color=INK)
    ax.axis("off")
    return ax.figure


def _check(shape, names, values):
    if len(shape) not in (2, 3) or min(shape) < 1:
        raise ValueError(f"draw_array: shape is {shape}; expected two or three axes with cells")
    if names is not None and len(names) != len(shape):
        raise ValueError(f"draw_array: {len(names)} names for {len(shape)} axes")
    if values is not None and (len(shape) != 2 or np.shape(values) != shape):
        raise ValueError(
            f"draw_array: values of shape {np.shape(values)} for cells {shape}; "
            "numbers are written where both have the same two axes"
        )


def _faces(touched, flat):
    """Yield corners, kind of face and whether it is touched, for each cell that can be seen."""
    depth, rows, columns = touched.shape
    for j, k in np.ndindex(rows, columns):
        square = [(k, -j), (k + 1, -j), (k + 1, -j - 1), (k, -j - 1)]
        yield square, "front", bool(touched[0, j, k])
    if flat:
        return
    (right, up), x = BACK, columns
    for i, k in np.ndindex(depth, columns):
        a, b = right * i, up * i  # the near edge
        corners = [(k + a, b), (k + 1 + a, b), (k + 1 + a + right, b + up), (k + a + right, b + up)]
        yield corners, "top", bool(touched[i, 0, k])
    for i, j in np.ndindex(depth, rows):
        a, b = x + right * i, up * i - j
        corners = [(a, b), (a + right, b + up), (a + right, b + up - 1), (a, b - 1)]
        yield corners, "side", bool(touched[i, j, -1])


def _name(ax, names, front, back):
    """Write the names of the axes along the edges of the block."""
    if names is None:
        return
    *first, down, right = names
    width, height = front
    style = {"fontsize": 9, "color": INK, "rotation_mode": "anchor"}
    ax.text(width / 2, -height - 0.35, right, ha="center", va="top", **style)
    ax.text(-0.35, -height / 2, down, ha="center", va="bottom", rotation=90, **style)
    if first:
        slope = np.degrees(np.arctan2(back[1], back[0]))
        at = np.array([width + 0.3, -height - 0.2]) + back / 2
        ax.text(*at, first[0], ha="center", va="top", rotation=slope, **style)
