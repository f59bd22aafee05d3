"""Checks of the exercises in the chapter on the perceptron."""

import numpy as np

from companion.exercises import (
    assert_close,
    assert_gradient,
    assert_raises,
    assert_unchanged,
    check,
)
from companion.exercises.wording import kind_of
from companion.gradients.checking.gradcheck import numerical_gradient

RANDOM = np.random.default_rng(11)
X = RANDOM.normal(size=(12, 3))
W, B = np.array([2.0, -1.0, 2.0]), 0.5
SIDES = np.sign(X @ W + B)


@check(
    "geometric-margin",
    hints=(
        "A distance is measured in lengths of w.",
        "Look at the denominator of the signed distance in the section 'A linear model'.",
        "np.min(y * (X @ w + b)) / np.linalg.norm(w)",
    ),
)
def test_margin_is_a_distance(student):
    "the margin does not change when w and b are multiplied by 10"
    expected = np.min(SIDES * (X @ W + B)) / 3
    mistakes = {"the length of w is missing": 30 * expected}
    assert_close(student.geometric_margin(X, SIDES, 10 * W, 10 * B), expected, mistakes=mistakes)
    few = slice(3, 9)
    expected = np.min(SIDES[few] * (X[few] @ W + B)) / 3
    assert_close(student.geometric_margin(X[few], SIDES[few], W, B), expected)


@check(
    "geometric-margin",
    hidden=True,
    hints=(
        "A point on the wrong side has a negative margin.",
        "Multiply each distance by its label before you take the minimum.",
        "np.min(y * (X @ w + b)) / np.linalg.norm(w)",
    ),
)
def test_margin_of_a_set_with_a_mistake_is_negative(student):
    "one point on the wrong side makes the margin negative"
    labels = SIDES.copy()
    furthest = np.argmax(SIDES * (X @ W + B))
    labels[furthest] *= -1
    expected = -np.max(SIDES * (X @ W + B)) / 3
    nearest = np.min(np.abs(X @ W + B)) / 3
    mistakes = {"the label is not used: this is the distance of the nearest point": nearest}
    assert_close(student.geometric_margin(X, labels, W, B), expected, mistakes=mistakes)


POINTS = np.array([[3.0, 4.0], [-1.0, -2.0], [2.0, 1.0]])
LABELS = np.array([1.0, -1.0, 1.0])


@check(
    "mistake-bound",
    hints=(
        "The theorem speaks of a unit vector; u may be longer.",
        "The margin is the smallest y u·x, divided by the length of u.",
        "margin = np.min(y * (X @ u)) / np.linalg.norm(u); int((radius / margin) ** 2)",
    ),
)
def test_bound_in_whole_mistakes(student):
    "points of length at most 5 and a margin of 4/√5 allow 7 mistakes"
    mistakes = {
        "u was taken to have length 1": 1,
        "the square is missing": 2,
        "round down: a fraction of a mistake cannot be made": 8,
        "round down to a whole number": 125 / 16,
        "the radius is the longest point, not the largest coordinate": 5,
    }
    u = np.array([2.0, 1.0])
    assert_close(student.mistake_bound(POINTS, LABELS, u), 7, mistakes=mistakes)
    other = np.array([[1.0, 2.0, 2.0], [0.0, -3.0, -1.0]])
    u = np.array([0.0, 1.0, 1.0])
    assert_close(student.mistake_bound(other, np.array([1.0, -1.0]), u), 1)


@check(
    "mistake-bound",
    hidden=True,
    hints=(
        "The theorem assumes a positive margin.",
        "Test the margin before you divide by it.",
        "if margin <= 0: raise ValueError(...)",
    ),
)
def test_bound_needs_a_separating_vector(student):
    "a vector that does not separate the set is refused with a ValueError"
    assert_raises(student.mistake_bound, POINTS, -LABELS, np.ones(2), error="ValueError")
    touching = np.array([[1.0, -1.0], [1.0, 1.0]])
    assert_raises(student.mistake_bound, touching, np.ones(2), np.ones(2), error="ValueError")


FEW, MANY = RANDOM.normal(size=(4, 3)), RANDOM.normal(size=(6, 3))


@check(
    "pairwise-distances",
    points=2,
    hints=(
        "Two axes of the result: one for the rows of A, one for the rows of B.",
        "Give A a new axis in the middle; the feature axis stays last.",
        "np.sqrt(np.sum((A[:, None, :] - B[None, :, :]) ** 2, axis=-1))",
    ),
)
def test_distances_of_all_pairs(student):
    "entry (i, j) is the distance from row i of A to row j of B"
    expected = np.array([[np.linalg.norm(a - b) for b in MANY] for a in FEW])
    city = np.array([[np.abs(a - b).sum() for b in MANY] for a in FEW])
    mistakes = {
        "the square root is missing": expected**2,
        "these are sums of absolute differences, not Euclidean distances": city,
    }
    assert_close(student.pairwise_distances(FEW, MANY), expected, mistakes=mistakes)


@check(
    "pairwise-distances",
    after="test_distances_of_all_pairs",
    hidden=True,
    hints=(
        "A difference of nearly equal squares loses its digits.",
        "Expanding ‖a‖² - 2 a·b + ‖b‖² subtracts large, nearly equal numbers.",
        "Subtract first, then square: (A[:, None] - B[None]) ** 2.",
    ),
)
def test_distances_far_from_the_origin(student):
    "points that are far away and close together keep their distance"
    far = np.array([[1e8, 0.0], [1e8, 3.0]])
    assert_close(student.pairwise_distances(far, far), np.array([[0.0, 3.0], [3.0, 0.0]]))


