"""Positions of controls: what they are, and functions of some of them called for each."""

import inspect
import itertools
from numbers import Real

import numpy as np

_DIGITS = 5  # significant; a picture 640 pixels wide shows fewer than four


def settings(controls, start, forms):
    """Describe the controls: kind, values as text, and the place at which each starts.

    Raises
    ------
    ValueError
        If a control has no values or not only strings or only numbers, or `start` or `forms`
        names what is not there.
    """
    for what, given in (("start", start), ("forms", forms)):
        for name in given.keys() - controls.keys():
            known = ", ".join(controls)
            raise ValueError(f"explore: {what} names {name!r}; the controls are {known}")
    return [
        {
            "name": name,
            "kind": _kind(name, values),
            "values": [_text(value, forms.get(name)) for value in values],
            "start": _start(name, values, start),
        }
        for name, values in controls.items()
    ]


def _kind(name, values):
    """Tell a list to choose from and a slider apart."""
    if not values:
        raise ValueError(f"explore: control {name!r} has no values; give it at least one")
    if all(isinstance(value, str) for value in values):
        return "choice"
    odd = [v for v in values if not isinstance(v, Real) or isinstance(v, bool)]
    if odd:
        raise ValueError(
            f"explore: control {name!r} holds {odd[0]!r}; give it only strings or only numbers"
        )
    return "slider"


def _text(value, form):
    if isinstance(value, str):
        return (form or "{}").format(value)
    return (form or "{:g}").format(value).replace("-", "−")


def _start(name, values, start):
    """Place at which a control starts: the first choice, the middle of a slider, or as told."""
    numbers = not isinstance(values[0], str)
    if name not in start:
        return len(values) // 2 if numbers else 0
    wanted = start[name]
    if wanted in values:
        return values.index(wanted)
    nearest = ""
    if numbers and isinstance(wanted, Real):
        k = int(np.argmin(np.abs(np.subtract(values, wanted))))
        # 0.3 is meant where linspace holds 0.30000000000000004.
        if np.isclose(values[k], wanted, rtol=1e-9, atol=1e-9 * np.ptp(values)):
            return k
        nearest = f" (nearest: {values[k]:g})"
    shown = ", ".join(map(str, values[:12])) + (", …" if len(values) > 12 else "")
    raise ValueError(
        f"explore: control {name!r} cannot start at {wanted!r}; choose from {shown}{nearest}"
    )


def every(controls, f, what, keep):
    """Call `f` for every combination of the controls it names; the last moves fastest.

    Raises
    ------
    ValueError
        If `f` asks for something that is not a control and has no default.
    """
    names = []
    for name, parameter in inspect.signature(f).parameters.items():
        if name in controls:
            names.append(name)
        elif parameter.default is parameter.empty:
            known = ", ".join(controls)
            raise ValueError(
                f"explore: {what} asks for {name!r}; name its parameters after the controls {known}"
            )
    states = []
    for values in itertools.product(*(controls[name] for name in names)):
        at = dict(zip(names, values, strict=True))
        states.append(keep(f(**at), f"{what} for {at}"))
    return {"of": names, "states": states}


def sentence(text, where):
    """Keep what a function says.

    Raises
    ------
    ValueError
        If it is not a string.
    """
    if not isinstance(text, str):
        raise ValueError(f"explore: {where} is {text!r}; return a string")
    return text


class Arrays:
    """The arrays of all curves, equal ones once: many curves share their x."""

    def __init__(self):
        self.values, self._places = [], {}

    def curve(self, xy, where):
        """Keep a curve as the places of its x and its y.

        Raises
        ------
        ValueError
            If it is not two sequences of equal length.
        """
        try:
            x, y = (np.atleast_1d(np.asarray(values, dtype=float)) for values in xy)
        except (TypeError, ValueError):
            raise ValueError(f"explore: {where} is no pair of x and y; return (xs, ys)") from None
        if x.ndim != 1 or x.shape != y.shape:
            raise ValueError(
                f"explore: {where} has x of shape {x.shape} and y of shape {y.shape}; "
                "return two sequences of equal length"
            )
        return [self._place(x), self._place(y)]

    def _place(self, array):
        key = array.tobytes()
        if key not in self._places:
            self._places[key] = len(self.values)
            self.values.append(array)
        return self._places[key]

    def rounded(self):
        """List all as numbers to write down; None where not finite, which breaks the line."""
        return [[_rounded(value) for value in array] for array in self.values]


def _rounded(value):
    if not np.isfinite(value):
        return None
    short = float(f"{value:.{_DIGITS}g}")
    return int(short) if short == int(short) else short
