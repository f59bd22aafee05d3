"""Checks of the exercises in the chapter on anchors."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def iou(size, anchor):
    """Two boxes around one centre, their points counted on a fine raster."""
    at = (np.arange(-400, 400) + 0.5) / 20
    one, other = (
        np.outer(np.abs(at) < high / 2, np.abs(at) < wide / 2) for wide, high in (size, anchor)
    )
    return (one & other).sum() / (one | other).sum()


def three_of(got):
    assert isinstance(got, tuple), f"expected a tuple of three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected two overlaps and a number, got {len(got)} values"
    return got


@check(
    "which-anchor",
    hints=(
        "Upon each other the boxes overlap as wide as the narrower, as high as the lower.",
        "Anchor 0: 10 wide and 10 high are shared; the union is the sum of both areas less that.",
        "100 / (200 + 200 − 100), and 160 / (200 + 256 − 160)",
    ),
)
def test_both_overlaps(student):
    "IoU with both anchors"
    got = three_of(student.which_anchor())
    expected = np.array([iou((20, 10), (10, 20)), iou((20, 10), (16, 16))])
    mistakes = {
        "the shared area is counted twice in the union": np.array([100 / 400, 160 / 456]),
        "that is the shared area over the object's own": np.array([0.5, 0.8]),
        "width and height of the object are exchanged": np.array([1.0, 160 / 296]),
        "the other way round: anchor 0 first": expected[::-1],
    }
    assert_close(np.array(got[:2], float), expected, atol=2e-3, mistakes=mistakes, what="IoU")


@check(
    "which-anchor",
    after="test_both_overlaps",
    hints=(
        "The object goes to the anchor that is most like it.",
        "Compare the two numbers you found.",
        "The square one has the larger IoU: number 1.",
    ),
)
def test_the_best_anchor(student):
    "the number of the best anchor"
    best = three_of(student.which_anchor())[2]
    right = int(np.argmax([iou((20, 10), (10, 20)), iou((20, 10), (16, 16))]))
    mistakes = {"anchors are numbered from 0": 2, "the larger IoU decides": 0}
    assert_close(best, right, mistakes=mistakes, what="the number")


@check(
    "three-in-a-cell",
    hints=(
        "Each object goes to the one anchor most like it, whether that is free or not.",
        "Which anchor do 12 × 28 and 9 × 31 want?",
        "Two want the tall anchor, and only one gets it.",
    ),
)
def test_three_objects(student):
    "how many objects have a slot"
    anchors, objects = ((10, 30), (30, 10), (20, 20)), ((12, 28), (9, 31), (28, 12))
    wanted = {int(np.argmax([iou(size, a) for a in anchors])) for size in objects}
    mistakes = {
        "an object does not take its second best anchor": 3,
        "that is one box a cell, without anchors": 1,
        "each shape that is wanted gets one object": 0,
    }
    got = student.objects_with_a_slot()
    assert_close(got, len(wanted), mistakes=mistakes, what="objects with a slot")


def stepped(sizes, anchors, centre=np.median):
    """One size after the other, to lists of its own."""
    mine = [[] for _ in anchors]
    for w, h in sizes:
        overlaps = []
        for a, b in anchors:
            both = min(w, a) * min(h, b)
            overlaps.append(both / (w * h + a * b - both))
        mine[int(np.argmax(overlaps))].append((w, h))
    return np.array([
        centre(own, axis=0) if own else a for own, a in zip(mine, anchors, strict=True)
    ])  # fmt: skip


def at_rest(sizes, anchors):
    """Step until nothing moves."""
    before = None
    while before is None or not np.array_equal(before, anchors):
        before, anchors = anchors, stepped(sizes, anchors)
    return anchors


def by_distance(sizes, anchors):
    near = ((sizes[:, None] - anchors[None]) ** 2).sum(axis=2).argmin(axis=1)
    new = np.array(anchors, dtype=float)
    for a in np.unique(near):
        new[a] = np.median(sizes[near == a], axis=0)
    return new


@check(
    "median-step",
    points=2,
    hints=(
        "First the IoU of each size with each anchor, (N, A), then for each size the best.",
        "both = np.minimum(sizes[:, None], anchors[None]).prod(axis=2), the union from the areas.",
        "for each anchor a: np.median(sizes[nearest == a], axis=0)",
    ),
)
def test_new_anchors(student):
    "medians of the sizes nearest to each anchor"
    rng = np.random.default_rng(7)  # no size is about as near to two anchors
    sizes = np.exp(rng.normal(2.5, 0.8, (40, 2)))
    anchors = np.array([[6.0, 18], [20, 7], [25, 25]])
    expected = stepped(sizes, anchors)
    mistakes = {
        "that is the mean, not the median": stepped(sizes, anchors, np.mean),
        "that is more than one step": at_rest(sizes, anchors),
        "near means a large IoU, not a small distance": by_distance(sizes, anchors),
        "each size went to the anchor that is least like it": stepped_worst(sizes, anchors),
    }
    got = student.median_step(sizes, anchors)
    assert_close(got, expected, mistakes=mistakes, what="new anchors")
    assert_unchanged(student.median_step)


def stepped_worst(sizes, anchors):
    both = np.minimum(sizes[:, None], anchors[None]).prod(axis=2)
    union = sizes.prod(axis=1)[:, None] + anchors.prod(axis=1)[None] - both
    worst = (both / union).argmin(axis=1)
    return np.array([
        np.median(sizes[worst == a], axis=0) if (worst == a).any() else anchors[a]
        for a in range(len(anchors))
    ])  # fmt: skip


@check(
    "median-step",
    after="test_new_anchors",
    hidden=True,
    hints=(
        "What is the median of no sizes at all?",
        "Begin with a copy of the anchors, as floats, and replace only those that have sizes.",
        "new = np.array(anchors, dtype=float), then: for a in np.unique(nearest): …",
    ),
)
def test_an_anchor_without_sizes(student):
    "an anchor without any stays; whole numbers; five anchors"
    sizes, anchors = np.array([[4.0, 9], [5, 11], [4, 13]]), np.array([[100.0, 3], [5, 10]])
    got = student.median_step(sizes, anchors)
    assert_close(got, np.array([[100.0, 3], [4, 11]]), what="new anchors")
    sizes, anchors = np.array([[4, 9], [5, 12]]), np.array([[100, 3], [5, 10]])
    got = student.median_step(sizes, anchors)
    assert_close(got, np.array([[100, 3], [4.5, 10.5]]), what="new anchors for whole numbers")
    sizes = np.array([[4.0, 5], [6, 5], [4, 21], [5, 24], [20, 6], [19, 5], [31, 30], [8, 70]])
    anchors = np.array([[5.0, 6], [4, 20], [20, 5], [30, 30], [9, 60]])
    got = student.median_step(sizes, anchors)
    assert_close(got, stepped(sizes, anchors), what="five new anchors")


def labelled(overlaps, high, low, top=True):
    """One anchor after the other."""
    labels = []
    for column in overlaps.T:
        most = max(column, default=0)
        labels.append(1 if most >= high else 0 if most < low else -1)
    if not len(overlaps):
        return np.zeros(overlaps.shape[1], dtype=int)
    for row in overlaps if top else ():
        for m, value in enumerate(row):
            if value == max(row) > 0:
                labels[m] = 1
    return np.array(labels)


OVERLAPS = np.array([
    [0.8, 0.5, 0.45, 0.1, 0.0, 0.0],
    [0.0, 0.2, 0.40, 0.3, 0.3, 0.1],
    [0.1, 0.0, 0.35, 0.2, 0.6, 0.7],
])  # fmt: skip


@check(
    "anchor-labels",
    hints=(
        "For each anchor the largest IoU over the objects decides.",
        "most = overlaps.max(axis=0); three cases: at least high, below low, between.",
        "np.where(most >= high, 1, np.where(most < low, 0, -1))",
    ),
)
def test_labels_by_threshold(student):
    "1, 0 and −1 by the two thresholds"
    overlaps = OVERLAPS[[0, 2]]
    expected = labelled(overlaps, 0.5, 0.4)
    got = np.asarray(student.anchor_labels(overlaps, 0.5, 0.4))
    at_the_edge = overlaps.max(axis=0) == 0.5
    mistakes = {
        "an IoU of exactly `high` is an object": np.where(at_the_edge, -1, expected),
        "between the thresholds anchors are ignored, −1": np.where(expected == -1, 0, expected),
        "0 and −1 are exchanged": np.where(expected == 1, 1, -1 - expected),
    }
    assert_close(got, expected, mistakes=mistakes, what="labels")
    assert_unchanged(student.anchor_labels)


@check(
    "anchor-labels",
    after="test_labels_by_threshold",
    hints=(
        "Every object needs an anchor, even if none overlaps it enough.",
        "For each row its largest number; all anchors that reach it become 1.",
        "labels[((overlaps == best) & (overlaps > 0)).any(axis=0)] = 1, best the row's maximum",
    ),
)
def test_every_object_has_an_anchor(student):
    "the best anchor of each object is 1"
    got = np.asarray(student.anchor_labels(OVERLAPS, 0.65, 0.3))
    expected = labelled(OVERLAPS, 0.65, 0.3)
    mistakes = {
        "the best anchor of each object is missing": labelled(OVERLAPS, 0.65, 0.3, False),
        "an IoU of exactly `low` is not below it": np.where(OVERLAPS.max(0) == 0.3, 0, expected),
    }
    assert_close(got, expected, mistakes=mistakes, what="labels")
    tie = np.array([[0.2, 0.2, 0.1], [0.0, 0.0, 0.0]])
    assert_close(
        np.asarray(student.anchor_labels(tie, 0.5, 0.4)),
        labelled(tie, 0.5, 0.4),
        mistakes={
            "an object that touches no anchor gets none": np.array([1, 1, 1]),
            "where two anchors are equally good, both are 1": np.array([1, 0, 0]),
            "an object's best anchor is 1, even where its IoU is below `low`": np.zeros(3, int),
        },
        what="labels with a tie, and an object that no anchor touches,",
    )


@check(
    "anchor-labels",
    after="test_labels_by_threshold",
    hidden=True,
    hints=(
        "An image may have no objects.",
        "The maximum over no rows does not exist; answer before you take it.",
        "if len(overlaps) == 0: return np.zeros(overlaps.shape[1], dtype=int)",
    ),
)
def test_no_objects(student):
    "no objects: all are background"
    got = np.asarray(student.anchor_labels(np.empty((0, 4)), 0.5, 0.4))
    assert_close(got, np.zeros(4, dtype=int), what="labels")


@check(
    "how-much-focus",
    hints=(
        "Each loss is multiplied by (1 − p_t) to the power γ.",
        "Empty slots: 105 · 0.1^γ; objects: 6.93 · 0.5^γ. Try 0, 1, 2, …",
        "γ = 1: 10.5 against 3.5; γ = 2: 1.05 against 1.73",
    ),
)
def test_smallest_gamma(student):
    "the smallest whole γ"
    gamma = 0
    while 1000 * 0.1**gamma * -np.log(0.9) >= 10 * 0.5**gamma * -np.log(0.5):
        gamma += 1
    mistakes = {
        "with γ = 1 the empty slots still weigh more: 10.5 against 3.5": 1,
        "a smaller one is enough: try γ = 2": 3,
    }
    assert_close(student.smallest_gamma(), gamma, mistakes=mistakes, what="the whole γ")
