"""Checks of the exercises on signals in deep networks."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.checking.gradcheck import numerical_gradient

RANDOM = np.random.default_rng(11)


@check(
    "adam-first-steps",
    points=2,
    hints=(
        "Compare |g| with ε: it may be far above, equal, or far below.",
        "Far above, the fraction is 1; equal, it is ½; far below, it is |g| / ε.",
        "0.001 · 1, 0.001 · ½, 0.001 · 10⁻¹² / 10⁻⁸",
    ),
)
def test_three_first_steps(student):
    "the sizes of the three steps, to three digits"
    rate, eps = 0.001, 1e-8
    g = np.array([1e-2, 1e-8, 1e-12])
    expected = tuple(map(float, rate * g / (g + eps)))
    mistakes = {
        "this is the step of plain gradient descent; divide by |g| + ε": tuple(rate * g),
        "ε is left out": (rate, rate, rate),
        "the learning rate is left out": tuple(g / (g + eps)),
        "ε is not small beside a gradient of its own size": (rate, rate, 1e-7),
        "far below ε the fraction is |g| / ε, not 0": (rate, rate / 2, 0.0),
    }
    got = student.first_steps()
    assert_close(got, expected, rtol=5e-3, atol=0, mistakes=mistakes, what="the three sizes")


def residual_chain(w, x):
    """The chain itself, layer by layer."""
    for weight in w:
        x = x + np.tanh(weight * x)
    return x


def back_through(w, x, through):
    """Derivatives with a given factor of each layer on the way back: through(weight, slope)."""
    h = [x]
    for weight in w:
        h.append(h[-1] + np.tanh(weight * h[-1]))
    slopes = 1 - np.tanh(w * np.array(h[:-1])) ** 2
    factors = [through(*pair) for pair in zip(w, slopes, strict=True)]
    after = np.cumprod([1.0, *factors[:0:-1]])[::-1]
    return after * slopes * np.array(h[:-1])


@check(
    "residual-chain",
    points=2,
    hints=(
        "Keep every h on the way forward; on the way back carry one number, ∂ŷ/∂h.",
        "The derivative for w_l is what comes back times the slope times h_{l-1}.",
        "back *= 1 + w[l] * slopes[l]",
    ),
)
def test_residual_chain_agrees_with_differences(student):
    "the derivatives agree with central differences, for short and long chains"
    for length, x in ((1, -1.5), (3, 0.8), (8, 0.4)):
        w = RANDOM.uniform(-0.9, 0.9, length)
        numeric = numerical_gradient(lambda v, x=x: residual_chain(v, x), w)
        mistakes = {
            "the input that is added on sends back a 1 as well": back_through(
                w, x, lambda weight, slope: weight * slope
            ),
            "the slope of tanh is missing on the way back": back_through(
                w, x, lambda weight, slope: 1 + weight
            ),
            "the order is last layer first": numeric[::-1],
        }
        got = student.residual_gradients(w, x)
        assert_close(got, numeric, rtol=1e-6, mistakes=mistakes, what=f"{length} derivatives")
    assert_unchanged(student.residual_gradients)


@check(
    "residual-chain",
    hidden=True,
    hints=(
        "With all weights zero every layer hands its input on as it is.",
        "Do not divide by a weight or by a value: both may be 0.",
        "Multiply on the way back: 1 + w[l] * slopes[l].",
    ),
)
def test_residual_chain_of_zeros(student):
    "with all weights zero each derivative is the input; for the input 0 all are 0"
    assert_close(student.residual_gradients(np.zeros(40), 0.7), np.full(40, 0.7))
    assert_close(student.residual_gradients(np.array([0.5, -0.3]), 0.0), np.zeros(2))


def tanh_network(matrices, X):
    *hidden, last = matrices
    for V in hidden:
        X = np.tanh(X @ V.T)
    return X @ last.T


def sigmoid_network(pairs, X):
    *hidden, (last, b) = pairs
    for W, c in hidden:
        X = 1 / (1 + np.exp(-(X @ W.T + c)))
    return X @ last.T + b


def network(*sizes):
    pairs = zip(sizes[1:], sizes[:-1], strict=True)
    return [RANDOM.normal(0, inputs**-0.5, (units, inputs)) for units, inputs in pairs]


def assert_twin(student, matrices):
    """Both networks put out the same for random inputs."""
    pairs = student.sigmoid_twin(matrices)
    assert isinstance(pairs, list), f"expected a list of pairs, got {kind_of(pairs)}"
    assert len(pairs) == len(matrices), f"expected {len(matrices)} pairs, got {len(pairs)}"
    for k, (pair, V) in enumerate(zip(pairs, matrices, strict=True)):
        assert isinstance(pair, tuple | list), f"entry {k} is {kind_of(pair)}, not a pair (W, b)"
        assert len(pair) == 2, f"entry {k} holds {len(pair)} values, not W and b"
        shapes = tuple(np.shape(part) for part in pair)
        expected = V.shape, V.shape[:1]
        assert shapes == expected, f"entry {k} has the shapes {shapes}, expected {expected}"
    X = RANDOM.normal(size=(5, matrices[0].shape[1]))
    expected = tanh_network(matrices, X)
    scales = [2, *[4] * (len(matrices) - 2), 2]
    bare = [(s * V, np.zeros(len(V))) for s, V in zip(scales, matrices, strict=True)]
    mistakes = {"the biases that cancel the ½ are missing": sigmoid_network(bare, X)}
    got = sigmoid_network(pairs, X)
    assert_close(got, expected, mistakes=mistakes, what="the output of the sigmoid network")


@check(
    "sigmoid-in-disguise",
    points=2,
    hints=(
        "Solve the identity for tanh: tanh(z) = 2 σ(2z) - 1.",
        "The first layer needs σ(2z): double it. The last reads 2a - 1 instead of a.",
        "W1 = 2 V1, b1 = 0; W2 = 2 V2, b2 = -V2.sum(axis=1)",
    ),
)
def test_twin_of_two_layers(student):
    "with one hidden layer both networks give the same outputs"
    assert_twin(student, network(4, 6, 3))
    assert_twin(student, network(2, 5, 1))
    assert_unchanged(student.sigmoid_twin)


@check(
    "sigmoid-in-disguise",
    points=2,
    after="test_twin_of_two_layers",
    hints=(
        "A layer in the middle reads 2a - 1 and has to hand on σ(2z).",
        "Both changes together: four times the weights, twice the bias.",
        "W = 4 V, b = -2 V.sum(axis=1)",
    ),
)
def test_twin_of_a_deep_network(student):
    "with several hidden layers of unequal widths they do as well"
    assert_twin(student, network(4, 6, 5, 7, 3))
    assert_twin(student, network(3, 2, 2, 4))
