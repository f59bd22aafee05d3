"""One place of a row, and a line to each place it looks at, as wide as its share."""

import numpy as np

from companion.plots.network import FILLS, INK, canvas, number
from companion.plots.style import COLORS

RISE, WIDEST, EDGE = 1.5, 12.0, np.array([0, 0.3])


def draw_gaze(words, weights, place, *, digits=2, title=""):
    """Draw a row of words below, one of them as a query above, and its weights as lines.

    Parameters
    ----------
    words : sequence of str
        What stands at the places.
    weights : array_like
        (T,): shares of the places, from 0 to 1.
    place : int
        Which one looks, counted from 0.
    digits : int or None
        Digits of the shares below the row; None for no numbers.
    title : str
        What is written above.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If words and weights differ in number, a weight is no share, or the place is not there.
    """
    weights = np.asarray(weights, float)
    if weights.shape != (len(words),) or not 0 <= place < len(words):
        raise ValueError(
            f"draw_gaze: {len(words)} words, weights {weights.shape}, place {place}; expected one "
            "weight a word, and a place among them"
        )
    if not ((weights >= 0) & (weights <= 1)).all():
        raise ValueError(f"draw_gaze: weights {weights}; expected shares from 0 to 1")
    step = 0.5 + 0.12 * max(map(len, words))
    width = step * (len(words) - 1)
    figure, ax = canvas(width + 1.3, RISE + (1.6 if title else 1.35))
    ax.set(xlim=(-0.65, width + 0.65), ylim=(-0.75, RISE + (0.85 if title else 0.6)))
    above = np.array([step * place, RISE])
    for k, (word, weight) in enumerate(zip(words, weights, strict=True)):
        at = np.array([step * k, 0.0])
        ends = zip(above - EDGE, at + EDGE, strict=True)
        style = {"color": COLORS[0], "ls": "-", "solid_capstyle": "butt", "zorder": 1}
        ax.plot(*ends, lw=max(WIDEST * weight, 0.4), alpha=0.35 + 0.5 * weight, **style)
        _box(ax, at, word, FILLS[0])
        if digits is not None:
            share = number(round(float(weight), digits))
            ax.text(*(at - 2 * EDGE), share, ha="center", va="center", fontsize=10, color=INK)
    _box(ax, above, words[place], FILLS[1])
    ax.set_title(title, fontsize=10, color=INK)
    return figure


def _box(ax, at, word, fill):
    """Write a word in a box."""
    box = {"boxstyle": "round,pad=0.3", "fc": fill, "ec": INK, "lw": 1}
    style = {"ha": "center", "va": "center", "fontsize": 11, "color": INK, "zorder": 3}
    ax.text(*at, word, bbox=box, **style)
