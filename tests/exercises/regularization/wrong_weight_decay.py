"""Known wrong answers to the exercise of the chapter on ridge and weight decay."""

import numpy as np

from companion.exercises import wrong


@wrong("effective-number", fails="test_the_sum_of_the_factors")
def effective_number(X, lam):
    """Forgets m."""
    s = np.linalg.svd(X, compute_uv=False)
    s = s[s > 1e-10 * s.max()]
    return np.sum(s**2 / (s**2 + lam))


@wrong("effective-number", fails="test_the_sum_of_the_factors")
def effective_number(X, lam):
    """Forgets the squares."""
    s = np.linalg.svd(X, compute_uv=False)
    s = s[s > 1e-10 * s.max()]
    return np.sum(s / (s + len(X) * lam))


@wrong("effective-number", fails="test_the_sum_of_the_factors")
def effective_number(X, lam):
    """Takes the mean."""
    s = np.linalg.svd(X, compute_uv=False)
    s = s[s > 1e-10 * s.max()]
    return np.mean(s**2 / (s**2 + len(X) * lam))


@wrong("effective-number", fails="test_without_a_penalty_it_is_the_rank")
def effective_number(X, lam):
    """Counts directions that are zero up to rounding."""
    s = np.linalg.svd(X, compute_uv=False)
    return np.sum(s**2 / (s**2 + len(X) * lam))


@wrong("effective-number", fails="test_without_a_penalty_it_is_the_rank")
def effective_number(X, lam):
    """Compares the singular values with a fixed number."""
    s = np.linalg.svd(X, compute_uv=False)
    s = s[s > 1e-10]
    return np.sum(s**2 / (s**2 + len(X) * lam))


@wrong("effective-number", fails="test_without_a_penalty_it_is_the_rank")
def effective_number(X, lam):
    """Compares the squares, and loses what is small."""
    s2 = np.linalg.svd(X, compute_uv=False) ** 2
    s2 = s2[s2 > 1e-10 * s2.max()]
    return np.sum(s2 / (s2 + len(X) * lam))
