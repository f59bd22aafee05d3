"""Cells with gates: what is kept runs along a line, and gates decide what joins it."""

from matplotlib.patches import FancyBboxPatch

from companion.plots.network import FILLS, INK, canvas, number, unit
from companion.plots.shapes import arrow, boxed

HALF = 0.3
"""Half the side of a box, in inches."""
DOT = 0.19
"""Radius of the circles where two numbers meet."""


def draw_lstm(values=None):
    """Draw one step of an LSTM: the line of the cell above, its four layers below.

    Parameters
    ----------
    values : dict, optional
        Numbers to write beside what they belong to: ``f``, ``i``, ``g``, ``o``, ``c_before``,
        ``c``, ``h``.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If a name is unknown.
    """
    values = _known(values, ("f", "i", "g", "o", "c_before", "c", "h"))
    figure, ax = canvas(7.6, 3.6)
    ax.set_ylim(0, 3.6)
    arrow(ax, (0.75, 3.0), (1.7 - DOT, 3.0))
    arrow(ax, (1.7 + DOT, 3.0), (3.6 - DOT, 3.0))
    arrow(ax, (3.6 + DOT, 3.0), (7.0, 3.0))
    _label(ax, (0.4, 3.0), "c", "t−1", values.get("c_before"))
    _label(ax, (7.25, 3.0), "c", "t", values.get("c"))
    places = {"f": 1.7, "i": 3.0, "g": 4.2, "o": 5.4}
    _feed(ax, places.values(), 5.4)
    for name, x in places.items():
        _box(ax, (x, 1.25), name, "tanh" if name == "g" else "σ", values.get(name))
    arrow(ax, (1.7, 1.25 + HALF), (1.7, 3.0 - DOT))
    for x, side in ((3.1, -1), (4.1, 1)):
        arrow(ax, (x, 1.25 + HALF), (3.6 + side * DOT * 0.8, 2.2 - DOT * 0.6))
    arrow(ax, (3.6, 2.2 + DOT), (3.6, 3.0 - DOT))
    arrow(ax, (6.3, 3.0), (6.3, 2.2 + 0.2))
    boxed(ax, (6.3, 2.2), "tanh", "white", lw=1.0)
    arrow(ax, (6.3, 2.2 - 0.2), (6.3, 1.25 + DOT))
    arrow(ax, (5.4 + HALF, 1.25), (6.3 - DOT, 1.25))
    arrow(ax, (6.3 + DOT, 1.25), (7.0, 1.25))
    _label(ax, (7.25, 1.25), "h", "t", values.get("h"))
    for at, sign in (((1.7, 3.0), "⊙"), ((3.6, 3.0), "+"), ((3.6, 2.2), "⊙"), ((6.3, 1.25), "⊙")):
        _meeting(ax, at, sign)
    return figure


def draw_gru(values=None):
    """Draw one step of a GRU: the line of the state above, its three layers below.

    Parameters
    ----------
    values : dict, optional
        Numbers to write beside what they belong to: ``r``, ``u``, ``n``, ``h_before``, ``h``.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.

    Raises
    ------
    ValueError
        If a name is unknown.
    """
    values = _known(values, ("r", "u", "n", "h_before", "h"))
    figure, ax = canvas(7.6, 3.6)
    ax.set_ylim(0, 3.6)
    arrow(ax, (0.75, 3.0), (1.7 - DOT, 3.0))
    arrow(ax, (1.7 + DOT, 3.0), (5.2 - DOT, 3.0))
    arrow(ax, (5.2 + DOT, 3.0), (7.0, 3.0))
    _label(ax, (0.4, 3.0), "h", "t−1", values.get("h_before"))
    _label(ax, (7.25, 3.0), "h", "t", values.get("h"))
    _feed(ax, (1.7, 3.4, 5.2), 5.2)
    for name, x, kind in (("u", 1.7, "σ"), ("r", 3.4, "σ"), ("n", 5.2, "tanh")):
        _box(ax, (x, 1.25), name, kind, values.get(name))
    arrow(ax, (1.7, 1.25 + HALF), (1.7, 3.0 - DOT))
    arrow(ax, (1.7, 2.2), (5.2 - DOT, 2.2))
    ax.text(3.4, 2.26, "1 − $u_t$", ha="center", va="bottom", color=INK, fontsize=10)
    arrow(ax, (3.4 + HALF, 1.25), (5.2 - HALF, 1.25))
    arrow(ax, (5.2, 1.25 + HALF), (5.2, 2.2 - DOT))
    arrow(ax, (5.2, 2.2 + DOT), (5.2, 3.0 - DOT))
    for at, sign in (((1.7, 3.0), "⊙"), ((5.2, 3.0), "+"), ((5.2, 2.2), "⊙")):
        _meeting(ax, at, sign)
    return figure


def _known(values, names):
    """Return values, a dictionary with nothing but known names."""
    values = values or {}
    wrong = sorted(set(values) - set(names))
    if wrong:
        raise ValueError(f"no value {wrong[0]!r} in this cell; there are {', '.join(names)}")
    return values


def _feed(ax, places, end):
    """Draw the line below, from which state and input go into every box."""
    ax.plot([1.2, end], [0.4, 0.4], color=INK, ls="-", lw=1.1)
    for x in places:
        arrow(ax, (x, 0.4), (x, 1.25 - HALF))
    ax.text(0.62, 0.4, "$h_{t-1}$, $x_t$", ha="center", va="center", color=INK, fontsize=11)


def _box(ax, at, name, kind, value):
    """Draw a layer: its name and function inside, its value beside it."""
    x, y = at
    fill = FILLS[2] if kind == "tanh" else FILLS[1]
    ax.add_patch(
        FancyBboxPatch(
            (x - HALF, y - HALF), 2 * HALF, 2 * HALF, boxstyle="square,pad=0", fc=fill, ec=INK,
            lw=1.2, zorder=3,
        )
    )  # fmt: skip
    ax.text(x, y + 0.1, f"${name}_t$", ha="center", va="center", color=INK, fontsize=12, zorder=4)
    ax.text(x, y - 0.15, kind, ha="center", va="center", color=INK, fontsize=8, zorder=4)
    if value is not None:
        side = -1 if name != "g" else 1
        _value(ax, (x + side * 0.06, y + HALF + 0.04), value, "right" if side < 0 else "left")


def _meeting(ax, at, sign):
    unit(ax, at, sign, "white", DOT, va="center_baseline", fontsize=13)


def _label(ax, at, name, step, value):
    ax.text(*at, f"${name}_{{{step}}}$", ha="center", va="center", color=INK, fontsize=12)
    if value is not None:
        _value(ax, (at[0], at[1] + 0.2), value, "center")


def _value(ax, at, value, side):
    ax.text(*at, number(value), ha=side, va="bottom", color=INK, fontsize=9, weight="bold")
