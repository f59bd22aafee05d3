"""Known wrong answers to the exercises of the chapter on gradient checking."""

import numpy as np

from companion.exercises import wrong


@wrong("differences-by-hand", fails="test_the_three_numbers")
def differences_by_hand():
    """Divides the central difference by one step."""
    return 10.0, 12.0, 7 / 17


@wrong("differences-by-hand", fails="test_the_three_numbers")
def differences_by_hand():
    """Looks to the left."""
    return 2.0, 6.0, 1 / 11


@wrong("differences-by-hand", fails="test_the_three_numbers")
def differences_by_hand():
    """Divides by the true slope only."""
    return 10.0, 6.0, 1 / 5


@wrong("differences-by-hand", fails="test_the_three_numbers")
def differences_by_hand():
    """Compares the one-sided difference."""
    return 10.0, 6.0, 1 / 3


@wrong("how-many-wrong", fails="test_how_far_a_wrong_step_spreads")
def how_many_wrong():
    """Counts the layer of the mistake only."""
    return 2


@wrong("how-many-wrong", fails="test_how_far_a_wrong_step_spreads")
def how_many_wrong():
    """Thinks that the mistake spreads to both sides."""
    return 10


@wrong("how-many-wrong", fails="test_how_far_a_wrong_step_spreads")
def how_many_wrong():
    """Counts layer 4 as well."""
    return 8


@wrong("how-many-wrong", fails="test_how_far_a_wrong_step_spreads")
def how_many_wrong():
    """Leaves out the layer itself."""
    return 4


@wrong("directional-check", fails="test_right_and_wrong_gradients")
def directional_check(f, x, g, v, eps=1e-5):
    """Measures from one side."""
    s, d = np.sum(g * v), (f(x + eps * v) - f(x)) / eps
    return abs(s - d) / (abs(s) + abs(d)) if abs(s) + abs(d) else 0.0


@wrong("directional-check", fails="test_right_and_wrong_gradients")
def directional_check(f, x, g, v, eps=1e-5):
    """Forgets the 2 of 2ε."""
    s, d = np.sum(g * v), (f(x + eps * v) - f(x - eps * v)) / eps
    return abs(s - d) / (abs(s) + abs(d)) if abs(s) + abs(d) else 0.0


@wrong("directional-check", fails="test_right_and_wrong_gradients")
def directional_check(f, x, g, v, eps=1e-5):
    """Returns the absolute difference."""
    return abs(np.sum(g * v) - (f(x + eps * v) - f(x - eps * v)) / (2 * eps))


@wrong("directional-check", fails="test_right_and_wrong_gradients")
def directional_check(f, x, g, v, eps=1e-5):
    """Divides v by its length in the step only."""
    s, step = np.sum(g * v), eps * v / np.linalg.norm(v)
    d = (f(x + step) - f(x - step)) / (2 * eps)
    return abs(s - d) / (abs(s) + abs(d)) if abs(s) + abs(d) else 0.0


@wrong("directional-check", fails="test_right_and_wrong_gradients")
def directional_check(f, x, g, v, eps=1e-5):
    """Divides by the larger of the two sizes."""
    s, d = np.sum(g * v), (f(x + eps * v) - f(x - eps * v)) / (2 * eps)
    return abs(s - d) / max(abs(s), abs(d)) if abs(s) + abs(d) else 0.0


@wrong("directional-check", fails="test_any_shape_step_and_zero")
def directional_check(f, x, g, v, eps=1e-5):
    """Chooses its own step."""
    s, d = np.sum(g * v), (f(x + 1e-5 * v) - f(x - 1e-5 * v)) / 2e-5
    return abs(s - d) / (abs(s) + abs(d)) if abs(s) + abs(d) else 0.0


@wrong("directional-check", fails="test_any_shape_step_and_zero")
def directional_check(f, x, g, v, eps=1e-5):
    """Divides 0 by 0."""
    s, d = np.sum(g * v), (f(x + eps * v) - f(x - eps * v)) / (2 * eps)
    with np.errstate(invalid="ignore"):
        return np.float64(abs(s - d)) / (abs(s) + abs(d))


@wrong("ridge-gradients", fails="test_the_weights")
def ridge_gradients(X, y, W1, b1, w2, b2, lam):
    """Mends the biases only."""
    A1 = np.tanh(X @ W1.T + b1)
    dy = (A1 @ w2 + b2 - y) / len(y)
    dZ1 = np.outer(dy, w2) * (1 - A1**2)
    return {"W1": dZ1.T @ X - lam * W1, "b1": dZ1.sum(axis=0), "w2": A1.T @ dy, "b2": dy.sum()}


@wrong("ridge-gradients", fails="test_the_biases")
def ridge_gradients(X, y, W1, b1, w2, b2, lam):
    """Mends the weights only."""
    A1 = np.tanh(X @ W1.T + b1)
    dy = (A1 @ w2 + b2 - y) / len(y)
    dZ1 = np.outer(dy, w2) * (1 - A1**2)
    return {
        "W1": dZ1.T @ X + lam * W1,
        "b1": dZ1.mean(axis=0),
        "w2": A1.T @ dy + lam * w2,
        "b2": 2 * dy.sum(),
    }


@wrong("ridge-gradients", fails="test_the_biases")
def ridge_gradients(X, y, W1, b1, w2, b2, lam):
    """Adds a penalty on the biases as well."""
    A1 = np.tanh(X @ W1.T + b1)
    dy = (A1 @ w2 + b2 - y) / len(y)
    dZ1 = np.outer(dy, w2) * (1 - A1**2)
    return {
        "W1": dZ1.T @ X + lam * W1,
        "b1": dZ1.sum(axis=0) + lam * b1,
        "w2": A1.T @ dy + lam * w2,
        "b2": dy.sum(),
    }


@wrong("ridge-gradients", fails="test_the_weights")
def ridge_gradients(X, y, W1, b1, w2, b2, lam):
    """Divides the penalty by the number of examples."""
    A1, lam = np.tanh(X @ W1.T + b1), lam / len(y)
    dy = (A1 @ w2 + b2 - y) / len(y)
    dZ1 = np.outer(dy, w2) * (1 - A1**2)
    return {
        "W1": dZ1.T @ X + lam * W1,
        "b1": dZ1.sum(axis=0),
        "w2": A1.T @ dy + lam * w2,
        "b2": dy.sum(),
    }


@wrong("ridge-gradients", fails="test_other_data_and_strength")
def ridge_gradients(X, y, W1, b1, w2, b2, lam):
    """Makes the constants of one data set its own."""
    A1 = np.tanh(X @ W1.T + b1)
    dy = (A1 @ w2 + b2 - y) / 6
    dZ1 = np.outer(dy, w2) * (1 - A1**2)
    return {
        "W1": dZ1.T @ X + 0.7 * W1,
        "b1": dZ1.sum(axis=0),
        "w2": A1.T @ dy + 0.7 * w2,
        "b2": dy.sum(),
    }
