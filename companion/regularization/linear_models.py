"""Linear regression with a penalty: ridge, lasso, elastic net, and their paths.

All minimize J = 1/(2m) ‖y - Xw - b‖² + λ (ρ ‖w‖₁ + ½(1 - ρ) ‖w‖²); b costs nothing. scikit-learn's
``Lasso(alpha)`` and ``ElasticNet(alpha, l1_ratio)`` have the same λ = ``alpha`` and ρ; its
``Ridge(alpha)`` leaves the cost undivided, so that ``alpha`` is m λ.
"""

from typing import NamedTuple

import numpy as np

from companion.regularization.coordinate_descent import coordinate_descent
from companion.regularization.penalties import ElasticNet
from companion.regularization.proximal import proximal_gradient


class LinearFit(NamedTuple):
    """A fitted linear model.

    Attributes
    ----------
    weights : numpy.ndarray
        w, (D,).
    bias : float
        b, 0 where none was asked for.
    """

    weights: np.ndarray
    bias: float

    def predict(self, X):
        """Return Xw + b, (N,), for inputs (N, D)."""
        return np.asarray(X) @ self.weights + self.bias


def ridge(X, y, lam, *, intercept=True, by="closed form"):
    """Fit a linear model with an L2 penalty ½λ‖w‖².

    Parameters
    ----------
    X, y : array_like
        Inputs, (m, D), and targets, (m,).
    lam : float
        λ, at least 0. With 0, of all least-squares solutions the one of smallest norm.
    intercept : bool
        Whether to fit a bias.
    by : str
        ``"closed form"``, or ``"gradient"`` for accelerated gradient descent.

    Returns
    -------
    LinearFit
        Weights and bias.

    Raises
    ------
    ValueError
        If shapes or options do not fit, or a number is not finite.

    Notes
    -----
    Hoerl and Kennard (1970). Derived in the chapter :ref:`weight_decay`.
    """
    if by == "gradient":
        return elastic_net(X, y, lam, 0.0, intercept=intercept, by="proximal")
    if by != "closed form":
        raise ValueError(f"ridge: by is {by!r}; say 'closed form' or 'gradient'")
    X, y, means = _prepared(X, y, lam, 0.0, intercept, "ridge")
    if lam == 0:
        return _fit(np.linalg.lstsq(X, y, rcond=None)[0], means)
    A = X.T @ X / len(X) + lam * np.eye(X.shape[1])
    return _fit(np.linalg.solve(A, X.T @ y / len(X)), means)


def lasso(X, y, lam, **options):
    """Fit a linear model with an L1 penalty λ‖w‖₁: `elastic_net` with ``l1_ratio=1``.

    Parameters
    ----------
    X, y, lam, **options
        As for `elastic_net`.

    Returns
    -------
    LinearFit
        Weights, many of them exactly 0 if λ is large, and bias.

    Notes
    -----
    Tibshirani (1996). Derived in the chapters :ref:`penalties` and :ref:`sparsity`.
    """
    return elastic_net(X, y, lam, 1.0, **options)


