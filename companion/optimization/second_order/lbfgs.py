"""L-BFGS: the BFGS estimate from the last few pairs, without a matrix."""

from collections import deque

import numpy as np

from companion.optimization.second_order.bfgs import curves_up
from companion.optimization.second_order.descent import Rule, iterate, unit_at_first, wolfe_search
from companion.optimization.second_order.objective import Objective


def lbfgs(
    value, gradient, start, *, memory=10, tolerance=1e-8, max_iterations=10_000, keep_path=True
):
    """Minimize by BFGS with limited memory.

    Parameters
    ----------
    value, gradient : callable
        Point (n,) → number, and point (n,) → gradient (n,).
    start : array_like
        First point, (n,).
    memory : int
        How many pairs of step and change of gradient to keep, at least 1.
    tolerance : float
        Norm of the gradient to reach.
    max_iterations : int
        Steps before it gives up.
    keep_path : bool
        Whether to keep every point; without it the memory is (2 · memory + a few) · n numbers.

    Returns
    -------
    Minimum
        The result.

    Raises
    ------
    ValueError
        If the memory is below 1, the start, or the function there, is not finite, or a shape does
        not fit.

    Notes
    -----
    Nocedal (1980); Liu and Nocedal (1989). Derived in the chapter :ref:`second_order`.
    """
    objective, rule = Objective(value, gradient, start), _LBFGS(memory)
    return iterate(objective, rule, wolfe_search(), tolerance, max_iterations, keep_path)


class _LBFGS(Rule):
    def __init__(self, memory):
        self.memory = Memory(memory)

    def direction(self, x, g):
        return -self.memory.times(g)

    def first_step(self, g, slope, fall):
        return unit_at_first(g, fall)

    def learn(self, s, y):
        self.memory.add(s, y)


class Memory:
    """The last pairs (s, y), standing for an estimate V of the inverse Hessian.

    Parameters
    ----------
    size : int
        How many pairs to keep, at least 1.

    Attributes
    ----------
    pairs : collections.deque
        Triples (s, y, 1 / s·y), oldest first.
    """

    def __init__(self, size=10):
        if size < 1:
            raise ValueError(f"memory is {size}; expected at least 1 pair")
        self.pairs = deque(maxlen=size)

    def add(self, s, y):
        """Take in a pair, unless s·y is not positive, and forget the oldest if there are too many.

        Parameters
        ----------
        s, y : numpy.ndarray
            A step and the change of the gradient along it, (n,).

        Returns
        -------
        bool
            Whether the pair was taken.
        """
        if not curves_up(s, y):
            return False
        self.pairs.append((s, y, 1 / (s @ y)))
        return True

    def times(self, v, scale=None):
        """Return Vv by the two-loop recursion.

        Parameters
        ----------
        v : numpy.ndarray
            Any vector, (n,), usually the gradient.
        scale : float, optional
            Factor of the identity that the oldest pair corrects; by default s·y / y·y of the newest
            pair, 1 if there is none.

        Returns
        -------
        numpy.ndarray
            What the matrix would give that `update` builds from the pairs, oldest first, (n,).
        """
        shares, v = [], np.array(v, dtype=float)
        for s, y, rho in reversed(self.pairs):
            shares.append(rho * (s @ v))
            v -= shares[-1] * y
        if scale is None:
            scale = 1.0
            if self.pairs:
                _, y, rho = self.pairs[-1]
                scale = 1 / (rho * (y @ y))
        v *= scale
        for (s, y, rho), share in zip(self.pairs, reversed(shares), strict=True):
            v += (share - rho * (y @ v)) * s
        return v
