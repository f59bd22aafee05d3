"""The function to minimize: checked, counted, and looked at along one direction at a time."""

import numpy as np


class Objective:
    """A function of one vector and its gradient, with a count of how often each was asked for.

    A trial step may go far too far: numbers that overflow there are no warning but a value that is
    not finite, which every line search takes as "too far".

    Parameters
    ----------
    value : callable
        Point (n,) → number.
    gradient : callable
        Point (n,) → gradient (n,).
    start : array_like
        Where to begin, (n,).

    Attributes
    ----------
    start : numpy.ndarray
        A float64 copy of the first point.
    values, gradients : int
        How often each function was called.

    Raises
    ------
    ValueError
        If the start is not a vector of finite numbers, or a function returns another shape.
    """

    def __init__(self, value, gradient, start):
        self._value, self._gradient = value, gradient
        self.start = vector(start, "start")
        self.values = self.gradients = 0

    def value(self, x):
        """Return the value at `x`, as a float."""
        self.values += 1
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            found = np.asarray(self._value(x), dtype=float)
        if found.size != 1:
            raise ValueError(f"value returned shape {found.shape}; expected one number")
        return float(found.item())

    def gradient(self, x):
        """Return the gradient at `x`, (n,)."""
        self.gradients += 1
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            found = np.array(self._gradient(x), dtype=float)
        if found.shape != x.shape:
            raise ValueError(f"gradient returned shape {found.shape} for a point of {x.shape}")
        return found


class Ray:
    """The function along one direction: φ(α) = J(x + αp) and φ'(α) = ∇J(x + αp)·p.

    What was computed last is kept, so that the step a line search accepts costs nothing again.

    Parameters
    ----------
    objective : Objective
        The function.
    x, p : numpy.ndarray
        Point and direction, (n,).
    """

    def __init__(self, objective, x, p):
        self.objective, self.x, self.p = objective, x, p
        self._value = self._gradient = (None, None)

    def value(self, alpha):
        """Return φ(α)."""
        if self._value[0] != alpha:
            self._value = alpha, self.objective.value(self.x + alpha * self.p)
        return self._value[1]

    def gradient(self, alpha):
        """Return ∇J(x + αp), (n,)."""
        if self._gradient[0] != alpha:
            self._gradient = alpha, self.objective.gradient(self.x + alpha * self.p)
        return self._gradient[1]

    def slope(self, alpha):
        """Return φ'(α)."""
        with np.errstate(over="ignore", invalid="ignore"):
            return float(self.gradient(alpha) @ self.p)


def vector(values, name):
    """Return a float64 copy of a vector.

    Parameters
    ----------
    values : array_like
        Its entries, (n,).
    name : str
        What to call it in an error.

    Returns
    -------
    numpy.ndarray
        The copy.

    Raises
    ------
    ValueError
        If it is not one-dimensional, empty, or not finite.
    """
    found = np.array(values, dtype=float)
    if found.ndim != 1 or not found.size:
        raise ValueError(f"{name} has shape {found.shape}; expected a vector, n at least 1")
    if not np.isfinite(found).all():
        where = int(np.argmin(np.isfinite(found)))
        raise ValueError(f"{name}[{where}] is {found[where]}; expected finite numbers")
    return found
