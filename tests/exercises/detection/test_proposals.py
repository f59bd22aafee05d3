"""Checks of the exercises in the chapter on proposals."""

import numpy as np

from companion.detection.regions.pooling import cells_of
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def pair_of(got):
    assert isinstance(got, tuple), f"expected a tuple of two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    return got


@check(
    "rounded-to-cells",
    hints=(
        "First from pixels to cells, then round, then back to pixels.",
        "25 / 16 = 1.5625. Which whole number is nearest?",
        "2 · 16",
    ),
)
def test_where_it_begins(student):
    "the first pixel"
    first, _ = pair_of(student.pixels_looked_at())
    expected = 16 * cells_of(np.array([[25.0, 0, 75, 16]]), (9, 9), 1 / 16)[0, 0]
    mistakes = {
        "that is rounded down; 1.56 is nearer to 2": 16,
        "that is the cell; times 16 it is the pixel": 2,
        "that is the box itself, which is not rounded": 25,
    }
    assert_close(first, expected, mistakes=mistakes, what="first pixel")


@check(
    "rounded-to-cells",
    hints=(
        "The right end is rounded in the same way.",
        "75 / 16 = 4.6875. Which whole number is nearest?",
        "5 · 16",
    ),
)
def test_where_it_ends(student):
    "the pixel past the last"
    _, last = pair_of(student.pixels_looked_at())
    expected = 16 * cells_of(np.array([[25.0, 0, 75, 16]]), (9, 9), 1 / 16)[0, 2]
    mistakes = {
        "that is rounded down; 4.69 is nearer to 5": 64,
        "that is the cell; times 16 it is the pixel": 5,
        "that is the box itself, which is not rounded": 75,
    }
    assert_close(last, expected, mistakes=mistakes, what="pixel past the last")


@check(
    "runs-of-the-body",
    hints=(
        "What does each of them cut the proposals out of?",
        "R-CNN cuts pixels and sends each piece through the whole network.",
        "One number is that of the proposals, the other that of the images.",
    ),
)
def test_runs(student):
    "runs in R-CNN and in Fast R-CNN"
    got = pair_of(student.runs())
    assert tuple(got) != (1, 2000), "the two are exchanged: R-CNN comes first"
    mistakes = {"R-CNN cuts pixels, and has features of no proposal before it is run": 1}
    assert_close(got[0], 2000, mistakes=mistakes, what="the number for R-CNN")
    mistakes = {
        "Fast R-CNN runs only its head for each proposal": 2000,
        "features come from a run of the body, too": 0,
    }
    assert_close(got[1], 1, mistakes=mistakes, what="the number for Fast R-CNN")


@check(
    "read-between",
    hints=(
        "The middle of cell i lies at i + 1/2, so subtract 1/2 first.",
        "low = floor(place), high = low + 1, and the share of high is place − low.",
        "(1 - share) * values[low] + share * values[high]",
    ),
)
def test_inside(student):
    "places between the first and the last middle"
    rng = np.random.default_rng(0)
    values, at = rng.normal(size=7), rng.uniform(0.5, 6.4, size=12)
    middles = np.arange(7) + 0.5
    low = np.clip(np.floor(at).astype(int), 0, 5)
    share = at - low
    mistakes = {
        "the middle of cell i lies at i + 1/2, not at i": (1 - share) * values[low]
        + share * values[low + 1],
        "that is the nearest cell; mix the two around the place": values[np.floor(at).astype(int)],
    }
    got = student.read_between(values, at)
    assert_close(got, np.interp(at, middles, values), mistakes=mistakes, what="values")


