"""Anchors: shapes against pycocotools, slots there and back, assignment against plain loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask

from companion.data.scenes import scenes
from companion.detection.boxes.overlap import box_iou
from companion.detection.grids.anchor_shapes import (
    as_sizes,
    kmeans_anchors,
    kmeans_steps,
    size_iou,
    sizes_of,
)
from companion.detection.grids.anchors import (
    BACKGROUND,
    IGNORED,
    anchor_boxes,
    anchor_grids,
    assign_by_overlap,
    best_anchors,
    decode_anchors,
    encode_anchors,
)
from companion.detection.grids.grid import Grid, encode, suppressed

SHAPES = [[10, 30], [30, 10], [20, 20]]
GRIDS = anchor_grids(SHAPES)


def said(target, classes=10):
    """What a network says that has learned `target` by heart, (5 + classes, M)."""
    output = np.full((5 + classes, target.shape[1]), -20.0)
    output[0] = np.where(target[0] > 0, 20, -20)
    inside = np.clip(target[1:3], 1e-9, 1 - 1e-9)
    output[1:3] = np.log(inside / (1 - inside))
    output[3:5] = target[3:5]
    (slots,) = np.nonzero(target[0])
    output[5 + target[5, slots].astype(int), slots] = 20
    return output


def at_one_centre(sizes):
    """Boxes of pycocotools around the origin: corner and size."""
    return np.hstack([-np.asarray(sizes) / 2, sizes]).astype(float)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000))
def test_sizes_are_compared_as_pycocotools_compares_boxes(seed):
    rng = np.random.default_rng(seed)
    sizes, anchors = rng.uniform(0.5, 60, (7, 2)), rng.uniform(0.5, 60, (3, 2))
    theirs = mask.iou(at_one_centre(sizes), at_one_centre(anchors), [0] * 3)
    np.testing.assert_allclose(size_iou(sizes, anchors), theirs, rtol=1e-12)


def test_sizes_of_boxes_and_of_none():
    assert sizes_of([[1, 2, 4, 8]]).tolist() == [[3, 6]]
    assert size_iou([], SHAPES).shape == (0, 3)


def test_kmeans_by_hand():
    sizes = [[2, 8], [4, 8], [8, 2], [8, 4]]
    steps = list(kmeans_steps(sizes, [[2, 8], [4, 8]]))
    # [8, 2] overlaps (2, 8) by 4 / 28 and (4, 8) by 8 / 40: both wide ones go to the second.
    assert steps[0][1].tolist() == [0, 1, 1, 1]
    assert steps[1][0].tolist() == [[2, 8], [20 / 3, 14 / 3]]
    anchors = kmeans_anchors(sizes, 2)
    assert sorted(anchors.tolist()) == [[3, 8], [8, 3]]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.integers(1, 5))
def test_anchors_are_the_means_of_those_that_are_nearest(seed, count):
    sizes = np.random.default_rng(seed).uniform(4, 40, (60, 2))
    anchors = kmeans_anchors(sizes, count, seed)
    nearest = size_iou(sizes, anchors).argmax(axis=1)
    for a in np.unique(nearest):
        np.testing.assert_allclose(anchors[a], sizes[nearest == a].mean(axis=0))
    assert (np.diff(anchors.prod(axis=1)) >= 0).all()
    assert np.array_equal(anchors, kmeans_anchors(sizes, count, seed))


def test_as_many_anchors_as_sizes_fit_all():
    sizes = np.random.default_rng(0).uniform(4, 40, (9, 2))
    assert size_iou(sizes, kmeans_anchors(sizes, 9)).max(axis=1).min() == pytest.approx(1)
    np.testing.assert_allclose(kmeans_anchors(sizes, 1), [sizes.mean(axis=0)])


def test_target_by_hand():
    # Centres (33, 20) and (37, 20): row 2, column 4 both; 12 × 30 is tall, 32 × 8 wide.
    boxes = [[27, 5, 39, 35], [21, 16, 53, 24]]
    target = encode_anchors(boxes, [7, 3], GRIDS)
    tall, wide = target[:, 20], target[:, 64 + 20]
    np.testing.assert_allclose(tall, [1, 0.125, 0.5, np.log(1.2), 0, 7], atol=1e-6)
    np.testing.assert_allclose(
        wide, [1, 0.625, 0.5, np.log(32 / 30), np.log(0.8), 3], atol=1e-6
    )
    assert target[0].sum() == 2
    assert encode(boxes, [7, 3], Grid())[0].sum() == 1


def test_one_square_anchor_is_the_plain_grid():
    for truth in scenes(5).truths:
        plain = encode(*truth, Grid()).reshape(6, -1)
        ours = encode_anchors(*truth, anchor_grids([[20, 20]]))
        np.testing.assert_allclose(ours, plain, atol=1e-6)


def test_of_two_alike_in_one_cell_the_larger_stays():
    boxes = [[27, 5, 38, 34], [28, 5, 40, 35]]
    target = encode_anchors(boxes, [1, 2], GRIDS)
    assert target[0].sum() == 1
    assert target[5].sum() == 2


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000))
def test_there_and_back_on_two_levels(seed):
    grids = anchor_grids([[8, 12], [20, 25]], cells=[16, 8])
    boxes, classes = scenes(1, seed=seed, height=(7, 30)).truths[0]
    target = encode_anchors(boxes, classes, grids)
    assert target.shape == (6, 320)
    found = suppressed(decode_anchors(said(target), grids), 0.5, 1.0)
    assert len(found.boxes) == target[0].sum()
    if len(boxes):
        overlap = box_iou(found.boxes, boxes)
        assert (overlap.max(axis=1) > 1 - 1e-4).all()
        assert (classes[overlap.argmax(axis=1)] == found.classes).all()


def test_anchors_lie_in_the_middle_of_their_cells():
    found = anchor_boxes(GRIDS)
    assert found.shape == (192, 4)
    np.testing.assert_allclose(found[0], [4 - 5, 4 - 15, 4 + 5, 4 + 15])
    np.testing.assert_allclose(found[64 + 9], [12 - 15, 12 - 5, 12 + 15, 12 + 5])


def by_loops(anchors, boxes, high, low):
    """The rule of Faster R-CNN, one pair after the other."""
    overlaps = [[float(box_iou([a], [b])[0, 0]) for b in boxes] for a in anchors]
    owner = []
    for row in overlaps:
        best = max(range(len(boxes)), key=lambda k: row[k])
        owner.append(best if row[best] >= high else BACKGROUND if row[best] < low else IGNORED)
    tops = {k: max(row[k] for row in overlaps) for k in range(len(boxes))}
    for k in sorted(tops, key=tops.get):
        for m, row in enumerate(overlaps):
            if row[k] == tops[k] > 0:
                owner[m] = k
    return owner


@pytest.mark.parametrize("seed", range(5))
def test_assignment_by_overlap_equals_plain_loops(seed):
    boxes = scenes(1, seed=seed, objects=(2, 3)).boxes[0]
    anchors = anchor_boxes(anchor_grids(SHAPES, cells=4))
    for high, low in ((0.5, 0.4), (0.7, 0.3), (1.0, 0.0)):
        owner = assign_by_overlap(anchors, boxes, high, low)
        assert owner.tolist() == by_loops(anchors, boxes, high, low)
        assert set(range(len(boxes))) <= set(owner)


def test_no_objects_no_anchors_and_objects_far_away():
    assert (assign_by_overlap(anchor_boxes(GRIDS), []) == BACKGROUND).all()
    assert assign_by_overlap(np.empty((0, 4)), [[0, 0, 1, 1]]).shape == (0,)
    assert assign_by_overlap([[0, 0, 1, 1]], [[5, 5, 6, 6]]).tolist() == [BACKGROUND]
    assert not encode_anchors([], [], GRIDS).any()


def test_thousands_of_boxes():
    rng = np.random.default_rng(0)
    corners = rng.uniform(0, 500, (3000, 2))
    boxes = np.hstack([corners, corners + rng.uniform(1, 60, (3000, 2))])
    owner = assign_by_overlap(boxes, boxes[:200], high=0.9)
    assert (owner[:200] == np.arange(200)).all()
    assert kmeans_anchors(sizes_of(boxes), 5, starts=2).shape == (5, 2)


def test_best_anchor_of_equal_ones_is_the_first():
    assert best_anchors([[0, 0, 20, 20]], anchor_grids([[10, 40], [40, 10]])).tolist() == [0]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: as_sizes([[1, 0]]), "number 0 is .*above 0"),
        (lambda: as_sizes([[1, np.nan]], "anchors"), "anchors: number 0"),
        (lambda: as_sizes([1, 2]), r"expected \(N, 2\)"),
        (lambda: kmeans_anchors([[1, 2], [1, 2]], 2), "2 anchors from 1 different"),
        (lambda: anchor_grids(SHAPES, cells=[8, 4]), "2 numbers of cells for 3 anchors"),
        (lambda: encode_anchors([[3, 3, 3, 9]], [0], GRIDS), "has no area"),
        (lambda: encode_anchors([[3, 3, 5, 9]], [0, 1], GRIDS), "for 1 boxes"),
        (lambda: encode_anchors([[60, 0, 80, 9]], [0], GRIDS), "lies outside"),
        (lambda: decode_anchors(np.zeros((15, 191)), GRIDS), r"expected \(5 \+ classes, 192\)"),
        (lambda: decode_anchors(np.full((15, 192), np.nan), GRIDS), "NaN"),
        (lambda: assign_by_overlap([], [], high=0.3), "low 0.4, high 0.3"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
