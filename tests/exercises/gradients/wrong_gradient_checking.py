"""Known wrong answers to the exercises of the chapter on gradient checking."""

import numpy as np

from companion.exercises import wrong


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


@wrong("observed-order", fails="test_orders_of_pure_powers")
def observed_order(d, h):
    """Forgets the logarithm."""
    return (d(h) - d(h / 2)) / (d(h / 2) - d(h / 4))


@wrong("observed-order", fails="test_orders_of_pure_powers")
def observed_order(d, h):
    """Takes the natural logarithm."""
    return np.log(abs((d(h) - d(h / 2)) / (d(h / 2) - d(h / 4))))


@wrong("observed-order", fails="test_orders_of_pure_powers")
def observed_order(d, h):
    """Compares values instead of their differences."""
    return np.log2(abs(d(h) / d(h / 2)))


@wrong("observed-order", fails="test_orders_of_pure_powers")
def observed_order(d, h):
    """Takes the finest approximation for the truth."""
    true = d(h / 4)
    return np.log2(abs((d(h) - true) / (d(h / 2) - true)))


@wrong("observed-order", fails="test_orders_of_pure_powers")
def observed_order(d, h):
    """Rounds the order to a whole number."""
    return float(np.round(np.log2(abs((d(h) - d(h / 2)) / (d(h / 2) - d(h / 4))))))


@wrong("observed-order", fails="test_orders_of_difference_quotients")
def observed_order(d, h):
    """Uses other steps."""
    return np.log2(abs((d(2 * h) - d(h)) / (d(h) - d(h / 2))))


@wrong("complex-step", fails="test_to_the_last_digit")
def complex_step(f, x, h=1e-30):
    """Central differences."""
    gradient, h = np.empty(x.shape), 1e-6
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


@wrong("complex-step", fails="test_to_the_last_digit")
def complex_step(f, x, h=1e-30):
    """Forgets to divide by h."""
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        z = x.astype(complex)
        z[index] += 1j * h
        gradient[index] = f(z).imag
    return gradient


@wrong("complex-step", fails="test_to_the_last_digit")
def complex_step(f, x, h=1e-30):
    """Moves along the diagonal instead of one entry at a time."""
    return np.full(x.shape, f(x + 1j * h).imag / h)


@wrong("complex-step", fails="test_entries_one_at_a_time_with_the_given_step")
def complex_step(f, x, h=1e-30):
    """Ignores the given step."""
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        z = x.astype(complex)
        z[index] += 1e-30j
        gradient[index] = f(z).imag / 1e-30
    return gradient


@wrong("complex-step", fails="test_to_the_last_digit")
def complex_step(f, x, h=1e-30):
    """Never moves an entry back."""
    gradient, z = np.empty(x.shape), x.astype(complex)
    for index in np.ndindex(x.shape):
        z[index] += 1j * h
        gradient[index] = f(z).imag / h
    return gradient


@wrong("culprit", fails="test_the_line_of_one_gradient")
def culprit(analytic, numeric):
    """Names the parameter."""
    for layer in range(len(numeric) // 2, 0, -1):
        bad = []
        for letter in "Wb":
            g, n = analytic[f"{letter}{layer}"], numeric[f"{letter}{layer}"]
            if np.linalg.norm(g - n) > 1e-6 * (np.linalg.norm(g) + np.linalg.norm(n)):
                bad.append(letter)
        if bad:
            return f"dZ{layer}" if len(bad) == 2 else f"{bad[0]}{layer}"
    return "none"


@wrong("culprit", fails="test_a_step_back")
def culprit(analytic, numeric):
    """Reads from the first layer on."""
    for layer in range(1, len(numeric) // 2 + 1):
        bad = []
        for letter in "Wb":
            g, n = analytic[f"{letter}{layer}"], numeric[f"{letter}{layer}"]
            if np.linalg.norm(g - n) > 1e-6 * (np.linalg.norm(g) + np.linalg.norm(n)):
                bad.append(letter)
        if bad:
            return f"dZ{layer}" if len(bad) == 2 else f"d{bad[0]}{layer}"
    return "none"


@wrong("culprit", fails="test_a_step_back")
def culprit(analytic, numeric):
    """Blames the step after the one that is wrong."""
    for layer in range(len(numeric) // 2, 0, -1):
        bad = []
        for letter in "Wb":
            g, n = analytic[f"{letter}{layer}"], numeric[f"{letter}{layer}"]
            if np.linalg.norm(g - n) > 1e-6 * (np.linalg.norm(g) + np.linalg.norm(n)):
                bad.append(letter)
        if bad:
            return f"dZ{layer + 1}" if len(bad) == 2 else f"d{bad[0]}{layer}"
    return "none"


@wrong("culprit", fails="test_none_and_many_layers")
def culprit(analytic, numeric):
    """Takes rounding for a mistake."""
    for layer in range(len(numeric) // 2, 0, -1):
        bad = [c for c in "Wb" if np.any(analytic[f"{c}{layer}"] != numeric[f"{c}{layer}"])]
        if bad:
            return f"dZ{layer}" if len(bad) == 2 else f"d{bad[0]}{layer}"
    return "none"


@wrong("culprit", fails="test_none_and_many_layers")
def culprit(analytic, numeric):
    """Compares absolute differences."""
    for layer in range(len(numeric) // 2, 0, -1):
        bad = []
        for letter in "Wb":
            g, n = analytic[f"{letter}{layer}"], numeric[f"{letter}{layer}"]
            if np.linalg.norm(g - n) > 1e-6:
                bad.append(letter)
        if bad:
            return f"dZ{layer}" if len(bad) == 2 else f"d{bad[0]}{layer}"
    return "none"


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