@check(
    "read-between",
    points=2,
    after="test_inside",
    hints=(
        "Beyond the first and last middle nothing is mixed.",
        "Cut the place off at 0 and at L − 1 before anything else.",
        "place = np.clip(at - 0.5, 0, len(values) - 1)",
    ),
)
def test_the_ends(student):
    "places at and beyond the ends, a single cell, and whole numbers"
    values = np.array([2.0, -1, 5])
    for row, at in (
        (values, np.array([-3.0, 0, 0.3, 0.5, 2.5, 2.8, 3, 9])),
        (np.array([4.0]), np.array([-1.0, 0.5, 2])),
        (np.array([3, 6, 4]), np.array([0, 1, 1.75, 2, 3])),
    ):
        got = student.read_between(row, at)
        assert_unchanged(student.read_between)
        expected = np.interp(at, np.arange(len(row)) + 0.5, row)
        where = f"values at {at.tolist()}, of cells with {row.tolist()}"
        assert_close(got, expected, what=where)


def first_by_loop(overlaps, threshold, enough=np.greater_equal):
    out = []
    for column in overlaps.T:
        hits = [k + 1 for k, value in enumerate(column) if enough(value, threshold)]
        out.append(hits[0] if hits else 0)
    return np.array(out, dtype=int)


TABLE = np.array([
    [0.1, 0.0, 0.2],
    [0.5, 0.3, 0.0],
    [0.6, 0.7, 0.1],
    [0.9, 0.8, 0.3],
    [0.7, 0.4, 0.4],
])  # fmt: skip


@check(
    "out-of-reach",
    hints=(
        "Look down each column for the first number that is large enough.",
        "argmax of a column of booleans is the place of its first True.",
        "(overlaps >= threshold).argmax(axis=0) + 1",
    ),
)
def test_within_reach(student):
    "objects that are reached"
    overlaps = TABLE[:, :2]
    expected = first_by_loop(overlaps, 0.5)
    mistakes = {
        "counted from 0: the first proposal counts as one": expected - 1,
        "that is the best proposal, not the first good enough": overlaps.argmax(axis=0) + 1,
        "that is the last good enough, not the first": np.array([5, 4]),
        "that is how many reach it, not how many it takes": (overlaps >= 0.5).sum(axis=0),
        "an IoU equal to the threshold is enough": first_by_loop(overlaps, 0.5, np.greater),
    }
    assert_close(student.needed(overlaps, 0.5), expected, mistakes=mistakes, what="numbers")
    assert_unchanged(student.needed)
    # The third proposal reaches two objects, and overlaps the second most.
    two = np.array([[0.1, 0.2], [0.3, 0.0], [0.6, 0.7], [0.8, 0.1]])
    mistakes = {
        "a proposal can reach others than the object that it overlaps most": np.array([4, 3]),
        "a proposal can reach several objects": np.array([3, 0]),
        "ask for `threshold`, not for a half": np.array([3, 3]),
    }
    for threshold in (0.5, 0.3):
        right = first_by_loop(two, threshold)
        what = f"numbers for another table and a threshold of {threshold}"
        assert_close(student.needed(two, threshold), right, mistakes=mistakes, what=what)


@check(
    "out-of-reach",
    after="test_within_reach",
    hints=(
        "argmax is 0 as well where nothing is True.",
        "Ask any(axis=0) which objects are reached at all.",
        "np.where(hit.any(axis=0), hit.argmax(axis=0) + 1, 0)",
    ),
)
def test_out_of_reach(student):
    "objects that no proposal reaches"
    expected = first_by_loop(TABLE, 0.5)
    missing = expected == 0
    mistakes = {
        "argmax of nothing is 0, so the 1 must not be added": expected + missing,
        "0, not −1, for an object that no proposal reaches": expected - missing,
        "0, not all proposals, for an object that none reaches": expected + len(TABLE) * missing,
    }
    assert_close(student.needed(TABLE, 0.5), expected, mistakes=mistakes, what="numbers")


@check(
    "out-of-reach",
    after="test_out_of_reach",
    hidden=True,
    hints=(
        "Without proposals no object is reached.",
        "argmax of an empty axis is an error; answer before.",
        "if not len(overlaps): return np.zeros(overlaps.shape[1], dtype=int)",
    ),
)
def test_no_proposals(student):
    "no proposals at all, and no objects"
    for shape in ((0, 3), (4, 0)):
        got = student.needed(np.zeros(shape), 0.5)
        assert_close(got, np.zeros(shape[1], dtype=int), what=f"numbers for overlaps {shape}")
