"""BFGS: learn the inverse of the Hessian from steps and gradients."""

import numpy as np

from companion.optimization.second_order.descent import Rule, iterate, unit_at_first, wolfe_search
from companion.optimization.second_order.objective import Objective

FLAT = 1e-10
"""Least s·y, as a share of ‖s‖‖y‖, that a pair must have to be learned from."""


def bfgs(value, gradient, start, *, tolerance=1e-8, max_iterations=1000, keep_path=True):
    """Minimize by the method of Broyden, Fletcher, Goldfarb and Shanno.

    Parameters
    ----------
    value, gradient : callable
        Point (n,) → number, and point (n,) → gradient (n,).
    start : array_like
        First point, (n,).
    tolerance : float
        Norm of the gradient to reach.
    max_iterations : int
        Steps before it gives up.
    keep_path : bool
        Whether to keep every point.

    Returns
    -------
    Minimum
        The result.

    Raises
    ------
    ValueError
        If the start, or the function there, is not finite, or a shape does not fit.

    Notes
    -----
    Broyden, Fletcher, Goldfarb, Shanno (1970); Nocedal and Wright, *Numerical Optimization* (2006),
    algorithm 6.1, from the identity. A step takes of the order of n² operations and n²
    numbers. Derived in the chapter :ref:`second_order`.
    """
    objective = Objective(value, gradient, start)
    return iterate(objective, _BFGS(), wolfe_search(), tolerance, max_iterations, keep_path)


class _BFGS(Rule):
    def __init__(self):
        self.V = None

    def direction(self, x, g):
        return -g if self.V is None else -self.V @ g

    def first_step(self, g, slope, fall):
        return unit_at_first(g, fall)

    def learn(self, s, y):
        if not curves_up(s, y):
            return
        if self.V is None:
            self.V = np.eye(len(s))
        self.V = update(self.V, s, y)


def update(V, s, y):
    """Correct an estimate V of the inverse Hessian so that Vy = s.

    Parameters
    ----------
    V : numpy.ndarray
        Symmetric estimate, (n, n).
    s, y : numpy.ndarray
        A step and the change of the gradient along it, (n,), with s·y > 0.

    Returns
    -------
    numpy.ndarray
        (I - ρsyᵀ) V (I - ρysᵀ) + ρssᵀ with ρ = 1 / s·y, multiplied out: symmetric to the last bit,
        and positive definite if V is.

    Raises
    ------
    ValueError
        If s·y is not above 0.
    """
    product = s @ y
    if not product > 0:
        raise ValueError(
            f"s·y is {product:.3g}: the function does not curve upwards along this step; "
            "leave the pair out, or search the step by the Wolfe conditions"
        )
    rho, Vy = 1 / product, V @ y
    mixed = np.outer(Vy, s)
    return V - rho * (mixed + mixed.T) + (rho + rho * rho * (y @ Vy)) * np.outer(s, s)


def curves_up(s, y):
    """Whether a pair can be learned from: s·y > 0, by more than rounding.

    Parameters
    ----------
    s, y : numpy.ndarray
        A step and the change of the gradient along it, (n,).

    Returns
    -------
    bool
        False for steps of length 0 as well.
    """
    return bool(s @ y > FLAT * np.linalg.norm(s) * np.linalg.norm(y))
