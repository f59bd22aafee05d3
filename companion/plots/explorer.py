"""Figures to explore: every position of their controls is computed once, when the chapter runs.

A notebook shows the picture at the start; on the book's pages ``book/_static/explore.js`` draws
the others from the numbers that come with it.
"""

import io

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

from companion.plots.photos import Photos, opened
from companion.plots.positions import Arrays, every, sentence, settings
from companion.plots.scales import limits, scale, whole
from companion.plots.style import COLORS, MARKERS, STYLES

EXPLORE = "application/vnd.companion.explore+json"
GREY = "#8C8C8C"
LOOKS = {"thin": {"ls": "-", "lw": 0.7}, "dots": {"ls": "none", "marker": ".", "ms": 5}}
"""What a curve may be besides a line; ``explore.js`` draws them likewise."""


class Explorer:
    """A figure with controls, as a notebook or a page shows it."""

    def __init__(self, data, svg):
        self.data, self.svg = data, svg

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {EXPLORE: self.data, "image/svg+xml": self.svg, "text/plain": repr(self)}

    def __repr__(self):
        names = (control["name"] for control in self.data["controls"])
        return f"<figure to explore by {', '.join(names)}>"


def explore(
    controls,
    curves,
    say=None,
    start=None,
    xlabel="",
    ylabel="",
    xlim=None,
    ylim=None,
    log=False,
    forms=None,
    looks=None,
    photo=None,
):
    """Draw a figure that the reader of the page can change.

    Each function is called for every combination of the controls it names, and of no others:
    let it name only what it depends on.

    Parameters
    ----------
    controls : dict
        Name → its values: strings make a list to choose from, numbers a slider. On the page the
        underscores of a name are spaces.
    curves : dict
        Label → function of some of the controls, called by their names, that returns x and y
        of a curve. A curve of one point is drawn as a marker. At most six; a parameter that has
        a default and is not a control keeps its default.
    say : callable, optional
        Function of some of the controls that returns a sentence to stand below the picture.
    start : dict, optional
        Control → its value at first; by default the first choice, the middle of a slider.
    xlabel, ylabel : str
        Labels of the axes, with units. Here and in the labels of curves: plain text, no TeX.
    xlim, ylim : pair of float or callable, optional
        Limits of the axes, or a function of some of the controls that returns them; by default
        wide enough for every position, so that they never move.
    log : bool
        Logarithmic vertical axis.
    forms : dict, optional
        Control → format of its value, such as ``"{:+.1f}"``.
    looks : dict, optional
        Label of a curve → ``"thin"``, a grey hairline, or ``"dots"``, a dot at each point; the
        others are lines.
    photo : callable, optional
        Function of some of the controls that returns a picture (H, W, 3), from 0 to 1, to stand
        beside the curves. Pages hold it as JPEG, so keep it small.

    Returns
    -------
    Explorer
        Shown by the notebook when it stands last in a cell.

    Raises
    ------
    ValueError
        If a control has no values or not only strings or only numbers, a function asks for a
        control that does not exist, ``start``, ``forms`` or ``looks`` does not fit, a curve is not
        two sequences of equal length, a photo no picture, the limits do not rise, or a label holds
        TeX.
    """
    for label in (xlabel, ylabel, *curves):
        if "$" in label:
            raise ValueError(f"explore: label {label!r} holds TeX; write plain text, like 'x₁'")
    if not 1 <= len(curves) <= len(COLORS):
        raise ValueError(f"explore: got {len(curves)} curves; draw 1 to {len(COLORS)}")
    controls = {name: list(values) for name, values in controls.items()}
    described = settings(controls, start or {}, forms or {})
    arrays = Arrays()
    for label, look in (looks or {}).items():
        if label not in curves or look not in LOOKS:
            raise ValueError(
                f"explore: looks says {look!r} of {label!r}; "
                f"say {' or '.join(LOOKS)} of a curve: {', '.join(curves)}"
            )
    drawn = [
        {**_look(k, label, looks or {}), **every(controls, f, f"curve {label!r}", arrays.curve)}
        for k, (label, f) in enumerate(curves.items())
    ]
    across = _all(0, drawn, arrays)
    if xlim is None:
        xlim = limits(across)
    if ylim is None:
        ylim = limits(_all(1, drawn, arrays), log)
    data = {
        "controls": described,
        "x": {"label": xlabel, **_axis(controls, xlim, "xlim", integer=whole(across))},
        "y": {"label": ylabel, **_axis(controls, ylim, "ylim", log)},
        "curves": drawn,
        "say": None if say is None else every(controls, say, "say", sentence),
        "arrays": arrays.rounded(),
    }
    if photo is not None:
        photos = Photos()
        data["photo"] = every(controls, photo, "photo", photos.keep)
        data["photos"] = photos.files
    return Explorer(data, _picture(data))


