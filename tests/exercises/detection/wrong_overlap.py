"""Known wrong answers to the exercises of the chapter on overlap and suppression."""

import numpy as np

from companion.exercises import wrong


@wrong("overlap-by-hand", fails="test_two_boxes_by_hand")
def overlap_of_two():
    """Counts the intersection twice."""
    return 4 / 16


@wrong("overlap-by-hand", fails="test_two_boxes_by_hand")
def overlap_of_two():
    """Divides by one box."""
    return 0.5


@wrong("overlap-by-hand", fails="test_two_boxes_by_hand")
def overlap_of_two():
    """Gives the area."""
    return 4


@wrong("shift-by-half", fails="test_shifted_by_half")
def judged_at_one_half():
    """Takes the common half for an IoU of one half."""
    return "a hit"


@wrong("shift-by-half", fails="test_shifted_by_half")
def judged_at_one_half():
    """Answers with a number."""
    return 0.5


@wrong("shift-by-half", fails="test_shifted_by_half")
def judged_at_one_half():
    """Makes up a word."""
    return "half a hit"


@wrong("own-iou", fails="test_boxes_apart")
def iou(box, boxes):
    """Multiplies negative sides."""
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    both = sides.prod(axis=1)
    union = (box[2:] - box[:2]).prod() + (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) - both
    return both / np.where(union > 0, union, 1)


@wrong("own-iou", fails="test_boxes_that_overlap")
def iou(box, boxes):
    """Counts the intersection twice."""
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    both = np.maximum(sides, 0).prod(axis=1)
    union = (box[2:] - box[:2]).prod() + (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    return both / np.where(union > 0, union, 1)


@wrong("own-iou", fails="test_boxes_without_area")
def iou(box, boxes):
    """Divides by a union of 0."""
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    both = np.maximum(sides, 0).prod(axis=1)
    with np.errstate(all="ignore"):
        union = (box[2:] - box[:2]).prod() + (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) - both
        return both / union


@wrong("own-iou", fails="test_boxes_that_overlap")
def iou(box, boxes):
    """Counts pixels from corner to corner, both included."""
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2]) + 1
    both = np.maximum(sides, 0).prod(axis=1)
    areas = (boxes[:, 2:] - boxes[:, :2] + 1).prod(axis=1)
    return both / ((box[2:] - box[:2] + 1).prod() + areas - both)


@wrong("own-iou", fails="test_many_boxes_in_any_unit")
def iou(box, boxes):
    """Rounds to whole pixels first."""
    box, boxes = np.round(box), np.round(boxes)
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    both = np.maximum(sides, 0).prod(axis=1)
    union = (box[2:] - box[:2]).prod() + (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) - both
    return both / np.where(union > 0, union, 1)


@wrong("own-iou", fails="test_many_boxes_in_any_unit")
def iou(box, boxes):
    """Adds a large epsilon to the union, which matters in shares of an image."""
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    both = np.maximum(sides, 0).prod(axis=1)
    union = (box[2:] - box[:2]).prod() + (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) - both
    return both / (union + 1e-6)


@wrong("own-nms", fails="test_classes_by_themselves")
def suppress(overlaps, scores, classes, threshold):
    """Suppresses across classes."""
    left, kept = list(np.argsort(-scores, kind="stable")), []
    while left:
        best = left.pop(0)
        kept.append(int(best))
        left = [k for k in left if overlaps[best, k] <= threshold]
    return kept


@wrong("own-nms", fails="test_a_chain_of_boxes")
def suppress(overlaps, scores, classes, threshold):
    """Lets dropped boxes suppress others."""
    order, kept = np.argsort(-scores, kind="stable"), []
    for n, k in enumerate(order):
        better = order[:n]
        rivals = better[classes[better] == classes[k]]
        if (overlaps[rivals, k] <= threshold).all():
            kept.append(int(k))
    return kept


@wrong("own-nms", fails="test_boxes_on_one_object")
def suppress(overlaps, scores, classes, threshold):
    """Sorts the wrong way round."""
    left, kept = list(np.argsort(scores, kind="stable")), []
    while left:
        best = left.pop(0)
        kept.append(int(best))
        same = classes == classes[best]
        left = [k for k in left if not (same[k] and overlaps[best, k] > threshold)]
    return kept


@wrong("own-nms", fails="test_equal_scores_and_no_boxes")
def suppress(overlaps, scores, classes, threshold):
    """Turns a rising order around: of equal scores the higher number goes first."""
    left, kept = list(np.argsort(scores, kind="stable")[::-1]), []
    while left:
        best = left.pop(0)
        kept.append(int(best))
        same = classes == classes[best]
        left = [k for k in left if not (same[k] and overlaps[best, k] > threshold)]
    return kept


@wrong("own-nms", fails="test_boxes_on_one_object")
def suppress(overlaps, scores, classes, threshold):
    """Drops boxes that overlap by exactly the threshold."""
    left, kept = list(np.argsort(-scores, kind="stable")), []
    while left:
        best = left.pop(0)
        kept.append(int(best))
        same = classes == classes[best]
        left = [k for k in left if not (same[k] and overlaps[best, k] >= threshold)]
    return kept


