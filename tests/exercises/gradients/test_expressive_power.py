"""Checks of the exercises on what networks can represent."""

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
    "tents-by-hand",
    points=2,
    hints=(
        "One tent has two straight pieces. What does a further tent do to each of them?",
        "The pieces double with each tent. Then count parameters: 6k + 1 = 3H + 1.",
        "2 * 2 * 2 pieces; H = 6 units make at most 6 corners.",
    ),
)
def test_pieces_of_three_tents(student):
    "eight thousand points of three tents, and the parameters of both networks, say the same"
    a = np.linspace(0, 1, 8001)
    for _ in range(3):
        a = 1 - np.abs(2 * a - 1)
    deep = 1 + int(np.sum(np.abs(np.diff(a, 2)) > 1e-6))
    units = next(H for H in range(1, 50) if 2 * H + H + 1 == 4 + 6 + 6 + 3)
    mistakes = {
        "corners were counted; there is one piece more": (deep - 1, units),
        "the units were counted; their corners cut the interval into one piece more": (deep, units),
        "these are the teeth; each has two pieces": (deep // 2, units + 1),
        "a further tent doubles the pieces, it does not add two": (6, units + 1),
        "the shallow network was given a unit for each parameter": (deep, 20),
    }
    got = parts(student.tents_by_hand(), ("deep", "shallow"))
    assert_close(tuple(got), (deep, units + 1), mistakes=mistakes, what="the pair")


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
