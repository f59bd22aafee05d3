"""Gradient descent."""

from .slope import slope


def descend(f, x, lr=0.1, steps=50):
    """The places visited by gradient descent."""
    path = [x]
    for _ in range(steps):
        path.append(path[-1] - lr * slope(f, path[-1]))
    return path