def _axis(controls, ends, what, log=False, integer=False):
    """Describe an axis, once, or for each position of the controls that its limits depend on."""
    if not callable(ends):
        return scale(ends, log, integer)
    return every(controls, ends, what, lambda ends, where: scale(ends, log, integer))


def _now(data, told):
    """Look up what is told for each position: here the one at the start."""
    place = {c["name"]: (c["start"], len(c["values"])) for c in data["controls"]}
    state = 0
    for name in told["of"]:
        state = state * place[name][1] + place[name][0]
    return told["states"][state]


def _look(k, label, looks):
    """Tell the look of curve `k`; dashes are lengths of strokes and gaps, in widths of the line."""
    if label in looks:
        color = GREY if looks[label] == "thin" else COLORS[k]
        return {"label": label, "color": color, "dash": [], "look": looks[label]}
    names = {"--": "dashed", "-.": "dashdot", ":": "dotted"}
    style, dash = STYLES[k], []
    if style in names:
        dash = list(mpl.rcParams[f"lines.{names[style]}_pattern"])
    elif isinstance(style, tuple):
        dash = list(style[1])
    return {"label": label, "color": COLORS[k], "dash": dash, "marker": MARKERS[k]}


def _all(axis, curves, arrays):
    """Gather x (0) or y (1) of all curves at all positions."""
    return np.concatenate([arrays.values[at[axis]] for c in curves for at in c["states"]])


def _picture(data):
    """Draw the position at the start as SVG."""
    if "photo" in data:
        figure, (beside, ax) = plt.subplots(1, 2, figsize=(8, 3.6), layout="constrained")
        beside.imshow(opened(data["photos"][_now(data, data["photo"])]))
        beside.axis("off")
    else:
        figure, ax = plt.subplots(layout="constrained")
    for curve, style in zip(data["curves"], STYLES, strict=False):
        x, y = (np.array(data["arrays"][k], dtype=float) for k in _now(data, curve))
        one = len(x) == 1
        look = {"ls": style}
        if "look" in curve:
            look = LOOKS[curve["look"]]
        elif one:
            look = {"ls": "none", "marker": curve["marker"], "ms": 8}
        ax.plot(x, y, label=curve["label"], color=curve["color"], zorder=3 if one else 2, **look)
    for axis in ("x", "y"):
        told = {**data[axis], **(_now(data, data[axis]) if "of" in data[axis] else {})}
        ax.set(**{f"{axis}scale": "log" if told["log"] else "linear"})
        ax.set(**{f"{axis}ticks": told["ticks"], f"{axis}ticklabels": told["texts"]})
        ax.set(**{f"{axis}lim": told["limits"], f"{axis}label": told["label"]})
    ax.minorticks_off()
    where = (f"{c['name']}: {c['values'][c['start']]}" for c in data["controls"])
    ax.set_title(", ".join(where).replace("_", " "), fontsize=10)
    figure.legend(loc="outside upper center", ncols=len(data["curves"]))
    file = io.StringIO()
    figure.savefig(file, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    return file.getvalue()
