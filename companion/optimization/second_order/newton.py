"""Newton's method: jump to the bottom of the parabola that touches the function."""

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from companion.optimization.second_order.descent import (
    Rule,
    armijo_search,
    full_step,
    iterate,
)
from companion.optimization.second_order.objective import Objective


def newton(
    value,
    gradient,
    hessian,
    start,
    *,
    safeguard=True,
    tolerance=1e-8,
    max_iterations=100,
    keep_path=True,
):
    """Minimize by Newton's method, x ← x - αH⁻¹∇J.

    Parameters
    ----------
    value, gradient, hessian : callable
        Point (n,) → number, gradient (n,), matrix of second derivatives (n, n).
    start : array_like
        First point, (n,).
    safeguard : bool
        Go back along the direction until the value falls (`backtracking`), and where H is not
        positive definite, take the sizes of its eigenvalues (`downhill`). Without it every step is
        Newton's own, wherever it leads.
    tolerance : float
        Norm of the gradient to reach.
    max_iterations : int
        Steps before it gives up.
    keep_path : bool
        Whether to keep every point.

    Returns
    -------
    Minimum
        A point with a small gradient is a minimum only if the Hessian there is positive definite.

    Raises
    ------
    ValueError
        If the start, or the function there, is not finite, or a shape does not fit.
    numpy.linalg.LinAlgError
        If the Hessian is singular and `safeguard` is off.

    Notes
    -----
    A step takes of the order of n³ operations and n² numbers. Derived in the chapter
    :ref:`second_order`.
    """
    rule, search = (downhill, armijo_search()) if safeguard else (np.linalg.solve, full_step)
    objective = Objective(value, gradient, start)
    return iterate(objective, _Newton(hessian, rule), search, tolerance, max_iterations, keep_path)


class _Newton(Rule):
    def __init__(self, hessian, solve):
        self.hessian, self.solve = hessian, solve

    def direction(self, x, g):
        H = np.asarray(self.hessian(x), dtype=float)
        if H.shape != (len(x), len(x)):
            raise ValueError(f"hessian returned shape {H.shape}; expected {(len(x), len(x))}")
        if not np.isfinite(H).all():
            raise ValueError(f"the Hessian is not finite at {x}")
        return -self.solve(H, g)


def downhill(H, g, floor=1e-8):
    """Solve Hp = g; where H is not positive definite, with the sizes of its eigenvalues.

    Parameters
    ----------
    H : numpy.ndarray
        Symmetric matrix, (n, n).
    g : numpy.ndarray
        Right-hand side, (n,).
    floor : float
        Smallest size of an eigenvalue that is used, as a share of the largest.

    Returns
    -------
    numpy.ndarray
        p, (n,), with g·p > 0 for g ≠ 0, so that -p leads downhill.

    Notes
    -----
    Replacing eigenvalues: Nocedal and Wright, *Numerical Optimization* (2006), section 3.4; by
    their absolute values: Dauphin et al. (2014).
    """
    try:
        p = cho_solve(cho_factor(H), g)
        if p @ g > 0:
            return p
    except LinAlgError:
        pass
    eigenvalues, Q = np.linalg.eigh(H)
    sizes = np.abs(eigenvalues)
    sizes = np.maximum(sizes, floor * sizes.max()) if sizes.any() else np.ones_like(sizes)
    return Q @ ((Q.T @ g) / sizes)
