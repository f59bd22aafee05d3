"""Checks of the exercises in the chapter on backpropagation."""

import numpy as np

from companion import nn
from companion.data import toy
from companion.exercises import assert_close, assert_gradient, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.checking.gradcheck import numerical_gradient
from companion.gradients.tensor import Tensor

RANDOM = np.random.default_rng(5)


def slopes_of_the_neuron():
    """Central differences of the loss at w1 = 1, w2 = -2 and b = -0.45."""
    return numerical_gradient(
        lambda v: np.tanh(v @ [3.0, 1.0, 1.0]) ** 2, np.array([1.0, -2.0, -0.45])
    )


@check(
    "neuron-slopes",
    hints=(
        "Go back from the loss: the square first, then tanh, then the sums, then the products.",
        "The square sends back 2a, tanh multiplies by 1 - a², a sum passes on as it is.",
        "At b it is 2 · 0.5 · (1 - 0.5²).",
    ),
)
def test_slope_at_the_bias(student):
    "the slope at b"
    got = three(student.neuron_slopes())
    expected = slopes_of_the_neuron()[2]
    mistakes = {
        "the square sends back 2a, not a": 0.375,
        "the slope of tanh, 1 - a², is missing": 1.0,
        "the slope of tanh is 1 - a², with a = 0.5, not z": 1 - 0.55**2,
        "the neuron should answer 0 here, not 1": -0.75,
    }
    close(got[2], expected, mistakes, "the slope at b")


@check(
    "neuron-slopes",
    after="test_slope_at_the_bias",
    hints=(
        "A product passes back the gradient times its other factor.",
        "The other factor of w1 is x1 = 3, that of w2 is x2 = 1.",
        "Multiply the slope at b by 3 and by 1.",
    ),
)
def test_slopes_at_the_weights(student):
    "the slopes at w1 and w2: what comes back, times what came in"
    got = three(student.neuron_slopes())
    expected = slopes_of_the_neuron()
    mistakes = (
        {"multiply by the input x1 = 3": 0.75, "x1 is positive": -2.25},
        {"multiply by the input, not by the weight": -1.5, "the sign turned": -0.75},
    )
    for k in range(2):
        close(got[k], expected[k], mistakes[k], f"the slope at w{k + 1}")


def three(answer):
    """Three numbers, or a failure that says what came instead."""
    got = kind_of(answer)
    assert isinstance(answer, tuple | list), f"expected a tuple of three numbers, got {got}"
    assert len(answer) == 3, f"expected three numbers, got {len(answer)}"
    return answer


def close(got, expected, mistakes, what):
    """Compare with what a pencil leaves: tanh 0.55 was taken as 0.5."""
    assert_close(got, float(expected), rtol=0.005, mistakes=mistakes, what=what)


REASONS = {
    "incoming": "the other way round: nothing comes back to h1 through weights of 0, but its "
    "outgoing weights have h1 = 0.5 coming in and an error coming back",
    "both": "what comes back to h1 comes through its outgoing weights, and those are 0",
    "neither": "the outgoing weights have h1 = 0.5 coming in and an error coming back: that "
    "product is not 0, although the weights are",
}


def weights_that_move():
    """Which weights of the unheard unit the engine gives a gradient."""
    W1 = np.array([[0.15, 0.2], [0.25, -0.4], [-0.75, 0.1]])
    W2 = np.array([[0.0, 1.0, -1.0], [0.0, -3.0, 1.0]])
    network = nn.Sequential(nn.Linear(2, 3, False), nn.Tanh(), nn.Linear(3, 2, False)).double()
    network.load_state_dict({"0.weight": W1, "2.weight": W2})
    nn.CrossEntropyLoss()(network(Tensor(np.array([[1.0, 2.0]]))), np.array([1])).backward()
    incoming = np.any(np.abs(network[0].weight.grad[0]) > 1e-9)
    outgoing = np.any(np.abs(network[2].weight.grad[:, 0]) > 1e-9)
    return {(1, 0): "incoming", (0, 1): "outgoing", (1, 1): "both", (0, 0): "neither"}[
        int(incoming), int(outgoing)
    ]


@check(
    "unheard-unit",
    hints=(
        "A weight's gradient is what came in through it times what comes back.",
        "Ask for both kinds of weights: is what came in 0? Is what comes back 0?",
        "What comes back to h1 comes through the weights that are 0 now.",
    ),
)
def test_what_was_predicted_is_what_happens(student):
    "what you predicted is what the network computes"
    got = student.weights_with_a_gradient()
    words = "incoming, outgoing, both or neither"
    assert isinstance(got, str), f"expected one of the words {words}, got {kind_of(got)}"
    assert got in {*REASONS, "outgoing"}, f"expected one of the words {words}, got {got!r}"
    assert got == weights_that_move(), f"not so: {REASONS.get(got, '')}"



