"""Suppression: against a plain greedy loop and the published cases of the ONNX operator."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.detection.boxes.formats import box_convert
from companion.detection.boxes.overlap import box_iou
from companion.detection.boxes.suppression import batched_nms, nms, soft_nms
from tests.detection.test_overlap import random_boxes


def greedy(boxes, scores, threshold):
    """The textbook's loop, on Python lists and all pairs."""
    overlap = box_iou(boxes, boxes)
    order = sorted(range(len(boxes)), key=lambda k: (-scores[k], k))
    kept = []
    for k in order:
        if not any(overlap[k, other] > threshold for other in kept):
            kept.append(k)
    return kept


@settings(deadline=None)
@given(st.integers(0, 40), st.floats(0, 1), st.integers(0, 10**6))
def test_equals_the_loop(count, threshold, seed):
    rng = np.random.default_rng(seed)
    boxes = random_boxes(rng, count)
    scores = rng.integers(0, 8, count) / 8
    assert nms(boxes, scores, threshold).tolist() == greedy(boxes, scores, threshold)


# Boxes y₁, x₁, y₂, x₂ and scores of the operator's published tests (ONNX, NonMaxSuppression,
# opset 11); turning both axes around changes no overlap.
ROWS = [[0, 0], [0.1, 0], [-0.1, 0], [10, 0], [10.1, 0], [100, 0]]
BOXES = np.array([[0, x, 1, x + 1] for x, _ in ROWS])
SCORES = np.array([0.9, 0.75, 0.6, 0.95, 0.5, 0.3])


def test_onnx_suppress_by_iou():
    assert nms(BOXES, SCORES, 0.5).tolist() == [3, 0, 5]


def test_onnx_centre_format():
    boxes = [[0.5, x + 0.5, 1, 1] for x, _ in ROWS]
    assert nms(box_convert(boxes, "cxcywh", "xyxy"), SCORES, 0.5).tolist() == [3, 0, 5]


def test_onnx_scores_and_limit():
    kept = nms(BOXES, SCORES, 0.5)
    assert kept[SCORES[kept] >= 0.4].tolist() == [3, 0]
    assert kept[:2].tolist() == [3, 0]


def test_onnx_identical_and_single():
    assert nms([[0, 0, 1, 1]] * 10, [0.9] * 10, 0.5).tolist() == [0]
    assert nms([[0, 0, 1, 1]], [0.9], 0.5).tolist() == [0]


def test_onnx_two_classes():
    boxes, scores = np.tile(BOXES, (2, 1)), np.tile(SCORES, 2)
    kept = batched_nms(boxes, scores, np.repeat([0, 1], 6), 0.5)
    assert kept[kept < 6].tolist() == [3, 0, 5]
    assert (kept[kept >= 6] - 6).tolist() == [3, 0, 5]


@settings(deadline=None)
@given(st.integers(0, 30), st.integers(0, 10**6))
def test_classes_one_by_one(count, seed):
    rng = np.random.default_rng(seed)
    boxes, scores = random_boxes(rng, count), rng.permutation(count) / 30
    classes = rng.integers(0, 3, count)
    expected = []
    for name in range(3):
        mine = np.flatnonzero(classes == name)
        expected += mine[greedy(boxes[mine], scores[mine], 0.3)].tolist()
    found = batched_nms(boxes, scores, classes, 0.3)
    assert sorted(found.tolist()) == sorted(expected)
    assert (np.diff(scores[found]) <= 0).all()


def soft_by_definition(boxes, scores, sigma, threshold):
    """Bodla et al. (2017), figure 2, on dictionaries."""
    left, done = dict(enumerate(map(float, scores))), []
    while left:
        best = max(left, key=lambda k: (left[k], -k))
        score = left.pop(best)
        if score < threshold:
            break
        done.append((best, score))
        for k in left:
            left[k] *= np.exp(-(box_iou(boxes[[best]], boxes[[k]])[0, 0] ** 2) / sigma)
    return done


@settings(deadline=None)
@given(st.integers(0, 12), st.floats(0.05, 2), st.integers(0, 10**6))
def test_soft_suppression(count, sigma, seed):
    rng = np.random.default_rng(seed)
    boxes, scores = random_boxes(rng, count), rng.uniform(0, 1, count)
    kept, lowered = soft_nms(boxes, scores, sigma, 0.05)
    expected = soft_by_definition(boxes, scores, sigma, 0.05)
    assert kept.tolist() == [k for k, _ in expected]
    np.testing.assert_allclose(lowered, [s for _, s in expected], rtol=1e-12)


def test_ten_thousand_boxes_in_little_memory():
    rng = np.random.default_rng(0)
    boxes, scores = random_boxes(rng, 10_000), rng.random(10_000)
    kept = nms(boxes, scores, 0.3)
    overlaps = box_iou(boxes[kept], boxes[kept]) - np.eye(len(kept))
    assert 0 < len(kept) < 10_000
    assert overlaps.max() <= 0.3


def test_scores_may_change_nothing_else():
    boxes, scores = BOXES.copy(), SCORES.copy()
    soft_nms(boxes, scores)
    np.testing.assert_array_equal(scores, SCORES)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: nms(BOXES, SCORES[:3], 0.5), r"scores \(3,\) for 6 boxes"),
        (lambda: nms(BOXES, SCORES * np.nan, 0.5), "score 0 is not a number"),
        (lambda: nms(BOXES, SCORES, 50), "iou_threshold is 50"),
        (lambda: batched_nms(BOXES, SCORES, [0], 0.5), "classes for 6 boxes"),
        (lambda: soft_nms(BOXES, SCORES, sigma=0), "sigma is 0"),
        (lambda: soft_nms(BOXES, -SCORES), "at least 0"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
