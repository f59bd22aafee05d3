"""Drawings of one unit and of a layered network, with its real numbers."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle

from companion.plots.style import COLORS

RADIUS = 0.27
EDGE = np.array([RADIUS, 0])
INK, GRADIENT = "#222222", "#007A53"
FILLS = ("#DCEBF5", "#FBE9DD", "#E0F1EA")  # inputs, units between, outputs
MINUS = str.maketrans("-", "−")


def draw_neuron(weights, bias, x=None, activation=None, names=None, title="a neuron"):
    """Draw one unit: inputs, a weight on each wire, the sum, the activation and the output.

    Parameters
    ----------
    weights : sequence of float
        One for each input, (D,).
    bias : float
        What is added to the weighted sum.
    x : sequence of float, optional
        Inputs, (D,). With them the numbers that arise are drawn too.
    activation : tuple, optional
        Name and function, such as ``("tanh", np.tanh)``; without it the sum is the output.
    names : sequence of str, optional
        Names of the inputs; by default x₁, x₂ and so on.
    title : str
        What is written above the unit.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If the inputs are not as many as the weights.
    """
    weights = np.asarray(weights, float)
    if x is not None and len(x) != len(weights):
        raise ValueError(f"draw_neuron: {len(weights)} weights, but {len(x)} inputs")
    names = names or [_sub("x", k) for k in range(len(weights))]
    height = max(1.15 * len(weights), 2.2)
    figure, ax = canvas(7.2, height)
    total, place = np.array([3.0, 0.0]), _column(0.7, len(weights), 1.0)
    for k, (at, weight, name) in enumerate(zip(place, weights, names, strict=True)):
        _wire(ax, at, total, weight, np.abs(weights).max())
        _label(ax, at, total, f"{_sub('w', k)} = {number(weight)}", share=0.45)
        unit(ax, at, name if x is None else f"{name}\n{number(x[k])}", FILLS[0])
    z = None if x is None else weights @ np.asarray(x, float) + bias
    _text(ax, (3.0, -0.62), f"b = {number(bias)}")
    ends = [total, np.array([4.6, 0.0]), np.array([6.2, 0.0])]
    if activation is None:
        ends = [total, ends[1]]
    for start, end in pairwise(ends):
        ax.annotate("", end - EDGE, start + EDGE, arrowprops=_ARROW)
    unit(ax, total, "Σ", FILLS[1])
    _text(ax, (3.0, 0.5), title)
    if activation is None:
        unit(ax, ends[1], "z" if z is None else f"z\n{number(z)}", FILLS[2])
        return figure
    name, function = activation
    unit(ax, ends[1], name, FILLS[1])
    unit(ax, ends[2], "a" if z is None else f"a\n{number(function(z))}", FILLS[2])
    if z is not None:
        _text(ax, (3.8, 0.17), f"z = {number(z)}")
    return figure


def draw_network(model, x=None, *, gradients=False, most=5, names=("x", "ŷ"), size=(2.9, 1.25)):
    """Draw the layers of a model: units as circles, weights as wires.

    A wire is the thicker the larger its weight, blue and drawn through for a positive one, red and
    dashed for a negative one. Where at most four units meet at most four, weights stand on the
    wires.

    Parameters
    ----------
    model : companion.nn.Sequential
        Linear layers, with or without activations between them.
    x : array, optional
        One example, (D,). With it each unit shows its value.
    gradients : bool
        Write below each weight the gradient that its last backward pass has left, in colour.
    most : int
        Units of a layer that are drawn; of a longer one, the first and the last with dots between.
    names : tuple of str
        Names of the inputs and of the outputs.
    size : tuple
        Width from layer to layer and height from unit to unit, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If the model has no linear layer.
    """
    layers = _layers_of(model)
    widths = [layers[0][0].weight.shape[1], *(linear.weight.shape[0] for linear, _ in layers)]
    values = [None] * len(widths) if x is None else _values(model, x)
    shown = [_shown(width, most) for width in widths]
    tall = max(map(len, shown))
    figure, ax = canvas(size[0] * (len(widths) - 1) + 1.4, size[1] * tall + 0.6)
    places = [_column(0.7 + k * size[0], len(units), size[1]) for k, units in enumerate(shown)]
    for k, (linear, activation) in enumerate(layers):
        _wires(ax, places[k : k + 2], shown[k : k + 2], linear, gradients)
        below = activation or ("linear" if k + 1 < len(layers) else "")
        lowest = places[k + 1][-1] - [0, RADIUS + (0.33 if gradients else 0.18)]
        _text(ax, lowest, below)
    for k, (place, units) in enumerate(zip(places, shown, strict=True)):
        last = k == len(widths) - 1
        letter = names[0] if k == 0 else names[1] if last else "h"
        fill = FILLS[0] if k == 0 else FILLS[2] if last else FILLS[1]
        for at, one in zip(place, units, strict=True):
            if one is None:
                _text(ax, at, "⋮", fontsize=16)
                continue
            text = _sub(letter, one)
            if values[k] is not None:
                text += f"\n{number(values[k][one])}"
            unit(ax, at, text, fill)
        if len(units) < widths[k]:
            _text(ax, (place[0][0], size[1] * tall / 2 + 0.12), f"{widths[k]} units")
    return figure


_ARROW = {"arrowstyle": "-|>", "color": INK, "shrinkA": 0, "shrinkB": 0, "lw": 1.2}


def _layers_of(model):
    """List (linear layer, name of the activation after it) of a sequence."""
    layers = []
    for module in model:
        if hasattr(module, "weight"):
            layers.append((module, ""))
        elif layers:
            layers[-1] = (layers[-1][0], type(module).__name__)
    if not layers:
        raise ValueError("draw_network: the model has no linear layer")
    return layers


def _values(model, x):
    """Values of all units, layer by layer: what each linear layer's activation lets out."""
    values = [np.asarray(x, float)]
    signal = values[0][None]
    for module in model:
        signal = module(signal)
        if hasattr(module, "weight"):
            values.append(None)
        if len(values) > 1:
            values[-1] = np.asarray(signal.numpy())[0]
    return values


