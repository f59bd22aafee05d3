"""Boxes pulled onto a target: starts as described, and an end that only working losses reach."""

import numpy as np
import pytest

from companion.detection.boxes.formats import box_area
from companion.detection.experiments.pulled import paired_iou, pull, pulls, tuned_rate


def test_starts_and_targets():
    given = pulls(200, seed=1)
    np.testing.assert_allclose(box_area(given.targets), 1)
    areas, (x, y) = box_area(given.starts), ((given.starts[:, :2] + given.starts[:, 2:]) / 2).T
    assert areas.min() >= 0.5 - 1e-9
    assert areas.max() <= 2 + 1e-9
    assert np.hypot(x, y).max() <= 2
    assert 0.4 < given.apart.mean() < 0.8
    np.testing.assert_array_equal(pulls(200, seed=1).starts, given.starts)


def test_giou_arrives_and_iou_leaves_boxes_where_they_are():
    given = pulls(60)
    path = pull("giou", given, 0.1)
    assert path.shape == (201, 60, 4)
    np.testing.assert_array_equal(path[0], given.starts)
    # A loss with a wrong sign or without the term of the hull ends below 0.4 here.
    assert paired_iou(path[-1], given.targets).mean() > 0.95
    stuck = pull("iou", given, 0.1)[-1]
    np.testing.assert_allclose(stuck[given.apart], given.starts[given.apart], atol=1e-12)


def test_rate():
    assert tuned_rate("giou", pulls(40), (1e-4, 0.1)) == 0.1
    with pytest.raises(ValueError, match="rate 0"):
        pull("giou", pulls(2), 0)
