"""Known wrong answers to the exercises of the chapter on penalties."""

import numpy as np

from companion.exercises import wrong


@wrong("divided-or-subtracted", fails="test_what_l2_leaves")
def lowest_points():
    """Divides by λ."""
    return 8 / 3, 2 / 3, -4 / 3, 5.0, 0.0, -1.0


@wrong("divided-or-subtracted", fails="test_what_l2_leaves")
def lowest_points():
    """Forgets the ½ of the penalty."""
    return 8 / 7, 2 / 7, -4 / 7, 5.0, 0.0, -1.0


@wrong("divided-or-subtracted", fails="test_what_l1_leaves")
def lowest_points():
    """Goes past 0."""
    return 2.0, 0.5, -1.0, 5.0, -1.0, -1.0


@wrong("divided-or-subtracted", fails="test_what_l1_leaves")
def lowest_points():
    """Subtracts from a negative number."""
    return 2.0, 0.5, -1.0, 5.0, 0.0, -7.0


@wrong("which-leaves-zeros", fails="test_which_way_leaves_zeros")
def leaves_zeros():
    """Takes small for zero."""
    return "l2"


@wrong("which-leaves-zeros", fails="test_which_way_leaves_zeros")
def leaves_zeros():
    """Trusts the gradient of L1."""
    return "l1 subgradient"


@wrong("which-leaves-zeros", fails="test_which_way_leaves_zeros")
def leaves_zeros():
    """Names no way."""
    return "l1"


@wrong("penalized-gradients", fails="test_matrices_get_their_share")
def penalized_gradients(weights, gradients, lam):
    """Keeps the ½."""
    return [g + lam / 2 * w if w.ndim == 2 else g for w, g in zip(weights, gradients)]


@wrong("penalized-gradients", fails="test_matrices_get_their_share")
def penalized_gradients(weights, gradients, lam):
    """Subtracts the penalty."""
    return [g - lam * w if w.ndim == 2 else g for w, g in zip(weights, gradients)]


@wrong("penalized-gradients", fails="test_matrices_get_their_share")
def penalized_gradients(weights, gradients, lam):
    """Adds the penalty itself."""
    return [g + lam / 2 * np.sum(w**2) if w.ndim == 2 else g for w, g in zip(weights, gradients)]


@wrong("penalized-gradients", fails="test_biases_are_left_alone")
def penalized_gradients(weights, gradients, lam):
    """Penalizes the biases as well."""
    return [g + lam * w for w, g in zip(weights, gradients)]


@wrong("penalized-gradients", fails="test_biases_are_left_alone")
def penalized_gradients(weights, gradients, lam):
    """Takes a matrix of one row for a bias."""
    return [g + lam * w if w.ndim == 2 and min(w.shape) > 1 else g
            for w, g in zip(weights, gradients)]


@wrong("penalized-gradients", fails="test_inputs_stay_as_they_are")
def penalized_gradients(weights, gradients, lam):
    """Writes into the gradients."""
    for w, g in zip(weights, gradients):
        if w.ndim == 2:
            g += lam * w
    return gradients


@wrong("few-weights", fails="test_few_weights_and_a_small_error")
def few_weights(X, y):
    """Least squares."""
    return np.linalg.lstsq(X, y, rcond=None)[0]


@wrong("few-weights", fails="test_few_weights_and_a_small_error")
def few_weights(X, y):
    """Adds the gradient of L1."""
    w, rate = np.zeros(X.shape[1]), len(X) / np.linalg.norm(X, 2) ** 2
    for _ in range(500):
        w = w - rate * (X.T @ (X @ w - y) / len(X) + 0.15 * np.sign(w))
    return w


@wrong("few-weights", fails="test_few_weights_and_a_small_error")
def few_weights(X, y):
    """Fits by least squares and keeps the 30 largest weights."""
    w = np.linalg.lstsq(X, y, rcond=None)[0]
    return np.where(np.abs(w) >= np.sort(np.abs(w))[-30], w, 0)


@wrong("few-weights", fails="test_few_weights_and_a_small_error")
def few_weights(X, y):
    """Forgets the rate in the threshold."""
    w, rate = np.zeros(X.shape[1]), len(X) / np.linalg.norm(X, 2) ** 2
    for _ in range(500):
        w = w - rate * X.T @ (X @ w - y) / len(X)
        w = np.sign(w) * np.maximum(np.abs(w) - 0.15, 0)
    return w


@wrong("few-weights", fails="test_other_data_sets")
def few_weights(X, y):
    """Takes a λ that is just small enough for the sets it was tried on."""
    w, rate = np.zeros(X.shape[1]), len(X) / np.linalg.norm(X, 2) ** 2
    for _ in range(500):
        w = w - rate * X.T @ (X @ w - y) / len(X)
        w = np.sign(w) * np.maximum(np.abs(w) - rate * 0.5, 0)
    return w
