"""Who follows a stream: mistakes of learners that are asked first and told the answer after.

Used in the chapter :ref:`perceptron_convergence`.
"""

import numpy as np


def mistaken_online(learner, X, y):
    """Show a stream to a learner that updates at each example.

    Parameters
    ----------
    learner : object
        Its ``update(x, y)`` learns from one example and says whether it was a mistake.
    X : array_like
        Points in order of arrival, (N, D).
    y : array_like
        Their labels, (N,).

    Returns
    -------
    numpy.ndarray
        Whether each example was mistaken before it was learned from, (N,) of bool.
    """
    return np.array([learner.update(x, side) for x, side in zip(X, y, strict=True)], bool)


def mistaken_refitted(fit, X, y, window, every, first=100):
    """Show a stream to a learner that is fitted anew, from time to time, to what came last.

    Parameters
    ----------
    fit : callable
        ``fit(X, y)`` returns a function that maps points (M, D) to labels (M,).
    X : array_like
        Points in order of arrival, (N, D).
    y : array_like
        Their labels, (N,).
    window : int
        Examples that a fit sees, the last ones; fewer at the beginning.
    every : int
        Examples between two fits.
    first : int
        Examples before the first fit.

    Returns
    -------
    numpy.ndarray
        Whether each example was mistaken by the last fit before it, (N,) of bool. The first ones,
        for which there was no fit, count as right.

    Raises
    ------
    ValueError
        If `window`, `every` or `first` is not positive.
    """
    if min(window, every, first) < 1:
        raise ValueError(
            f"mistaken_refitted: window {window}, every {every}, first {first}; expected at least 1"
        )
    X, y = np.asarray(X), np.asarray(y)
    wrong = np.zeros(len(X), bool)
    for now in range(first, len(X), every):
        past, new = slice(max(0, now - window), now), slice(now, now + every)
        wrong[new] = fit(X[past], y[past])(X[new]) != y[new]
    return wrong
