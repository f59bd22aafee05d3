"""Overlap of boxes, against pycocotools and formulas in torch."""

import math

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask

from companion.detection.boxes.formats import box_convert
from companion.detection.boxes.overlap import (
    box_iou,
    complete_box_iou,
    distance_box_iou,
    generalized_box_iou,
)


def random_boxes(rng, count, whole=False):
    boxes = np.hstack([rng.uniform(-20, 80, (count, 2)), rng.uniform(0.5, 50, (count, 2))])
    return box_convert(np.ceil(boxes) if whole else boxes, "xywh", "xyxy")


@settings(deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 10**6))
def test_iou_is_that_of_pycocotools(n, m, seed):
    rng = np.random.default_rng(seed)
    a, b = random_boxes(rng, n, whole=seed % 2), random_boxes(rng, m)
    found = box_iou(a, b)
    assert found.shape == (n, m)
    if n and m:
        corners = (np.ascontiguousarray(box_convert(x, "xyxy", "xywh")) for x in (a, b))
        expected = mask.iou(*corners, [0] * m)
        np.testing.assert_allclose(found, expected, atol=1e-12)


def by_torch(a, b):
    """Formulas of the three papers, written pair by pair in torch."""
    a, b = torch.from_numpy(a), torch.from_numpy(b)
    both = (torch.minimum(a[2:], b[2:]) - torch.maximum(a[:2], b[:2])).clamp(min=0).prod()
    union = (a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - both
    around = torch.maximum(a[2:], b[2:]) - torch.minimum(a[:2], b[:2])
    iou = both / union
    giou = iou - (around.prod() - union) / around.prod()
    apart = (a[2:] + a[:2] - b[2:] - b[:2]) / 2
    diou = iou - apart.dot(apart) / around.dot(around)
    angle = torch.atan((a[2] - a[0]) / (a[3] - a[1])) - torch.atan((b[2] - b[0]) / (b[3] - b[1]))
    v = 4 / math.pi**2 * angle**2
    return float(giou), float(diou), float(diou - v * v / (1 - iou + v))


@given(st.integers(0, 10**6))
def test_three_more_measures(seed):
    rng = np.random.default_rng(seed)
    a, b = random_boxes(rng, 3), random_boxes(rng, 4)
    measures = [f(a, b) for f in (generalized_box_iou, distance_box_iou, complete_box_iou)]
    for i, j in np.ndindex(3, 4):
        found = [m[i, j] for m in measures]
        np.testing.assert_allclose(found, by_torch(a[i], b[j]), atol=1e-12)


def test_equal_boxes_and_far_ones():
    box = [[0, 0, 4, 2]]
    for measure in (box_iou, generalized_box_iou, distance_box_iou, complete_box_iou):
        assert measure(box, box)[0, 0] == 1
    far = [[10_000, 0, 10_004, 2]]
    assert box_iou(box, far)[0, 0] == 0
    assert -1 <= generalized_box_iou(box, far)[0, 0] < -0.99
    assert -1 <= distance_box_iou(box, far)[0, 0] < -0.99


def test_points_and_lines_have_no_area():
    point, line, box = [[1, 1, 1, 1]], [[0, 1, 2, 1]], [[0, 0, 2, 2]]
    assert box_iou(point, point)[0, 0] == box_iou(line, box)[0, 0] == 0
    for measure in (generalized_box_iou, distance_box_iou, complete_box_iou):
        for other in (point, line, box):
            assert np.isfinite(measure(point, other)[0, 0])


def test_float32_stays():
    boxes = np.float32([[0, 0, 1, 1]])
    assert box_iou(boxes, boxes).dtype == np.float32
