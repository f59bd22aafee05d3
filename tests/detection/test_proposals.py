"""Proposals: grouping against pixels counted anew at each merge, recall by its definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from companion.data.photographs import photograph
from companion.data.scenes import scenes
from companion.detection.boxes.overlap import box_iou
from companion.detection.regions.proposal_recall import proposal_recall
from companion.detection.regions.proposals import grouped, proposals, segments, similarity


def plain():
    """Three flat rectangles on flat ground, and the box of each."""
    image = np.full((40, 50), 0.2)
    boxes = [(5, 5, 15, 25), (20, 10, 30, 20), (35, 25, 48, 38)]
    for k, (x1, y1, x2, y2) in enumerate(boxes):
        image[y1:y2, x1:x2] = 0.5 + 0.2 * k
    return image, boxes


def alike_by_pixels(image, one, other, bins):
    """Similarity of two regions given as masks, from their pixels."""
    level = np.minimum((np.clip(image, 0, 1) * bins).astype(int), bins - 1)
    count = [[np.sum(level[m] == k) / m.sum() for k in range(bins)] for m in (one, other)]
    rows, columns = np.nonzero(one | other)
    around = (np.ptp(rows) + 1) * (np.ptp(columns) + 1)
    size, area = one.sum() + other.sum(), image.size
    return np.minimum(*count).sum() + 1 - size / area + 1 - (around - size) / area


def touch(one, other):
    """Whether two masks have pixels side by side."""
    return (ndimage.binary_dilation(one) & other).any()


def groups_by_pixels(labels, image, bins):
    """All regions as masks, by comparing all neighbours anew before each merge."""
    masks = [labels == k for k in range(labels.max() + 1)]
    made, left = list(masks), list(range(len(masks)))
    while len(left) > 1:
        pairs = [(a, b) for a in left for b in left if a < b and touch(made[a], made[b])]
        a, b = max(pairs, key=lambda p: alike_by_pixels(image, made[p[0]], made[p[1]], bins))
        left = [k for k in left if k not in (a, b)] + [len(made)]
        made.append(made[a] | made[b])
    return made


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_grouping_is_that_of_the_pixels(seed):
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 6, size=(4, 5))
    labels = np.unique(ndimage.zoom(coarse, 3, order=0), return_inverse=True)[1].reshape(12, 15)
    image = rng.random((12, 15))
    made = groups_by_pixels(labels, image, 8)
    found = grouped(labels, image, bins=8)
    np.testing.assert_array_equal(found.sizes, [mask.sum() for mask in made])
    for mask, box in zip(made, found.boxes, strict=True):
        y, x = ndimage.find_objects(mask.astype(int))[0]
        assert box.tolist() == [x.start, y.start, x.stop, y.stop]
    parents = found.parents
    assert parents[-1] == -1
    assert (np.bincount(parents[:-1], minlength=len(made))[labels.max() + 1 :] == 2).all()
    np.testing.assert_allclose(found.histograms.sum(axis=1), 1)


def test_similarity_by_hand():
    one = (np.array([0.0, 0, 2, 2]), 4, np.array([1.0, 0]))
    other = (np.array([2.0, 0, 4, 4]), 8, np.array([0.25, 0.75]))
    # Histograms share 0.25; 12 of 24 pixels; 16 − 12 = 4 pixels are gaps.
    assert similarity(one, other, 24) == pytest.approx(0.25 + 0.5 + 20 / 24)


def test_flat_rectangles_are_pieces_and_proposals():
    image, boxes = plain()
    labels = segments(image, scale=1, sigma=0, smallest=1)
    assert labels.max() == 3
    for x1, y1, x2, y2 in boxes:
        inside = labels[y1:y2, x1:x2]
        assert (inside == inside[0, 0]).all()
        assert np.sum(labels == inside[0, 0]) == inside.size
    found = proposals(image, scales=(1.0,), sigma=0, smallest=1)
    np.testing.assert_allclose(box_iou(found, boxes).max(axis=0), 1)
    assert found[0].tolist() == [0, 0, 50, 40]


def test_two_scales_take_turns_and_no_box_comes_twice():
    image = scenes(1).images[0]
    both, *single = (proposals(image, scales=s) for s in ((20.0, 200.0), (20.0,), (200.0,)))
    assert len(np.unique(both, axis=0)) == len(both)
    assert {tuple(b) for b in both} == {tuple(b) for boxes in single for b in boxes}
    assert ((both[:, 2:] - both[:, :2]) >= 3).all()
    assert both.min() >= 0
    assert both.max() <= 64


def test_scenes_are_covered():
    made = scenes(20, "dev", seed=3)
    found = [proposals(x) for x in made.images]
    assert proposal_recall(found, made.boxes, [80])[0] > 0.8
    rng = np.random.default_rng(0)
    corners = [np.sort(rng.uniform(0, 64, (80, 2, 2)), axis=1).reshape(-1, 4) for _ in found]
    assert proposal_recall(corners, made.boxes, [80])[0] < 0.6


def test_one_piece_one_pixel_colour_and_tiny_images():
    for image in (np.zeros((8, 8)), np.zeros((1, 8, 8)), np.zeros((8, 8, 3))):
        assert proposals(image).tolist() == [[0, 0, 8, 8]]
    assert len(proposals(np.zeros((2, 2)))) == 0
    assert grouped(np.zeros((1, 1), int), np.ones((1, 1))).sizes.tolist() == [1]
    photo = photograph("coffee")[::8, ::8]
    assert len(proposals(photo, smallest=5)) > 20


def test_recall_by_hand():
    truths = [[[0, 0, 10, 10], [20, 20, 30, 30]], [], [[0, 0, 8, 8]]]
    proposed = [
        [[50, 50, 60, 60], [0, 0, 10, 8], [20, 20, 30, 26]],
        [[0, 0, 1, 1]],
        np.empty((0, 4)),
    ]
    found = proposal_recall(proposed, truths, [0, 1, 2, 3, 99])
    np.testing.assert_allclose(found, [0, 0, 1 / 3, 2 / 3, 2 / 3])
    assert proposal_recall(proposed, truths, [3], 0.7)[0] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: segments(np.zeros((4, 4, 2))), r"shape \(4, 4, 2\)"),
        (lambda: segments(np.full((4, 4), np.nan)), "NaN"),
        (lambda: segments(np.zeros((0, 4))), r"shape \(0, 4\)"),
        (lambda: grouped(np.zeros((4, 5), int), np.zeros((4, 4))), "labels"),
        (lambda: grouped(np.full((4, 4), 1), np.zeros((4, 4))), "without gaps"),
        (lambda: proposals(np.zeros((4, 4)), scales=()), "at least one"),
        (lambda: proposal_recall([], [[]], [1]), "0 lists, but 1"),
        (lambda: proposal_recall([[]], [[]], [1]), "nothing to find"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
