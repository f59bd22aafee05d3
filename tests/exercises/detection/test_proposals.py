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
    mistakes = {"Fast R-CNN runs only its head for each proposal": np.array([2000.0, 2000])}
    assert_close(np.array(got, dtype=float), np.array([2000.0, 1]), mistakes=mistakes, what="runs")


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
    "places at and beyond the ends, and a single cell"
    values = np.array([2.0, -1, 5])
    for row, at in (
        (values, np.array([-3.0, 0, 0.3, 0.5, 2.5, 2.8, 3, 9])),
        (np.array([4.0]), np.array([-1.0, 0.5, 2])),
    ):
        got = student.read_between(row, at)
        assert_unchanged(student.read_between)
        expected = np.interp(at, np.arange(len(row)) + 0.5, row)
        assert_close(got, expected, what=f"values at {at.tolist()}")


def first_by_loop(overlaps, threshold):
    out = []
    for column in overlaps.T:
        hits = [k + 1 for k, value in enumerate(column) if value >= threshold]
        out.append(hits[0] if hits else 0)
    return np.array(out, dtype=int)


TABLE = np.array([[0.1, 0.0, 0.2], [0.5, 0.3, 0.0], [0.9, 0.4, 0.1], [0.2, 0.8, 0.3]])


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
    mistakes = {
        "counted from 0: the first proposal counts as one": np.array([1, 3]),
        "that is the best proposal, not the first good enough": np.array([3, 4]),
        "an IoU equal to the threshold is enough": np.array([3, 4]),
    }
    expected = first_by_loop(overlaps, 0.5)
    assert_close(student.needed(overlaps, 0.5), expected, mistakes=mistakes, what="numbers")


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
    mistakes = {"argmax of nothing is 0, so the 1 must not be added": np.array([2, 4, 1])}
    expected = first_by_loop(TABLE, 0.5)
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