Z = RANDOM.normal(size=(9, 2))
T = np.array([0, 1, 1, 0, 1, 0, 0, 1, 1])
COUNTS = np.array([1.0, 3, 2, 1, 0, 5, 1, 2, 1])
V, C = np.array([0.4, -0.9]), 0.2


def weighted_cost(w, b):
    z = Z @ w + b
    return np.sum(COUNTS * (np.logaddexp(0, z) - T * z)) / np.sum(COUNTS)


@check(
    "weighted-logistic-gradient",
    points=2,
    hints=(
        "Each example's gradient is (σ(z) - y) x; the weights make a weighted mean of them.",
        "Divide by the sum of the weights, not by their number.",
        "error = c * (p - y) / np.sum(c); return error @ X, np.sum(error)",
    ),
)
def test_weighted_gradient_agrees_with_differences(student):
    "both gradients agree with central differences of the weighted cost"
    numeric = {
        "w": numerical_gradient(lambda w: weighted_cost(w, C), V),
        "b": numerical_gradient(lambda b: weighted_cost(V, b), C),
    }
    dw, db = pair(student.weighted_logistic_gradient(Z, T, COUNTS, V, C), "(dJ/dw, dJ/db)")
    assert_gradient({"w": dw, "b": db}, numeric)


@check(
    "weighted-logistic-gradient",
    hidden=True,
    hints=(
        "Weights say how often an example counts; only their proportions matter.",
        "If all weights double, numerator and denominator of J double.",
        "Divide by np.sum(c).",
    ),
)
def test_only_proportions_of_the_weights_matter(student):
    "doubling all weights changes nothing"
    names = "(dJ/dw, dJ/db)"
    once = pair(student.weighted_logistic_gradient(Z, T, COUNTS, V, C), names)
    twice = pair(student.weighted_logistic_gradient(Z, T, 2 * COUNTS, V, C), names)
    p = 1 / (1 + np.exp(-(Z @ V + C)))
    assert_close(twice[0], once[0], what="dJ/dw with doubled weights")
    assert_close(once[1], np.sum(COUNTS * (p - T)) / COUNTS.sum(), what="dJ/db")


def pair(answer, names):
    """Two values, or a failure that says what came instead."""
    assert isinstance(answer, tuple), f"expected a tuple {names}, got {kind_of(answer)}"
    assert len(answer) == 2, f"expected two values {names}, got {len(answer)}"
    return answer


def pocket(X, y, epochs):
    """The textbook's algorithm, kept apart from the chapter's solution: every state is listed."""
    states, theta = [(0, np.zeros(X.shape[1] + 1))], np.zeros(X.shape[1] + 1)
    rows = np.c_[X, np.ones(len(X))] * y[:, None]
    for row in np.tile(rows, (epochs, 1)):
        if row @ theta <= 0:
            theta = theta + row
            states.append((np.sum(rows @ theta > 0), theta))
    best = states[np.argmax([right for right, _ in states])][1]
    return best[:-1], best[-1], theta


NOISY = RANDOM.normal(size=(40, 2))
NOISY_LABELS = np.where(NOISY @ [1.0, 0.5] + 0.6 * RANDOM.normal(size=40) > 0.2, 1.0, -1.0)


@check(
    "pocket-perceptron",
    points=2,
    hints=(
        "The last weights are not the best: remember the best.",
        "After each update count y * (X @ w + b) > 0 over the whole set.",
        "if right > best: best, pocket = right, (w, b)",
    ),
)
def test_pocket_keeps_the_best_weights(student):
    "on data no line separates, the pocket holds the best weights seen"
    w, b, last = pocket(NOISY, NOISY_LABELS, 4)
    got = student.pocket_perceptron(NOISY, NOISY_LABELS, 4)
    assert_unchanged(student.pocket_perceptron)
    got_w, got_b = pair(got, "(w, b)")
    hint = "these are the last weights; were they changed in place after being pocketed?"
    assert_close(got_w, w, mistakes={hint: last[:-1]}, what="the pocket's w")
    assert_close(got_b, b, what="the pocket's b")


@check(
    "pocket-perceptron",
    hints=(
        "With w = 0 every score is 0, which is a mistake.",
        "The test for a mistake is y f(x) <= 0, not < 0.",
        "if label * (x @ w + b) <= 0:",
    ),
)
def test_pocket_learns_from_the_first_example(student):
    "the very first example is a mistake, since its score is 0"
    X, y = np.array([[1.0, 2.0]]), np.array([1.0])
    assert_close(student.pocket_perceptron(X, y, 1), (np.array([1.0, 2.0]), 1.0))


@check(
    "pocket-perceptron",
    hidden=True,
    hints=(
        "Equal is not better.",
        "The pocket changes only when more examples are right than before.",
        "if right > best:",
    ),
)
def test_pocket_keeps_the_first_of_equals(student):
    "weights that are only as good as the pocket's do not replace them"
    X, y = np.array([[-2.0], [-2.0], [-1.0]]), np.array([1.0, 1.0, -1.0])
    # Two of three are right after the first update, and again, with other weights, later on.
    assert_close(student.pocket_perceptron(X, y, 2), (np.array([-2.0]), 1.0))
