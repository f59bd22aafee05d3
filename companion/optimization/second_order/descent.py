"""What all these methods share: the loop of directions, searches and lessons, and its result."""

from typing import NamedTuple

import numpy as np

from companion.optimization.second_order.line_search import NoStep, backtracking
from companion.optimization.second_order.objective import Ray
from companion.optimization.second_order.wolfe import strong_wolfe


class Minimum(NamedTuple):
    """Where a method ended, what it cost, and how it got there.

    Attributes
    ----------
    x : numpy.ndarray
        The last point, (n,).
    value : float
        The function there.
    gradient_norm : float
        Euclidean norm of the gradient there.
    iterations : int
        Steps that were taken.
    value_evaluations, gradient_evaluations : int
        How often the function and its gradient were asked for. For `conjugate_gradients`, products
        with the matrix count as gradients.
    path : numpy.ndarray
        The points, (iterations + 1, n), the start first; the last point alone without `keep_path`.
    values, gradient_norms : numpy.ndarray
        Value and norm of the gradient at each point, (iterations + 1,).
    evaluations : numpy.ndarray
        Gradients asked for by the time each point was reached, (iterations + 1,).
    converged : bool
        Whether the norm of the gradient came down to the tolerance.
    message : str
        Why it stopped.
    """

    x: np.ndarray
    value: float
    gradient_norm: float
    iterations: int
    value_evaluations: int
    gradient_evaluations: int
    path: np.ndarray
    values: np.ndarray
    gradient_norms: np.ndarray
    evaluations: np.ndarray
    converged: bool
    message: str


def check_limits(tolerance, max_iterations):
    """Refuse limits that no run can keep.

    Parameters
    ----------
    tolerance, max_iterations : float, int
        As for `iterate`.

    Raises
    ------
    ValueError
        Naming the values and what is expected.
    """
    if not tolerance > 0 or max_iterations < 0:
        raise ValueError(
            f"tolerance is {tolerance} and max_iterations is {max_iterations}; "
            "expected a tolerance above 0 and at least 0 iterations"
        )


class Log:
    """Keeps what becomes a `Minimum`.

    Parameters
    ----------
    keep_path : bool
        Whether to keep every point, which takes (iterations + 1) · n numbers.
    """

    def __init__(self, keep_path):
        self.keep_path, self.points, self.rows = keep_path, [], []

    def add(self, x, value, norm, gradients):
        """Keep a point, its value, the norm of its gradient and the gradients so far."""
        if not self.keep_path:
            self.points.clear()
        self.points.append(x)
        self.rows.append((value, norm, gradients))

    def minimum(self, message, converged, values, gradients):
        """Return the result, with the two counts at the end."""
        costs, norms, so_far = np.array(self.rows).T
        return Minimum(
            x=self.points[-1],
            value=float(costs[-1]),
            gradient_norm=float(norms[-1]),
            iterations=len(costs) - 1,
            value_evaluations=values,
            gradient_evaluations=gradients,
            path=np.array(self.points),
            values=costs,
            gradient_norms=norms,
            evaluations=so_far.astype(int),
            converged=converged,
            message=message,
        )


class Rule:
    """How a method chooses its direction; a subclass fills in what it needs."""

    def direction(self, x, g):
        """Return the direction to search along from `x` with gradient `g`, (n,)."""
        raise NotImplementedError(f"{type(self).__name__} does not say where to go")

    def first_step(self, g, slope, fall):
        """Return the step to try first.

        Parameters
        ----------
        g : numpy.ndarray
            Gradient, (n,).
        slope : float
            φ'(0).
        fall : float or None
            By how much the last step lowered the value; None before the first.
        """
        return 1.0

    def learn(self, s, y):
        """Take in a step s and the change y of the gradient along it."""


def unit_at_first(g, fall):
    """Step to try first along -g: no longer than 1 in all; 1 once curvature has been seen.

    Parameters
    ----------
    g : numpy.ndarray
        Gradient, (n,).
    fall : float or None
        As for `Rule.first_step`.

    Returns
    -------
    float
        The step.
    """
    return min(1.0, 1.0 / float(np.linalg.norm(g))) if fall is None else 1.0


def wolfe_search(c1=1e-4, c2=0.9):
    """Return a search by the strong Wolfe conditions, for `iterate`.

    Parameters
    ----------
    c1, c2 : float
        As for `strong_wolfe`.
    """

    def search(ray, value, slope, first):
        return strong_wolfe(ray.value, ray.slope, slope, value, first=first, c1=c1, c2=c2)

    return search


def armijo_search(c1=1e-4):
    """Return a search by going back, for `iterate`.

    Parameters
    ----------
    c1 : float
        As for `backtracking`.
    """

    def search(ray, value, slope, first):
        return backtracking(ray.value, slope, value, first=first, c1=c1)

    return search


def full_step(ray, value, slope, first):
    """Search nothing: take the step of length 1, whatever comes of it."""
    return 1.0


def iterate(objective, rule, search, tolerance, max_iterations, keep_path):
    """Go from point to point until the gradient is small.

    Parameters
    ----------
    objective : Objective
        The function, its gradient and the start.
    rule : Rule
        Chooses the direction.
    search : callable
        ``search(ray, value, slope, first)`` chooses the step.
    tolerance : float
        Norm of the gradient to reach, above 0.
    max_iterations : int
        Steps before it gives up, at least 0.
    keep_path : bool
        Whether to keep every point.

    Returns
    -------
    Minimum
        The result; `message` says why it stopped.

    Raises
    ------
    ValueError
        If the value or the gradient at the start is not finite, a shape does not fit, or an option
        is out of range.
    """
    check_limits(tolerance, max_iterations)
    x, log, fall = objective.start, Log(keep_path), None
    J, g = objective.value(x), objective.gradient(x)
    if not (np.isfinite(J) and np.isfinite(g).all()):
        raise ValueError(f"at the start the value is {J} and the gradient {g}; start elsewhere")
    while True:
        norm = float(np.linalg.norm(g))
        log.add(x, J, norm, objective.gradients)
        if norm <= tolerance:
            message = f"the gradient has norm {norm:.1e}, at most {tolerance:.1e}"
            break
        if len(log.rows) > max_iterations:
            message = f"after {max_iterations} iterations the gradient has norm {norm:.1e}"
            break
        p = rule.direction(x, g)
        ray, slope = Ray(objective, x, p), float(g @ p)
        try:
            alpha = search(ray, J, slope, rule.first_step(g, slope, fall))
        except NoStep as stuck:
            message = f"the line search failed: {stuck}"
            break
        new, new_J, new_g = x + alpha * p, ray.value(alpha), ray.gradient(alpha)
        if not (np.isfinite(new_J) and np.isfinite(new_g).all()):
            message = f"diverged: after a step of {alpha:.1e} value or gradient is not finite"
            break
        if np.array_equal(new, x):
            message = f"the step of {alpha:.1e} is lost in the rounding error of x"
            break
        rule.learn(new - x, new_g - g)
        x, fall, J, g = new, J - new_J, new_J, new_g
    return log.minimum(message, norm <= tolerance, objective.values, objective.gradients)
