"""Coordinate descent for squared errors with an L1 and an L2 penalty."""

import numpy as np


def coordinate_descent(G, c, one, two, start, tol=1e-12, most=10**5):
    """Minimize ½ wᵀGw - cᵀw + one ‖w‖₁ + ½ two ‖w‖², one weight at a time, until none moves.

    Parameters
    ----------
    G : numpy.ndarray
        Symmetric, no negative eigenvalue, (D, D); for least squares XᵀX/m.
    c : numpy.ndarray
        (D,); for least squares Xᵀy/m.
    one, two : float
        Strengths of the L1 and the L2 penalty, at least 0.
    start : array_like
        First weights, (D,).
    tol : float
        Stop when no weight moves by more than this over the root of its entry of G's diagonal.
    most : int
        How many passes to make at most.

    Returns
    -------
    numpy.ndarray
        Weights, (D,); a weight whose entry of the diagonal is 0 keeps its first value.

    Raises
    ------
    RuntimeError
        If `most` passes were not enough.

    Notes
    -----
    Friedman, Hastie and Tibshirani (2010). Once no sign changes in a pass, the weights with these
    signs follow from one linear system, and are the answer if they pass the conditions for a
    minimum. Derived in the chapter :ref:`sparsity`.
    """
    w = np.array(start, dtype=float)
    pull = c - G @ w  # minus the gradient of the smooth part
    sizes = np.diagonal(G)
    moving = np.flatnonzero(sizes > 1e-24 * np.max(sizes, initial=0.0))  # not of constant features
    for _ in range(most):
        largest, signs = 0.0, np.sign(w)
        for j in moving:
            a = pull[j] + sizes[j] * w[j]
            new = (a - one if a > one else a + one if a < -one else 0.0) / (sizes[j] + two)
            if new != w[j]:
                moved = new - w[j]
                pull -= G[j] * moved
                w[j] = new
                largest = max(largest, abs(moved) * sizes[j] ** 0.5)
        if largest <= tol:
            return w
        if np.array_equal(signs, np.sign(w)):
            solved = _with_signs(G, c, one, two, signs, tol)
            if solved is not None:
                return solved
    raise RuntimeError(
        f"coordinate_descent: weights still move by {largest:.1e} after {most} passes; "
        "raise most or tol"
    )


def _with_signs(G, c, one, two, signs, tol):
    """Solve for the weights that have these signs, and return them if they are the minimum."""
    on = signs != 0
    w, A = np.zeros(len(c)), G[np.ix_(on, on)] + two * np.eye(np.sum(on))
    try:
        w[on] = np.linalg.solve(A, c[on] - one * signs[on])
    except np.linalg.LinAlgError:
        return None
    left = c - G @ w - two * w
    rest = abs(left - one * signs)[on].max(initial=0) <= tol
    return w if rest and (np.sign(w) == signs).all() and (abs(left) <= one + tol).all() else None
