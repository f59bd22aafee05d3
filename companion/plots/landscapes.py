"""Level lines of a function of two numbers, and walks over it."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from companion.plots.style import COLORS, MARKERS, STYLES


def contours(value, box, ax=None, count=14, points=160):
    """Draw level lines of a function of two numbers.

    Levels are spaced by quantiles of the values in the box, so that lines are spread over the
    picture whether the function is steep or flat.

    Parameters
    ----------
    value : callable
        Points (..., 2) → values (...), such as ``surface.value``.
    box : tuple of float
        Left, right, bottom and top.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    count : int
        Number of lines.
    points : int
        Points of the grid along each axis.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.
    """
    ax = plt.subplots()[1] if ax is None else ax
    left, right, bottom, top = box
    heights = _heights(value, box, points)
    ax.contour(*heights, _levels(heights[2], count), colors="0.6", linewidths=0.7)
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="$x$", ylabel="$y$")
    ax.grid(False)
    return ax


def level_lines(value, box, count=14, points=160, tolerance=0.0):
    """Compute the lines that `contours` draws, as one curve.

    Parameters
    ----------
    value, box, count, points
        As for `contours`.
    tolerance : float
        Leave points out where the line moves by about this share of the box at most.

    Returns
    -------
    tuple of numpy.ndarray
        x and y, each (N,); NaN between one line and the next.
    """
    heights = _heights(value, box, points)
    drawn = Figure().subplots().contour(*heights, _levels(heights[2], count))
    gap = np.full((1, 2), np.nan)
    lines = [_thinned(line, box, tolerance) for lines in drawn.allsegs for line in lines]
    return tuple(np.concatenate([piece for line in lines for piece in (line, gap)]).T)


def walks(paths, ax, every=1):
    """Draw walks over level lines: one colour and line style each, a marker where each ends.

    Parameters
    ----------
    paths : dict
        Label → points (N, 2); at most six.
    ax : matplotlib.axes.Axes
        Where to draw, usually what `contours` returned.
    every : int
        Mark every so many points with a dot.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.
    """
    if len(paths) > len(COLORS):
        raise ValueError(f"walks: got {len(paths)} paths; draw at most {len(COLORS)} at once")
    for (label, path), color, style, marker in zip(
        paths.items(), COLORS, STYLES, MARKERS, strict=False
    ):
        path = np.asarray(path)
        ax.plot(*path.T, color=color, linestyle=style, lw=1.2, label=label)
        ax.plot(*path[::every].T, ".", color=color, markersize=3)
        ax.plot(*path[-1], marker, color=color, markersize=7, markeredgecolor="white")
    ax.legend()
    return ax


def _heights(value, box, points):
    left, right, bottom, top = box
    grid = np.meshgrid(np.linspace(left, right, points), np.linspace(bottom, top, points))
    return *grid, value(np.stack(grid, axis=-1))


def _levels(heights, count):
    return np.unique(np.quantile(heights, np.linspace(0.01, 0.97, count)))


def _thinned(line, box, tolerance):
    """Leave out points of a line that the eye does not miss."""
    if not tolerance:
        return line
    # matplotlib moves lines by at most a share of a unit, its pixel.
    corner, span = np.array(box)[[0, 2]], np.ptp(np.reshape(box, (2, 2)), axis=1)
    path = Path((line - corner) / span / tolerance)
    path.should_simplify, path.simplify_threshold = True, 1.0
    return path.cleaned(simplify=True, curves=False).vertices[:-1] * tolerance * span + corner
