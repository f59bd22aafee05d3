"""A recurrent network at work: unrolled, with the state of a real run at each step."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from companion.plots.network import INK
from companion.plots.shapes import arrow

HIGH, WIDE, GAP = 2.0, 0.42, 0.5
SHADES = "viridis"


def draw_reading(symbols, states, answers=None, *, ax=None):
    """Draw a sequence, the state after each of its symbols, and what is read off the states.

    Parameters
    ----------
    symbols : sequence of str
        What is read, T of them.
    states : array_like
        (T, H), from −1 to 1: a column of H cells for each step, dark for −1, light for 1.
    answers : sequence of str, optional
        What stands above each state, T of them; an empty one is left out with its arrow.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure with a scale beside it.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If there is no symbol, or not a state and an answer for each.
    """
    states = np.asarray(states, float)
    answers = [""] * len(symbols) if answers is None else list(answers)
    if not len(symbols) or states.ndim != 2 or not len(symbols) == len(states) == len(answers):
        raise ValueError(
            f"draw_reading: {len(symbols)} symbols, states {states.shape}, {len(answers)} answers; "
            "expected a state and an answer for each"
        )
    alone = ax is None
    if alone:
        _, ax = plt.subplots(figsize=(0.85 * len(symbols) + 1.6, 3.6))
    middle = HIGH / 2
    for t, (symbol, answer) in enumerate(zip(symbols, answers, strict=True)):
        at = t * (WIDE + GAP)
        picture = ax.imshow(
            states[t][:, None],
            extent=(at, at + WIDE, 0, HIGH),
            **{"cmap": SHADES, "vmin": -1, "vmax": 1, "aspect": "auto", "zorder": 2},
        )
        ax.add_patch(Rectangle((at, 0), WIDE, HIGH, fill=False, ec=INK, lw=1, zorder=3))
        ax.text(at + WIDE / 2, -0.62, symbol, ha="center", va="center", fontsize=13, color=INK)
        _step(ax, (at + WIDE / 2, -0.42), (at + WIDE / 2, -0.02))
        _step(ax, (at - GAP, middle), (at, middle))
        if answer:
            _step(ax, (at + WIDE / 2, HIGH + 0.02), (at + WIDE / 2, HIGH + 0.42))
            ax.text(at + WIDE / 2, HIGH + 0.58, answer, ha="center", fontsize=10, color=INK)
    ax.set(xlim=(-GAP - 0.1, len(symbols) * (WIDE + GAP)), ylim=(-0.9, HIGH + 0.9))
    ax.axis("off")
    if alone:
        ax.figure.colorbar(picture, ax=ax, shrink=0.6, label="value of a unit")
    return ax


def _step(ax, start, end):
    arrow(ax, start, end, mutation_scale=10, zorder=4)