@check(
    "count-parameters",
    hints=(
        "Layer l has a weight for each pair of a unit before and a unit in it.",
        "The input layer has no parameters; every other layer has a bias for each unit.",
        "sum((before + 1) * units for before, units in zip(sizes, sizes[1:]))",
    ),
)
def test_count_of_the_digit_network(student):
    "the network 784–128–64–10 has 109,386 parameters"
    mistakes = {
        "the biases are missing": 784 * 128 + 128 * 64 + 64 * 10,
        "the inputs have no biases": 109_386 + 784,
    }
    assert_close(student.count_parameters([784, 128, 64, 10]), 109_386, mistakes=mistakes)
    assert_close(student.count_parameters([2, 3, 4, 5, 6]), 9 + 16 + 25 + 36)


@check(
    "count-parameters",
    hidden=True,
    hints=(
        "Without biases only the matrices count.",
        "Use the argument `bias`.",
        "(before + bias) * units works for True and False.",
    ),
)
def test_count_without_biases(student):
    "bias=False leaves the weights alone, and two sizes are a network as well"
    assert_close(student.count_parameters([3, 5, 2], bias=False), 25)
    assert_close(student.count_parameters([7, 1]), 8)


@check(
    "swish-pullback",
    hints=(
        "a is a product of two functions of z.",
        "Use the product rule; σ' = σ (1 - σ).",
        "da * (s + z * s * (1 - s)) with s = σ(z)",
    ),
)
def test_swish_agrees_with_differences(student):
    "the result agrees with central differences"
    z, da = np.linspace(-3, 3, 7), np.ones(7)
    numeric = numerical_gradient(lambda v: np.sum(v / (1 + np.exp(-v))), z)
    assert_gradient({"z": student.swish_pullback(z, da)}, {"z": numeric})


@check(
    "swish-pullback",
    hints=(
        "A pullback is a derivative times what comes back.",
        "Multiply by da, entry by entry.",
        "return da * (...)",
    ),
)
def test_swish_passes_on_what_comes_back(student):
    "what comes back is multiplied in, entry by entry, in any shape"
    z, da = RANDOM.normal(size=(3, 4)), RANDOM.normal(size=(3, 4))
    s = 1 / (1 + np.exp(-z))
    expected = da * (s + z * s * (1 - s))
    mistakes = {"da is not used": s + z * s * (1 - s)}
    got = student.swish_pullback(z, da)
    # Tight enough to tell a derivative from a measured slope.
    assert_close(got, expected, rtol=1e-12, atol=1e-14, mistakes=mistakes)


X, Y = RANDOM.normal(size=(7, 3)), RANDOM.normal(size=7)
W1, B1, W2, B2 = RANDOM.normal(size=(4, 3)), RANDOM.normal(size=4), RANDOM.normal(size=4), 0.3
NAMES = ("W1", "b1", "w2", "b2")


def regression_cost(W1, b1, w2, b2):
    hidden = np.maximum(X @ W1.T + b1, 0)
    return np.mean((hidden @ w2 + b2 - Y) ** 2) / 2


def differences(position):
    """Central differences of the cost for one of the four parameters."""
    parameters = [W1, B1, W2, B2]

    def cost(value):
        return regression_cost(*parameters[:position], value, *parameters[position + 1 :])

    return numerical_gradient(cost, parameters[position])


def four(answer):
    """Four named gradients, or a failure that says what came instead."""
    got = kind_of(answer)
    assert isinstance(answer, tuple), f"expected a tuple of four gradients, got {got}"
    assert len(answer) == 4, f"expected four gradients, got {len(answer)}"
    shapes = [np.shape(gradient) for gradient in answer]
    assert shapes != [(4,), (), (4, 3), (4,)], "the order is dW1, db1, dw2, db2"
    return dict(zip(NAMES, answer, strict=True))


@check(
    "regression-gradients",
    points=1,
    hints=(
        "The gradient for ŷ is (ŷ - y) / m: the ½ cancels the 2.",
        "w2 is read with a[1] coming in: dw2 = a[1]ᵀ dŷ.",
        "dy = (A1 @ w2 + b2 - y) / len(y); dw2 = A1.T @ dy; db2 = dy.sum()",
    ),
)
def test_output_layer_gradients(student):
    "the gradients of w2 and b2 agree with central differences"
    got = four(student.regression_gradients(X, Y, W1, B1, W2, B2))
    assert_unchanged(student.regression_gradients)
    numeric = {name: differences(NAMES.index(name)) for name in ("w2", "b2")}
    assert_gradient({name: got[name] for name in numeric}, numeric)


