"""Checks of the exercises in the chapter on overlap and suppression."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def counted(a, b):
    """Overlap of two boxes with whole corners from 0 to 40, by counting pixels."""
    y, x = np.mgrid[:40, :40]
    one, two = ((x >= x1) & (x < x2) & (y >= y1) & (y < y2) for x1, y1, x2, y2 in (a, b))
    return (one & two).sum() / max((one | two).sum(), 1)


def whole_boxes(seed, count):
    rng = np.random.default_rng(seed)
    low = rng.integers(0, 25, (count, 2))
    return np.hstack([low, low + rng.integers(1, 16, (count, 2))]).astype(float)


def slips(box, boxes):
    """What the usual mistakes give."""
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    both, open_ = np.maximum(sides, 0).prod(axis=1), sides.prod(axis=1)
    one, areas = (box[2:] - box[:2]).prod(), (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    with np.errstate(all="ignore"):
        return {
            "the intersection was counted twice in the union": both / (one + areas),
            "sides below 0 must count as 0 before they are multiplied": open_
            / (one + areas - open_),
            "that is the intersection over the smaller box": both / np.minimum(one, areas),
            "that is the intersection over the first box": both / one,
            "that is the intersection over the second box": both / areas,
        }


def real(got):
    """Take zeros that are written as whole numbers for the real numbers that they are."""
    whole = isinstance(got, np.ndarray) and got.dtype.kind == "i"
    return got.astype(float) if whole else got


@check(
    "overlap-by-hand",
    hints=(
        "Draw both boxes on squared paper; which squares belong to both?",
        "The intersection goes from x = 2 to 4 and from y = 1 to 3; the union is 8 + 8 less it.",
        "4 / (8 + 8 − 4)",
    ),
)
def test_two_boxes_by_hand(student):
    "the IoU of two boxes"
    mistakes = {
        "the union counts the intersection once, not twice": 4 / 16,
        "that is the intersection": 4,
        "that is the intersection over one of the boxes": 0.5,
    }
    right = counted((0, 1, 4, 3), (2, 0, 4, 4))
    assert_close(student.overlap_of_two(), right, rtol=5e-3, mistakes=mistakes, what="the IoU")


@check(
    "shift-by-half",
    hints=(
        "Draw a square, and the same square shifted by half of its side.",
        "With a side of 2: what area have they in common, and what area has the whole figure?",
        "2 / (4 + 4 − 2)",
    ),
)
def test_shifted_by_half(student):
    "the box that lies half beside"
    words = ("a hit", "a miss")
    got = student.judged_at_one_half()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    right = "a hit" if counted((0, 0, 20, 20), (10, 0, 30, 20)) >= 0.5 else "a miss"
    assert got == right, "half of each box is common; what share is that of both together?"


@check(
    "own-iou",
    hints=(
        "Area common to both over the area covered by any of the two.",
        "Common: from the larger of the two left sides to the smaller of the right ones; y too.",
        "both = np.prod(np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2]), 1)",
    ),
)
def test_boxes_that_overlap(student):
    "boxes that overlap the first one, one that equals it and one within it"
    box = np.array([5.0, 5.0, 15.0, 25.0])
    boxes = np.array([[5, 5, 15, 25], [7, 8, 12, 20], [0, 0, 10, 10], [10, 10, 40, 40.0]])
    right = np.array([counted(box, other) for other in boxes])
    assert_close(student.iou(box, boxes), right, mistakes=slips(box, boxes), what="the IoU")
    assert_unchanged(student.iou)


@check(
    "own-iou",
    after="test_boxes_that_overlap",
    hints=(
        "Two boxes may be apart in x, in y, or in both.",
        "The common side is then negative, and two negative sides have a positive product.",
        "np.maximum(high - low, 0)",
    ),
)
def test_boxes_apart(student):
    "boxes beside, below, at the corner, and boxes that only touch"
    box = np.array([10.0, 10.0, 20.0, 20.0])
    boxes = np.array([[30, 10, 40, 20], [10, 30, 20, 40], [25, 25, 40, 40], [20, 10, 30, 20.0]])
    got = real(student.iou(box, boxes))
    assert_close(got, np.zeros(4), mistakes=slips(box, boxes), what="the IoU")


@check(
    "own-iou",
    after="test_boxes_that_overlap",
    hints=(
        "A box without area may meet another one without area.",
        "Then the union is 0 and a quotient is NaN; the exercise asks for 0.",
        "return both / np.where(union > 0, union, 1)",
    ),
)
def test_boxes_without_area(student):
    "points, lines, and no boxes at all"
    line = np.array([3.0, 3.0, 9.0, 3.0])
    boxes = np.array([[3, 3, 9, 3], [4, 3, 4, 3], [0, 0, 10, 10.0]])
    got = real(student.iou(line, boxes))
    assert_close(got, np.zeros(3), what="the IoU of a line and others")
    got = real(student.iou(line, np.empty((0, 4))))
    assert_close(got, np.zeros(0), what="the IoU with no boxes")


@check(
    "own-iou",
    hidden=True,
    after="test_boxes_that_overlap",
    hints=(
        "Numbers need not be whole, nor on the picture.",
        "A shift of both boxes, or a change of unit, must not change the IoU.",
        "No + 1, no rounding: the width is x2 - x1.",
    ),
)
def test_many_boxes_in_any_unit(student):
    "hundreds of boxes, in pixels and in shares of an image, some of them outside"
    boxes = whole_boxes(1, 300)
    right = np.array([counted(boxes[0], other) for other in boxes])
    for scale, shift in ((1.0, 0.0), (0.025, 0.0), (1.0, -17.5)):
        moved = boxes * scale + shift
        mistakes = slips(moved[0], moved)
        sides = [moved[:, 2:] - moved[:, :2] + 1, moved[0, 2:] - moved[0, :2] + 1]
        common = np.minimum(moved[0, 2:], moved[:, 2:]) - np.maximum(moved[0, :2], moved[:, :2])
        both = np.maximum(common + 1, 0).prod(axis=1)
        union = sides[0].prod(axis=1) + sides[1].prod() - both
        mistakes["a width is x2 - x1, without 1 more"] = both / union
        got = student.iou(moved[0], moved)
        assert_close(got, right, rtol=1e-5, mistakes=mistakes, what="the IoU")


def numbers_of(got):
    """Read the numbers of the boxes kept, given as a list, a tuple or an array."""
    assert isinstance(got, list | tuple | np.ndarray), (
        f"expected a list of numbers, got {kind_of(got)}"
    )
    got = np.asarray(got)
    assert got.ndim == 1, f"expected a row of numbers, got an array of shape {got.shape}"
    assert got.size == 0 or got.dtype.kind in "iu", (
        f"expected numbers of boxes, which are whole, got {got[:4].tolist()}"
    )
    return got.astype(int).tolist()


def kept_by_rule(overlaps, scores, classes, threshold):
    """Walk by falling score; a box stays if no kept one of its class overlaps it more."""
    kept = []
    for k in sorted(range(len(scores)), key=lambda k: (-scores[k], k)):
        rivals = [j for j in kept if classes[j] == classes[k]]
        if all(overlaps[j][k] <= threshold for j in rivals):
            kept.append(k)
    return kept


def same_numbers(got, right, mistakes=None, what="kept"):
    got = numbers_of(got)
    told = next((text for text, value in (mistakes or {}).items() if got == value), "")
    likely = f"; likely: {told}" if told else ""
    assert got == right, f"{what}: got {got}, expected {right}{likely}"


def symmetric(pairs, count):
    overlaps = np.eye(count)
    for (i, j), value in pairs.items():
        overlaps[i, j] = overlaps[j, i] = value
    return overlaps


@check(
    "own-nms",
    hints=(
        "Take the best box, drop what overlaps it too much, go on with what is left.",
        "order = np.argsort(-scores): first the box with the highest score.",
        "left = [k for k in left if overlaps[best, k] <= threshold]",
    ),
)
def test_boxes_on_one_object(student):
    "three boxes on one object and one elsewhere, at three thresholds"
    overlaps = symmetric({(0, 1): 0.6, (0, 2): 0.5, (1, 2): 0.7}, 4)
    scores, classes = np.array([0.6, 0.9, 0.8, 0.3]), np.zeros(4, int)
    for threshold in (0.5, 0.65, 0.7):
        right = kept_by_rule(overlaps, scores, classes, threshold)
        mistakes = {
            "the worst box first": kept_by_rule(overlaps, -scores, classes, threshold),
            "the right boxes, but by number and not by falling score": sorted(right),
        }
        got = student.suppress(overlaps, scores, classes, threshold)
        same_numbers(got, right, mistakes, f"kept at threshold {threshold}")
    assert_unchanged(student.suppress)


@check(
    "own-nms",
    after="test_boxes_on_one_object",
    hints=(
        "A box that is dropped has no say any more.",
        "B overlaps A and is dropped; C overlaps B only, so it must stay.",
        "Compare with the boxes that are kept, not with all that have a higher score.",
    ),
)
def test_a_chain_of_boxes(student):
    "a chain: each box overlaps the next one"
    overlaps = symmetric({(k, k + 1): 0.6 for k in range(4)}, 5)
    scores, classes = np.array([0.9, 0.8, 0.7, 0.6, 0.5]), np.zeros(5, int)
    mistakes = {"dropped boxes still suppress others": [0]}
    got = student.suppress(overlaps, scores, classes, 0.5)
    same_numbers(got, [0, 2, 4], mistakes, "kept of a chain")


@check(
    "own-nms",
    after="test_boxes_on_one_object",
    hints=(
        "A person may sit on a horse.",
        "A box may be dropped only by a kept one of its own class.",
        "classes[k] != classes[best] or overlaps[best, k] <= threshold",
    ),
)
def test_classes_by_themselves(student):
    "two classes on one spot, and the same box twice in each"
    overlaps, scores = np.ones((4, 4)), np.array([0.5, 0.9, 0.7, 0.8])
    classes = np.array([3, 0, 3, 0])
    mistakes = {
        "classes suppress each other": [1],
        "class after class; the order is by falling score in all": [1, 2][::-1],
    }
    got = student.suppress(overlaps, scores, classes, 0.5)
    same_numbers(got, [1, 2], mistakes, "kept of two classes")


@check(
    "own-nms",
    hidden=True,
    after="test_boxes_on_one_object",
    hints=(
        "Of two equal scores the lower number goes first; the threshold itself is allowed.",
        "np.argsort(-scores, kind='stable'); not np.argsort(scores)[::-1].",
        "while len(left): ... so that nothing happens where there are no boxes; and take the best "
        "out of left yourself, its overlap with itself need not be above the threshold.",
    ),
)
def test_equal_scores_and_no_boxes(student):
    "many boxes with equal scores in three classes, none, and a threshold that drops nothing"
    rng = np.random.default_rng(3)
    for count, threshold in ((0, 0.5), (1, 0.5), (40, 0.5), (12, 1.0)):
        overlaps = rng.integers(0, 5, (count, count)) / 4
        overlaps = np.maximum(np.maximum(overlaps, overlaps.T) - 0.25, np.eye(count))
        scores, classes = rng.integers(0, 6, count) / 5, rng.integers(0, 3, count)
        right = kept_by_rule(overlaps, scores, classes, threshold)
        got = student.suppress(overlaps, scores, classes, threshold)
        same_numbers(got, right, what=f"kept at threshold {threshold}, number of boxes {count}")


def lowered(overlaps, scores, threshold):
    """Go through the boxes on dictionaries: by falling present score, each lowers the others."""
    left, final = dict(enumerate(map(float, scores))), [0.0] * len(scores)
    while left:
        best = max(left, key=lambda k: (left[k], -k))
        final[best] = left.pop(best)
        for k in left:
            left[k] *= 1 - overlaps[best][k] if overlaps[best][k] > threshold else 1
    return np.array(final)


@check(
    "linear-soft-nms",
    points=2,
    hints=(
        "As suppression, but a rival's score is multiplied in place of being dropped.",
        "Find the best of those not done by their present scores, each time anew; an overlap of "
        "exactly the threshold lowers nothing.",
        "factor = np.where(overlaps[best] > threshold, 1 - overlaps[best], 1); only for the others",
    ),
)
def test_lowered_scores(student):
    "five boxes on two objects, and an overlap of exactly the threshold"
    pairs = {(0, 1): 0.6, (0, 2): 0.5, (1, 2): 0.8, (3, 4): 0.75, (2, 3): 0.25}
    overlaps, scores = symmetric(pairs, 5), np.array([0.9, 0.8, 0.5, 0.6, 0.3])
    right = lowered(overlaps, scores, 0.3)
    best = scores.copy()
    best[1:] *= np.where(overlaps[0, 1:] > 0.3, 1 - overlaps[0, 1:], 1)
    mistakes = {
        "only the best box has lowered others": best,
        "overlaps up to the threshold lower nothing": lowered(overlaps, scores, -1),
        "a score is multiplied by 1 - IoU, not by the IoU": lowered(
            np.where(overlaps > 0.3, 1 - overlaps, 0), scores, 0
        ),
    }
    got = student.lowered_scores(overlaps, scores, 0.3)
    assert_unchanged(student.lowered_scores)
    assert_close(got, right, mistakes=mistakes, what="the new scores")
    overlaps, scores = symmetric({(0, 1): 0.5, (0, 2): 0.75}, 3), np.array([0.9, 0.8, 0.7])
    exactly = (
        "an overlap of exactly the threshold lowers nothing, and the threshold is the argument"
    )
    mistakes = {exactly: lowered(overlaps, scores, 0.3)}
    got = student.lowered_scores(overlaps, scores, 0.5)
    right = lowered(overlaps, scores, 0.5)
    assert_close(got, right, mistakes=mistakes, what="the new scores at threshold 0.5")


@check(
    "linear-soft-nms",
    hidden=True,
    after="test_lowered_scores",
    hints=(
        "A box that has been lowered may fall behind others; of equal ones the lowest number "
        "comes first.",
        "The order changes on the way: do not sort once at the start.",
        "best = left[np.argmax(scores[left])] inside the loop",
    ),
)
def test_the_order_changes(student):
    "boxes whose order changes on the way, equal scores, and no boxes"
    pairs = {(0, 1): 0.7, (1, 2): 0.5}
    overlaps, scores = symmetric(pairs, 3), np.array([0.9, 0.8, 0.7])
    right = lowered(overlaps, scores, 0.3)
    first = np.array([0.9, 0.8 * 0.3, 0.7 * 0.5])
    mistakes = {"sorted once at the start; the second box has fallen behind the third": first}
    got = student.lowered_scores(overlaps, scores, 0.3)
    assert_close(got, right, mistakes=mistakes, what="the new scores")
    overlaps, scores = symmetric({(0, 1): 0.5, (1, 2): 0.75}, 3), np.array([0.5, 0.8, 0.8])
    mistakes = {"of equal scores the lowest number comes first": np.array([0.5, 0.1, 0.8])}
    got = student.lowered_scores(overlaps, scores, 0.3)
    right = lowered(overlaps, scores, 0.3)
    assert_close(got, right, mistakes=mistakes, what="new scores where two were equal")
    rng = np.random.default_rng(4)
    for count in (0, 12):
        overlaps = rng.random((count, count))
        overlaps, scores = (overlaps + overlaps.T) / 2, rng.random(count)
        np.fill_diagonal(overlaps, 1)
        got = student.lowered_scores(overlaps, scores, 0.4)
        assert_close(got, lowered(overlaps, scores, 0.4), what=f"the scores of {count} boxes")
