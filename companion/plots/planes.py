"""Points, lines and regions in the plane, and rows of small pictures."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap

from companion.plots.style import COLORS, MARKERS


def scatter(X, y, ax=None, labels=None, size=22):
    """Draw two-dimensional points, one colour and marker per class.

    Parameters
    ----------
    X : array_like
        Points, (N, 2).
    y : array_like
        Class of each point, (N,); classes are drawn in sorted order.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new square figure by default.
    labels : sequence of str, optional
        Names of the classes for a legend.
    size : float
        Area of a marker in points squared.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.
    """
    X, y = np.asarray(X), np.asarray(y)
    ax = plt.subplots(figsize=(4.2, 4.2))[1] if ax is None else ax
    for k, value in enumerate(np.unique(y)):
        ax.scatter(
            *X[y == value].T,
            s=size,
            color=COLORS[k],
            marker=MARKERS[k],
            edgecolor="white",
            linewidth=0.5,
            label=None if labels is None else labels[k],
            zorder=3,
        )
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    if labels is not None:
        ax.legend()
    return ax


def decision_regions(decide, X, y, ax=None, steps=160, pad=0.15):
    """Shade where a classifier says which class, and draw the points over it.

    Parameters
    ----------
    decide : callable
        Maps points (M, 2) to class numbers (M,).
    X, y : array_like
        Points (N, 2) and their classes (N,).
    ax : matplotlib.axes.Axes, optional
        Where to draw.
    steps : int
        Grid points along each axis.
    pad : float
        Margin around the points, as a share of their range.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.
    """
    X = np.asarray(X)
    ax = plt.subplots(figsize=(4.2, 4.2))[1] if ax is None else ax
    low, high = X.min(axis=0), X.max(axis=0)
    low, high = low - pad * (high - low), high + pad * (high - low)
    grid = np.meshgrid(*(np.linspace(a, b, steps) for a, b in zip(low, high, strict=True)))
    values = np.asarray(decide(np.stack([g.ravel() for g in grid], axis=1)))
    classes = np.unique(np.concatenate([np.unique(y), np.unique(values)]))
    places = np.searchsorted(classes, values).reshape(steps, steps)
    ax.imshow(
        places,
        extent=(low[0], high[0], low[1], high[1]),
        origin="lower",
        cmap=ListedColormap(COLORS[: len(classes)]),
        vmin=-0.5,
        vmax=len(classes) - 0.5,
        alpha=0.22,
    )
    if len(classes) > 1:
        edges = np.arange(len(classes) - 1) + 0.5
        ax.contour(*grid, places, levels=edges, colors="#222222", linewidths=1.2)
    ax.grid(False)
    return scatter(X, y, ax=ax)


def line_of(w, b, ax, label=None, color="#222222", style="-"):
    """Draw the line w·x + b = 0 across the present limits of the axes.

    Parameters
    ----------
    w : array_like
        Normal, (2,), not zero.
    b : float
        Offset.
    ax : matplotlib.axes.Axes
        Where to draw; its limits are kept.
    label : str, optional
        Name for the legend.
    color, style : str
        Colour and line style.

    Returns
    -------
    matplotlib.lines.Line2D
        The line.
    """
    foot = -b * np.asarray(w) / np.dot(w, w)
    limits = ax.get_xlim(), ax.get_ylim()
    along = np.array([-w[1], w[0]])
    line = ax.axline(foot, foot + along, color=color, ls=style, label=label, zorder=2)
    ax.set(xlim=limits[0], ylim=limits[1])
    return line


def images(pictures, titles=None, columns=10, size=0.75):
    """Draw small grey pictures in rows.

    Parameters
    ----------
    pictures : array_like
        (N, H, W), 0 is drawn as paper and 1 as ink.
    titles : sequence of str, optional
        A line above each.
    columns : int
        Pictures in a row.
    size : float
        Width of one, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.
    """
    n = len(pictures)
    rows = -(-n // columns)
    height = size * (1.3 if titles is not None else 1.0)
    figure, axes = plt.subplots(
        rows, columns, figsize=(size * columns, height * rows), squeeze=False
    )
    for ax in axes.flat:
        ax.axis("off")
    for k, (picture, ax) in enumerate(zip(pictures, axes.flat, strict=False)):
        ax.imshow(picture, vmin=0, vmax=1)
        if titles is not None:
            ax.set_title(titles[k], fontsize=8)
    return figure
