"""Exponentially weighted averages: a memory that forgets at a constant rate."""

import math

import numpy as np


def ewa(values, beta, bias_correction=True):
    """Average what came so far, at each step, with weights that fall by β a step into the past.

    Parameters
    ----------
    values : array_like
        What comes, first to last, (T, ...).
    beta : float
        β, from 0 to below 1: about 1/(1-β) values count.
    bias_correction : bool
        Divide by 1 - βᵗ, the sum of the weights so far; otherwise the average starts at 0 and is
        too small at first.

    Returns
    -------
    numpy.ndarray
        The average after each step, (T, ...), float64.

    Raises
    ------
    ValueError
        If β is out of its range, or `values` is a single number.

    Notes
    -----
    Derived in the chapter :ref:`momentum`.
    """
    if not 0 <= beta < 1:
        raise ValueError(f"ewa: beta is {beta}; expected a number from 0 to below 1")
    values = np.asarray(values, dtype=np.float64)
    if not values.ndim:
        raise ValueError("ewa: got a single number; expected values in a row, (T, ...)")
    average, averages = np.zeros(values.shape[1:]), np.empty_like(values)
    for t, value in enumerate(values):
        average_(average, value, beta)
        averages[t] = average / total_weight(beta, t + 1) if bias_correction else average
    return averages


def total_weight(beta, t):
    """Compute 1 - βᵗ, the sum of the weights after t steps, exact to rounding for β near 1.

    Parameters
    ----------
    beta : float
        β, from 0 to below 1.
    t : int
        Number of values so far, at least 1.
    """
    return -math.expm1(t * math.log(beta)) if beta else 1.0


def average_(average, value, beta):
    """Move a running average towards a new value, in place: a ← βa + (1-β)v.

    Parameters
    ----------
    average : numpy.ndarray
        The average so far, overwritten.
    value : numpy.ndarray
        What is new, of the same shape.
    beta : float
        Weight of the past, from 0 to below 1: about 1/(1-β) values count.

    Notes
    -----
    Derived in the chapter :ref:`momentum`.
    """
    average *= beta
    average += (1 - beta) * value
