"""Shapes that drawings of sequences share: arrows, text in a box, indices."""

import numpy as np
from matplotlib.patches import FancyArrowPatch

from companion.plots.network import INK, RADIUS

GAP = RADIUS + 0.03
"""From the middle of a unit to where its arrows end, in inches."""
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def subscript(name, index):
    """Write a name with an index, such as h₁₂."""
    return name + str(index).translate(SUBSCRIPTS)


def arrow(ax, start, end, bend=0.0, **look):
    """Draw an arrow from point to point, to the right of the straight way if it is bent."""
    look = {"color": INK, "mutation_scale": 11, "lw": 1.1, "shrinkA": 0, "shrinkB": 0} | look
    course = {"arrowstyle": "-|>", "connectionstyle": f"arc3,rad={bend}"}
    ax.add_patch(FancyArrowPatch(start, end, **course, **look))


def arrow_between(ax, start, end):
    """Draw an arrow from unit to unit, given by their middles."""
    start, end = np.array(start, float), np.array(end, float)
    way = (end - start) / np.linalg.norm(end - start)
    arrow(ax, start + way * GAP, end - way * GAP)


def boxed(ax, at, text, fill, edge=INK, **look):
    """Write text in a box with round corners."""
    box = {"boxstyle": "round,pad=0.28", "fc": fill, "ec": edge, "lw": look.pop("lw", 1.2)}
    look = {"ha": "center", "va": "center", "fontsize": 9, "color": INK, "zorder": 3} | look
    ax.text(*at, text, bbox=box, **look)
