"""The kinds of tasks on sequences, side by side: which steps read, and which answer."""

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from companion.plots.network import FILLS, INK
from companion.plots.shapes import arrow

WIDE, STEP, RISE = 0.5, 0.78, 0.85


def draw_sequence_tasks(tasks):
    """Draw tasks as boxes: inputs below, states in the middle, outputs above, time to the right.

    Parameters
    ----------
    tasks : dict
        Title → (steps that read, steps that answer, number of steps), steps counted from 0.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, three tasks in a row.

    Raises
    ------
    ValueError
        If there is no task, or one reads or answers at a step that it does not have.
    """
    if not tasks:
        raise ValueError("draw_sequence_tasks: no task")
    for title, (reads, answers, steps) in tasks.items():
        if steps < 1 or not set(reads) | set(answers) <= set(range(steps)):
            raise ValueError(
                f"draw_sequence_tasks: {title!r} reads at {list(reads)} and answers at "
                f"{list(answers)}, but has the steps 0 … {steps - 1}"
            )
    rows = -(-len(tasks) // 3)
    figure, axes = plt.subplots(rows, 3, figsize=(8, 1.85 * rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, (title, (reads, answers, steps)) in zip(axes.flat, tasks.items(), strict=False):
        ax.set(xlim=(-0.4, 4.6), ylim=(-0.15, 2 * RISE + 0.55), aspect="equal")
        ax.set_title(title, fontsize=10, loc="left")
        for t in range(steps):
            at = t * STEP
            _box(ax, at, RISE, FILLS[1])
            if t:
                _step(ax, (at - STEP + WIDE, RISE + 0.2), (at, RISE + 0.2))
            if t in reads:
                _box(ax, at, 0, FILLS[0])
                _step(ax, (at + WIDE / 2, 0.4), (at + WIDE / 2, RISE))
            if t in answers:
                _box(ax, at, 2 * RISE, FILLS[2])
                _step(ax, (at + WIDE / 2, RISE + 0.4), (at + WIDE / 2, 2 * RISE))
    return figure


def _box(ax, x, y, fill):
    ax.add_patch(Rectangle((x, y), WIDE, 0.4, fc=fill, ec=INK, lw=1.1, zorder=2))


def _step(ax, start, end):
    arrow(ax, start, end, mutation_scale=9, zorder=3)
