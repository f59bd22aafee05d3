"""Checks of the exercises in the chapter on activation functions."""

from itertools import pairwise

import numpy as np

from companion import nn
from companion.exercises import assert_close, assert_gradient, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.checking.gradcheck import numerical_gradient
from companion.gradients.tensor import Tensor

RANDOM = np.random.default_rng(8)


def parts(answer, names):
    """As many values as there are names, or a failure that says what came instead."""
    expected = ", ".join(names)
    assert isinstance(answer, tuple), f"expected a tuple ({expected}), got {kind_of(answer)}"
    assert len(answer) == len(names), f"expected ({expected}), got {len(answer)} values"
    return answer


def bent(x):
    """The network of the exercise by hand."""
    return np.maximum(3 * x - 3, 0) - np.maximum(8 - 2 * x, 0)


@check(
    "slopes-by-hand",
    points=2,
    hints=(
        "Where its sum is negative, a unit with ReLU is silent and brings no slope.",
        "For each x find which of 3x - 3 and -2x + 8 are positive; add up the slopes of those.",
        "At 0 only the second unit counts, and it is subtracted: -(-2).",
    ),
)
def test_three_slopes(student):
    "the slopes at 0, 2 and 5 agree with what the network does there"
    places, h = np.array([0.0, 2.0, 5.0]), 0.25
    expected = tuple((bent(places + h) - bent(places - h)) / (2 * h))
    mistakes = {
        "the second unit was added, but the output subtracts it": (-2, 1, 3),
        "these are the slopes without ReLU": (5, 5, 5),
        "these are the values of the network, not its slopes": tuple(bent(places)),
        "the silent unit was counted, and the active one was not": (3, 5, 2),
    }
    got = parts(student.slopes_by_hand(), ("at 0", "at 2", "at 5"))
    assert_close(tuple(map(float, got)), expected, mistakes=mistakes, what="the slopes")


WORDS = ("all", "last layer", "last biases", "none")


def moved_by_a_silent_layer():
    """One of the words, found by a backward pass."""
    model = nn.Sequential(nn.Linear(196, 64), nn.ReLU(), nn.Linear(64, 10))
    model[0].bias.data[:] = -100
    rng = np.random.default_rng(0)
    digits = rng.random((20, 196)).astype("float32")
    nn.CrossEntropyLoss()(model(Tensor(digits)), rng.integers(10, size=20)).backward()
    moved = {name for name, p in model.named_parameters() if np.any(p.grad)}
    sets = [{"0.weight", "0.bias", "2.weight", "2.bias"}, {"2.weight", "2.bias"}, {"2.bias"}, set()]
    return WORDS[sets.index(moved)]


@check(
    "silent-layer",
    hints=(
        "The gradient of a weight is what enters the weight times what comes back to its unit.",
        "What enters the last weights? What enters the last biases? (Always 1.)",
        "Zeros enter the last weights, and nothing passes the hidden units on the way back.",
    ),
)
def test_prediction_agrees_with_a_backward_pass(student):
    "the word agrees with a forward and a backward pass through such a network"
    got = student.who_gets_a_gradient()
    assert got in WORDS, f"expected one of {', '.join(WORDS)}, got {got!r}"
    mistakes = {
        "silent hidden units have the slope 0, so nothing comes back to their weights": "all",
        "the gradient of a last weight is its input, here 0, times what comes back": "last layer",
        "a bias of the output has no hidden unit before it, and gets its gradient": "none",
    }
    assert_close(got, moved_by_a_silent_layer(), mistakes=mistakes, what="the word")


@check(
    "leaky-relu-pullback",
    hints=(
        "A pullback is the derivative times what comes back.",
        "The derivative is 1 where z > 0 and alpha elsewhere.",
        "da * np.where(z > 0, 1.0, alpha)",
    ),
)
def test_leak_agrees_with_differences(student):
    "the result agrees with central differences, for slopes of either sign"
    z, da = RANDOM.normal(size=(3, 4)), RANDOM.normal(size=(3, 4))
    for alpha in (0.2, -0.7, 1.5):
        numeric = numerical_gradient(
            lambda v, s=alpha: np.sum(da * (np.maximum(v, 0) + s * np.minimum(v, 0))), z
        )
        assert_gradient({"z": student.leaky_relu_pullback(z, da, alpha)}, {"z": numeric})
    assert_unchanged(student.leaky_relu_pullback)


@check(
    "leaky-relu-pullback",
    hidden=True,
    hints=(
        "At the corner one of the two slopes must be chosen.",
        "z = 0 is not greater than 0: it belongs to the branch with alpha.",
        "Use z > 0, not z >= 0.",
    ),
)
def test_slope_at_the_corner(student):
    "at z = 0 the slope is alpha, which is 0.01 if not given"
    z, da = np.array([0.0, -1.0, 2.0]), np.array([10.0, 10.0, 10.0])
    mistakes = {"z = 0 was given the slope 1": np.array([10.0, 0.1, 10.0])}
    assert_close(student.leaky_relu_pullback(z, da), np.array([0.1, 0.1, 10.0]), mistakes=mistakes)


def stack(sizes):
    return [
        (RANDOM.normal(size=(m, n)), RANDOM.normal(size=m))
        for n, m in pairwise(sizes)
    ]


def through(layers, x):
    for W, b in layers:
        x = W @ x + b
    return x


