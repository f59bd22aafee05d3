"""Known wrong answers to the exercises of the chapter on backpropagation."""

import numpy as np

from companion.exercises import wrong
from companion.gradients import backpropagation as by_hand


@wrong("neuron-slopes", fails="test_slope_at_the_bias")
def neuron_slopes():
    """Forgets the slope of tanh."""
    return 3.0, 1.0, 1.0


@wrong("neuron-slopes", fails="test_slope_at_the_bias")
def neuron_slopes():
    """Sends back a instead of 2a."""
    return 1.125, 0.375, 0.375


@wrong("neuron-slopes", fails="test_slopes_at_the_weights")
def neuron_slopes():
    """Multiplies by the weights instead of the inputs."""
    return 0.75, -1.5, 0.75


@wrong("neuron-slopes", fails="test_slopes_at_the_weights")
def neuron_slopes():
    """Leaves the inputs out."""
    return 0.75, 0.75, 0.75


@wrong("unheard-unit", fails="test_what_was_predicted_is_what_happens")
def weights_with_a_gradient():
    """Has it the other way round."""
    return "incoming"


@wrong("unheard-unit", fails="test_what_was_predicted_is_what_happens")
def weights_with_a_gradient():
    """Thinks that a weight of 0 has a gradient of 0."""
    return "neither"


@wrong("unheard-unit", fails="test_what_was_predicted_is_what_happens")
def weights_with_a_gradient():
    """Forgets that gradients come back through weights."""
    return "both"


@wrong("unheard-unit", fails="test_what_was_predicted_is_what_happens")
def weights_with_a_gradient():
    """Answers with a number."""
    return 2


@wrong("count-parameters", fails="test_count_of_the_digit_network")
def count_parameters(sizes, bias=True):
    """Forgets the biases."""
    return sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))


@wrong("count-parameters", fails="test_count_of_the_digit_network")
def count_parameters(sizes, bias=True):
    """Gives the inputs biases too."""
    return sum(a * b for a, b in zip(sizes, sizes[1:], strict=False)) + bias * sum(sizes)


@wrong("count-parameters", fails="test_count_of_the_digit_network")
def count_parameters(sizes, bias=True):
    """One bias per layer instead of one per unit."""
    return sum(a * b + bias for a, b in zip(sizes, sizes[1:], strict=False))


@wrong("count-parameters", fails="test_count_without_biases")
def count_parameters(sizes, bias=True):
    """Ignores the argument."""
    return sum((a + 1) * b for a, b in zip(sizes, sizes[1:], strict=False))


@wrong("swish-pullback", fails="test_swish_agrees_with_differences")
def swish_pullback(z, da):
    """Differentiates the sigmoid only."""
    s = 1 / (1 + np.exp(-z))
    return da * z * s * (1 - s)


@wrong("swish-pullback", fails="test_swish_agrees_with_differences")
def swish_pullback(z, da):
    """Treats the sigmoid as a constant."""
    return da / (1 + np.exp(-z))


@wrong("swish-pullback", fails="test_swish_passes_on_what_comes_back")
def swish_pullback(z, da):
    """Forgets what comes back."""
    s = 1 / (1 + np.exp(-z))
    return s + z * s * (1 - s)


@wrong("regression-gradients", fails="test_output_layer_gradients")
def regression_gradients(X, y, W1, b1, w2, b2):
    """Keeps the factor 2 of the square."""
    Z1 = X @ W1.T + b1
    A1 = np.maximum(Z1, 0)
    dy = 2 * (A1 @ w2 + b2 - y) / len(y)
    dZ1 = np.outer(dy, w2) * (Z1 > 0)
    return dZ1.T @ X, dZ1.sum(axis=0), A1.T @ dy, dy.sum()


@wrong("regression-gradients", fails="test_output_layer_gradients")
def regression_gradients(X, y, W1, b1, w2, b2):
    """Truth minus prediction."""
    Z1 = X @ W1.T + b1
    A1 = np.maximum(Z1, 0)
    dy = (y - A1 @ w2 - b2) / len(y)
    dZ1 = np.outer(dy, w2) * (Z1 > 0)
    return dZ1.T @ X, dZ1.sum(axis=0), A1.T @ dy, dy.sum()