def _shown(width, most):
    """Give the units to draw: all, or the first ones, a gap (None) and the last."""
    return list(range(width)) if width <= most else [*range(most - 2), None, width - 1]


def canvas(width, height):
    """Return a figure of this size in inches and its axes, whose unit is an inch."""
    figure, ax = plt.subplots(figsize=(width, height))
    ax.set(xlim=(0, width), ylim=(-height / 2, height / 2), aspect="equal")
    ax.axis("off")
    return figure, ax


def _column(x, count, step):
    return [np.array([x, (count - 1) * step / 2 - k * step]) for k in range(count)]


def _wires(ax, places, units, linear, gradients):
    weights = linear.weight.numpy()
    slopes = linear.weight.grad if gradients else None
    written = max(map(len, units)) <= 4
    for i, (start, source) in enumerate(zip(places[0], units[0], strict=True)):
        for end, unit in zip(places[1], units[1], strict=True):
            if source is None or unit is None:
                continue
            _wire(ax, start, end, weights[unit, source], np.abs(weights).max())
            if written:
                slope = None if slopes is None else slopes[unit, source]
                share = 0.36 + 0.24 * (i % 2)  # neighbours do not cover each other
                _label(ax, start, end, number(weights[unit, source]), share, slope)


def _wire(ax, start, end, weight, largest):
    positive = weight >= 0
    ax.plot(
        *np.stack([start, end]).T,
        color=COLORS[0] if positive else COLORS[1],
        ls="-" if positive else (0, (4, 2)),
        lw=0.7 + 2.3 * abs(weight) / (largest or 1),
        zorder=1,
    )


def _label(ax, start, end, text, share=0.4, slope=None):
    at = start + share * (end - start)
    back = {"fc": "white", "ec": "none", "pad": 0.8}
    up = np.array([0, 0 if slope is None else 0.08])
    _text(ax, at + up, text, bbox=back, fontsize=9, zorder=2)
    if slope is not None:
        _text(ax, at - up, number(slope), bbox=back, fontsize=9, color=GRADIENT, zorder=2)


def unit(ax, at, text, fill, radius=RADIUS, **options):
    """Draw a unit: a circle with text in it."""
    ax.add_patch(Circle(at, radius, fc=fill, ec=INK, lw=1.2, zorder=3))
    _text(ax, at, text, **{"fontsize": 9, "zorder": 4, "linespacing": 0.95} | options)


def _text(ax, at, text, **options):
    options = {"ha": "center", "va": "center", "fontsize": 9, "color": INK} | options
    ax.text(*at, text, **options)


def number(value) -> str:
    """Write a number with at most two decimals, as drawings do."""
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return ("0" if text in ("-0", "") else text).translate(MINUS)


def _sub(letter, k):
    return f"{letter}{str(k + 1).translate(str.maketrans('0123456789', '₀₁₂₃₄₅₆₇₈₉'))}"
