"""Known wrong answers to the made-up chapter on curves."""

import numpy as np

from companion.exercises import wrong


@wrong("slope", fails="test_is_central")
def slope(f, x, h=1e-4):
    """Looks to one side only."""
    return (f(x + h) - f(x)) / h


@wrong("slope", fails="test_of_a_parabola")
def slope(f, x, h=1e-4):
    """Forgets the 2."""
    return (f(x + h) - f(x - h)) / h


@wrong("slope", fails="test_of_a_parabola")
def slope(f, x, h=1e-4):
    """Has the sign the wrong way round."""
    return (f(x - h) - f(x + h)) / (2 * h)


@wrong("line-gradients", fails="test_agrees_with_finite_differences")
def line_gradients(X, y, w, b):
    """Forgets the mean."""
    error = X @ w + b - y
    return {"w": 2 * X.T @ error, "b": 2 * error.sum()}


@wrong("line-gradients", fails="test_agrees_with_finite_differences")
def line_gradients(X, y, w, b):
    """Forgets b."""
    return {"w": 2 * X.T @ (X @ w + b - y) / len(y)}


@wrong("line-gradients", fails="test_agrees_with_finite_differences")
def line_gradients(X, y, w, b):
    """Forgets the 2."""
    error = X @ w + b - y
    return {"w": X.T @ error / len(y), "b": error.mean()}


@wrong("turns", fails="test_of_a_zigzag")
def turns(y):
    """Is one place early."""
    step = np.sign(np.diff(y))
    return tuple(int(i) for i in np.flatnonzero(step[1:] * step[:-1] < 0))


@wrong("turns", fails="test_of_a_zigzag")
def turns(y):
    """Finds peaks only."""
    step = np.sign(np.diff(y))
    return tuple(int(i) + 1 for i in np.flatnonzero((step[:-1] > 0) & (step[1:] < 0)))


@wrong("turns", fails="test_of_a_zigzag")
def turns(y):
    """Returns an array."""
    step = np.sign(np.diff(y))
    return np.flatnonzero(step[1:] * step[:-1] < 0) + 1
