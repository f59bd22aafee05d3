"""Known wrong answers to the exercises on the mistake bound and on logistic regression."""

import numpy as np

from companion.exercises import wrong


@wrong("mistake-bound", fails="test_bound_in_whole_mistakes")
def mistake_bound(X, y, u):
    """Takes u to be a unit vector."""
    margin = np.min(y * (X @ u))
    if margin <= 0:
        raise ValueError("u does not separate")
    return int((np.max(np.linalg.norm(X, axis=1)) / margin) ** 2)


@wrong("mistake-bound", fails="test_bound_in_whole_mistakes")
def mistake_bound(X, y, u):
    """Rounds up."""
    margin = np.min(y * (X @ u)) / np.linalg.norm(u)
    if margin <= 0:
        raise ValueError("u does not separate")
    return int(np.ceil((np.max(np.linalg.norm(X, axis=1)) / margin) ** 2))


@wrong("mistake-bound", fails="test_bound_needs_a_separating_vector")
def mistake_bound(X, y, u):
    """Squares a negative margin away."""
    margin = np.min(y * (X @ u)) / np.linalg.norm(u)
    return int((np.max(np.linalg.norm(X, axis=1)) / margin) ** 2)


@wrong("mistake-bound", fails="test_bound_needs_a_separating_vector")
def mistake_bound(X, y, u):
    """Accepts a margin of zero."""
    margin = np.min(y * (X @ u)) / np.linalg.norm(u)
    if margin < 0:
        raise ValueError("u does not separate")
    return int((np.max(np.linalg.norm(X, axis=1)) / margin) ** 2)


@wrong("weighted-logistic-gradient", fails="test_weighted_gradient_agrees_with_differences")
def weighted_logistic_gradient(X, y, c, w, b):
    """Divides by the number of examples."""
    error = c * (1 / (1 + np.exp(-(X @ w + b))) - y) / len(y)
    return error @ X, np.sum(error)


@wrong("weighted-logistic-gradient", fails="test_weighted_gradient_agrees_with_differences")
def weighted_logistic_gradient(X, y, c, w, b):
    """Truth minus prediction: the sign is flipped."""
    error = c * (y - 1 / (1 + np.exp(-(X @ w + b)))) / np.sum(c)
    return error @ X, np.sum(error)


@wrong("weighted-logistic-gradient", fails="test_weighted_gradient_agrees_with_differences")
def weighted_logistic_gradient(X, y, c, w, b):
    """Keeps the derivative of the sigmoid, as for a squared loss."""
    p = 1 / (1 + np.exp(-(X @ w + b)))
    error = c * (p - y) * p * (1 - p) / np.sum(c)
    return error @ X, np.sum(error)


@wrong("weighted-logistic-gradient", fails="test_only_proportions_of_the_weights_matter")
def weighted_logistic_gradient(X, y, c, w, b):
    """Takes the sum of the weighted losses."""
    error = c * (1 / (1 + np.exp(-(X @ w + b))) - y)
    return error @ X, np.sum(error)
