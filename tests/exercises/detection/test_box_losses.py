"""Checks of the exercises in the chapter on losses for boxes."""

import numpy as np

from companion.detection.boxes.overlap import distance_box_iou, generalized_box_iou
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


@check(
    "giou-by-hand",
    hints=(
        "IoU less the empty share of the box around both.",
        "Common 4, together 28, the box around both goes from 0 to 6.",
        "4 / 28 - (36 - 28) / 36",
    ),
)
def test_giou_by_hand(student):
    "the GIoU"
    right = generalized_box_iou([[0, 0, 4, 4]], [[2, 2, 6, 6]])[0, 0]
    mistakes = {
        "that is the IoU": 4 / 28,
        "the empty part is divided by the box around both, not by the union": 4 / 28 - 8 / 28,
        "that is the loss, 1 less the measure": 1 - right,
        "the empty part is subtracted": 4 / 28 + 8 / 36,
    }
    assert_close(student.giou_of_two(), right, rtol=5e-3, mistakes=mistakes, what="the GIoU")


@check(
    "moved-inside",
    hints=(
        "Which numbers in each formula change when the small box moves within the large one?",
        "Areas do not: not the common one, not the union, not the box around both.",
        "Only the distance of the centres changes.",
    ),
)
def test_which_losses_move_it(student):
    "the losses with a slope"
    words = ("none", "only DIoU", "GIoU and DIoU", "all")
    got = student.losses_that_move_it()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    target, here, there = [[0, 0, 10, 10]], [[1, 1, 3, 3]], [[1.5, 1, 3.5, 3]]
    moves = [m(target, here) != m(target, there) for m in (generalized_box_iou, distance_box_iou)]
    right = {(False, False): "none", (False, True): "only DIoU", (True, True): "GIoU and DIoU"}
    assert got == right[tuple(bool(m) for m in moves)], (
        "move a small box within a large one: which areas change?"
    )


def by_definition(a, b):
    """From the companion's DIoU and the sides, term by term."""
    W, H = max(a[2], b[2]) - min(a[0], b[0]), max(a[3], b[3]) - min(a[1], b[1])
    wide = (a[2] - a[0]) - (b[2] - b[0])
    high = (a[3] - a[1]) - (b[3] - b[1])
    return float(distance_box_iou([a], [b])[0, 0]) - (wide / W) ** 2 - (high / H) ** 2


def random_pair(rng):
    low = rng.uniform(0, 20, (2, 2))
    return np.hstack([low, low + rng.uniform(1, 20, (2, 2))])


@check(
    "eiou",
    points=2,
    hints=(
        "Four terms: IoU, centres, widths, heights.",
        "The box around both goes from the smaller left corner to the larger right one.",
        "around = np.maximum(a[2:], b[2:]) - np.minimum(a[:2], b[:2])",
    ),
)
def test_boxes_that_overlap(student):
    "boxes that overlap, and equal ones"
    a, b = np.array([1.0, 1, 5, 3]), np.array([2.0, 1, 4, 6])
    W, H, diou = 4, 5, distance_box_iou([a], [b])[0, 0]
    right = by_definition(a, b)
    mistakes = {
        "that is DIoU": diou,
        "that is the loss, 1 less the measure": 1 - right,
        "the differences of the sides are squared": diou - 2 / W - 3 / H,
        "sides are divided by those of the box around both": diou - (2 / 4) ** 2 - (3 / 2) ** 2,
        "widths are divided by W, heights by H": diou - (2 / H) ** 2 - (3 / W) ** 2,
        "each side has a divisor of its own, not the squared diagonal": (diou - 13 / (W**2 + H**2)),
        "the term of the centres is missing": right + (1.5**2) / (W**2 + H**2),
    }
    got = student.eiou(a, b)
    assert_unchanged(student.eiou)
    assert_close(got, right, atol=1e-5, mistakes=mistakes, what="the EIoU")
    assert_close(student.eiou(a, a), 1.0, atol=1e-5, what="the EIoU of equal boxes")


@check(
    "eiou",
    hidden=True,
    after="test_boxes_that_overlap",
    hints=(
        "Boxes may be apart in x and in y.",
        "Then the common area is 0; two negative lengths must not be multiplied.",
        "np.maximum(high - low, 0)",
    ),
)
def test_boxes_apart(student):
    "boxes apart, and random pairs"
    rng = np.random.default_rng(5)
    pairs = [(np.array([0.0, 0, 2, 2]), np.array([5.0, 6, 7, 9]))]
    for a, b in [*pairs, *(random_pair(rng) for _ in range(20))]:
        assert_close(student.eiou(a, b), by_definition(a, b), atol=1e-5, what="the EIoU")
