"""Logistic regression on pairs: the weights of a comparing head for encodings that stay."""

import numpy as np
from scipy.special import expit


def fitted_weights(features, same, ridge=1e-3, steps=50):
    """Fit the head to encodings that stay as they are: logistic regression by Newton's method.

    Parameters
    ----------
    features : array_like
        (K, D), pairs as `compared` gives them.
    same : array_like
        (K,) bool. The pairs of one person count half in all, and so do those of two.
    ridge : float
        Strength λ > 0 of λ/2 · Σ w², which keeps weights finite where pairs can be told apart
        without error; the bias is free.
    steps : int
        Of Newton's method at most.

    Returns
    -------
    weights : numpy.ndarray
        (D,) float64.
    bias : float
        A pair is called the same if ``features @ weights + bias`` is above 0.

    Raises
    ------
    ValueError
        If shapes do not fit, a number is not finite, one kind is missing or `ridge` is not above 0.

    Notes
    -----
    Chapter :ref:`comparing_head`.
    """
    X, same = np.asarray(features, dtype=np.float64), np.asarray(same, dtype=bool)
    if X.ndim != 2 or same.shape != (len(X),):
        raise ValueError(
            f"fitted_weights: features {X.shape}, same {same.shape}; expected (K, D) and (K,)"
        )
    if not np.isfinite(X).all():
        raise ValueError("fitted_weights: a feature is not finite; did the encoder diverge?")
    if same.all() or not same.any():
        raise ValueError("fitted_weights: pairs of one kind only; expected same and different")
    if not ridge > 0:
        raise ValueError(f"fitted_weights: ridge is {ridge}; expected above 0")
    X = np.hstack([X, np.ones((len(X), 1))])
    share = np.where(same, 0.5 / same.sum(), 0.5 / (~same).sum())
    penalty = np.append(np.full(X.shape[1] - 1, ridge), 0)

    def cost(w):
        return share @ np.logaddexp(0, np.where(same, -1, 1) * (X @ w)) + penalty @ w**2 / 2

    w = np.zeros(X.shape[1])
    for _ in range(steps):
        p = expit(X @ w)
        slope = X.T @ (share * (p - same)) + penalty * w
        curvature = (X * (share * p * (1 - p))[:, None]).T @ X + np.diag(penalty)
        step = np.linalg.solve(curvature + 1e-12 * np.eye(len(w)), slope)
        size, now = 1.0, cost(w)
        while cost(w - size * step) > now and size > 1e-6:
            size /= 2
        w = w - size * step
        if np.abs(size * step).max() < 1e-10 * (1 + np.abs(w).max()):
            break
    return w[:-1], float(w[-1])