@wrong("own-nms", fails="test_classes_by_themselves")
def suppress(overlaps, scores, classes, threshold):
    """Goes through the classes one after the other."""
    kept = []
    for name in sorted(set(classes.tolist()), reverse=True):
        left = [k for k in np.argsort(-scores, kind="stable") if classes[k] == name]
        while left:
            best = left.pop(0)
            kept.append(int(best))
            left = [k for k in left if overlaps[best, k] <= threshold]
    return kept


@wrong("own-nms", fails="test_equal_scores_and_no_boxes")
def suppress(overlaps, scores, classes, threshold):
    """Sorts the boxes kept of each class together, without regard to their numbers."""
    kept = []
    for name in sorted(set(classes.tolist())):
        left = [k for k in np.argsort(-scores, kind="stable") if classes[k] == name]
        while left:
            best = left.pop(0)
            kept.append(int(best))
            left = [k for k in left if overlaps[best, k] <= threshold]
    return sorted(kept, key=lambda k: -scores[k])


@wrong("own-nms", fails="test_equal_scores_and_no_boxes")
def suppress(overlaps, scores, classes, threshold):
    """Relies on a box's overlap with itself to take it out."""
    left, kept = np.argsort(-scores, kind="stable"), []
    while len(left) and len(kept) < len(scores):
        best = left[0]
        kept.append(int(best))
        left = left[(classes[left] != classes[best]) | (overlaps[best, left] <= threshold)]
    return kept


@wrong("own-nms", fails="test_boxes_on_one_object")
def suppress(overlaps, scores, classes, threshold):
    """Returns a mask in place of numbers."""
    keep = np.zeros(len(scores), dtype=bool)
    for k in np.argsort(-scores, kind="stable"):
        same = keep & (classes == classes[k])
        keep[k] = (overlaps[same, k] <= threshold).all()
    return keep


@wrong("own-nms", fails="test_equal_scores_and_no_boxes")
def suppress(overlaps, scores, classes, threshold):
    """Takes a score of 0 for a box that is done."""
    scores, kept = scores.copy(), []
    while scores.any():
        best = int(np.argmax(scores))
        kept.append(best)
        scores[(classes == classes[best]) & (overlaps[best] > threshold)] = 0
        scores[best] = 0
    return kept


@wrong("linear-soft-nms", fails="test_the_order_changes")
def lowered_scores(overlaps, scores, threshold):
    """Sorts once."""
    scores = np.array(scores, float)
    order = np.argsort(-scores, kind="stable")
    for n, best in enumerate(order):
        for k in order[n + 1 :]:
            if overlaps[best, k] > threshold:
                scores[k] *= 1 - overlaps[best, k]
    return scores


@wrong("linear-soft-nms", fails="test_lowered_scores")
def lowered_scores(overlaps, scores, threshold):
    """Lowers by all overlaps."""
    left, scores = list(range(len(scores))), np.array(scores, float)
    while left:
        best = left.pop(int(np.argmax(scores[left])))
        scores[left] *= 1 - overlaps[best, left]
    return scores


@wrong("linear-soft-nms", fails="test_lowered_scores")
def lowered_scores(overlaps, scores, threshold):
    """Multiplies by the overlap."""
    left, scores = list(range(len(scores))), np.array(scores, float)
    while left:
        best = left.pop(int(np.argmax(scores[left])))
        scores[left] *= np.where(overlaps[best, left] > threshold, overlaps[best, left], 1)
    return scores


@wrong("linear-soft-nms", fails="test_lowered_scores")
def lowered_scores(overlaps, scores, threshold):
    """Changes the scores it was given."""
    left = list(range(len(scores)))
    while left:
        best = left.pop(int(np.argmax(scores[left])))
        for k in left:
            if overlaps[best, k] > threshold:
                scores[k] *= 1 - overlaps[best, k]
    return scores


def gone_through(overlaps, scores, far, last=False):
    """Soft suppression where `far` says which overlaps count; of equal scores the first or last."""
    left, scores = list(range(len(scores))), np.array(scores, float)
    while left:
        best = max(left[::-1] if last else left, key=lambda k: scores[k])
        left.remove(best)
        for k in left:
            if far(overlaps[best, k]):
                scores[k] *= 1 - overlaps[best, k]
    return scores


@wrong("linear-soft-nms", fails="test_lowered_scores")
def lowered_scores(overlaps, scores, threshold):
    """Lowers also where the overlap is exactly the threshold."""
    return gone_through(overlaps, scores, lambda common: common >= threshold)


@wrong("linear-soft-nms", fails="test_lowered_scores")
def lowered_scores(overlaps, scores, threshold):
    """Writes the threshold of the example into the code."""
    return gone_through(overlaps, scores, lambda common: common > 0.3)


@wrong("linear-soft-nms", fails="test_the_order_changes")
def lowered_scores(overlaps, scores, threshold):
    """Takes the last of equal scores."""
    return gone_through(overlaps, scores, lambda common: common > threshold, last=True)
