"""Functions of two numbers on which one can watch an optimizer walk."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Surface(NamedTuple):
    """A function of two numbers with its first and second derivatives.

    Points are arrays (..., 2); many are evaluated at once.

    Attributes
    ----------
    name : str
        What it is called.
    value : callable
        Points (..., 2) → values (...).
    gradient : callable
        Points (..., 2) → gradients (..., 2).
    hessian : callable
        Points (..., 2) → matrices of second derivatives (..., 2, 2).
    start : tuple of float
        Where a walk usually begins.
    minimum : tuple of float
        A point with the smallest value.
    box : tuple of float
        Left, right, bottom and top of the part worth drawing.
    """

    name: str
    value: Callable
    gradient: Callable
    hessian: Callable
    start: tuple
    minimum: tuple
    box: tuple


def ravine(condition=25.0):
    """Build ½(x² + κy²): a valley, κ times as steep across as along.

    Parameters
    ----------
    condition : float
        κ, the quotient of the curvatures, above 0.
    """
    curvatures = np.array([1.0, condition])
    return Surface(
        "ravine",
        lambda p: 0.5 * np.square(p) @ curvatures,
        lambda p: p * curvatures,
        lambda p: np.broadcast_to(np.diag(curvatures), (*np.shape(p)[:-1], 2, 2)),
        (-4.0, 1.0),
        (0.0, 0.0),
        (-5.0, 5.0, -2.0, 2.0),
    )


def saddle(steepness=1.0):
    """Build ½sx² - ½y² + ¼y⁴: a saddle at 0 between two minima at y = ±1.

    Parameters
    ----------
    steepness : float
        s, the curvature across; the way out has curvature -1 at the saddle.
    """
    s = steepness
    return Surface(
        "saddle",
        lambda p: 0.5 * s * _x(p) ** 2 - 0.5 * _y(p) ** 2 + 0.25 * _y(p) ** 4,
        lambda p: np.stack([s * _x(p), _y(p) ** 3 - _y(p)], axis=-1),
        lambda p: _symmetric(np.full_like(_x(p), s), np.zeros_like(_x(p)), 3 * _y(p) ** 2 - 1),
        (-2.0, 1e-3),
        (0.0, 1.0),
        (-2.5, 2.5, -1.6, 1.6),
    )


def plateau():
    """Build 1 - exp(-½(x² + y²)): a pit in a plain that is nearly flat from 3 on."""

    def hill(p):
        return np.exp(-0.5 * np.sum(np.square(p), axis=-1))

    return Surface(
        "plateau",
        lambda p: 1 - hill(p),
        lambda p: p * hill(p)[..., None],
        lambda p: (
            hill(p)[..., None, None]
            * (np.eye(2) - np.asarray(p)[..., :, None] * np.asarray(p)[..., None, :])
        ),
        (-3.2, 1.0),
        (0.0, 0.0),
        (-4.0, 2.0, -2.0, 2.0),
    )


def rosenbrock():
    """Build (1-x)² + 100(y-x²)²: a curved valley with a flat floor (Rosenbrock, 1960)."""
    return Surface(
        "Rosenbrock",
        lambda p: (1 - _x(p)) ** 2 + 100 * (_y(p) - _x(p) ** 2) ** 2,
        lambda p: np.stack(
            [
                -2 * (1 - _x(p)) - 400 * _x(p) * (_y(p) - _x(p) ** 2),
                200 * (_y(p) - _x(p) ** 2),
            ],
            axis=-1,
        ),
        lambda p: _symmetric(
            2 - 400 * _y(p) + 1200 * _x(p) ** 2, -400 * _x(p), np.full_like(_x(p), 200)
        ),
        (-1.2, 1.0),
        (1.0, 1.0),
        (-2.0, 2.0, -1.0, 3.0),
    )


def beale():
    """Build Σₖ (cₖ - x + xyᵏ)² for c = 1.5, 2.25, 2.625: flat arms, steep corners (Beale, 1958)."""
    powers, constants = np.array([1, 2, 3]), np.array([1.5, 2.25, 2.625])

    def parts(p):
        x, y = _x(p)[..., None], _y(p)[..., None]
        factor = y**powers - 1
        # What is squared, and its derivatives: by x, by y, by x and y, twice by y.
        bent = powers * (powers - 1) * y ** np.maximum(powers - 2, 0)
        slope = powers * y ** (powers - 1)
        return constants + x * factor, factor, x * slope, slope, x * bent

    def gradient(p):
        r, by_x, by_y, _, _ = parts(p)
        return 2 * np.stack([np.sum(r * by_x, axis=-1), np.sum(r * by_y, axis=-1)], axis=-1)

    def hessian(p):
        r, by_x, by_y, mixed, by_yy = parts(p)
        terms = by_x**2, by_x * by_y + r * mixed, by_y**2 + r * by_yy
        return 2 * _symmetric(*(np.sum(term, axis=-1) for term in terms))

    return Surface(
        "Beale",
        lambda p: np.sum(parts(p)[0] ** 2, axis=-1),
        gradient,
        hessian,
        (1.0, 1.5),
        (3.0, 0.5),
        (-4.5, 4.5, -4.5, 4.5),
    )


SURFACES = {s.name: s for s in (ravine(), saddle(), plateau(), rosenbrock(), beale())}
"""Name → surface, each with its usual numbers."""


def noisy(gradient, scale, rng):
    """Turn an exact gradient into one as a mini-batch gives it.

    Parameters
    ----------
    gradient : callable
        Point → gradient.
    scale : float
        Standard deviation of the normal noise added to each coordinate.
    rng : numpy.random.Generator
        Where the noise comes from.

    Returns
    -------
    callable
        Point → gradient plus fresh noise.
    """
    return lambda p: gradient(p) + rng.normal(scale=scale, size=np.shape(p))


def _x(p):
    return np.asarray(p, dtype=float)[..., 0]


def _y(p):
    return np.asarray(p, dtype=float)[..., 1]


def _symmetric(xx, xy, yy):
    rows = np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)
    return np.stack(rows, axis=-2)
