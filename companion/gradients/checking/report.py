"""The report of a gradient check: which gradients are right, and what is wrong with the others.

Derived in the chapter :ref:`gradient_checking`.
"""

from dataclasses import dataclass, field
from textwrap import fill

import numpy as np

from companion.gradients.checking.finite_differences import Kink
from companion.gradients.checking.gradient_mistakes import gradient_mistake
from companion.gradients.checking.places import place_of
from companion.gradients.checking.verdicts import (
    ADVICE,
    PLAIN,
    RIGHT,
    VERDICTS,
    is_fine,
    relative_difference,
    verdict_of,
)
from companion.tables import index_of, table

WIDTH = 78
HEADER = ("parameter", "shape", "difference", "verdict", "worst", "analytic", "numeric", "error")


@dataclass(frozen=True)
class Entry:
    """One entry of a gradient, computed and measured."""

    index: tuple
    analytic: float
    numeric: float

    @property
    def error(self):
        """Distance of the two values over the larger of their sizes; 0 where both are zero."""
        largest = max(abs(self.analytic), abs(self.numeric))
        return abs(self.analytic - self.numeric) / largest if largest else 0.0


@dataclass(frozen=True)
class ParameterReport:
    """What the check found out about one parameter.

    Attributes
    ----------
    name : str
        Name of the parameter.
    shape : tuple of int
        Its shape.
    verdict : str
        One of `VERDICTS`.
    difference : float
        Relative difference of the gradients, NaN if there is none to compare.
    worst : Entry or None
        Where they differ most.
    advice : str
        The likely mistake, or what to do; empty if there is nothing to say.
    kink : Kink or None
        A coordinate where the slopes to the left and to the right differ.
    checked : int
        Number of coordinates compared.
    """

    name: str
    shape: tuple
    verdict: str
    difference: float
    worst: Entry | None
    advice: str = ""
    kink: Kink | None = None
    checked: int = 0

    @property
    def ok(self):
        """Whether nothing speaks against this gradient."""
        return is_fine(self.verdict)

    @property
    def is_settled(self):
        """Whether the gradient is right beyond doubt: to more than rounding, and not by zeros."""
        return self.verdict == "right" and not self.advice

    def cells(self):
        """Return the cells of the report's table, in the order of `HEADER`."""
        shape = "×".join(map(str, self.shape)) or "number"
        if self.worst is None:
            return (self.name, shape, "", self.verdict, "", "", "", "")
        w = self.worst
        numbers = (f"{w.analytic:.3g}", f"{w.numeric:.3g}", f"{w.error:.0e}")
        place = index_of(w.index)
        return (self.name, shape, f"{self.difference:.0e}", self.verdict, place, *numbers)


@dataclass(frozen=True)
class GradientReport:
    """Outcome of a gradient check; prints as a table with the likely mistakes below it.

    Attributes
    ----------
    parameters : tuple of ParameterReport
        One for each parameter, in the order given.
    how : str
        How it was measured.
    in_order : bool
        Whether the parameters stand in the order of the forward pass, so that a mistake shows in
        all that come before it.
    """

    parameters: tuple
    how: str = ""
    in_order: bool = field(default=True, repr=False)

    @property
    def ok(self):
        """Whether nothing speaks against any of the gradients."""
        return all(one.ok for one in self.parameters)

    @property
    def worst(self):
        """The parameter with the worst verdict; of several, the largest relative difference."""
        return max(
            self.parameters,
            key=lambda one: (VERDICTS.index(one.verdict), np.nan_to_num(one.difference, nan=2.0)),
            default=None,
        )

    def __getitem__(self, name):
        return next(one for one in self if one.name == name)

    def __iter__(self):
        return iter(self.parameters)

    def __len__(self):
        return len(self.parameters)

    def __str__(self):
        verdicts = [one.verdict for one in self]
        counts = [f"{verdicts.count(v)} {v}" for v in VERDICTS if v in verdicts]
        lines = [f"Gradient check: {', '.join(counts) or 'nothing to check'}."]
        if self.parameters:
            lines.append(table([HEADER, *(one.cells() for one in self)]))
        said = {}
        for one in self:
            said.setdefault(self._advice_on(one), []).append(one.name)
        notes = [f"{', '.join(names)}: {advice}" for advice, names in said.items() if advice]
        notes = [fill(note, WIDTH, subsequent_indent="  ") for note in (*notes, self.place())]
        return "\n".join(filter(None, [*lines, *notes, self.how]))

    __repr__ = __str__

    def place(self):
        """Say where to look first, from which gradients are wrong and which are right.

        Returns
        -------
        str
            A sentence; empty if all are right, or if there is only one parameter.
        """
        return place_of(self.parameters) if self.in_order else ""

    def _advice_on(self, one):
        if one.advice == ADVICE["suspicious"] and any(other.verdict in PLAIN for other in self):
            return "too far apart for rounding: mend what is plainly wrong first"
        return one.advice


def judge(
    name,
    shape,
    analytic,
    numeric,
    positions=None,
    *,
    noise=0.0,
    slopes=None,
    kink=None,
    value=None,
):
    """Compare one gradient with its measurement.

    Parameters
    ----------
    name : str
        Name of the parameter.
    shape : tuple of int
        Its shape.
    analytic : numpy.ndarray or None
        Computed entries, (K,); None if no gradient reached the parameter.
    numeric : numpy.ndarray
        Measured entries, (K,).
    positions : numpy.ndarray of int, optional
        Which entries of the flattened parameter they are, (K,); all by default.
    noise : float
        Rounding error to expect in each measured entry.
    slopes : tuple of two numpy.ndarray, optional
        One-sided differences to the left and to the right, (K,) each.
    kink : Kink, optional
        A kink found at one of the entries.
    value : numpy.ndarray, optional
        The parameter at those entries, (K,).

    Returns
    -------
    ParameterReport
        Verdict, worst entry and advice.
    """
    positions = np.arange(numeric.size) if positions is None else positions
    verdict = verdict_of(analytic, numeric, noise, slopes if kink else None)
    found = np.zeros_like(numeric) if analytic is None else analytic
    if verdict in ("no gradient", "unused") or not numeric.size:
        difference, worst = float("nan") if numeric.size else 0.0, None
    else:
        with np.errstate(all="ignore"):
            far = np.nan_to_num(np.abs(found - numeric), nan=np.inf)
            difference = relative_difference(found, numeric)
        k = int(np.argmax(far))
        index = tuple(map(int, np.unravel_index(positions[k], shape)))
        worst = Entry(index, float(found[k]), float(numeric[k]))
    advice = ADVICE.get(verdict, "").format(noise=noise, kink=kink and _slopes(kink))
    if verdict in ("wrong", "suspicious"):
        advice = gradient_mistake(found, numeric, positions, shape, value, noise) or advice
    elif verdict == "right" and difference > RIGHT:
        advice = ADVICE["rounding"].format(difference=difference)
    elif verdict == "right" and kink:
        advice = f"right, though the cost has a kink {_slopes(kink)}"
    elif verdict == "right" and numeric.size and not numeric.any():
        advice = "both are zero here, which proves little: check at another point as well"
    return ParameterReport(name, shape, verdict, difference, worst, advice, kink, numeric.size)


def _slopes(kink):
    return f"at {index_of(kink.index) or 'it'} (slopes {kink.left:.3g} and {kink.right:.3g})"
