"""A computation with its numbers: values on the way forward, gradients on the way back."""

import matplotlib.pyplot as plt
from matplotlib.patches import Circle

from companion.plots.graph import arranged, inputs_of
from companion.plots.network import GRADIENT, INK, number
from companion.plots.style import COLORS

SYMBOLS = {
    "add": "+", "sub": "−", "mul": "×", "div": "÷", "neg": "−1·", "matmul": "·",
    "square": "( )²", "pow": "( )ᵖ", "sigmoid": "σ", "sqrt": "√",
}  # fmt: skip
RADIUS = 0.26
BEND = 0.45
"""How far a wire that passes a circle is bent upwards, as a share of its length."""


def draw_wires(root, names=None, gradients=True, size=(1.5, 0.95), ax=None):
    """Draw the operations that led to a number, with the numbers on the wires between them.

    Values stand above a wire in black; below it, in colour, the gradient: by how much `root` grows
    for each unit by which the value grows.

    Parameters
    ----------
    root : Tensor
        A number whose graph has not been freed, computed from numbers.
    names : dict, optional
        Name → tensor, for the inputs and whatever else has a name.
    gradients : bool or int
        Whether to go back; a number goes back that many tensors only, from `root` on, which makes
        a picture for each step of the backward pass.
    size : tuple
        Width of a column and height of a row, in inches.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If a tensor of the graph is not a single number.
    """
    rows = arranged(root)
    for tensor in (t for row in rows for t in row):
        if tensor.numel() != 1:
            raise ValueError(f"draw_wires: a tensor of shape {tensor.shape} is not a number")
    place = {
        id(t): (x * size[0], ((len(row) - 1) / 2 - y) * size[1])
        for x, row in enumerate(rows)
        for y, t in enumerate(row)
    }
    slopes = _slopes(rows, root, gradients)
    names = {id(t): name for name, t in (names or {}).items()}
    tall = max(map(len, rows))
    if ax is None:
        _, ax = plt.subplots(figsize=(size[0] * (len(rows) + 0.3), size[1] * tall + 0.2))
    ends = [(t, source) for row in rows for t in row for source in inputs_of(t)]
    top = size[1] * tall / 2
    for tensor, source in ends:
        start, end = place[id(source)], place[id(tensor)]
        bend = BEND if _is_blocked(start, end, place.values()) else 0
        _wire(ax, start, end, bend)
        _numbers(ax, start, end, source, slopes, bend)
        top = max(top, start[1] + bend * (end[0] - start[0]) / 2 + 0.35)
    out = place[id(root)]
    _wire(ax, out, (out[0] + size[0] * 0.8, out[1]))
    _numbers(ax, out, (out[0] + size[0] * 0.8, out[1]), root, slopes)
    for tensor in (t for row in rows for t in row):
        _node(ax, tensor, place[id(tensor)], names.get(id(tensor), ""))
    ax.set(xlim=(-0.6, size[0] * len(rows)), aspect="equal")
    ax.set(ylim=(-size[1] * tall / 2, top))
    ax.axis("off")
    return ax.figure


def backward_steps(root) -> range:
    """Return the values of ``gradients`` for `draw_wires` that show the backward pass by steps."""
    return range(1 + sum(len(row) for row in arranged(root)))


def _slopes(rows, root, gradients):
    """Gradients of the tensors reached so far, by id; what the leaves hold is put back."""
    tensors = [t for row in reversed(rows) for t in row if t.requires_grad]
    if not gradients:
        return {}
    before = {id(t): t.grad for t in tensors}
    for tensor in tensors:
        tensor.grad = None
        if tensor.node is not None:
            tensor.retain_grad()
    root.backward(retain_graph=True)
    slopes = {id(t): t.grad for t in tensors}
    for tensor in tensors:
        tensor.grad = before[id(tensor)]
    reached = tensors if gradients is True else tensors[:gradients]
    return {id(t): slopes[id(t)] for t in reached}


def _is_blocked(start, end, places):
    """Whether a level wire would run through another circle."""
    return start[1] == end[1] and any(
        start[0] < x < end[0] and abs(y - start[1]) < RADIUS for x, y in places
    )


def _wire(ax, start, end, bend=0):
    arrow = {"arrowstyle": "-|>", "color": "#777777", "lw": 1.1, "shrinkA": 0, "shrinkB": 17}
    if bend:
        arrow |= {"connectionstyle": f"arc3,rad={-bend}"}
    ax.annotate("", end, start, arrowprops=arrow, zorder=1)


def _numbers(ax, start, end, tensor, slopes, bend=0):
    at = [a + 0.5 * (b - a) for a, b in zip(start, end, strict=True)]
    at[1] += bend * (end[0] - start[0]) / 2
    back = {"fc": "white", "ec": "none", "pad": 0.6}
    style = {"ha": "center", "fontsize": 9, "bbox": back, "zorder": 2}
    ax.text(at[0], at[1] + 0.04, number(tensor.item()), va="bottom", color=INK, **style)
    if id(tensor) in slopes:
        slope = number(float(slopes[id(tensor)]))
        ax.text(at[0], at[1] - 0.04, slope, va="top", color=GRADIENT, weight="bold", **style)


def _node(ax, tensor, at, name):
    leaf = tensor.node is None
    edge, fill = (COLORS[0], "#DCEBF5") if leaf else (INK, "#FBE9DD")
    ax.add_patch(Circle(at, RADIUS, fc=fill, ec=edge, lw=1.3, zorder=3))
    made = name or "const" if leaf else SYMBOLS.get(tensor.node.name, tensor.node.name)
    ax.text(*at, made, ha="center", va="center", fontsize=9 if leaf else 10, zorder=4)
    if name and not leaf:
        ax.text(at[0], at[1] + RADIUS + 0.07, name, ha="center", fontsize=9, color=INK)
