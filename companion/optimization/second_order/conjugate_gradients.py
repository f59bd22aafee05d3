"""Conjugate gradients: minimize a quadratic function of n numbers in n steps."""

import numpy as np

from companion.optimization.second_order.descent import Log, check_limits
from companion.optimization.second_order.objective import vector

SMALLEST = 1e-140
"""Least size of numbers whose squares still have full precision, with room to shrink."""


class NotPositiveDefinite(ValueError):
    """A direction was met along which the matrix does not curve upwards.

    Attributes
    ----------
    x : numpy.ndarray
        The point reached before it, (n,).
    """

    def __init__(self, message, x):
        super().__init__(message)
        self.x = x


def conjugate_gradients(A, b, start=None, *, tolerance=1e-10, max_iterations=None, keep_path=True):
    """Solve Ax = b, that is, minimize ½xᵀAx - b·x, for a symmetric positive definite A.

    Parameters
    ----------
    A : array_like or callable
        The matrix (n, n), or a function x (n,) → Ax (n,): nothing else is asked of it.
    b : array_like
        Right-hand side, (n,).
    start : array_like, optional
        First point, (n,); zeros by default.
    tolerance : float
        Norm of the residual b - Ax to reach, as a share of the norm of b, or of the first residual
        if b is zero.
    max_iterations : int, optional
        Steps before it gives up; 10n by default.
    keep_path : bool
        Whether to keep every point.

    Returns
    -------
    Minimum
        The residual is minus the gradient of the quadratic function.

    Raises
    ------
    ValueError
        If a shape does not fit, numbers are not finite, the matrix is not symmetric, or an option
        is out of range.
    NotPositiveDefinite
        A ValueError, if a direction with pᵀAp ≤ 0 is met.

    Notes
    -----
    Hestenes and Stiefel (1952). A step takes one product with A and four vectors of memory. Derived
    in the chapter :ref:`second_order`.
    """
    b = vector(b, "b")
    product = A if callable(A) else _checked(A, len(b)).__matmul__
    x = np.zeros_like(b) if start is None else vector(start, "start")
    if x.shape != b.shape:
        raise ValueError(f"start has shape {x.shape}, b has {b.shape}; expected the same")
    limit = 10 * len(b) if max_iterations is None else max_iterations
    check_limits(tolerance, limit)
    r, log = b - product(x) if x.any() else b.copy(), Log(keep_path)
    size = float(np.abs(b if b.any() else r).max(initial=0))
    if size and not SMALLEST <= size <= 1 / SMALLEST:
        raise ValueError(
            f"the right-hand side holds numbers of size {size:.1e}, whose squares are 0 or "
            "infinite; divide b by that size, solve, and multiply the solution by it"
        )
    goal = tolerance * float(np.linalg.norm(b if b.any() else r))
    p, square, products = r, r @ r, int(x.any())
    while True:
        norm = float(np.sqrt(square))
        log.add(x, -0.5 * float(x @ (b + r)), norm, products)
        if norm <= goal or len(log.rows) > limit:
            reached = f"at most {goal:.1e}" if norm <= goal else f"after {limit} iterations"
            return log.minimum(
                f"the residual has norm {norm:.1e}, {reached}", norm <= goal, 0, products
            )
        Ap = product(p)
        products += 1
        curvature = p @ Ap
        if not curvature > 0:
            raise NotPositiveDefinite(
                f"pᵀAp is {curvature:.3g} at step {len(log.rows)}: A is not positive definite", x
            )
        alpha = square / curvature
        x, r = x + alpha * p, r - alpha * Ap
        square, before = r @ r, square
        beta = square / before
        p = r + beta * p


def _checked(A, n):
    A = np.asarray(A, dtype=float)
    if A.shape != (n, n):
        raise ValueError(f"A has shape {A.shape}; expected {(n, n)}, since b has {n} entries")
    if not np.isfinite(A).all():
        raise ValueError("A holds numbers that are not finite")
    if not np.allclose(A, A.T, rtol=1e-10, atol=1e-12 * np.abs(A).max()):
        raise ValueError("A is not symmetric; conjugate gradients need A = Aᵀ")
    return A
