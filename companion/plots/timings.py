"""Texts without times: paths as columns of letters, and the lattice that holds all of them."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from companion.plots.network import FILLS, INK
from companion.plots.style import COLORS


def draw_paths(paths, blank="-", mark=()):
    """Draw paths as columns of cells, one cell for each frame, the first frame on top.

    Parameters
    ----------
    paths : sequence of str
        One sign for each frame; all of one length.
    blank : str
        The sign that says nothing; its cells are pale.
    mark : sequence of int
        Columns with a frame around them.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If there is no path, or they differ in length.
    """
    if not len(paths) or len({len(path) for path in paths}) != 1:
        raise ValueError(f"draw_paths: {list(paths)}; expected paths of one length, at least one")
    frames, signs = len(paths[0]), sorted({sign for path in paths for sign in path} - {blank})
    figure, ax = plt.subplots(figsize=(0.47 * len(paths) + 0.8, 0.42 * frames + 0.5))
    for column, path in enumerate(paths):
        for row, sign in enumerate(path):
            face = "#EEEEEE" if sign == blank else FILLS[signs.index(sign) % len(FILLS)]
            cell = Rectangle((column + 0.08, row), 0.84, 1, fc=face, ec=INK, lw=0.6)
            ax.add_patch(cell)
            ax.text(column + 0.5, row + 0.5, sign, ha="center", va="center", color=INK)
        if column in mark:
            around = Rectangle((column + 0.02, -0.06), 0.96, frames + 0.12, fill=False)
            around.set(ec=COLORS[1], lw=2.2)
            ax.add_patch(around)
    ax.set(xlim=(-0.1, len(paths) + 0.1), ylim=(frames + 0.1, -0.1), ylabel="frame")
    ax.set(xticks=[], yticks=np.arange(frames) + 0.5, yticklabels=np.arange(frames) + 1)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return figure


def draw_lattice(labels, numbers, shares=None, fmt="{:g}", blank="-"):
    """Draw places over frames, the steps that paths may take, and a number at each node.

    Parameters
    ----------
    labels : sequence of str
        The target with a blank before, between and after its letters, from top to bottom.
    numbers : array_like
        (T, L): what stands in the node of frame t and place s; zeros stay empty.
    shares : array_like, optional
        (T, L), 0 … 1: how dark a node is.
    fmt : str
        How numbers are written.
    blank : str
        The sign that says nothing.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If the numbers are not of shape (T, L).
    """
    numbers = np.asarray(numbers)
    if numbers.ndim != 2 or numbers.shape[1] != len(labels):
        raise ValueError(f"draw_lattice: numbers {numbers.shape} for {len(labels)} labels")
    frames, places = numbers.shape
    shares = np.zeros(numbers.shape) if shares is None else np.asarray(shares)
    figure, ax = plt.subplots(figsize=(1.05 * frames + 1.2, 0.62 * places + 0.6))
    for t in range(frames):
        for s in range(places):
            for before in _before(labels, s, blank) if t else ():
                live = numbers[t, s] != 0 and numbers[t - 1, before] != 0
                look = {"color": "#8C8C8C", "lw": 1.3} if live else {"color": "#D0D0D0", "lw": 0.6}
                ax.plot([t - 1, t], [before, s], ls="-", zorder=1, **look)
            face = plt.cm.Blues(0.75 * shares[t, s]) if shares.any() else "#EEEEEE"
            text = fmt.format(numbers[t, s]) if numbers[t, s] else ""
            face = face if numbers[t, s] else "#FFFFFF"
            edge = INK if numbers[t, s] else "#D0D0D0"
            box = {"boxstyle": "circle,pad=0.3", "fc": face, "ec": edge, "lw": 0.9}
            ax.text(
                t, s, text or " ", ha="center", va="center", fontsize=8, color="#111111", bbox=box
            )
    ax.set(xlim=(-0.5, frames - 0.5), ylim=(places - 0.5, -0.5), xlabel="frame")
    ax.set(xticks=np.arange(frames), xticklabels=np.arange(frames) + 1)
    ax.set(yticks=np.arange(places), yticklabels=labels)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return figure


def _before(labels, place, blank):
    """Places from which a path may come to a place."""
    steps = [place, place - 1]
    if place >= 2 and labels[place] not in (blank, labels[place - 2]):
        steps.append(place - 2)
    return [s for s in steps if s >= 0]
