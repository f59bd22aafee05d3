"""The hyperplane w·x + b = 0, and what examples must look like to lie on its sides.

Derived in the chapter :ref:`perceptron`, section *One neuron draws a line*.
"""

import numpy as np


def signed_distance(X, w, b=0.0):
    """Distance of points to the hyperplane w·x + b = 0, positive on the side w points to.

    Parameters
    ----------
    X : array_like
        Points, (N, D).
    w : array_like
        Normal, (D,), not zero.
    b : float
        Offset.

    Returns
    -------
    numpy.ndarray
        Distances r = (w·x + b) / ‖w‖, (N,), in the unit of X.

    Raises
    ------
    ValueError
        If w is zero or its length is not D.
    """
    X, w = np.asarray(X), np.asarray(w)
    fit_each_other(X, w)
    length = np.linalg.norm(w)
    if length == 0:
        raise ValueError("signed_distance: w is zero; a hyperplane needs a direction")
    return (X @ w + b) / length


def labelled(X, y, labels):
    """Return X (N, D) and y (N,) as float64; raise a ValueError if y is not made of `labels`."""
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    if X.ndim != 2 or y.shape != X.shape[:1]:
        raise ValueError(f"X is {X.shape} and y is {y.shape}; expected (N, D) and (N,)")
    strange = y[~np.isin(y, labels)]
    if strange.size:
        raise ValueError(f"y holds {strange[0]:g}; expected only {labels[0]} and {labels[1]}")
    return X, y


def fit_each_other(X, w):
    """Raise a ValueError unless X is (N, D) and w is (D,)."""
    if X.ndim != 2 or w.shape != X.shape[1:]:
        raise ValueError(f"X is {X.shape} and w is {w.shape}; expected (N, D) and (D,)")
