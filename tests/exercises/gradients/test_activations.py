"""Checks of the exercises in the chapter on activation functions."""

from itertools import pairwise

import numpy as np

from companion.exercises import assert_close, assert_gradient, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.checking.gradcheck import numerical_gradient

RANDOM = np.random.default_rng(8)


def parts(answer, names):
    """As many values as there are names, or a failure that says what came instead."""
    expected = ", ".join(names)
    assert isinstance(answer, tuple), f"expected a tuple ({expected}), got {kind_of(answer)}"
    assert len(answer) == len(names), f"expected ({expected}), got {len(answer)} values"
    return answer


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


@check(
    "maxout-pullback",
    hints=(
        "Only the largest of a row had a say in a; only it gets a gradient.",
        "Make zeros of the shape of Z, and put da at the place of each row's maximum.",
        "dZ[np.arange(len(Z)), Z.argmax(axis=1)] = da",
    ),
)
def test_gradient_goes_to_the_largest(student):
    "the result agrees with central differences"
    for shape in ((5, 3), (4, 6)):
        Z, da = RANDOM.normal(size=shape), RANDOM.normal(size=shape[0])
        numeric = numerical_gradient(lambda v, d=da: np.sum(d * v.max(axis=1)), Z)
        assert_gradient({"Z": student.maxout_pullback(Z, da)}, {"Z": numeric})
    assert_unchanged(student.maxout_pullback)


@check(
    "maxout-pullback",
    hidden=True,
    hints=(
        "What happens where two sums are equal?",
        "Exactly one entry of each row may get the gradient: the first of the largest.",
        "np.argmax returns the first; Z == Z.max(axis=1, keepdims=True) marks all of them.",
    ),
)
def test_first_of_equals_gets_all(student):
    "of several equal sums the first gets the whole gradient"
    Z, da = np.array([[1.0, 2.0, 2.0], [0.0, 0.0, 0.0]]), np.array([3.0, -1.0])
    expected = np.array([[0.0, 3.0, 0.0], [-1.0, 0.0, 0.0]])
    mistakes = {
        "every largest sum got the whole gradient": np.array([[0.0, 3, 3], [-1, -1, -1]]),
        "the gradient was divided among equals": np.array([[0, 1.5, 1.5], [-1 / 3] * 3]),
    }
    assert_close(student.maxout_pullback(Z, da), expected, mistakes=mistakes)


def output(w, b, v, x):
    """The network at the points x."""
    w, b, v = (np.asarray(values, dtype=float) for values in (w, b, v))
    assert w.shape == b.shape == v.shape == (3,), (
        f"w, b and v have shapes {w.shape}, {b.shape} and {v.shape}; expected three times (3,)"
    )
    return np.maximum(np.multiply.outer(x, w) + b, 0) @ v


@check(
    "hat-from-relus",
    points=2,
    hints=(
        "A ReLU unit changes the slope at one place. Where does the hat's change, by how much?",
        "Use w = 1 and b = -left, -centre, -right; v are the changes of the slope.",
        "up, down = 1/(centre-left), 1/(right-centre); v = [up, -up - down, down]",
    ),
)
def test_hat_with_equal_sides(student):
    "the hat from 0 over 1 to 2, and the one from −3 over −1 to 1, are right between and outside"
    for left, centre, right in ((0.0, 1.0, 2.0), (-3.0, -1.0, 1.0)):
        x = np.array([left - 2, left, (left + centre) / 2, centre, right - 0.5, right, right + 3])
        wanted = np.interp(x, [left, centre, right], [0, 1, 0])
        w, b, v = parts(student.hat_from_relus(left, centre, right), ("w", "b", "v"))
        got = output(w, b, v, x)
        late = {"right of the hat the output goes on falling": wanted - np.maximum(x - right, 0)}
        assert_close(got, wanted, mistakes=late, what="the hat")


@check(
    "hat-from-relus",
    hidden=True,
    after="test_hat_with_equal_sides",
    hints=(
        "The two sides need not be equally steep.",
        "The slope is 1/(centre - left) going up and 1/(right - centre) going down.",
        "The change at the centre is -up - down.",
    ),
)
def test_hat_with_unequal_sides(student):
    "a hat with a steep and a flat side has height 1 and ends at 0"
    left, centre, right = -0.5, 0.25, 4.0
    x = np.linspace(-3, 8, 23)
    w, b, v = parts(student.hat_from_relus(left, centre, right), ("w", "b", "v"))
    assert_close(output(w, b, v, x), np.interp(x, [left, centre, right], [0, 1, 0]), what="the hat")