def elastic_net(
    X, y, lam, l1_ratio=0.5, *, intercept=True, by="coordinates", start=None, tol=1e-12, most=10**5
):
    """Fit a linear model with a penalty λ (ρ ‖w‖₁ + ½(1 - ρ) ‖w‖²).

    Parameters
    ----------
    X, y : array_like
        Inputs, (m, D), and targets, (m,). Standardize the inputs first: the penalty counts a
        weight in the units of its feature.
    lam : float
        λ, at least 0.
    l1_ratio : float
        ρ, from 0 to 1.
    intercept : bool
        Whether to fit a bias, which costs nothing.
    by : str
        ``"coordinates"``, one weight after another, or ``"proximal"``, all at once.
    start : array_like, optional
        First weights, (D,); zeros by default.
    tol : float
        Stop when no weight times its feature's size moves by more than this share of y's size.
    most : int
        How many passes or steps to take at most.

    Returns
    -------
    LinearFit
        Weights and bias.

    Raises
    ------
    ValueError
        If shapes or options do not fit, or a number is not finite.
    RuntimeError
        If it did not come to rest.

    Notes
    -----
    Zou and Hastie (2005); coordinate descent as in Friedman, Hastie and Tibshirani (2010). Derived
    in the chapter :ref:`sparsity`.
    """
    if by not in ("coordinates", "proximal"):
        raise ValueError(f"elastic_net: by is {by!r}; say 'coordinates' or 'proximal'")
    X, y, means = _prepared(X, y, lam, l1_ratio, intercept, "elastic_net")
    G, c = X.T @ X / len(X), X.T @ y / len(X)
    w = np.zeros(len(c)) if start is None else np.array(start, dtype=float)
    if by == "coordinates":
        size = np.sqrt(np.mean(y * y))
        strengths = lam * l1_ratio, lam * (1 - l1_ratio)
        return _fit(coordinate_descent(G, c, *strengths, w, tol * size, most), means)
    curvature = np.linalg.eigvalsh(G)[-1] if len(c) else 0.0
    rate = 1 / curvature if curvature > 0 else 1.0
    prox = ElasticNet(lam, l1_ratio).prox
    return _fit(proximal_gradient(lambda w: G @ w - c, prox, w, rate, most=2 * most), means)


def path(X, y, lams, l1_ratio=1.0, *, intercept=True):
    """Fit the same model for many strengths, each from the solution of the next larger one.

    Parameters
    ----------
    X, y, l1_ratio, intercept
        As for `elastic_net`; ``l1_ratio=0`` is ridge regression, in closed form.
    lams : array_like
        K strengths, in any order.

    Returns
    -------
    weights : numpy.ndarray
        (K, D), in the order of `lams`.
    biases : numpy.ndarray
        (K,).
    """
    lams = np.asarray(lams, dtype=float)
    fits, last = {}, None
    for k in np.argsort(-lams):
        if l1_ratio == 0:
            fits[k] = ridge(X, y, lams[k], intercept=intercept)
        else:
            fits[k] = elastic_net(X, y, lams[k], l1_ratio, intercept=intercept, start=last)
        last = fits[k].weights
    found = [fits[k] for k in range(len(lams))]
    return np.array([f.weights for f in found]), np.array([f.bias for f in found])


def largest_lam(X, y, l1_ratio=1.0, *, intercept=True):
    """Compute the smallest λ that makes all weights 0: max abs(Xᵀy) / (mρ), of centred data.

    Parameters
    ----------
    X, y, l1_ratio, intercept
        As for `elastic_net`, with a ratio above 0.

    Returns
    -------
    float
        Where a path begins.

    Raises
    ------
    ValueError
        If `l1_ratio` is 0: no L2 penalty makes weights 0.
    """
    if not l1_ratio > 0:
        raise ValueError(f"largest_lam: l1_ratio is {l1_ratio}; only with some L1 weights become 0")
    X, y, _ = _prepared(X, y, 0.0, l1_ratio, intercept, "largest_lam")
    return float(np.max(np.abs(X.T @ y)) / (len(X) * l1_ratio))


def _prepared(X, y, lam, l1_ratio, intercept, who):
    """Check the arrays and centre them, so that the bias drops out."""
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    if X.ndim != 2 or y.shape != X.shape[:1] or not len(y):
        raise ValueError(f"{who}: X is {X.shape} and y {y.shape}; expected (m, D) and (m,), m ≥ 1")
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        raise ValueError(f"{who}: X or y holds NaN or infinity; fill or drop those rows first")
    if not 0 <= lam < np.inf or not 0 <= l1_ratio <= 1:
        raise ValueError(
            f"{who}: lam is {lam} and l1_ratio {l1_ratio}; expected at least 0, and from 0 to 1"
        )
    if not intercept:
        return X, y, (np.zeros(X.shape[1]), 0.0)
    means = X.mean(axis=0), y.mean()
    return X - means[0], y - means[1], means


def _fit(w, means):
    return LinearFit(w, float(means[1] - means[0] @ w))
