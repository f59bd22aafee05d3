"""An encoder that reads and a decoder that speaks, step by step."""

import numpy as np
from matplotlib.patches import FancyArrowPatch, Rectangle

from companion.plots.network import FILLS, INK, canvas

STEP, RISE, WIDE, TALL = 0.92, 0.95, 0.74, 0.42


def draw_translator(read, said, probabilities=None, *, start="<start>"):
    """Draw what is read, what is said, and how each token that was said is the next input.

    Parameters
    ----------
    read : sequence of str
        Tokens that go into the encoder.
    said : sequence of str
        Tokens that come out of the decoder, the end included.
    probabilities : sequence of float, optional
        Of each token that is said; written above it.
    start : str
        First input of the decoder.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If nothing is read or said, or the probabilities are not as many as the tokens said.
    """
    read, said = list(read), list(said)
    if not read or not said:
        raise ValueError(f"draw_translator: {len(read)} tokens read, {len(said)} said")
    if probabilities is not None and len(probabilities) != len(said):
        raise ValueError(
            f"draw_translator: {len(probabilities)} probabilities for {len(said)} tokens"
        )
    steps, gap = len(read) + len(said), 0.55
    figure, ax = canvas(STEP * steps + gap + 0.3, 2 * RISE + 1.75)
    places = [0.55 + STEP * k + gap * (k >= len(read)) for k in range(steps)]
    for k, (at, token) in enumerate(zip(places, [*read, start, *said[:-1]], strict=True)):
        speaks = k >= len(read)
        _box(ax, (at, -RISE), token, FILLS[2] if k > len(read) else FILLS[0])
        _box(ax, (at, 0), "", FILLS[2] if speaks else FILLS[1])
        _arrow(ax, (at, -RISE + TALL / 2), (at, -TALL / 2))
        if k:
            bold = 2.4 if k == len(read) else 1.2
            _arrow(ax, (places[k - 1] + WIDE / 2, 0), (at - WIDE / 2, 0), lw=bold)
    for k, token in enumerate(said):
        at = places[len(read) + k]
        _arrow(ax, (at, TALL / 2), (at, RISE - TALL / 2))
        _box(ax, (at, RISE), token, FILLS[2])
        if probabilities is not None:
            _text(ax, at, RISE + 0.38, f"{probabilities[k]:.2g}")
        if k + 1 < len(said):
            _back(ax, at, places[len(read) + k + 1])
    _text(ax, np.mean(places[: len(read)]), 0.45, "encoder reads")
    _text(ax, np.mean(places[len(read) :]), -RISE - 0.45, "decoder speaks")
    return figure


def _box(ax, centre, text, fill):
    corner = (centre[0] - WIDE / 2, centre[1] - TALL / 2)
    ax.add_patch(Rectangle(corner, WIDE, TALL, fc=fill, ec=INK, lw=1.1, zorder=2))
    ax.text(*centre, text, ha="center", va="center", fontsize=9.5, color=INK, zorder=4)


def _arrow(ax, start, end, **more):
    style = {"arrowstyle": "-|>", "color": INK, "mutation_scale": 10, "lw": 1.2, **more}
    ax.add_patch(FancyArrowPatch(start, end, shrinkA=0, shrinkB=0, zorder=3, **style))


def _back(ax, here, there):
    """Lead what was said down to where it is the next input."""
    style = {"color": INK, "lw": 1.0, "ls": ":", "zorder": 1}
    between = (here + there) / 2
    ax.plot([here + WIDE / 2, between], [RISE, RISE], **style)
    ax.plot([between, between], [RISE, -RISE], **style)
    _arrow(ax, (between, -RISE), (there - WIDE / 2, -RISE), lw=1.0)


def _text(ax, x, y, text):
    ax.text(x, y, text, ha="center", va="center", fontsize=9.5, color=INK)
