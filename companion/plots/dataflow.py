"""Who reads whose result: a graph given as a dictionary, drawn from left to right."""

import matplotlib.pyplot as plt

from companion.plots.style import COLORS


def draw_dataflow(reads, marked=(), texts=None, size=(1.35, 0.75), ax=None):
    """Draw a graph: what reads nothing on the left, arrows from what is read to who reads it.

    Parameters
    ----------
    reads : dict
        Node → the nodes that it reads, each of them a node of the dictionary as well.
    marked : collection
        Nodes to draw in the second colour.
    texts : dict, optional
        Node → what to write in its box; by default the node itself.
    size : tuple
        Width of a column and height of a row, in inches.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib.figure.Figure
        The figure. Round boxes read nothing, square ones do.

    Raises
    ------
    ValueError
        If a node that is read is not in the dictionary, or nodes read each other in a circle.
    """
    places = _places(reads)
    if ax is None:
        wide = 1 + max(x for x, _ in places.values())
        tall = 1 + max(y for _, y in places.values()) - min(y for _, y in places.values())
        _, ax = plt.subplots(figsize=(size[0] * wide, size[1] * tall + 0.1))
    boxes = {}
    for node, (x, y) in places.items():
        color = COLORS[1] if node in marked else COLORS[0]
        style = "round,pad=0.4" if not reads[node] else "square,pad=0.35"
        fill = "#FBE9DD" if node in marked else "#DCEBF5"
        box = {"boxstyle": style, "facecolor": fill, "edgecolor": color, "linewidth": 1.2}
        text = (texts or {}).get(node, str(node))
        drawn = ax.text(x, y, text, ha="center", va="center", fontsize=9, bbox=box, zorder=3)
        boxes[node] = drawn.get_bbox_patch()
    for node, sources in reads.items():
        for source in sources:
            bend = 0.18 if places[node][0] - places[source][0] > 1 else 0
            arrow = {"arrowstyle": "-|>", "color": "#555555", "patchA": boxes[source]}
            arrow |= {"patchB": boxes[node], "connectionstyle": f"arc3,rad={bend}"}
            ax.annotate("", places[node], places[source], arrowprops=arrow, zorder=2)
    heights = [y for _, y in places.values()]
    ax.set(xlim=(-0.5, max(x for x, _ in places.values()) + 0.5))
    ax.set(ylim=(min(heights) - 0.5, max(heights) + 0.5))
    ax.axis("off")
    return ax.figure


def _places(reads):
    """Column and height of each node: right of all it reads, near the middle of its neighbours."""
    column = {}
    while len(column) < len(reads):
        ready = [n for n, s in reads.items() if n not in column and all(i in column for i in s)]
        if not ready:
            raise ValueError("draw_dataflow: a node is read that is missing, or reads itself")
        column |= {n: 1 + max((column[i] for i in reads[n]), default=-1) for n in ready}
    readers = {node: [n for n, s in reads.items() if node in s] for node in reads}
    for node in reads:  # what reads nothing stands next to its first reader
        if not reads[node] and readers[node]:
            column[node] = min(column[n] for n in readers[node]) - 1
    columns = [[n for n in reads if column[n] == x] for x in range(1 + max(column.values()))]
    height = {n: _middle(k, nodes) for nodes in columns for k, n in enumerate(nodes)}
    for _ in range(4):
        forth, back = ((c, reads) for c in columns), ((c, readers) for c in columns[::-1])
        for nodes, near in (*forth, *back):
            wish = {
                n: sum(height[i] for i in near[n]) / len(near[n]) if near[n] else height[n]
                for n in nodes
            }
            ordered = sorted(nodes, key=wish.get, reverse=True)
            height |= {n: _middle(k, ordered) for k, n in enumerate(ordered)}
    return {node: (column[node], height[node]) for node in reads}


def _middle(k, nodes):
    return (len(nodes) - 1) / 2 - k