@wrong("regression-gradients", fails="test_hidden_layer_gradients")
def regression_gradients(X, y, W1, b1, w2, b2):
    """Forgets the slope of relu."""
    A1 = np.maximum(X @ W1.T + b1, 0)
    dy = (A1 @ w2 + b2 - y) / len(y)
    dZ1 = np.outer(dy, w2)
    return dZ1.T @ X, dZ1.sum(axis=0), A1.T @ dy, dy.sum()


@wrong("regression-gradients", fails="test_hidden_layer_gradients")
def regression_gradients(X, y, W1, b1, w2, b2):
    """Uses relu itself where its slope belongs."""
    Z1 = X @ W1.T + b1
    A1 = np.maximum(Z1, 0)
    dy = (A1 @ w2 + b2 - y) / len(y)
    dZ1 = np.outer(dy, w2) * A1
    return dZ1.T @ X, dZ1.sum(axis=0), A1.T @ dy, dy.sum()


@wrong("regression-gradients", fails="test_copies_of_the_data_change_nothing")
def regression_gradients(X, y, W1, b1, w2, b2):
    """Leaves the factor 1/m out."""
    Z1 = X @ W1.T + b1
    A1 = np.maximum(Z1, 0)
    dy = A1 @ w2 + b2 - y
    dZ1 = np.outer(dy, w2) * (Z1 > 0)
    return dZ1.T @ X, dZ1.sum(axis=0), A1.T @ dy, dy.sum()


@wrong("train-ring", fails="test_ring_and_disc_are_told_apart")
def learn_ring(X, y):
    """Starts from zero, where nothing moves."""
    parameters = [(0 * W, b) for W, b in by_hand.initialize([2, 16, 2])]
    for _ in range(500):
        a = by_hand.forward(parameters, X)
        _, dz = by_hand.cost(a[-1], y)
        for (W, b), (dW, db) in zip(parameters, by_hand.backward(parameters, a, dz), strict=True):
            W -= dW
            b -= db
    return parameters


@wrong("train-ring", fails="test_ring_and_disc_are_told_apart")
def learn_ring(X, y):
    """Walks uphill."""
    parameters = by_hand.initialize([2, 16, 2])
    for _ in range(100):
        a = by_hand.forward(parameters, X)
        _, dz = by_hand.cost(a[-1], y)
        for (W, b), (dW, db) in zip(parameters, by_hand.backward(parameters, a, dz), strict=True):
            W += dW
            b += db
    return parameters


@wrong("train-ring", fails="test_ring_and_disc_are_told_apart")
def learn_ring(X, y):
    """Takes far too small steps."""
    parameters = by_hand.initialize([2, 16, 2])
    for _ in range(500):
        a = by_hand.forward(parameters, X)
        _, dz = by_hand.cost(a[-1], y)
        for (W, b), (dW, db) in zip(parameters, by_hand.backward(parameters, a, dz), strict=True):
            W -= 0.001 * dW
            b -= 0.001 * db
    return parameters


@wrong("train-ring", fails="test_ring_and_disc_are_told_apart")
def learn_ring(X, y):
    """Has no hidden layer."""
    return by_hand.initialize([2, 2])


@wrong("train-ring", fails="test_the_classes_may_be_exchanged")
def learn_ring(X, y):
    """Knows the classes without looking at y."""
    y = (np.hypot(X[:, 0], X[:, 1]) > 0.7).astype(int)
    parameters = by_hand.initialize([2, 16, 2])
    for _ in range(500):
        a = by_hand.forward(parameters, X)
        _, dz = by_hand.cost(a[-1], y)
        for (W, b), (dW, db) in zip(parameters, by_hand.backward(parameters, a, dz), strict=True):
            W -= dW
            b -= db
    return parameters
