"""Pairs in one cell: where their centres lie, how they overlap, and that nothing is shared."""

import numpy as np
import pytest

from companion.detection.boxes.overlap import box_iou
from companion.detection.experiments.pairs import pair_scenes
from companion.detection.grids.anchors import anchor_grids, encode_anchors
from companion.detection.grids.grid import Grid, owners


@pytest.mark.parametrize("alike", [False, True])
def test_both_centres_lie_in_one_cell(alike):
    made = pair_scenes(60, alike=alike)
    both = [boxes for boxes in made.boxes if len(boxes) == 2]
    assert 30 < len(both) < 55
    for boxes in both:
        assert (owners(boxes, Grid()) >= 0).sum() == 1
        assert box_iou(boxes[:1], boxes[1:])[0, 0] < 0.5
        assert boxes.min() >= 0
        assert boxes.max() <= 64
        wide, tall = (boxes[:, 2:] - boxes[:, :2]).T
        assert (tall > wide).sum() == (2 if alike else 1)
    shapes = anchor_grids([[10, 28], [28, 10]])
    kept = sum(encode_anchors(b, np.zeros(2, int), shapes)[0].sum() for b in both)
    assert kept == len(both) * (1 if alike else 2)


def test_masks_lie_in_their_boxes():
    made = pair_scenes(20)
    for boxes, masks in zip(made.boxes, made.masks, strict=True):
        for (x1, y1, x2, y2), ink in zip(boxes.astype(int), masks, strict=True):
            assert ink.any()
            assert ink.sum() == ink[y1:y2, x1:x2].sum()


def test_the_same_arguments_give_the_same_scenes():
    first, again, other = pair_scenes(3), pair_scenes(3), pair_scenes(3, seed=1)
    assert np.array_equal(first.images, again.images)
    assert not np.array_equal(first.images, other.images)
    assert pair_scenes(0).images.shape == (0, 1, 64, 64)
    assert all(len(boxes) == 1 for boxes in pair_scenes(5, "dev", alone=1.0).boxes)


def test_bad_input():
    with pytest.raises(ValueError, match="no part 'all'"):
        pair_scenes(1, "all")
    with pytest.raises(ValueError, match="at least 48"):
        pair_scenes(1, size=32)
