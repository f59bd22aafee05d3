"""Two-dimensional sets that can be drawn, each made to show one thing."""

import numpy as np


def separable(n=100, dim=2, margin=0.1, seed=0):
    """Draw points in the unit ball that a hyperplane separates with at least a given margin.

    Parameters
    ----------
    n : int
        Number of points.
    dim : int
        Number of features.
    margin : float
        Smallest distance to the hyperplane, in (0, 1).
    seed : int
        Seed of the draw.

    Returns
    -------
    X : numpy.ndarray
        Points, (n, dim), float64, no longer than 1.
    y : numpy.ndarray
        Sides, (n,), -1 or +1.
    w : numpy.ndarray
        Unit normal of a separating hyperplane through the origin, (dim,).

    Raises
    ------
    ValueError
        If `margin` is not between 0 and 1.
    """
    if not 0 < margin < 1:
        raise ValueError(f"margin is {margin}; expected a number between 0 and 1")
    rng = np.random.default_rng(seed)
    w = rng.normal(size=dim)
    w /= np.linalg.norm(w)
    X = np.empty((0, dim))
    while len(X) < n:
        directions = rng.normal(size=(4 * n, dim))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        points = directions * rng.random((4 * n, 1)) ** (1 / dim)
        X = np.concatenate([X, points[np.abs(points @ w) >= margin]])
    return X[:n], np.sign(X[:n] @ w), w


def xor(n=200, seed=0):
    """Draw points in the square [-1, 1]², of class 1 where the signs of the features differ.

    Parameters
    ----------
    n : int
        Number of points.
    seed : int
        Seed of the draw.

    Returns
    -------
    X : numpy.ndarray
        Points, (n, 2), float64.
    y : numpy.ndarray
        Classes, (n,), 0 or 1. No line separates them.
    """
    X = np.random.default_rng(seed).uniform(-1, 1, (n, 2))
    return X, (X[:, 0] * X[:, 1] < 0).astype(np.int64)


def rings(n=300, noise=0.08, seed=0):
    """Draw a disc (class 0) inside a ring (class 1); no line separates them.

    Parameters
    ----------
    n : int
        Number of points, half of each class.
    noise : float
        Standard deviation of the radius.
    seed : int
        Seed of the draw.

    Returns
    -------
    X : numpy.ndarray
        Points, (n, 2), float64.
    y : numpy.ndarray
        Classes, (n,), 0 or 1.
    """
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    radius = np.where(y == 1, 1.0, 0.4) + noise * rng.normal(size=n)
    angle = rng.uniform(0, 2 * np.pi, n)
    return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), y


def moons(n=300, noise=0.15, seed=0):
    """Draw two interleaved half circles with noise.

    Parameters
    ----------
    n : int
        Number of points, half of each class.
    noise : float
        Standard deviation added to both coordinates.
    seed : int
        Seed of the draw.

    Returns
    -------
    X : numpy.ndarray
        Points, (n, 2), float64, about centred.
    y : numpy.ndarray
        Classes, (n,), 0 or 1.
    """
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    angle = rng.uniform(0, np.pi, n)
    upper = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=1)
    X = np.where(y[:, None] == 0, upper, -upper)
    return X + noise * rng.normal(size=X.shape), y


def drifting(n=2000, turns=1.0, margin=0.1, seed=0):
    """Draw a stream of points whose separating line turns at a steady pace.

    Parameters
    ----------
    n : int
        Length of the stream.
    turns : float
        Full turns of the line over the stream; 0 keeps it still.
    margin : float
        Smallest distance of a point to the line of its moment.
    seed : int
        Seed of the draw.

    Returns
    -------
    X : numpy.ndarray
        Points in the unit disc in order of arrival, (n, 2), float64.
    y : numpy.ndarray
        Sides at the moment of arrival, (n,), -1 or +1.
    w : numpy.ndarray
        Unit normal of the line at each moment, (n, 2).
    """
    X, _, _ = separable(n, 2, 1e-6, seed)
    angle = 2 * np.pi * turns * np.arange(n) / n
    w = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    y = np.where(np.sum(w * X, axis=1) >= 0, 1.0, -1.0)
    # Push points that are too near the line away from it, along its normal.
    near = np.maximum(0, margin - y * np.sum(w * X, axis=1))
    return X + (near * y)[:, None] * w, y, w
