"""A binary tree over words, the root on top."""

import matplotlib.pyplot as plt

from companion.plots.network import FILLS
from companion.plots.shapes import boxed
from companion.plots.style import COLORS


def draw_tree(words, ways, marked=None, notes=None):
    """Draw the tree that is given by the way to each word.

    Parameters
    ----------
    words : sequence of str
        What stands at the ends.
    ways : sequence of str
        For each the way from the root, 0 for left and 1 for right; no way begins another.
    marked : int, optional
        Word whose way is drawn in the second colour.
    notes : dict, optional
        Beginning of a way → what to write at that node, ``""`` for the root; at a word it stands
        below.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If words and ways are not as many, or the ways make no tree.
    """
    notes = notes or {}
    if len(words) != len(ways) or abs(sum(2.0 ** -len(way) for way in ways) - 1) > 1e-9:
        raise ValueError(f"draw_tree: {len(words)} words and ways {list(ways)} make no tree")
    places, end = {}, dict(zip(ways, words, strict=True))
    for x, way in enumerate(sorted(ways)):
        places[way] = (float(x), -len(way))
    inner = {way[:k] for way in ways for k in range(len(way))}
    for node in sorted(inner, key=len, reverse=True):
        x = (places[node + "0"][0] + places[node + "1"][0]) / 2
        places[node] = (x, -len(node))
    depth = max(map(len, ways))
    figure, ax = plt.subplots(figsize=(max(1.05 * len(words), 4), 0.75 * depth + 0.9))
    on_way = "" if marked is None else ways[marked]
    for node in places:
        if node:
            color = COLORS[1] if on_way.startswith(node) else "#8C8C8C"
            width = 2.2 if on_way.startswith(node) else 1.1
            (x, y), (above_x, above_y) = places[node], places[node[:-1]]
            ax.plot([above_x, x], [above_y, y], color=color, lw=width, ls="-", zorder=1)
            middle = 0.45 * above_x + 0.55 * x, 0.45 * above_y + 0.55 * y
            look = {"ha": "center", "va": "center", "color": "#555555", "zorder": 2}
            box = {"boxstyle": "circle,pad=0.12", "fc": "#EEEEEE", "ec": "none"}
            ax.text(*middle, node[-1], fontsize=8, bbox=box, **look)
    for node, (x, y) in places.items():
        kind = 0 if node in end else 2
        boxed(ax, (x, y), end.get(node, notes.get(node, " ")), FILLS[kind], lw=0.9)
        if node in end and node in notes:
            ax.text(x, y - 0.42, notes[node], ha="center", va="center", fontsize=8, color="#777777")
    ax.set(xlim=(-0.6, len(words) - 0.4), ylim=(-depth - 0.65, 0.4))
    ax.axis("off")
    return figure
