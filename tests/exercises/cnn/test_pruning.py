"""Checks of the exercises in the chapter on pruning."""

from itertools import pairwise

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def pair_of(got):
    assert isinstance(got, tuple | list), f"expected a tuple of two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    return got


W, X = np.array([[0.5, -0.2, 0.1], [-0.7, 0.3, 0.6]]), np.array([2.0, 1, -1])


def by_threshold():
    """The pruned layer, by sorting."""
    third = sorted(np.abs(W).ravel())[-3]
    return np.where(np.abs(W) >= third, W, 0) @ X


@check(
    "prune-by-hand",
    hints=(
        "Rank all six weights by their size, without the sign.",
        "Three stay: one of the first row and two of the second.",
        "The first output is 0.5 · 2.",
    ),
)
def test_the_first_output(student):
    "the first output"
    mistakes = {
        "nothing was pruned": (W @ X)[0],
        "each row keeps half of its own, rounded up; rank all six together": 0.8,
        "those are the smallest weights": -0.3,
    }
    got = pair_of(student.pruned_outputs())[0]
    assert_close(got, by_threshold()[0], mistakes=mistakes, what="the first output")


@check(
    "prune-by-hand",
    hints=(
        "Size is the absolute value: −0.7 is the largest of all.",
        "−0.7 and 0.6 stay, 0.3 goes.",
        "−0.7 · 2 + 0.6 · (−1)",
    ),
)
def test_the_second_output(student):
    "the second output"
    mistakes = {
        "nothing was pruned": (W @ X)[1],
        "sizes count, not values: −0.7 is the largest": -0.3,
        "0.3 is not among the three largest": -1.1,
    }
    got = pair_of(student.pruned_outputs())[1]
    assert_close(got, by_threshold()[1], mistakes=mistakes, what="the second output")


@check(
    "masked-gradient",
    hints=(
        "The velocity is not 0 when the gradient becomes 0.",
        "Then v is −0.9, −0.81, … and each moves w by −0.1 v.",
        "0.1 · (0.9 + 0.81 + …) = 0.1 · 0.9 / (1 − 0.9)",
    ),
)
def test_where_the_weight_goes(student):
    "the pruned weight under momentum"
    words = ("it stays 0", "to 0.9", "to infinity")
    got = student.where_it_goes()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    w, v = 0.0, -1.0
    for _ in range(500):
        v = 0.9 * v
        w -= 0.1 * v
    right = "it stays 0" if w == 0 else "to 0.9" if abs(w - 0.9) < 1e-6 else "to infinity"
    assert got == right, "write down the next two steps: v goes on without a gradient"


def one_by_one(matrix):
    """Two of each four, one group after the other."""
    out = np.zeros_like(matrix)
    for i, row in enumerate(matrix):
        for start in range(0, len(row), 4):
            places = sorted(range(start, start + 4), key=lambda j: (-abs(row[j]), j))[:2]
            out[i, places] = row[places]
    return out


@check(
    "two-of-four",
    points=2,
    hints=(
        "Bring the four neighbours of a group onto an axis of their own.",
        "W.reshape(-1, 4) has a group in each row; rank the sizes along axis 1.",
        "order = np.argsort(-np.abs(groups), axis=1, kind='stable')[:, :2]",
    ),
)
def test_two_of_each_four(student):
    "the two largest of each four"
    given = np.random.default_rng(0).normal(size=(3, 8))
    groups = given.reshape(-1, 4)
    by_value = np.where(np.argsort(np.argsort(-groups, axis=1), axis=1) < 2, groups, 0)
    smallest = np.where(np.argsort(np.argsort(np.abs(groups), axis=1), axis=1) < 2, groups, 0)
    half_of_row = np.where(np.argsort(np.argsort(-np.abs(given), axis=1), axis=1) < 4, given, 0)
    whole = np.abs(given) >= np.median(np.abs(given))
    mistakes = {
        "the size counts, not the value": by_value.reshape(3, 8),
        "those are the smallest": smallest.reshape(3, 8),
        "half of each row stays; it must be two of each four": half_of_row,
        "half of the whole matrix stays; it must be two of each four": given * whole,
        "the sign is lost": np.abs(one_by_one(given)),
        "that is the mask; return the weights": (one_by_one(given) != 0).astype(float),
    }
    got = student.two_of_four(given)
    assert_close(got, one_by_one(given), mistakes=mistakes, what="two_of_four(W)")


