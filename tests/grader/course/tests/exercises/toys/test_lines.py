"""Checks of the made-up chapter on lines."""

import numpy as np

from companion.exercises import assert_close, assert_raises, assert_unchanged, check

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(5, 3))
W = np.array([1.0, -2.0, 2.0])
B = 0.5


@check(
    "signed-distance",
    points=2,
    hints=(
        "A distance is measured in lengths of w.",
        "Look at what stands below the fraction bar.",
        "Divide X @ w + b by np.linalg.norm(w).",
    ),
)
def test_divides_by_the_norm(student):
    "the distance is divided by the length of w"
    got = student.signed_distance(X, W, B)
    assert_close(got, (X @ W + B) / 3, mistakes={"the norm is missing": X @ W + B})


@check(
    "signed-distance",
    points=1,
    after="test_divides_by_the_norm",
    hints=("Doubling w and b is the same line.", "b counts as well.", "(X @ w + b) / norm"),
)
def test_scaling_changes_nothing(student):
    "the distance does not change when w and b are doubled"
    assert_close(student.signed_distance(X, 2 * W, 2 * B), (X @ W + B) / 3)


@check(
    "signed-distance",
    points=1,
    hidden=True,
    hints=("No examples are an answer too.", "The shape is (0,).", "X @ w works for (0, d)."),
)
def test_of_no_points(student):
    "no points have no distances"
    assert_close(student.signed_distance(X[:0], W, B), np.zeros(0))


@check("centred", points=2, hints=("Means go down columns.", "axis=0", "X - X.mean(axis=0)"))
def test_columns_have_mean_zero(student):
    "each column has mean 0"
    got = student.centred(X)
    assert_close(got, X - X.mean(0), mistakes={"the mean of everything": X - X.mean()})


@check("centred", points=1, hints=("The caller owns X.", "-= writes into X.", "X - mean is new."))
def test_leaves_its_input(student):
    "X stays as it is"
    student.centred(X)
    assert_unchanged(student.centred)


@check("careful-log", points=1, hints=("ln 1 = 0.", "np.log", "float(np.log(x))"))
def test_of_positive_numbers(student):
    "ln of 1, e and 0.5"
    for x in (1.0, np.e, 0.5):
        assert_close(student.careful_log(x), np.log(x))


@check("careful-log", points=1, hints=("Zero too.", "x <= 0", "raise ValueError('... positive')"))
def test_refuses_the_rest(student):
    "zero and negative numbers raise ValueError"
    for x in (0.0, -1.0):
        assert_raises(student.careful_log, x, error="ValueError", mentions="positive")
