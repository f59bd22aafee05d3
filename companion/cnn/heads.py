"""A linear head on features that are already there, fitted to the minimum of its cost."""

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp


def fit_head(F, y, classes, penalty=0.01):
    """Fit a linear head to features: softmax regression on standardized features, to the minimum.

    Parameters
    ----------
    F : array_like
        Features (N, D), of frozen layers.
    y : array_like
        Class numbers (N,).
    classes : int
        Number of classes K; one without an example gets a low score.
    penalty : float
        Above 0: the mean cross-entropy is minimized plus penalty / 2 times the sum of the squared
        weights of the standardized features.

    Returns
    -------
    W : numpy.ndarray
        (K, D), for features as they are.
    b : numpy.ndarray
        (K,).

    Raises
    ------
    ValueError
        If shapes or classes do not fit, or `penalty` is not above 0.

    Notes
    -----
    The best weights are sums of the examples, so with fewer examples than features the search goes
    on in the space of the examples. Minimized by L-BFGS. Derived in the chapter :ref:`transfer`.
    """
    F, y = np.asarray(F, np.float64), np.asarray(y)
    if F.ndim != 2 or len(F) == 0 or y.shape != F.shape[:1]:
        raise ValueError(f"fit_head: features {F.shape}, classes {y.shape}; expected (N, D), (N,)")
    if y.min() < 0 or y.max() >= classes:
        raise ValueError(f"fit_head: classes from {y.min()} to {y.max()}; expected below {classes}")
    if not penalty > 0:
        raise ValueError(f"fit_head: penalty {penalty}; without one the weights may grow for ever")
    mean, deviation = F.mean(axis=0), F.std(axis=0)
    deviation = np.where(deviation > 1e-6 * (1 + abs(mean)), deviation, 1)
    Z = (F - mean) / deviation
    basis = np.linalg.svd(Z, full_matrices=False)[2] if len(Z) < Z.shape[1] else None
    V = _softmax_regression(Z if basis is None else Z @ basis.T, y, classes, penalty)
    W = (V[:, :-1] if basis is None else V[:, :-1] @ basis) / deviation
    return W, V[:, -1] - W @ mean


def _softmax_regression(Z, y, classes, penalty):
    """Minimize the penalized cross-entropy; weights and, in the last column, biases (K, D + 1)."""
    N, D = Z.shape
    targets = np.eye(classes)[y]

    def cost(v):
        V = v.reshape(classes, D + 1)
        scores = Z @ V[:, :-1].T + V[:, -1]
        logs = scores - logsumexp(scores, axis=1, keepdims=True)
        slope = (np.exp(logs) - targets) / N
        grad = np.hstack([slope.T @ Z + penalty * V[:, :-1], slope.sum(axis=0)[:, None]])
        loss = -logs[np.arange(N), y].mean() + penalty / 2 * np.sum(V[:, :-1] ** 2)
        return loss, grad.ravel()

    options = {"maxiter": 2000, "maxfun": 4000, "gtol": 1e-6, "ftol": 1e-12}
    start = np.zeros(classes * (D + 1))
    return minimize(cost, start, jac=True, method="L-BFGS-B", options=options).x.reshape(
        classes, D + 1
    )
