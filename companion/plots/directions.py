"""Layers of a recurrence in time, each read in one direction or in both."""

from itertools import pairwise

import numpy as np

from companion.plots.network import FILLS, canvas, unit
from companion.plots.shapes import arrow_between, subscript

SUPERSCRIPTS = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")

STEP, RISE, ASIDE = 1.7, 1.0, 0.3
KINDS = {"→": (1,), "←": (-1,), "↔": (1, -1)}
"""What a layer's sign means: the direction of each of its rows, from the lower to the upper."""
SIGNS = {1: "→", -1: "←"}


def draw_directions(steps, layers, names=("x", "h", "y")):
    """Draw recurrent layers above each other, unrolled in time, with the way each one reads.

    Parameters
    ----------
    steps : int
        Steps in time, at least 1.
    layers : sequence of str
        From the lowest: ``"→"``, ``"←"``, or ``"↔"`` for a layer of two rows, whose states both
        go on to what stands above.
    names : tuple of str
        Of inputs, states and outputs; each gets its step as an index. States of several layers
        also get the number of theirs.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If there is no step or no layer, or a layer is of another kind.
    """
    unknown = [layer for layer in layers if layer not in KINDS]
    if steps < 1 or not layers or unknown:
        raise ValueError(
            f"draw_directions: {steps} steps, layers {list(layers)}; expected at least one of "
            "each, and layers among →, ← and ↔"
        )
    rows = sum(len(KINDS[layer]) for layer in layers)
    figure, ax = canvas(STEP * (steps - 1) + 1.5, RISE * (rows + 1) + 0.8)
    ax.set(xlim=(-0.75, STEP * (steps - 1) + 0.75), ylim=(-0.4, RISE * (rows + 1) + 0.4))
    below, row = [_units(ax, steps, 0.0, 0.0, names[0], FILLS[0])], 1
    for place, layer in enumerate(layers, start=1):
        here = []
        state = names[1] + (f"({place})".translate(SUPERSCRIPTS) if len(layers) > 1 else "")
        for way in KINDS[layer]:
            aside = -ASIDE * way if layer == "↔" else 0.0
            label = f"{SIGNS[way]}\n{state}" if layer == "↔" else state
            places = _units(ax, steps, aside, RISE * row, label, FILLS[1])
            _wires(ax, below, places)
            for pair in pairwise(places):
                arrow_between(ax, *pair[::way])
            here.append(places)
            row += 1
        below = here
    _wires(ax, below, _units(ax, steps, 0.0, RISE * row, names[2], FILLS[2]))
    return figure


def _units(ax, steps, aside, height, label, fill):
    """Draw a row of units, one for each step, and return where they stand."""
    places = [np.array([STEP * t + aside, height]) for t in range(steps)]
    for t, at in enumerate(places, start=1):
        unit(ax, at, subscript(label, t), fill)
    return places


def _wires(ax, below, places):
    """Draw an arrow into each unit of a row from the units of its step in the rows below."""
    for row in below:
        for start, end in zip(row, places, strict=True):
            arrow_between(ax, start, end)
