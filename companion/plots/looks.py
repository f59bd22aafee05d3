"""A decoder that gets one vector, and one that looks back at every state of the encoder."""

import numpy as np
from matplotlib.patches import FancyArrowPatch

from companion.plots.network import FILLS, INK, RADIUS, canvas, number, unit
from companion.plots.style import COLORS

STEP, RISE = 1.05, 1.25


def draw_bottleneck(read, said):
    """Draw an encoder and a decoder with one vector between them.

    Parameters
    ----------
    read, said : sequence of str
        Tokens that go in and that come out, at least one each.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If there is nothing to read or to say.
    """
    if not len(read) or not len(said):
        raise ValueError(f"draw_bottleneck: {len(read)} tokens in, {len(said)} out; give one each")
    figure, ax = canvas(STEP * (len(read) + len(said) + 1) + 0.6, 2.5)
    for k in range(len(read) + len(said)):
        decodes = k >= len(read)
        at = np.array([0.6 + STEP * (k + decodes), 0.0])
        token = said[k - len(read)] if decodes else read[k]
        unit(ax, at, "s" if decodes else "h", FILLS[1 + decodes])
        edge = at + np.array([0, RISE * (0.7 if decodes else -0.7)])
        _text(ax, edge, token)
        _arrow(ax, *((at, edge, RADIUS, 0.13) if decodes else (edge, at, 0.13, RADIUS)))
        if k:
            wide = 3.5 if k == len(read) else 1.2
            back = STEP * (1 + (k == len(read)))
            _arrow(ax, at - [back, 0], at, RADIUS, RADIUS, lw=wide)
    _text(ax, (0.6 + STEP * len(read), 0.33), "one vector")
    return figure


def draw_look(read, weights, said="y", names=("s", "c"), vectors=None):
    """Draw one look: from a state of the decoder to every state of the encoder.

    Parameters
    ----------
    read : sequence of str
        The tokens that were read.
    weights : sequence of float
        Shares of the look, as many as tokens, that add up to 1: widths of the lines.
    said : str
        The token that comes out.
    names : tuple of str
        Of the state that looks and of what it sees.
    vectors : sequence of str, optional
        Written below each state of the encoder; by default the tokens alone.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If there are not as many weights as tokens, or they are no shares.
    """
    weights = np.asarray(weights, float)
    if weights.shape != (len(read),) or not len(read):
        raise ValueError(f"draw_look: weights {weights.shape} for {len(read)} tokens")
    if (weights < 0).any() or not np.isclose(weights.sum(), 1, atol=1e-3):
        raise ValueError("draw_look: the weights are no shares: they must add up to 1")
    width = max(STEP * len(read) + 0.6, 4.6)
    figure, ax = canvas(width, 3 * RISE)
    middle = width / 2
    context, state = np.array([middle, 0.25]), np.array([middle - 1.3, 1.2])
    out = np.array([middle + 1.3, 1.2])
    for k, (token, weight) in enumerate(zip(read, weights, strict=True)):
        at = np.array([middle + STEP * (k - (len(read) - 1) / 2), -RISE + 0.1])
        if k:
            before = at - [STEP, 0]
            _arrow(ax, before, at, RADIUS, RADIUS, arrowstyle="<|-|>")
        unit(ax, at, "h" + str(k + 1).translate(_LOW), FILLS[0])
        _text(ax, at - [0, 0.43], token if vectors is None else f"{token} {vectors[k]}")
        look = {"color": COLORS[1], "lw": 0.6 + 6 * weight, "alpha": 0.35 + 0.65 * weight}
        _arrow(ax, at, context, RADIUS, RADIUS, arrowstyle="-", **look)
        beside = at + (context - at) * 0.4 + [0.2 if at[0] >= middle else -0.2, 0.06]
        _text(ax, beside, number(weight))
    unit(ax, context, names[1], FILLS[1])
    unit(ax, state, names[0], FILLS[2])
    _arrow(ax, state - [1.0, 0], state, 0, RADIUS)
    _arrow(ax, state, context, RADIUS, RADIUS, ls="--")
    _text(ax, (state + context) / 2 + [-0.35, -0.1], "scores")
    _arrow(ax, state, out, RADIUS, 0.16)
    _arrow(ax, context, out, RADIUS, 0.16)
    _text(ax, out, said, fontsize=11)
    return figure


_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _text(ax, at, text, fontsize=9):
    ax.text(*at, text, ha="center", va="center", color=INK, fontsize=fontsize)


def _arrow(ax, start, end, gap, room, **look):
    """Draw an arrow that begins `gap` behind its start and ends `room` before its end."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    way = (end - start) / np.linalg.norm(end - start)
    style = {"arrowstyle": "-|>", "color": INK, "mutation_scale": 10, "lw": 1.2} | look
    style |= {"shrinkA": 0, "shrinkB": 0, "zorder": 1}
    ax.add_patch(FancyArrowPatch(start + way * gap, end - way * room, **style))
