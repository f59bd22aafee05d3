"""The graph of a real run: which tensor was computed from which."""

import matplotlib.pyplot as plt

from companion.plots.style import COLORS


def draw_graph(root, names=None, size=(1.75, 0.85)):
    """Draw the tensors `root` was computed from, inputs left, `root` right.

    Parameters
    ----------
    root : Tensor
        Result of a computation whose graph has not been freed by ``backward()``.
    names : dict, optional
        Name → tensor, to write names beside shapes.
    size : tuple
        Width of a column and height of a row, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        The figure. Round boxes are leaves, square ones operations; a leaf with a thick edge
        requires a gradient.
    """
    names = {id(t): name for name, t in (names or {}).items()}
    rows = arranged(root)
    place = {
        id(t): (x * size[0], -(y - len(row) / 2) * size[1])
        for x, row in enumerate(rows)
        for y, t in enumerate(row)
    }
    tall = max(len(row) for row in rows)
    figure, ax = plt.subplots(figsize=(size[0] * len(rows), size[1] * tall + 0.2))
    boxes = {id(t): _box(ax, t, place[id(t)], names) for row in rows for t in row}
    for row in rows:
        for t in row:
            for source in inputs_of(t):
                _arrow(ax, *((place[id(end)], boxes[id(end)]) for end in (source, t)))
    ax.set(xlim=(-size[0] / 2, (len(rows) - 0.5) * size[0]))
    heights = [y for _, y in place.values()]
    ax.set(ylim=(min(heights) - size[1] / 2, max(heights) + size[1] / 2))
    ax.axis("off")
    return figure


def arranged(root):
    """Return the tensors that `root` was computed from, as columns from left to right."""
    return _rows(_columns(root))


def inputs_of(tensor):
    """List the inputs that are tensors; numbers and arrays have no place in the picture."""
    node = tensor.node
    return [t for t in (node.inputs or ()) if hasattr(t, "node")] if node else []


def _columns(root):
    """Column of each tensor, one right of its furthest input (a leaf: one left of its user)."""
    column, order, waiting = {}, [], [(root, False)]
    while waiting:
        tensor, ready = waiting.pop()
        if id(tensor) in column:
            continue
        if ready:
            column[id(tensor)] = 1 + max((column[id(t)] for t in inputs_of(tensor)), default=-1)
            order.append(tensor)
        else:
            waiting += [(tensor, True), *((t, False) for t in inputs_of(tensor))]
    for tensor in reversed(order):
        for t in inputs_of(tensor):
            if not inputs_of(t):
                users = [column[id(u)] for u in order if any(v is t for v in inputs_of(u))]
                column[id(t)] = min(users) - 1
    return {id(t): (t, column[id(t)]) for t in order}


def _rows(columns):
    """Group tensors by column, those that feed the same operation next to each other."""
    rows = [[] for _ in range(1 + max(x for _, x in columns.values()))]
    for tensor, x in columns.values():
        rows[x].append(tensor)
    for x in range(len(rows) - 2, -1, -1):
        right = {id(t): y - len(rows[x + 1]) / 2 for y, t in enumerate(rows[x + 1])}

        def wish(tensor, right=right, row=rows[x]):
            users = [
                (right[id(u)], k)
                for u, _ in columns.values()
                if id(u) in right
                for k, t in enumerate(inputs_of(u))
                if t is tensor
            ]
            return users[0] if users else (0, row.index(tensor))

        rows[x] = sorted(rows[x], key=wish)
    return rows


def _box(ax, tensor, at, names):
    leaf, name = tensor.node is None, names.get(id(tensor), "")
    shape = "×".join(map(str, tensor.shape)) or "number"
    made = (name or "constant") if leaf else tensor.node.name.replace("_", " ")
    lines = [made, shape] if leaf or not name else [made, f"{name}: {shape}"]
    style = {
        "boxstyle": "round,pad=0.45" if leaf else "square,pad=0.35",
        "facecolor": "#DCEBF5" if leaf else "#FBE9DD",
        "edgecolor": COLORS[0] if leaf else COLORS[1],
        "linewidth": 2.2 if leaf and tensor.requires_grad else 1.0,
    }
    text = "\n".join([*lines[0].split(" ", 1), lines[1]] if len(lines[0]) > 12 else lines)
    text = ax.text(*at, text, ha="center", va="center", fontsize=9, bbox=style, zorder=3)
    return text.get_bbox_patch()


def _arrow(ax, source, target):
    (start, tail), (end, head) = source, target
    arrow = {"arrowstyle": "-|>", "color": "#555555", "patchA": tail, "patchB": head}
    ax.annotate("", xy=end, xytext=start, arrowprops=arrow, zorder=2)
