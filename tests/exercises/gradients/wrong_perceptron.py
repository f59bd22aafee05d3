"""Known wrong answers to the exercises of the chapter on the perceptron."""

import numpy as np

from companion.exercises import wrong


@wrong("geometric-margin", fails="test_margin_is_a_distance")
def geometric_margin(X, y, w, b):
    """Forgets to divide by the length of w."""
    return np.min(y * (X @ w + b))


@wrong("geometric-margin", fails="test_margin_is_a_distance")
def geometric_margin(X, y, w, b):
    """Divides by the squared length."""
    return np.min(y * (X @ w + b)) / (w @ w)


@wrong("geometric-margin", fails="test_margin_of_a_set_with_a_mistake_is_negative")
def geometric_margin(X, y, w, b):
    """Takes the distance of the nearest point, whichever side it is on."""
    return np.min(np.abs(X @ w + b)) / np.linalg.norm(w)


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


@wrong("pairwise-distances", fails="test_distances_of_all_pairs")
def pairwise_distances(A, B):
    """Forgets the square root."""
    return np.sum((A[:, None, :] - B[None, :, :]) ** 2, axis=-1)


@wrong("pairwise-distances", fails="test_distances_of_all_pairs")
def pairwise_distances(A, B):
    """Puts the axes the other way round."""
    return np.sqrt(np.sum((B[:, None, :] - A[None, :, :]) ** 2, axis=-1))


@wrong("pairwise-distances", fails="test_distances_of_all_pairs")
def pairwise_distances(A, B):
    """Sums over the wrong axis."""
    return np.sqrt(np.sum((A[:, None, :] - B[None, :, :]) ** 2, axis=0))


@wrong("pairwise-distances", fails="test_distances_far_from_the_origin")
def pairwise_distances(A, B):
    """Expands the square and loses the digits."""
    squares = np.sum(A**2, axis=1)[:, None] - 2 * A @ B.T + np.sum(B**2, axis=1)
    return np.sqrt(np.maximum(squares, 0))


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


@wrong("pocket-perceptron", fails="test_pocket_keeps_the_best_weights")
def pocket_perceptron(X, y, epochs):
    """Returns the last weights."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        for x, label in zip(X, y, strict=True):
            if label * (x @ w + b) <= 0:
                w, b = w + label * x, b + label
    return w, b


@wrong("pocket-perceptron", fails="test_pocket_keeps_the_best_weights")
def pocket_perceptron(X, y, epochs):
    """Pockets an array that goes on changing."""
    w, b = np.zeros(X.shape[1]), 0.0
    best, pocket = 0, (w, b)
    for _ in range(epochs):
        for x, label in zip(X, y, strict=True):
            if label * (x @ w + b) <= 0:
                w += label * x
                b += label
                right = np.sum(y * (X @ w + b) > 0)
                if right > best:
                    best, pocket = right, (w, b)
    return pocket


@wrong("pocket-perceptron", fails="test_pocket_learns_from_the_first_example")
def pocket_perceptron(X, y, epochs):
    """Does not count a score of zero as a mistake, and so never begins."""
    w, b = np.zeros(X.shape[1]), 0.0
    best, pocket = 0, (w, b)
    for _ in range(epochs):
        for x, label in zip(X, y, strict=True):
            if label * (x @ w + b) < 0:
                w, b = w + label * x, b + label
                right = np.sum(y * (X @ w + b) > 0)
                if right > best:
                    best, pocket = right, (w, b)
    return pocket


@wrong("pocket-perceptron", fails="test_pocket_keeps_the_first_of_equals")
def pocket_perceptron(X, y, epochs):
    """Replaces the pocket by weights that are only as good."""
    w, b = np.zeros(X.shape[1]), 0.0
    best, pocket = 0, (w, b)
    for _ in range(epochs):
        for x, label in zip(X, y, strict=True):
            if label * (x @ w + b) <= 0:
                w, b = w + label * x, b + label
                right = np.sum(y * (X @ w + b) > 0)
                if right >= best:
                    best, pocket = right, (w, b)
    return pocket
