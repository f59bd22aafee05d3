"""Known wrong answers to the exercises on signals in deep networks."""

import numpy as np

from companion.exercises import wrong


@wrong("adam-first-steps", fails="test_three_first_steps")
def first_steps():
    """Takes the steps of plain gradient descent."""
    return 1e-5, 1e-11, 1e-15


@wrong("adam-first-steps", fails="test_three_first_steps")
def first_steps():
    """Leaves ε out."""
    return 1e-3, 1e-3, 1e-3


@wrong("adam-first-steps", fails="test_three_first_steps")
def first_steps():
    """Forgets the learning rate."""
    return 1.0, 0.5, 1e-4


@wrong("adam-first-steps", fails="test_three_first_steps")
def first_steps():
    """Thinks that small gradients make no step at all."""
    return 1e-3, 5e-4, 0.0


@wrong("residual-chain", fails="test_residual_chain_agrees_with_differences")
def residual_gradients(w, x):
    """Forgets that the input was added."""
    h, slopes = [x], []
    for weight in w:
        t = np.tanh(weight * h[-1])
        slopes.append(1 - t**2)
        h.append(h[-1] + t)
    gradients, back = np.empty(len(w)), 1.0
    for k in reversed(range(len(w))):
        gradients[k] = back * slopes[k] * h[k]
        back *= w[k] * slopes[k]
    return gradients


@wrong("residual-chain", fails="test_residual_chain_agrees_with_differences")
def residual_gradients(w, x):
    """Leaves the slope out on the way back."""
    h, slopes = [x], []
    for weight in w:
        t = np.tanh(weight * h[-1])
        slopes.append(1 - t**2)
        h.append(h[-1] + t)
    gradients, back = np.empty(len(w)), 1.0
    for k in reversed(range(len(w))):
        gradients[k] = back * slopes[k] * h[k]
        back *= 1 + w[k]
    return gradients


@wrong("residual-chain", fails="test_residual_chain_agrees_with_differences")
def residual_gradients(w, x):
    """Takes the output of a layer where its input belongs."""
    h, slopes = [x], []
    for weight in w:
        t = np.tanh(weight * h[-1])
        slopes.append(1 - t**2)
        h.append(h[-1] + t)
    gradients, back = np.empty(len(w)), 1.0
    for k in reversed(range(len(w))):
        gradients[k] = back * slopes[k] * h[k + 1]
        back *= 1 + w[k] * slopes[k]
    return gradients


@wrong("residual-chain", fails="test_residual_chain_of_zeros")
def residual_gradients(w, x):
    """Divides by the input."""
    h, slopes = [x], []
    for weight in w:
        t = np.tanh(weight * h[-1])
        slopes.append(1 - t**2)
        h.append(h[-1] + t)
    factors = np.array([1 + weight * s for weight, s in zip(w, slopes, strict=True)])
    with np.errstate(all="ignore"):
        return np.prod(factors) / factors * slopes * np.array(h[:-1]) * (np.float64(x) / x)


@wrong("sigmoid-in-disguise", fails="test_twin_of_two_layers")
def sigmoid_twin(matrices):
    """Forgets the biases."""
    first, *middle, last = matrices
    pairs = [2 * first, *(4 * V for V in middle), 2 * last]
    return [(W, np.zeros(len(W))) for W in pairs]


@wrong("sigmoid-in-disguise", fails="test_twin_of_two_layers")
def sigmoid_twin(matrices):
    """Keeps the weights of the first and the last layer."""
    return [
        (4 * V if 0 < k < len(matrices) - 1 else V, -V.sum(axis=1) * (k > 0))
        for k, V in enumerate(matrices)
    ]


@wrong("sigmoid-in-disguise", fails="test_twin_of_two_layers")
def sigmoid_twin(matrices):
    """Sums over the wrong axis, where the shapes allow it."""
    twin = []
    for k, V in enumerate(matrices):
        W, b = V, np.zeros(len(V))
        if k > 0:
            W, b = 2 * V, -np.resize(V.sum(axis=0), len(V))
        if k < len(matrices) - 1:
            W, b = 2 * W, 2 * b
        twin.append((W, b))
    return twin


@wrong("sigmoid-in-disguise", fails="test_twin_of_a_deep_network")
def sigmoid_twin(matrices):
    """Does not double the biases in the middle."""
    twin = []
    for k, V in enumerate(matrices):
        W, b = V, np.zeros(len(V))
        if k > 0:
            W, b = 2 * V, -V.sum(axis=1)
        if k < len(matrices) - 1:
            W = 2 * W
        twin.append((W, b))
    return twin
