"""Curves of several runs: the median and the band from the lowest to the highest."""

import matplotlib.pyplot as plt
import numpy as np

from companion.plots.style import COLORS, STYLES


def bands(runs, x=None, ax=None, xlabel="", ylabel="", log=False):
    """Draw groups of runs: median as a line, lowest to highest as a band.

    Parameters
    ----------
    runs : dict
        Label → array of runs, (seeds, steps).
    x : array_like, optional
        Positions of the steps; counted from 1 by default.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    xlabel, ylabel : str
        Labels of the axes, with units.
    log : bool
        Logarithmic vertical axis.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.
    """
    ax = plt.subplots()[1] if ax is None else ax
    for (label, values), color, style in zip(runs.items(), COLORS, STYLES, strict=False):
        values = np.atleast_2d(values)
        at = np.arange(1, values.shape[1] + 1) if x is None else x
        ax.plot(at, np.median(values, axis=0), color=color, linestyle=style, label=label)
        ax.fill_between(at, values.min(axis=0), values.max(axis=0), color=color, alpha=0.18, lw=0)
    ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    if any(runs):
        ax.legend()
    return ax


def _words(name):
    """Name a measure for a legend; the mean loss over examples is the cost."""
    measure = _measure(name)
    return f"development {measure}" if name.startswith("val_") else f"training {measure}"


def _measure(name):
    measure = name.removeprefix("val_")
    return "cost" if measure == "loss" else measure


def training_curves(histories, names=("loss", "val_loss"), ax=None):
    """Draw measures of one or several runs of `training.fit` against the epoch.

    Parameters
    ----------
    histories : History or list of History
        Runs of equal length.
    names : sequence of str
        Measures to draw.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.
    """
    histories = histories if isinstance(histories, (list, tuple)) else [histories]
    runs = {_words(name): [h[name] for h in histories] for name in names}
    return bands(runs, ax=ax, xlabel="epoch", ylabel=_measure(names[0]))
