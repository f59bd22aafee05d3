"""Checks of the exercises on the page on random depth and bounded weights."""

from fractions import Fraction

import numpy as np
import torch

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

DROPS = [Fraction(4, 10) * Fraction(k, 10) for k in range(1, 11)]


def two(student):
    got = student.depth_by_hand()
    assert isinstance(got, tuple), f"expected a tuple of two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    return got


@check(
    "expected-depth",
    hints=(
        "Each branch is at work with the probability that it is not left out. Add these up.",
        "The last is left out with 0.4, the first with 0.04; their mean is 0.22.",
        "10 - 0.4 * 11 / 2",
    ),
)
def test_depth_along_a_line(student):
    "the first number: probabilities that rise along a line"
    mistakes = {
        "these are the branches that are left out": float(sum(DROPS)),
        "the line begins at 0.04, not at 0": 8.0,
        "that is 0.4 for every block": 6.0,
    }
    expected = float(sum(1 - p for p in DROPS))
    assert_close(two(student)[0], expected, mistakes=mistakes, what="the first number")


@check(
    "expected-depth",
    hints=(
        "Now all ten branches are at work equally often.",
        "Each with the probability 1 - 0.4.",
        "10 * 0.6",
    ),
)
def test_depth_with_one_probability(student):
    "the second number: the same probability for all blocks"
    mistakes = {"these are the branches that are left out": 4.0}
    assert_close(two(student)[1], 10 * 0.6, mistakes=mistakes, what="the second number")


RANDOM = np.random.default_rng(21)
WEIGHTS = RANDOM.normal(size=(7, 4)) * np.array([0.1, 3, 1, 2, 0.5, 4, 1])[:, None]
LIMITS = np.array([1.0, 1.5, 0.3, 9.0, 0.2, 2.5, 0.0])


def projected(W, limits):
    """Row by row by torch's renorm, which adds 10⁻⁷ to a norm."""
    rows = [
        torch.renorm(torch.tensor(row[None]), 2, 0, float(limit)).numpy()[0]
        for row, limit in zip(W, limits, strict=True)
    ]
    return np.array(rows)


def pair(student, W, limits):
    got = student.project_rows(W, limits)
    assert isinstance(got, tuple), f"expected (array, count), got {kind_of(got)}"
    assert len(got) == 2, f"expected (array, count), got {len(got)} values"
    return got


@check(
    "project-rows",
    hints=(
        "A row that is too long keeps its direction and gets the length of its limit.",
        "The factor of a row is limit / length where length > limit, and 1 elsewhere.",
        "W * np.where(long, limits / lengths, 1)[:, None]",
    ),
)
def test_rows_within_their_limits(student):
    "the projected rows"
    W = WEIGHTS
    got, _ = pair(student, W, LIMITS)
    lengths = np.sqrt((W**2).sum(axis=1))
    mistakes = {
        "short rows stay as they are": W * (LIMITS / lengths)[:, None],
        "this limits each weight, not the length of a row": np.clip(
            W, -LIMITS[:, None], LIMITS[:, None]
        ),
        "all rows were cut to the smallest limit": W * np.minimum(1, 0.0 / lengths)[:, None],
        "divided by the squared length": W
        * np.where(lengths > LIMITS, LIMITS / lengths**2, 1)[:, None],
    }
    expected = projected(W, LIMITS)
    assert_close(got, expected, rtol=1e-5, mistakes=mistakes, what="the projected rows")
    assert_unchanged(student.project_rows)


@check(
    "project-rows",
    hints=(
        "Count the rows whose length is above their limit.",
        "A comparison gives True and False; their sum is a count.",
        "int((lengths > limits).sum())",
    ),
)
def test_count_of_shortened_rows(student):
    "the number of rows that were shortened"
    W = np.array([[3.0, 4.0], [0.3, 0.4], [1.0, 0.0], [0.0, 2.0]])
    limits = np.array([1.0, 1.0, 1.0, 1.5])
    _, count = pair(student, W, limits)
    mistakes = {
        "a row that is just as long as its limit is not shortened": 3,
        "count the rows that were cut, not all of them": 4,
    }
    assert_close(count, 2, mistakes=mistakes, what="the number of shortened rows")
    _, count = pair(student, np.full((3, 2), 5.0), np.full(3, 1.0))
    assert_close(count, 3, mistakes={"none stayed": 0}, what="the number when all are too long")


@check(
    "project-rows",
    hidden=True,
    hints=(
        "A row of zeros has the length 0; nothing may be divided by it.",
        "Divide only where the row is too long; those rows are not 0.",
        "np.where(long, lengths, 1)",
    ),
)
def test_rows_of_zeros(student):
    "rows of zeros stay zeros, without a division by 0"
    W = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]])
    got, count = pair(student, W, np.array([1.0, 1.0, 0.0]))
    expected = np.array([[0.0, 0.0], [0.6, 0.8], [0.0, 0.0]])
    assert_close(got, expected, what="the projected rows")
    assert_close(count, 1, what="the number of shortened rows")