@check(
    "two-of-four",
    after="test_two_of_each_four",
    hidden=True,
    hints=(
        "A threshold keeps too many of equal weights.",
        "Rank with kind='stable': of equal sizes the first stays first.",
        "Copy the values at the first two places of each row of the order.",
    ),
)
def test_equal_weights(student):
    "equal sizes: the left ones stay, and W is unchanged"
    given = np.array([[1.0, -1, 1, 1, 0.5, 2, -0.5, 0.5], [0, 0, 0, 0, 3, 3, -3, 3]])
    assert_close(student.two_of_four(given), one_by_one(given), what="two_of_four(W) with ties")
    assert_unchanged(student.two_of_four)
    square = np.random.default_rng(1).normal(size=(8, 8))
    got = student.two_of_four(square)
    assert_unchanged(student.two_of_four)
    assert_close(got, one_by_one(square), what="two_of_four(W) for a square W")


def layers(seed, D=4, H=6, K=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(H, D)), rng.normal(size=H), rng.normal(size=(K, H))


def chosen(W1, b1, W2, count):
    """Numbers of the units, from scores computed one by one."""
    score = [
        np.linalg.norm([*W1[j], b1[j]]) * np.linalg.norm(W2[:, j]) for j in range(len(b1))
    ]
    return sorted(sorted(range(len(b1)), key=lambda j: -score[j])[:count])


def three_of(got):
    assert isinstance(got, tuple | list), f"expected W1, b1, W2, got {kind_of(got)}"
    assert len(got) == 3, f"expected three arrays, got {len(got)}"
    return got


@check(
    "take-out-units",
    hints=(
        "A unit is a row of W1, a number of b1 and a column of W2.",
        "Score: root of the row's sum of squares plus the bias squared, times the column's norm.",
        "kept = np.sort(np.argsort(-score)[:count])",
    ),
)
def test_the_units_that_stay(student):
    "W1 and b1 of the units that stay"
    given = layers(0)
    W1, b1, W2 = given
    got = three_of(student.fewer_units(*given, 3))
    into, away = np.linalg.norm(np.c_[W1, b1], axis=1), np.linalg.norm(W2, axis=0)
    score = into * away
    order = np.argsort(-score)[:3]

    def rows(score):
        return W1[np.sort(np.argsort(-score)[:3])]

    kept = chosen(*given, 3)
    mistakes = {
        "only what leads to a unit counts": rows(into),
        "only what leads away from a unit counts": rows(away),
        "the bias is not in the score": rows(np.linalg.norm(W1, axis=1) * away),
        "those are the units with the smallest scores": rows(-score),
        "the units are not in their order": W1[order],
    }
    assert_close(got[0], W1[kept], mistakes=mistakes, what="W1")
    assert_close(got[1], b1[kept], what="b1")


@check(
    "take-out-units",
    after="test_the_units_that_stay",
    hints=(
        "The next layer reads the units: what belongs to one in W2?",
        "W2 is (K, H): a unit is a column.",
        "W2[:, kept]",
    ),
)
def test_the_next_layer(student):
    "W2 of the units that stay"
    given = layers(1, D=3, H=5, K=5)
    got = three_of(student.fewer_units(*given, 2))
    kept = chosen(*given, 2)
    mistakes = {
        "rows of W2 were taken; the units are its columns": given[2][kept],
        "W2 is as it was": given[2],
    }
    assert_close(got[2], given[2][:, kept], mistakes=mistakes, what="W2")
    assert_unchanged(student.fewer_units)


