"""Random numbers whose logarithm is uniform."""

import numpy as np


def log_uniform(low, high, size, rng):
    """Draw numbers that are uniform on a logarithmic scale.

    Each factor is as likely as any other of its size: for 0.001 to 1, a third of the numbers lies
    between 0.001 and 0.01.

    Parameters
    ----------
    low, high : float
        Ends of the range, 0 < low < high.
    size : int or tuple of int
        Shape of the result.
    rng : numpy.random.Generator
        Where the numbers come from.

    Returns
    -------
    numpy.ndarray
        Numbers from `low` to `high`.

    Raises
    ------
    ValueError
        If the ends are not positive, finite and rising.

    Notes
    -----
    The distribution of ``scipy.stats.loguniform``. Derived in the chapter :ref:`tuning`.
    """
    if not 0 < low < high < np.inf:
        raise ValueError(f"log_uniform: {low:g} to {high:g}; expected 0 < low < high")
    exponents = rng.uniform(np.log(low), np.log(high), size)
    return np.clip(np.exp(exponents), low, high)  # rounding may step over an end


def one_minus_log_uniform(low, high, size, rng):
    """Draw numbers β such that 1-β is uniform on a logarithmic scale.

    For momentum and other averages over about 1/(1-β) steps: each factor of that length is equally
    likely.

    Parameters
    ----------
    low, high : float
        Ends of the range of β, 0 ≤ low < high < 1.
    size : int or tuple of int
        Shape of the result.
    rng : numpy.random.Generator
        Where the numbers come from.

    Returns
    -------
    numpy.ndarray
        Numbers from `low` to `high`.

    Raises
    ------
    ValueError
        If the ends do not rise, or are not from 0 to below 1.

    Notes
    -----
    Derived on the page :ref:`search_compared`.
    """
    if not 0 <= low < high < 1:
        raise ValueError(f"one_minus_log_uniform: {low:g} to {high:g}; expected 0 ≤ low < high < 1")
    return np.clip(1 - log_uniform(1 - high, 1 - low, size, rng), low, high)
