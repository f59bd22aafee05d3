"""Ranges of several hyperparameters: grids, random points, and a smaller box around the best."""

from itertools import product
from typing import NamedTuple

import numpy as np

SCALES = {
    "linear": (lambda value: value, lambda place: place),
    "log": (np.log, np.exp),
    "one minus": (lambda value: -np.log1p(-value), lambda place: -np.expm1(-place)),
}
"""Scale → where on a ruler a value stands, and which value stands there."""


class Axis(NamedTuple):
    """Range of one hyperparameter, and the scale on which it is searched.

    Attributes
    ----------
    low, high : float
        Ends of the range.
    scale : str
        "linear", "log" (the logarithm of the value), or "one minus" (the logarithm of 1 minus the
        value, for momentum and the like).
    """

    low: float
    high: float
    scale: str = "linear"

    def at(self, share):
        """Value at a share of the way from `low` to `high`.

        Parameters
        ----------
        share : array_like
            From 0 to 1.
        """
        place, value = self._scale()
        start, end = place(self.low), place(self.high)
        inside = value(start + np.asarray(share, dtype=float) * (end - start))
        return np.clip(inside, self.low, self.high)

    def share(self, value):
        """Share of the way at which a value stands, the inverse of `at`."""
        place, _ = self._scale()
        start, end = place(self.low), place(self.high)
        return (place(np.asarray(value, dtype=float)) - start) / (end - start)

    def _scale(self):
        if self.scale not in SCALES:
            raise ValueError(f"Axis: scale is {self.scale!r}; choose one of {list(SCALES)}")
        limits = {"linear": (-np.inf, np.inf), "log": (0, np.inf), "one minus": (-np.inf, 1)}
        bottom, top = limits[self.scale]
        if not bottom < self.low < self.high < top:
            raise ValueError(
                f"Axis: {self.low:g} to {self.high:g} is no range on a {self.scale} scale; "
                f"it needs {bottom:g} < low < high < {top:g}"
            )
        return SCALES[self.scale]


def grid(box, count):
    """List the points of a grid, each in the middle of a cell of its own.

    Parameters
    ----------
    box : sequence of Axis
        One axis per hyperparameter, D of them.
    count : int
        Values along each axis, k.

    Returns
    -------
    numpy.ndarray
        Points, (kᴰ, D).
    """
    if count < 1:
        raise ValueError(f"grid: count is {count}; expected at least 1")
    middles = (np.arange(count) + 0.5) / count
    return np.array(list(product(*(axis.at(middles) for axis in box))))


def random_points(box, count, rng):
    """Draw points independently, each coordinate uniform on the scale of its axis.

    Parameters
    ----------
    box : sequence of Axis
        One axis per hyperparameter, D of them.
    count : int
        How many points.
    rng : numpy.random.Generator
        Where the numbers come from.

    Returns
    -------
    numpy.ndarray
        Points, (count, D). The first n of them do not depend on how many follow.

    Notes
    -----
    Bergstra and Bengio (2012). Compared with `grid` in the chapter :ref:`tuning`.
    """
    shares = rng.uniform(size=(count, len(box)))
    columns = [axis.at(column) for axis, column in zip(box, shares.T, strict=True)]
    return np.stack(columns, axis=1)


def narrow(box, best, factor):
    """Make a smaller box around the best point of a coarse search.

    Parameters
    ----------
    box : sequence of Axis
        The box searched so far.
    best : array_like
        A point of it, (D,).
    factor : float
        How many times shorter each side becomes, on the scale of its axis; at least 1.

    Returns
    -------
    list of Axis
        Sides of 1 / `factor` of the length, around `best`, moved back inside where they would
        stick out.

    Raises
    ------
    ValueError
        If `best` lies outside of the box, or `factor` is below 1.
    """
    if not factor >= 1:
        raise ValueError(f"narrow: factor is {factor}; expected at least 1")
    smaller = []
    for axis, value in zip(box, best, strict=True):
        middle = float(axis.share(value))
        if not -1e-9 <= middle <= 1 + 1e-9:
            raise ValueError(f"narrow: {value:g} lies outside of {axis.low:g} to {axis.high:g}")
        start = min(max(middle - 0.5 / factor, 0.0), 1 - 1 / factor)
        low, high = axis.at([start, min(start + 1 / factor, 1.0)])
        smaller.append(Axis(float(low), float(high), axis.scale))
    return smaller