def assert_same_map(student, layers):
    """Compare by what the layer does to the origin and to the axes."""
    inputs = layers[0][0].shape[1]
    W, b = parts(student.collapse_linear_stack(layers), ("W", "b"))
    origin = through(layers, np.zeros(inputs))
    columns = [through(layers, axis) - origin for axis in np.eye(inputs)]
    last = {"this is the bias of the last layer alone": layers[-1][1]}
    assert_close(W, np.stack(columns, axis=1), what="W")
    assert_close(b, origin, mistakes=last if len(layers) > 1 else None, what="b")


@check(
    "collapse-linear-stack",
    points=2,
    hints=(
        "Put the first layer into the second: V (W x + b) + c.",
        "The new matrix is V W and the new bias is V b + c; go on layer by layer.",
        "W, b = V @ W, V @ b + c",
    ),
)
def test_one_layer_does_what_the_stack_does(student):
    "the one layer agrees with the stack at the origin and along each axis"
    assert_same_map(student, stack([4, 3, 5, 2]))
    assert_same_map(student, stack([3, 3, 3]))


@check(
    "collapse-linear-stack",
    hidden=True,
    hints=(
        "A stack may have any number of layers.",
        "Start from the first layer and loop over the rest.",
        "W, b = layers[0]; for V, c in layers[1:]: ...",
    ),
)
def test_stacks_of_one_and_of_many(student):
    "a stack of one layer is that layer, and six layers are no harder than two"
    assert_same_map(student, stack([2, 3]))
    assert_same_map(student, stack([2, 2, 3, 1, 2, 4, 3]))


INPUTS = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])


@check(
    "count-dead-units",
    hints=(
        "A unit is dead if it is active for no example at all.",
        "Make Z of shape (N, H) and ask each column whether all its values are at most 0.",
        "np.sum(np.all(X @ W.T + b <= 0, axis=0))",
    ),
)
def test_dead_units_are_counted(student):
    "units that are negative for every example are counted, others are not"
    X = np.array([[1.0, -1.0], [2.0, 0.0], [1.0, 0.0], [-1.0, 2.0]])
    W = np.array([[0.0, -2.0], [2.0, 2.0], [-2.0, -2.0], [-2.0, -1.0], [0.0, 1.0]])
    b = np.array([0.5, -0.5, -1.5, 1.5, -1.5])
    # Largest z of each unit over the examples: 2.5, 3.5, -1.5, 1.5, 0.5.
    mistakes = {
        "these are the units that are inactive for at least one example": 5,
        "the bias is missing": 2,
        "these are the living units": 4,
        "these are the examples for which the whole layer is silent": 0,
    }
    assert_close(student.count_dead_units(X, W, b), 1, mistakes=mistakes)
    # The third example: 0.5, 1.5, -3.5, -0.5, -1.5.
    assert_close(student.count_dead_units(X[2:3], W, b), 3)
    assert_close(student.count_dead_units(X, W, b - 3), 4)


@check(
    "count-dead-units",
    hidden=True,
    hints=(
        "What is the slope of ReLU at z = 0?",
        "At z = 0 the slope is 0, so such a unit gets no gradient either.",
        "Compare with <= 0, not < 0.",
    ),
)
def test_zero_passes_no_gradient(student):
    "a unit whose largest z is exactly 0 is dead too"
    W, b = np.array([[1.0, 1.0], [0.0, 0.0]]), np.array([-2.0, 0.0])
    mistakes = {"z = 0 was counted as active": 0}
    assert_close(student.count_dead_units(INPUTS, W, b), 2, mistakes=mistakes)


def rings(n, seed):
    """Points of a disc, class 0, and of a ring around it, class 1: (n, 2), (n,)."""
    rng = np.random.default_rng(seed)
    y = rng.integers(2, size=n)
    radius = np.where(y == 1, rng.uniform(1.4, 2.2, n), rng.uniform(0, 1, n))
    angle = rng.uniform(0, 2 * np.pi, n)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), y


@check(
    "train-a-ring",
    points=2,
    hints=(
        "A network needs a bend: a hidden layer with an activation, and more than a few units.",
        "Linear(2, 16), Tanh, Linear(16, 2); the cross-entropy; some hundred steps at a rate of 1.",
        "In each step: zero_grad(), loss(model(Tensor(X)), y).backward(), step(); then argmax.",
    ),
)
def test_new_points_are_told_apart(student):
    "at least 95 % of 1,000 new points get the right class"
    X, y = rings(400, seed=1)
    X_new, y_new = rings(1000, seed=2)
    got = np.asarray(student.train_a_ring(X, y, X_new))
    assert got.shape == (1000,), f"expected one class for each new point, (1000,), got {got.shape}"
    assert got.dtype.kind in "ib", f"expected whole numbers, got {got.dtype}: take the argmax"
    right = np.mean(got == y_new)
    if len({*got}) == 1:
        note = "all points got one class: the hidden units may be equal"
    elif right < 0.75:
        note = "a straight line is as good: is there an activation?"
    else:
        note = "take more steps, or another rate"
    assert right >= 0.95, f"{right:.0%} of the new points are right, expected 95 %; {note}"


@check(
    "train-a-ring",
    hidden=True,
    after="test_new_points_are_told_apart",
    hints=(
        "Does your network learn from the data that it is given?",
        "Which class lies inside must come from y.",
        "Train on the X and y of the call, each time anew.",
    ),
)
def test_it_learns_what_it_is_told(student):
    "with the classes exchanged and the rings moved it learns that instead"
    X, y = rings(400, seed=3)
    X_new, y_new = rings(1000, seed=4)
    shift = np.array([0.5, -0.5])
    got = np.asarray(student.train_a_ring(X + shift, 1 - y, X_new + shift))
    right = np.mean(got == 1 - y_new)
    assert right >= 0.95, f"{right:.0%} of the new points are right, expected 95 %"
