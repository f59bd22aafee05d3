"""Newton's method without a matrix: conjugate gradients solve for the step."""

import numpy as np

from companion.optimization.second_order.conjugate_gradients import (
    NotPositiveDefinite,
    conjugate_gradients,
)
from companion.optimization.second_order.descent import Rule, armijo_search, iterate
from companion.optimization.second_order.objective import Objective


def newton_cg(
    value,
    gradient,
    start,
    *,
    product=None,
    tolerance=1e-8,
    max_iterations=200,
    keep_path=True,
):
    """Minimize by Newton's method, with the step from a few conjugate-gradient steps.

    Parameters
    ----------
    value, gradient : callable
        Point (n,) → number, and point (n,) → gradient (n,).
    start : array_like
        First point, (n,).
    product : callable, optional
        Point x (n,), vector v (n,) → H(x) v (n,). By default the central difference of two
        gradients, which are counted.
    tolerance : float
        Norm of the gradient to reach.
    max_iterations : int
        Newton steps before it gives up.
    keep_path : bool
        Whether to keep every point.

    Returns
    -------
    Minimum
        `iterations` are Newton steps; the products are not counted, unless they are differences of
        gradients.

    Raises
    ------
    ValueError
        If the start, or the function there, is not finite, or a shape does not fit.

    Notes
    -----
    Conjugate gradients stop early: at a residual of min(½, √‖g‖) of ‖g‖, or at a direction along
    which the function does not curve upwards. Nocedal and Wright, *Numerical Optimization* (2006),
    algorithm 7.1. Derived in the chapter :ref:`second_order`.
    """
    objective = Objective(value, gradient, start)
    rule = _NewtonCG(product or differences(objective.gradient))
    return iterate(objective, rule, armijo_search(), tolerance, max_iterations, keep_path)


class _NewtonCG(Rule):
    def __init__(self, product):
        self.product = product

    def direction(self, x, g):
        share = min(0.5, float(np.linalg.norm(g)) ** 0.5)
        try:
            return conjugate_gradients(
                lambda v: self.product(x, v), -g, tolerance=share, keep_path=False
            ).x
        except NotPositiveDefinite as bent:
            return bent.x if bent.x.any() else -g


def differences(gradient):
    """Return products with the Hessian by central differences of the gradient.

    Parameters
    ----------
    gradient : callable
        Point (n,) → gradient (n,).

    Returns
    -------
    callable
        x, v → (∇J(x + εv) - ∇J(x - εv)) / 2ε, with εv of the length that balances the errors of
        rounding and of leaving off terms.
    """

    def product(x, v):
        length = float(np.linalg.norm(v))
        if not length:
            return np.zeros_like(v)
        step = np.finfo(float).eps ** (1 / 3) * (1 + float(np.linalg.norm(x))) / length
        return (gradient(x + step * v) - gradient(x - step * v)) / (2 * step)

    return product
