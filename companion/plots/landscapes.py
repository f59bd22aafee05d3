"""Level lines of a function of two numbers, and walks over it."""

import matplotlib.pyplot as plt
import numpy as np

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
    grid = np.stack(
        np.meshgrid(np.linspace(left, right, points), np.linspace(bottom, top, points)), axis=-1
    )
    heights = value(grid)
    levels = np.unique(np.quantile(heights, np.linspace(0.01, 0.97, count)))
    ax.contour(*np.moveaxis(grid, -1, 0), heights, levels, colors="0.6", linewidths=0.7)
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="$x$", ylabel="$y$")
    ax.grid(False)
    return ax


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
