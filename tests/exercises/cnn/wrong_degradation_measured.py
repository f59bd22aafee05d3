"""Known wrong answers to the exercises of the page on measured degradation."""

import numpy as np

from companion.exercises import wrong


@wrong("eight-paths", fails="test_factor_of_the_stack")
def gradient_and_short_paths():
    """Multiplies the branches alone."""
    return 1.0, 3.5


@wrong("eight-paths", fails="test_factor_of_the_stack")
def gradient_and_short_paths():
    """Adds the blocks' factors."""
    return 6.5, 3.5


@wrong("eight-paths", fails="test_paths_with_one_branch")
def gradient_and_short_paths():
    """Counts the path without a branch."""
    return 9.0, 4.5


@wrong("eight-paths", fails="test_paths_with_one_branch")
def gradient_and_short_paths():
    """Gives a share."""
    return 9.0, 0.39


@wrong("plain-gradients", fails="test_gradient_of_the_first_layer")
def gradient_of_the_first_layer():
    """Believes that they vanish."""
    return "a hundredth or less"


@wrong("plain-gradients", fails="test_gradient_of_the_first_layer")
def gradient_of_the_first_layer():
    """Believes that batch norm keeps gradients as it keeps values."""
    return "about as large"


@wrong("plain-gradients", fails="test_gradient_of_the_first_layer")
def gradient_of_the_first_layer():
    """Answers with a number."""
    return 10


@wrong("gradient-by-length", fails="test_a_few_blocks")
def by_length(q):
    """Longest first."""
    return np.poly(-np.asarray(q))[::-1]


@wrong("gradient-by-length", fails="test_a_few_blocks")
def by_length(q):
    """Takes all factors as equal."""
    from math import comb

    L, m = len(q), np.mean(q)
    return np.array([comb(L, k) * m**k for k in range(L + 1)])


@wrong("gradient-by-length", fails="test_a_few_blocks")
def by_length(q):
    """Gives shares."""
    parts = np.poly(-np.asarray(q))
    return parts / parts.sum()


@wrong("gradient-by-length", fails="test_many_blocks")
def by_length(q):
    """Goes through all paths."""
    from itertools import combinations
    from math import prod

    if len(q) > 20:
        return np.zeros(len(q) + 1)
    return np.array([sum(prod(w) for w in combinations(q, k)) for k in range(len(q) + 1)], float)
