"""Checks of the exercises on how many mistakes a perceptron makes, and on logistic regression."""

import numpy as np

from companion.exercises import assert_close, assert_gradient, assert_raises, check
from companion.exercises.wording import kind_of
from companion.gradients.checking.gradcheck import numerical_gradient

RANDOM = np.random.default_rng(11)
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
