"""The tree of possible sentences, from left to right, and what a search keeps of it."""

import matplotlib.pyplot as plt

from companion.plots.network import FILLS, INK
from companion.plots.style import COLORS


def draw_sentences(after, kept=(), best=None):
    """Draw beginnings of sentences as a tree.

    Parameters
    ----------
    after : dict
        Beginning, a tuple of str → next token → probability. The empty tuple must be there;
        beginnings that are not there are leaves.
    kept : iterable of tuple
        Beginnings that are drawn filled, with a thick line; all others are pale.
    best : tuple, optional
        Leaf whose product is written bold.

    Returns
    -------
    matplotlib.figure.Figure
        The figure. Behind each beginning stands the product of the probabilities on its way.

    Raises
    ------
    ValueError
        If the empty beginning is missing, or has nothing behind it.
    """
    if not after.get(()):
        raise ValueError("draw_sentences: after has no tokens for the empty beginning ()")
    places, products, leaves = {}, {(): 1.0}, 0

    def grow(node):
        nonlocal leaves
        for token, p in after.get(node, {}).items():
            products[(*node, token)] = products[node] * p
        below = [grow((*node, token)) for token in after.get(node, {})]
        if not below:
            leaves += 1
        y = (below[0] + below[-1]) / 2 if below else -float(leaves)
        places[node] = (len(node), y)
        return y

    grow(())
    kept, depth = {(), *kept}, max(map(len, places))
    figure, ax = plt.subplots(figsize=(min(1.75 * depth + 1.5, 8), 0.42 * leaves + 0.5))
    for node, (x, y) in places.items():
        if not node:
            ax.plot(x, y, "o", color=INK, ms=6)
            continue
        stays = node in kept
        before_x, before_y = places[node[:-1]]
        start = before_x + 0.34 * bool(node[:-1])
        color = COLORS[0] if stays else "#8C8C8C"
        ax.plot([start, start + 0.16, x - 0.12], [before_y, y, y], color=color, zorder=1,
                lw=2.6 if stays else 1.0, ls="-")  # fmt: skip
        ax.text(x - 0.3, y + 0.1, f"{after[node[:-1]][node[-1]]:g}", ha="right", fontsize=8,
                color="#555555")  # fmt: skip
        box = {"boxstyle": "round,pad=0.25", "ec": color, "lw": 1.6 if stays else 0.8,
               "fc": FILLS[0] if stays else "white"}  # fmt: skip
        ax.text(x - 0.12, y, node[-1], ha="center", va="center", fontsize=9, color=INK, bbox=box,
                zorder=3)  # fmt: skip
        ax.text(x + 0.04, y, f"{products[node]:.3g}", va="center", ha="left", fontsize=8.5,
                color=INK, weight="bold" if node == best else "normal", zorder=4,
                bbox={"fc": "white", "ec": "none", "pad": 0.6})  # fmt: skip
    ax.set(xlim=(-0.1, depth + 0.4), ylim=(-leaves - 0.6, -0.4))
    ax.axis("off")
    return figure
