"""Max-norm: no unit's incoming weights may be longer than a limit.

Derived in the chapter :ref:`random_depth`.
"""

import numpy as np

from companion.training import Callback


def max_norm(weight, limit, axis=1):
    """Project weights onto the nearest ones whose norm along an axis is at most a limit.

    Parameters
    ----------
    weight : array_like
        Such as (units, inputs), a row for each unit, as `Linear` keeps them.
    limit : float
        Largest Euclidean norm allowed, at least 0.
    axis : int or tuple of int
        Axes that hold the incoming weights of a unit.

    Returns
    -------
    numpy.ndarray
        A new array of the same shape and type. Vectors that are too long are shortened to the
        limit in their own direction; the others stay as they are.

    Raises
    ------
    ValueError
        If `limit` is negative or not a number.

    Notes
    -----
    Srebro, Rennie and Jaakkola, *Maximum-margin matrix factorization* (2004); with dropout in
    Srivastava et al. (2014), section 5.1. Norms are found without overflow.
    """
    if not limit >= 0:
        raise ValueError(f"max_norm: limit is {limit}; expected a length of at least 0")
    weight = np.asarray(weight)
    largest = np.abs(weight).max(axis=axis, keepdims=True, initial=0)
    unit = weight / np.where(largest > 0, largest, 1)
    norm = largest * np.sqrt(np.sum(unit**2, axis=axis, keepdims=True))
    return np.where(norm > limit, weight * (limit / np.where(norm > 0, norm, 1)), weight).astype(
        weight.dtype
    )


class MaxNorm(Callback):
    """Keep the incoming weights of every unit below a limit, by a projection after each update.

    Parameters
    ----------
    limit : float
        Largest norm of a row of a weight matrix (units, inputs). Biases are left alone.

    Raises
    ------
    ValueError
        If `limit` is negative or not a number.

    Notes
    -----
    For models of the companion; see `max_norm`.
    """

    def __init__(self, limit):
        if not limit >= 0:
            raise ValueError(f"MaxNorm: limit is {limit}; expected a length of at least 0")
        self.limit = limit

    def on_step_end(self, loop):
        """Project all weights with more than one axis."""
        for parameter in loop.model.parameters():
            if parameter.ndim > 1:
                inputs = tuple(range(1, parameter.ndim))
                parameter.copy_(max_norm(parameter.data, self.limit, inputs))
