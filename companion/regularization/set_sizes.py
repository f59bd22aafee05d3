"""How finely a set of n examples measures an error, and how far the best of many can fool it."""

import numpy as np
from scipy.stats import binom


def standard_error(error, n):
    """Return the standard deviation of an error rate measured on n random examples.

    Parameters
    ----------
    error : float or array_like
        True error rate, 0 … 1; in practice the measured one.
    n : int or array_like
        Examples in the set, at least 1.

    Returns
    -------
    float or numpy.ndarray
        √(error (1 − error) / n), from the variance of the binomial distribution.

    Raises
    ------
    ValueError
        If an error lies outside of 0 … 1 or a set is empty.

    Notes
    -----
    Derived in the chapter :ref:`strategy`.
    """
    error, n = _checked("standard_error", error, n)
    return np.sqrt(error * (1 - error) / n)[()]


def visible_difference(error, n, times=2.0):
    """Return the smallest difference of error rates near `error` that stands out from chance.

    Parameters
    ----------
    error, n
        As for `standard_error`; both rates are measured on sets of n examples, independently.
    times : float
        How many standard errors of the difference stand out.

    Returns
    -------
    float or numpy.ndarray
        `times` √2 standard errors.

    Raises
    ------
    ValueError
        As for `standard_error`.
    """
    return times * np.sqrt(2) * standard_error(error, n)


def examples_needed(error, difference, times=2.0):
    """Return the size of the sets that make a difference of two error rates visible.

    Parameters
    ----------
    error : float
        About where both rates are, 0 … 1.
    difference : float
        Smallest difference to be seen, above 0.
    times : float
        As for `visible_difference`.

    Returns
    -------
    int
        Smallest n, at least 1, whose `visible_difference` is at most `difference`.

    Raises
    ------
    ValueError
        If the error lies outside of 0 … 1 or the difference is not above 0.
    """
    if not difference > 0:
        raise ValueError(f"examples_needed: difference is {difference}; expected more than 0")
    at_one = visible_difference(error, 1, times)
    return max(1, int(np.ceil((at_one / difference) ** 2 - 1e-9)))


def paired_standard_error(wrong, other):
    """Return the standard error of the difference of two models' errors on the same examples.

    Only examples on which exactly one of them is wrong count: the mistakes that they share drop
    out of the difference.

    Parameters
    ----------
    wrong, other : array_like
        Whether each model is wrong, (n,), n at least 2.

    Returns
    -------
    float
        Standard deviation of the differences −1, 0 or 1, over √n.

    Raises
    ------
    ValueError
        If the shapes differ, or there are fewer than two examples.
    """
    wrong, other = np.asarray(wrong, dtype=float), np.asarray(other, dtype=float)
    if wrong.shape != other.shape or wrong.ndim != 1 or len(wrong) < 2:
        raise ValueError(
            f"paired_standard_error: shapes are {wrong.shape} and {other.shape}; expected (n,) "
            "twice, with the same two or more examples in the same order"
        )
    return float(np.std(wrong - other, ddof=1) / np.sqrt(len(wrong)))


def lowest_of(k, error, n):
    """Return the mean of the lowest error that k equal, independent models show on n examples.

    Parameters
    ----------
    k : int
        Models to choose from, at least 1.
    error : float
        True error rate of each, 0 … 1.
    n : int
        Examples that they are chosen by, at least 1.

    Returns
    -------
    float
        Σ P(X > m)ᵏ / n over m = 0 … n − 1, for X binomial: the mean of the minimum.

    Raises
    ------
    ValueError
        If there are no models or no examples, or the error lies outside of 0 … 1.

    Notes
    -----
    Used in the chapter :ref:`strategy`.
    """
    if not k >= 1:
        raise ValueError(f"lowest_of: k is {k}; expected at least one model")
    _checked("lowest_of", error, n)
    return float(np.sum(binom.sf(np.arange(n), n, error) ** k) / n)


def _checked(name, error, n):
    error, n = np.asarray(error, dtype=float), np.asarray(n, dtype=float)
    if not ((error >= 0) & (error <= 1)).all():
        raise ValueError(f"{name}: error is {error}; expected 0 to 1, such as 0.12 for 12 %")
    if not (n >= 1).all():
        raise ValueError(f"{name}: n is {n}; expected at least one example")
    return error, n
