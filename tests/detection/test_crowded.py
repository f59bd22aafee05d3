"""Bundles of boxes and neighbours: boxes stand where they should, and counting is right."""

import numpy as np
import pytest

from companion import nn
from companion.data.scenes import scenes
from companion.detection.average_precision import Detections
from companion.detection.boxes.overlap import box_iou
from companion.detection.experiments.crowded import faults, looked_again, neighbours
from companion.detection.experiments.trained_grid import GRID, trained_grid
from companion.detection.grids.grid import decode
from companion.training import predict


def test_one_look_is_the_detector_s():
    images, model = scenes(3, "dev").images, trained_grid(nn)
    for one, output in zip(
        looked_again(model, images, shifts=(0,)), predict(model, images), strict=True
    ):
        alone = decode(output, GRID)
        sure = alone.scores >= 0.05
        np.testing.assert_allclose(one.boxes, alone.boxes[sure])
        np.testing.assert_array_equal(one.classes, alone.classes[sure])


def test_boxes_of_all_looks_lie_on_the_objects():
    made = scenes(20, "dev", seed=3)
    for found, boxes in zip(
        looked_again(trained_grid(nn), made.images, least=0.5), made.boxes, strict=True
    ):
        near = box_iou(found.boxes, boxes).max(axis=1)
        # Boxes that were not moved back would be off by six pixels of about twenty.
        assert np.median(near) > 0.6


def test_neighbours():
    made = neighbours(10, seed=2, step=0.4)
    for boxes, classes, masks in zip(made.boxes, made.classes, made.masks, strict=True):
        assert classes[0] == classes[1]
        assert masks.any(axis=(1, 2)).all()
        assert 0.3 < box_iou(boxes[:1], boxes[1:])[0, 0] < 0.55
        assert boxes.min() >= 0
        assert boxes.max() <= 64
    assert len(neighbours(0).images) == 0


def test_faults_by_hand():
    box, other = [0, 0, 10, 10], [30, 30, 40, 40]
    found = Detections(
        np.array([box, box, other, [50, 0, 60, 10.0]]),
        np.array([0.9, 0.8, 0.7, 0.6]),
        np.array([1, 1, 2, 5]),
    )
    truth = (np.array([box, other], float), np.array([1, 3]))
    # Found: the first. Missed: the second, found with another class. Too many: three boxes.
    assert faults([found], [truth]) == (1, 3)
    empty = Detections(np.empty((0, 4)), np.empty(0), np.empty(0, int))
    assert faults([empty], [truth]) == (2, 0)


def test_bad_input():
    with pytest.raises(ValueError, match="shifts"):
        looked_again(trained_grid(nn), scenes(1).images, shifts=(64,))
    with pytest.raises(ValueError, match="step of 2"):
        neighbours(1, step=2)
