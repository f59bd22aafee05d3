"""Boxes that move: they hold the moved mask within a pixel, are cut off, and dropped."""

import numpy as np
import pytest

from companion.data.scenes import scenes
from companion.detection.boxes.moved import bounds, with_boxes
from companion.regularization import transforms as tf

MADE = scenes(12, seed=2, objects=(1, 1))
ALL = {
    "flip": tf.RandomHorizontalFlip(1.0),
    "upside down": tf.RandomVerticalFlip(1.0),
    "shift": tf.RandomAffine(0, translate=(0.3, 0.3)),
    "rotate": tf.RandomRotation(45),
    "scale": tf.RandomAffine(0, scale=(0.6, 1.7)),
    "shear": tf.RandomAffine(0, shear=20),
    "crop": tf.RandomCrop(40),
    "pad": tf.Pad((3, 5, 7, 0)),
    "elastic": tf.ElasticTransform(120, 6),
    "erase": tf.RandomErasing(1.0),
    "colour": tf.GaussianNoise(0.05),
    "several": tf.Compose([tf.RandomHorizontalFlip(), tf.RandomRotation(20), tf.RandomCrop(48)]),
}


@pytest.mark.parametrize("name", ALL)
def test_boxes_hold_the_moved_mask_within_a_pixel(name):
    for k in range(12):
        mask = MADE.masks[k][0].astype(int)
        image = MADE.images[k, 0].clip(0, 1)
        now = with_boxes(ALL[name], image, MADE.boxes[k], [5, k], least=0, mask=mask)
        tight = bounds(now.mask)
        if tight is None:
            continue
        assert len(now.boxes) == 1
        assert (now.boxes[0][:2] <= tight[:2] + 1).all()
        assert (now.boxes[0][2:] >= tight[2:] - 1).all()
        high, wide = now.image.shape
        assert (now.boxes >= 0).all()
        assert (now.boxes <= [wide, high, wide, high]).all()


def test_whole_pixels_by_hand():
    image, boxes = np.zeros((10, 20)), [[2, 3, 6, 8]]
    flipped = with_boxes(tf.RandomHorizontalFlip(1.0), image, boxes, 0)
    assert flipped.boxes.tolist() == [[14, 3, 18, 8]]
    padded = with_boxes(tf.Pad((1, 2, 0, 0)), image, boxes, 0)
    assert padded.boxes.tolist() == [[3, 5, 7, 10]]


def test_the_share_that_is_left_decides():
    image, boxes = np.zeros((10, 10)), [[0, 0, 4, 4], [4, 4, 8, 8], [8, 8, 10, 10]]
    left = tf.RandomAffine(0, translate=(0, 0))
    left.draw = lambda size, rng: np.array([[1.0, 0, -3], [0, 1, 0]])
    now = with_boxes(left, image, boxes, 0, least=0.3)
    np.testing.assert_allclose(now.visible, [0.25, 1, 1])
    assert now.kept.tolist() == [1, 2]
    np.testing.assert_allclose(now.boxes, [[1, 4, 5, 8], [5, 8, 7, 10]])
    assert with_boxes(left, image, boxes, 0, least=0.25).kept.tolist() == [0, 1, 2]


def test_boxes_over_the_edge_outside_and_without_area():
    image = np.zeros((10, 10))
    boxes = [[-5, -5, 5, 5], [20, 20, 30, 30], [3, 3, 3, 9]]
    now = with_boxes(tf.Pad(0), image, boxes, 0, least=0)
    assert now.kept.tolist() == [0]
    assert now.boxes.tolist() == [[0, 0, 5, 5]]


def test_no_boxes_and_thousands():
    image = np.zeros((10, 10))
    none = with_boxes(tf.RandomRotation(30), image, [], 0)
    assert none.boxes.shape == (0, 4)
    assert none.kept.shape == none.visible.shape == (0,)
    many = with_boxes(tf.RandomRotation((0, 0)), image, np.tile([[2, 2, 5, 6]], (3000, 1)), 0)
    assert len(many.boxes) == 3000


def test_the_same_seed_moves_alike():
    a, b = (with_boxes(ALL["several"], MADE.images[0, 0], MADE.boxes[0], 7) for _ in range(2))
    assert np.array_equal(a.image, b.image)
    assert np.array_equal(a.boxes, b.boxes)


def test_bounds_by_hand():
    mask = np.zeros((6, 8), bool)
    assert bounds(mask) is None
    mask[2, 3] = mask[4, 6] = True
    assert bounds(mask).tolist() == [3, 2, 7, 5]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: with_boxes(tf.Pad(0), np.zeros((9, 9)), [[0, 0, 4, 4]], 0, least=2), "least is 2"),
        (lambda: with_boxes(tf.Pad(0), np.zeros((9, 9)), [[4, 0, 0, 4]], 0), "second corner"),
        (lambda: with_boxes(tf.Pad(0), np.zeros((9, 9)), [[0, 0, np.nan, 4]], 0), "not finite"),
        (
            lambda: with_boxes(
                tf.RandomHorizontalFlip(1, swap=(1, 0)), np.zeros((9, 9)), [[0, 0, 4, 4]], 0
            ),
            "boxes need none",
        ),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
