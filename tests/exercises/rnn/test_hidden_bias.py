"""Checks of the exercises in the chapter on what debiasing leaves."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.numeric import numbers_of

SIGMA = np.array([[2.0, 1.0], [1.0, 2.0]])


def share(g):
    """R² as a squared correlation of what is taken and what is left, in the plane."""
    g = np.array(g, float) / np.linalg.norm(g)
    other = np.array([-g[1], g[0]])
    return (g @ SIGMA @ other) ** 2 / ((g @ SIGMA @ g) * (other @ SIGMA @ other))


def trace_at(student, place):
    return numbers_of(student.two_traces(), (2,), "two numbers")[place]


@check(
    "trace-left",
    hints=(
        "Invert Σ: its determinant is 3.",
        "g = (1, 0) picks the upper left entries: 2 of Σ and 2/3 of its inverse.",
        "1 - 1 / (2 * 2 / 3)",
    ),
)
def test_along_the_first_axis(student):
    "R² for (1, 0)"
    mistakes = {
        "that is the share not explained; or the inverse lacks the division by 3": 0.75,
        "that is the correlation; R² is its square": 0.5,
        "the entry of the inverse is 2/3, not 1/2": 0.0,
        "R² is a share, not a percentage": 25.0,
    }
    right = share((1, 0))
    assert_close(trace_at(student, 0), right, mistakes=mistakes, rtol=1e-4, what="the first R²")


@check(
    "trace-left",
    hints=(
        "Multiply Σ with (1, 1).",
        "(1, 1) is an eigenvector of Σ, with the eigenvalue 3; of the inverse with 1/3.",
        "1 - 1 / (3 * 1 / 3)",
    ),
)
def test_along_the_diagonal(student):
    "R² for (1, 1)/√2"
    mistakes = {
        "g has length 1: both products are halves of those with (1, 1)": 1 - 1 / 4,
        "along a principal direction nothing can be read off": 0.25,
        "that is the share not explained; subtract it from 1": 1.0,
    }
    assert_close(trace_at(student, 1), 0.0, mistakes=mistakes, atol=1e-5, what="the second R²")


def drawn(seed, count, size, many):
    rng = np.random.default_rng(seed)
    directions = rng.normal(size=(many, size)) + rng.normal(size=size)
    return rng.normal(size=(count, size)), directions * rng.gamma(2, 2, (many, 1))


CLOSE = {"rtol": 1e-4, "atol": 2e-5}


def rows_of(student, vectors, directions):
    """Return the answer as an array, from a list of rows as well."""
    got = student.without_all(vectors, directions)
    if isinstance(got, tuple | list):
        return numbers_of(got, vectors.shape, f"an array of shape {vectors.shape}")
    return got


def by_least_squares(vectors, directions):
    """What no combination of the directions can explain."""
    parts = np.linalg.lstsq(directions.T, vectors.T, rcond=None)[0]
    return vectors - parts.T @ directions


def one_by_one(vectors, directions, fresh=False):
    left = vectors
    for d in directions:
        of = vectors if fresh else left
        left = left - np.outer(of @ d, d) / (d @ d)
    return left


@check(
    "remove-several",
    points=2,
    hints=(
        "Removing one direction after the other is not enough if they are not at right angles.",
        "Make a basis of length 1 at right angles for all of them: np.linalg.qr(directions.T).",
        "vectors - vectors @ basis @ basis.T",
    ),
)
def test_two_directions(student):
    "two directions at an oblique angle"
    for seed in range(3):
        vectors, directions = drawn(seed, 5, 4, 2)
        expected = by_least_squares(vectors, directions)
        mistakes = {
            "the second removal puts back some of the first direction": one_by_one(
                vectors, directions
            ),
            "what directions have in common is taken away twice": one_by_one(
                vectors, directions, fresh=True
            ),
            "only the first direction is gone": one_by_one(vectors, directions[:1]),
            "that is what is taken away; return what is left": vectors - expected,
        }
        got = rows_of(student, vectors, directions)
        assert_unchanged(student.without_all)
        assert_close(got, expected, mistakes=mistakes, **CLOSE, what="the result")


@check(
    "remove-several",
    after="test_two_directions",
    hidden=True,
    hints=(
        "Any number of directions below D, and any number of vectors.",
        "The basis has a column for each direction: (D, K).",
        "np.linalg.qr(np.transpose(directions))[0] is (D, K)",
    ),
)
def test_other_sizes(student):
    "one direction, one vector, all but one direction, unequal lengths, single precision"
    for count, size, many in ((4, 3, 1), (1, 5, 4), (30, 8, 5), (2, 2, 1)):
        vectors, directions = drawn(count, count, size, many)
        got = rows_of(student, vectors, directions)
        expected = by_least_squares(vectors, directions)
        assert_close(got, expected, **CLOSE, what="the result")
    vectors, directions = drawn(5, 6, 5, 3)
    expected = by_least_squares(vectors, directions)
    got = rows_of(student, vectors, directions * np.array([[0.01], [100], [1]]))
    assert_close(got, expected, **CLOSE, what="the result")
    vectors, directions = (np.float32(v) for v in drawn(3, 6, 5, 2))
    expected = by_least_squares(vectors.astype(float), directions.astype(float))
    got = rows_of(student, vectors, directions)
    assert_close(got, expected, rtol=1e-3, atol=1e-4, what="the result")
