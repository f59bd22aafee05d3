"""Known wrong answers to the exercises of the chapter on the perceptron."""

import numpy as np

from companion.exercises import wrong


@wrong("perceptron-by-hand", fails="test_three_examples_by_hand")
def after_three_examples():
    """Takes a point on the line to be right."""
    return -2, 1, 0


@wrong("perceptron-by-hand", fails="test_three_examples_by_hand")
def after_three_examples():
    """Forgets the bias."""
    return -1, 3, 0


@wrong("perceptron-by-hand", fails="test_three_examples_by_hand")
def after_three_examples():
    """Adds B in place of subtracting it."""
    return 4, 3, 2


@wrong("perceptron-by-hand", fails="test_three_examples_by_hand")
def after_three_examples():
    """Subtracts where it should add."""
    return 1, -3, -1


@wrong("perceptron-rate", fails="test_mistakes_at_another_rate")
def mistakes_at_ten_times_the_rate():
    """Thinks that large steps overshoot."""
    return "more"


@wrong("perceptron-rate", fails="test_mistakes_at_another_rate")
def mistakes_at_ten_times_the_rate():
    """Thinks that large steps arrive earlier."""
    return "fewer"


@wrong("perceptron-rate", fails="test_mistakes_at_another_rate")
def mistakes_at_ten_times_the_rate():
    """Answers with a number."""
    return 10


@wrong("train-reader", fails="test_new_digits_are_read")
def train_reader(X, t):
    """Stops after ten short steps."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(10):
        p = 1 / (1 + np.exp(-(X @ w + b)))
        w = w + 0.1 * (t - p) @ X / len(X)
        b = b + 0.1 * np.mean(t - p)
    return w, b


@wrong("train-reader", fails="test_new_digits_are_read")
def train_reader(X, t):
    """Walks uphill."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(300):
        p = 1 / (1 + np.exp(-(X @ w + b)))
        w = w + 0.1 * (p - t) @ X / len(X)
        b = b + 0.1 * np.mean(p - t)
    return w, b


@wrong("train-reader", fails="test_new_digits_are_read")
def train_reader(X, t):
    """Learns from the first twenty digits only."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(300):
        p = 1 / (1 + np.exp(-(X[:20] @ w + b)))
        w = w + 0.5 * (t[:20] - p) @ X[:20] / 20
        b = b + 0.5 * np.mean(t[:20] - p)
    return w, b


@wrong("train-reader", fails="test_a_boundary_away_from_zero_needs_the_bias")
def train_reader(X, t):
    """Leaves the bias at zero."""
    w = np.zeros(X.shape[1])
    for _ in range(300):
        w = w + 0.5 * (t - 1 / (1 + np.exp(-(X @ w)))) @ X / len(X)
    return w, 0.0


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
