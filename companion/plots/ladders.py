"""Errors as a ladder of gaps, and questions asked one after the other."""

import matplotlib.pyplot as plt
import numpy as np

from companion.plots.style import COLORS


def error_ladder(errors, marked=None, ax=None):
    """Draw errors from left to right, each bar the gap between an error and the one before it.

    Parameters
    ----------
    errors : dict
        Name of the set → error, or errors of several runs, (R,): the bar goes by their median, and
        each run is a dot.
    marked : str, optional
        Name of the set whose gap is drawn in the second colour.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on. The first bar stands on 0; a gap that goes down is hatched.

    Raises
    ------
    ValueError
        If there are no errors, or none is called `marked`.
    """
    if not errors or (marked is not None and marked not in errors):
        raise ValueError(f"error_ladder: {marked!r} is not one of {list(errors)}")
    ax = plt.subplots()[1] if ax is None else ax
    before = 0.0
    for x, (name, values) in enumerate(errors.items()):
        values = np.atleast_1d(np.asarray(values, dtype=float))
        level = float(np.median(values))
        color = COLORS[1] if name == marked else COLORS[0] if x else COLORS[5]
        down = level < before
        look = {"facecolor": "none" if down else color, "hatch": "////" if down else None}
        ax.bar(x, level - before, bottom=before, width=0.7, edgecolor=color, alpha=0.75, **look)
        ax.plot([x - 0.35, x + (1.35 if x < len(errors) - 1 else 0.35)], [level] * 2, "-",
                color="#555555", lw=1)
        if len(values) > 1:
            at = x + np.linspace(-0.2, 0.2, len(values))
            ax.plot(at, values, "o", ms=3, color="#333333", mew=0, ls="none", zorder=3)
        before = level
    ax.set_xticks(range(len(errors)), list(errors))
    ax.set(ylabel="error", ylim=(0, None))
    ax.grid(False, axis="x")
    return ax


def draw_questions(questions, end, ax=None):
    """Draw questions that are asked from top to bottom until one is answered with yes.

    Parameters
    ----------
    questions : sequence of tuple
        (question, name, advice): the advice stands to the right of its question, under the name.
    end : str
        What stands below the last question, when all were answered with no.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If there are no questions.
    """
    if not questions:
        raise ValueError("draw_questions: got no questions; need at least one")
    if ax is None:
        _, ax = plt.subplots(figsize=(6.6, 0.95 * len(questions) + 0.7))
    asked = {"boxstyle": "square,pad=0.45", "fc": "#DCEBF5", "ec": COLORS[0], "lw": 1.2}
    advised = {"boxstyle": "round,pad=0.45", "fc": "#FBE9DD", "ec": COLORS[1], "lw": 1.2}
    text = {"ha": "center", "va": "center", "fontsize": 9, "zorder": 3}
    arrow = {"arrowstyle": "-|>", "color": "#555555", "shrinkA": 0, "shrinkB": 0}
    for row, (question, name, advice) in enumerate(questions):
        y = -row
        left = ax.text(0, y, question, bbox=asked, **text)
        right = ax.text(1.75, y, f"{name}\n{advice}", bbox=advised, **text)
        ends = {"patchA": left.get_bbox_patch(), "patchB": right.get_bbox_patch()}
        ax.annotate("", (1.75, y), (0, y), arrowprops=arrow | ends, zorder=2)
        ax.text(0.83, y + 0.12, "yes", **text)
        below = ax.text(0, y - 1, end, **text) if row == len(questions) - 1 else None
        down = arrow | {"patchA": left.get_bbox_patch()}
        ax.annotate("", (0, y - (0.8 if below else 0.74)), (0, y), arrowprops=down, zorder=1)
        ax.text(0.1, y - 0.5, "no", **text)
    ax.set(xlim=(-0.75, 2.6), ylim=(-len(questions) - 0.3, 0.45))
    ax.axis("off")
    return ax.figure
