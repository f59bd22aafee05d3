"""How many mistakes a perceptron makes: in each pass over a set, and measured by the theorem.

Used in the chapters :ref:`perceptron` and :ref:`perceptron_convergence`.
"""

import numpy as np

from companion.data import toy
from companion.gradients.perceptron import Perceptron


def mistakes_by_pass(X, y, seeds, most=200):
    """Train perceptrons on one set, each with an order of its own, until a pass has no mistake.

    Parameters
    ----------
    X : array_like
        Points, (N, D).
    y : array_like
        Labels -1 or +1, (N,).
    seeds : sequence of int
        One perceptron for each; the seed mixes the examples anew before every pass.
    most : int
        Passes after which a perceptron is stopped.

    Returns
    -------
    learners : list of Perceptron
        The trained perceptrons, S of them.
    counts : list of list of int
        Mistakes of each in each pass; the last is 0 if the set was separated.
    """
    learners = [Perceptron(np.shape(X)[1]) for _ in seeds]
    counts = [
        learner.fit(X, y, max_epochs=most, seed=seed)
        for learner, seed in zip(learners, seeds, strict=True)
    ]
    return learners, counts


def share_of_bound(X, y, u):
    """Mistakes until no pass has one, divided by the bound (R/γ)² that `u` gives.

    Parameters
    ----------
    X : array_like
        Points, (N, D), which a hyperplane through the origin separates.
    y : array_like
        Labels -1 or +1, (N,).
    u : array_like
        Normal of that hyperplane, (D,), of any length.

    Returns
    -------
    float
        At most 1, or the implementation has a bug. The perceptron has a bias, so a 1 is appended
        to each example, and a 0 to `u`.

    Raises
    ------
    ValueError
        If `u` does not separate the set.

    Notes
    -----
    Source: Novikoff (1962). Derived in the chapter :ref:`perceptron_convergence`.
    """
    X, y, u = np.asarray(X, float), np.asarray(y, float), np.asarray(u, float)
    margin = np.min(y * (X @ u)) / np.linalg.norm(u)
    if margin <= 0:
        raise ValueError(f"share_of_bound: u does not separate, its margin is {margin:g}")
    longest = np.max(np.sum(X**2, axis=1)) + 1
    learner = Perceptron(X.shape[1])
    allowed = longest / margin**2
    learner.fit(X, y, max_epochs=int(allowed) + 2)
    return learner.mistakes / allowed


def shares_of_bound(dim, margins, seeds, n=100):
    """Share of the bound used on random separable sets, (seeds, margins).

    Parameters
    ----------
    dim : int
        Number of features.
    margins : sequence of float
        Least distances of a point to the hyperplane that makes the labels, in (0, 1).
    seeds : sequence of int
        One set for each seed and margin.
    n : int
        Points in a set.

    Returns
    -------
    numpy.ndarray
        What `share_of_bound` says of each set.
    """
    sets = [[toy.separable(n, dim, margin, seed) for margin in margins] for seed in seeds]
    return np.array([[share_of_bound(*each) for each in row] for row in sets])