def pieces(w, b, v, low, high):
    """By brute force: how often the slope changes between neighbours of a fine grid."""
    x = np.linspace(low, high, 20_001)
    f = np.maximum(np.multiply.outer(x, w) + b, 0) @ v
    bends = np.abs(np.diff(f, 2)) > 1e-9
    return 1 + int(np.sum(bends[1:] & ~bends[:-1]) + bends[0])


@check(
    "count-linear-pieces",
    hints=(
        "Each unit has one place where it bends the function: where w x + b = 0.",
        "Collect -b/w for all w ≠ 0 and v ≠ 0 strictly between low and high.",
        "1 + the number of different places",
    ),
)
def test_pieces_of_a_random_network(student):
    "random networks have as many pieces as their slope on a fine grid says"
    for seed in (0, 1):
        rng = np.random.default_rng(seed)
        w, v = rng.choice([-1, 1], 6) * rng.uniform(0.5, 2, 6), rng.uniform(0.5, 2, 6)
        b = -w * np.array([-3.21, -1.4, -0.3, 0.52, 1.33, 2.7])
        expected = pieces(w, b, v, -2.0, 2.0)
        mistakes = {
            "these are the bends; there is one piece more": expected - 1,
            "places outside of the interval count too": 7,
        }
        got = student.count_linear_pieces(w, b, v, -2.0, 2.0)
        assert_close(got, expected, mistakes=mistakes)
    assert_close(student.count_linear_pieces(w, b, v, 0.0, 0.4), 1)


@check(
    "count-linear-pieces",
    points=2,
    after="test_pieces_of_a_random_network",
    hints=(
        "Several units may bend at one place: add up what they do to the slope.",
        "From left to right a unit changes the slope by v |w|, whichever the sign of w.",
        "changes[place] += v_j * abs(w_j); count the places whose sum is not 0",
    ),
)
def test_bends_at_one_place_add_up_and_may_cancel(student):
    "max(x, 0) + max(−x, 0) has two pieces, max(x, 0) − max(−x, 0) has one"
    w, b = np.array([1.0, -1.0]), np.zeros(2)
    assert_close(student.count_linear_pieces(w, b, np.array([1.0, 1.0]), -1.0, 1.0), 2)
    counted = {"bends that cancel were counted": 2}
    got = student.count_linear_pieces(w, b, np.array([1.0, -1.0]), -1.0, 1.0)
    assert_close(got, 1, mistakes=counted)
    w, b = np.array([2.0, 3.0, -1.0]), np.array([-1.0, -1.5, 0.2])
    mistakes = {"two units that bend at the same place make one bend": 4}
    got = student.count_linear_pieces(w, b, np.array([1.0, 1.0, 5.0]), 0.0, 1.0)
    assert_close(got, 3, mistakes=mistakes)


@check(
    "count-linear-pieces",
    hidden=True,
    hints=(
        "In floating point 0.1 + 0.2 is not 0.3. Are these two places or one?",
        "Before you add a place, look whether one within 1e-9 is there already.",
        "near = [i for i, p in enumerate(places) if abs(p + b_j / w_j) < 1e-9]",
    ),
)
def test_places_that_differ_by_rounding_are_one(student):
    "bends at 0.1 + 0.2 and at 0.3 are one bend, and cancel if they are opposite"
    w, b = np.ones(2), -np.array([0.1 + 0.2, 0.3])
    mistakes = {"0.1 + 0.2 and 0.3 were taken for two places": 3}
    assert_close(
        student.count_linear_pieces(w, b, np.array([1.0, 2.0]), 0.0, 1.0), 2, mistakes=mistakes
    )
    assert_close(
        student.count_linear_pieces(w, b, np.array([1.0, -1.0]), 0.0, 1.0), 1, mistakes=mistakes
    )


@check(
    "count-linear-pieces",
    hidden=True,
    hints=(
        "Some units bend nothing.",
        "w = 0 makes a constant and v = 0 is not heard; an end of the interval is not inside it.",
        "if w_j == 0 or v_j == 0 or not low < -b_j / w_j < high: continue",
    ),
)
def test_units_that_bend_nothing(student):
    "units with w = 0 or v = 0, and places on the ends of the interval, do not count"
    w, b = np.array([0.0, 1.0, 1.0, 2.0, 1.0]), np.array([3.0, -0.5, 0.0, -2.0, -0.25])
    v = np.array([1.0, 0.0, 1.0, 1.0, 2.0])
    assert_close(student.count_linear_pieces(w, b, v, 0.0, 1.0), 2)
    assert_close(student.count_linear_pieces(np.zeros(2), np.ones(2), np.ones(2), 0.0, 1.0), 1)