@check(
    "take-out-units",
    after="test_the_units_that_stay",
    hidden=True,
    hints=(
        "Scaling a unit up and what reads it down must not matter.",
        "Multiply both norms; a sum of the two would not do.",
        "score = into * away",
    ),
)
def test_scaling_does_not_matter(student):
    "a network that was rescaled keeps the same units"
    W1, b1, W2 = layers(2)
    scale = np.full(6, 100.0)
    scale[chosen(W1, b1, W2, 3)] = 1  # so that those that go have the largest and smallest norms
    got = three_of(student.fewer_units(W1 * scale[:, None], b1 * scale, W2 / scale, 3))
    kept = chosen(W1, b1, W2, 3)
    assert_close(got[0], (W1 * scale[:, None])[kept], what="W1 of the rescaled network")


@check(
    "take-out-units",
    after="test_the_units_that_stay",
    hints=(
        "Keep just as many as `count` says, by the score of the text.",
        "The norm is the root of the sum of squares; the units stay in their order.",
        "kept = np.sort(np.argsort(-score)[:count])",
    ),
)
def test_other_counts(student):
    "from one unit to all of them, in ten networks"
    for seed in range(3, 13):
        given = layers(seed, D=3, H=7, K=4)
        count = 1 + seed % 7
        kept = chosen(*given, count)
        W1, b1, W2 = three_of(student.fewer_units(*given, count))
        assert_close(W1, given[0][kept], what=f"W1 with {count} of 7 units")
        assert_close(b1, given[1][kept], what=f"b1 with {count} of 7 units")
        assert_close(W2, given[2][:, kept], what=f"W2 with {count} of 7 units")


def weights_by_arrays(channels, keep):
    """Make the arrays and count."""
    left = [channels[0]]
    for c in channels[1:-1]:
        left.append(max(1, int(np.floor(c * keep + 0.5))))
    left.append(channels[-1])
    return sum(np.zeros((b, a, 3, 3)).size for a, b in pairwise(left))


@check(
    "slim-count",
    hints=(
        "A layer loses channels out, and the next one the same channels in.",
        "First the list of channels that are left, then 9 · in · out for each layer.",
        "9 * (3 * 8 + 8 * 16 + 16 * 64)",
    ),
)
def test_half_of_the_channels(student):
    "half of the channels of three layers"
    channels = [3, 16, 32, 64]
    mistakes = {
        "the last layer keeps its outputs": 9 * (3 * 8 + 8 * 16 + 16 * 32),
        "the next layer has fewer channels in": 9 * (3 * 8 + 16 * 16 + 32 * 64),
        "that is the number before": 9 * (3 * 16 + 16 * 32 + 32 * 64),
        "a quarter of all: first and last layer are halved on one side only": 9
        * (3 * 16 + 16 * 32 + 32 * 64)
        // 4,
        "a kernel has 9 places": 3 * 8 + 8 * 16 + 16 * 64,
    }
    got = student.weights_after(channels, 0.5)
    assert_close(got, weights_by_arrays(channels, 0.5), mistakes=mistakes, what="weights")


@check(
    "slim-count",
    after="test_half_of_the_channels",
    hidden=True,
    hints=(
        "Round halves upwards: Python's round does not.",
        "int(keep * c + 0.5), and at least 1.",
        "max(1, int(keep * c + 0.5))",
    ),
)
def test_rounding_and_the_last_channel(student):
    "odd numbers of channels, very small shares, a single layer"
    cases = ([1, 5, 9, 4], 0.5), ([3, 8, 8], 0.01), ([3, 7], 0.5), ([3, 9, 17, 6, 5], 0.25)
    for channels, keep in cases:
        got = student.weights_after(channels, keep)
        assert_unchanged(student.weights_after)
        assert_close(got, weights_by_arrays(channels, keep), what=f"{channels}, keep {keep}")
