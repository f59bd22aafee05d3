"""Known wrong answers to the exercises on the limits of gradient checking."""

import numpy as np

from companion.exercises import wrong


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
