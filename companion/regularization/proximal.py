"""Proximal gradient: a step for the smooth part of a cost, then one for the penalty."""

import numpy as np


def proximal_gradient(
    gradient, prox, start, rate, *, accelerate=True, tol=1e-13, most=200_000
):
    """Minimize a smooth cost plus a penalty with a kink.

    Each step is w ← prox(w - η ∇J(w), η). With acceleration it starts from a point a little ahead,
    and forgets its momentum when that leads uphill.

    Parameters
    ----------
    gradient : callable
        Weights → gradient of the smooth part.
    prox : callable
        ``prox(w, rate)``, such as ``L1(0.1).prox``.
    start : array_like
        First weights, any shape.
    rate : float
        η, at most 1 / (largest curvature of the smooth part).
    accelerate : bool
        Whether to look ahead.
    tol : float
        Stop when no weight moves by more than this, relative to the largest weight or 1.
    most : int
        How many steps to take at most.

    Returns
    -------
    numpy.ndarray
        The minimizer.

    Raises
    ------
    FloatingPointError
        If the weights are no longer finite: the rate is too large.
    RuntimeError
        If `most` steps were not enough.

    Notes
    -----
    Beck and Teboulle (2009); the restart is that of O'Donoghue and Candès (2015). Derived in the
    chapters :ref:`penalties` and :ref:`sparsity`.
    """
    w = ahead = np.array(start, dtype=float)
    t = 1.0
    for _ in range(most):
        with np.errstate(over="ignore", invalid="ignore"):
            new = prox(ahead - rate * gradient(ahead), rate)
            moved = np.max(np.abs(new - ahead), initial=0.0)
            uphill = np.sum((ahead - new) * (new - w)) > 0
        if not np.isfinite(new).all():
            raise FloatingPointError(
                f"proximal_gradient: weights are not finite at rate {rate}; take a smaller one"
            )
        if moved <= tol * max(1.0, np.max(np.abs(new), initial=0.0)):
            return new
        if uphill or not accelerate:
            w = ahead = new
            t = 1.0
        else:
            t, before = (1 + np.sqrt(1 + 4 * t * t)) / 2, t
            w, ahead = new, new + (before - 1) / t * (new - w)
    raise RuntimeError(
        f"proximal_gradient: still moving by {moved:.1e} after {most} steps; "
        "raise most or tol, or take a larger rate"
    )