@check(
    "regression-gradients",
    points=2,
    after="test_output_layer_gradients",
    hints=(
        "What comes back to a hidden unit is dŷ times its weight in w2.",
        "The slope of relu is 1 where Z1 > 0 and 0 elsewhere.",
        "dZ1 = np.outer(dy, w2) * (Z1 > 0); dW1 = dZ1.T @ X; db1 = dZ1.sum(axis=0)",
    ),
)
def test_hidden_layer_gradients(student):
    "the gradients of W1 and b1 agree with central differences"
    got = four(student.regression_gradients(X, Y, W1, B1, W2, B2))
    numeric = {name: differences(NAMES.index(name)) for name in ("W1", "b1")}
    assert_gradient({name: got[name] for name in numeric}, numeric)


@check(
    "regression-gradients",
    hidden=True,
    hints=(
        "The cost is a mean over the examples.",
        "Listing every example twice must not change a mean.",
        "Divide by len(y), once.",
    ),
)
def test_copies_of_the_data_change_nothing(student):
    "listing each example twice leaves all gradients as they are"
    got = four(student.regression_gradients(np.tile(X, (2, 1)), np.tile(Y, 2), W1, B1, W2, B2))
    for position, name in enumerate(NAMES):
        expected = differences(position)
        mistakes = {"the factor 1/m is missing": 14 * expected}
        assert_close(got[name], expected, rtol=1e-4, atol=1e-6, mistakes=mistakes, what=f"d{name}")


def share_right(parameters, X, y):
    """Share of points that a network of one hidden tanh layer gets right."""
    (W1, b1), (W2, b2) = parameters
    scores = np.tanh(X @ W1.T + b1) @ W2.T + b2
    return float(np.mean(scores.argmax(axis=1) == y))


def network_of(answer):
    """The two layers of an answer, or a failure that says what came instead."""
    assert isinstance(answer, list | tuple), (
        f"expected a list [(W1, b1), (W2, b2)], got {kind_of(answer)}"
    )
    shapes = [tuple(np.shape(part) for part in layer) for layer in answer]
    fits = len(shapes) == 2 and all(len(layer) == 2 for layer in shapes)
    fits = fits and all(len(W) == 2 and W[:1] == b for W, b in shapes)
    fits = fits and shapes[0][0][1] == 2 and shapes[1][0] == (2, shapes[0][0][0])
    assert fits, (
        "expected two layers, (W1, b1) of shapes (H, 2), (H,) and (W2, b2) of shapes (2, H), (2,); "
        f"got {shapes}"
    )
    return answer


@check(
    "train-ring",
    points=2,
    hints=(
        "Four things make a step: forward, cost, backward, and a step against the gradient.",
        "Begin with by_hand.initialize([2, 16, 2]); learning rates near 1 are good here.",
        "a = by_hand.forward(parameters, X); _, dz = by_hand.cost(a[-1], y); then by_hand.backward",
    ),
)
def test_ring_and_disc_are_told_apart(student):
    "at least 97 % of 1,000 new points are right"
    network = network_of(student.learn_ring(*toy.rings(300, seed=0)))
    share = share_right(network, *toy.rings(1000, seed=1))
    hint = ""
    if share < 0.2:
        hint = "; the classes are exchanged: step against the gradient, not along it"
    elif share < 0.8:
        hint = "; start from random weights, and take some hundred steps with a rate near 1"
    elif share < 0.97:
        hint = "; it learns: take more steps, or a larger rate"
    assert share >= 0.97, f"{share:.0%} of the new points are right; at least 97% are wanted{hint}"


@check(
    "train-ring",
    hidden=True,
    after="test_ring_and_disc_are_told_apart",
    hints=(
        "The function should learn from the points that it is given.",
        "Use X and y of the arguments in every step; nothing of the first set may remain.",
        "Start from by_hand.initialize inside the function.",
    ),
)
def test_the_classes_may_be_exchanged(student):
    "with the classes exchanged, the same function learns that"
    X, y = toy.rings(300, seed=2)
    network = network_of(student.learn_ring(X, 1 - y))
    X_new, y_new = toy.rings(1000, seed=3)
    share = share_right(network, X_new, 1 - y_new)
    assert share >= 0.97, f"{share:.0%} of the new points are right; at least 97% are wanted"
