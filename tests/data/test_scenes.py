"""Scenes: boxes hold their ink, parts share nothing, and the same seed gives the same."""

from itertools import pairwise

import numpy as np
import pytest

from companion.data.digits import train_dev_test
from companion.data.scenes import PARTS, cut_out, digits_of, ground, painted, scenes, semantic


def test_shapes_and_ranges():
    made = scenes(40, seed=3)
    assert made.images.shape == (40, 1, 64, 64)
    assert made.images.dtype == np.float32
    assert 0 <= made.images.min() < made.images.max() <= 1
    for boxes, classes, masks in zip(made.boxes, made.classes, made.masks, strict=True):
        assert len(boxes) == len(classes) == len(masks) in (1, 2, 3)
        assert masks.shape[1:] == (64, 64)
        assert (boxes[:, 2:] > boxes[:, :2]).all()
        assert boxes.min() >= 0
        assert boxes.max() <= 64
        assert ((boxes[:, 3] - boxes[:, 1]) >= 16).all()
        assert ((boxes[:, 3] - boxes[:, 1]) <= 28).all()


def test_ink_fills_its_box_from_edge_to_edge():
    """Alone in a scene, the ink touches all four sides, up to a pixel that stretching blurs."""
    made = scenes(60, objects=(1, 1))
    for boxes, masks in zip(made.boxes, made.masks, strict=True):
        rows, columns = (np.flatnonzero(masks[0].any(axis=k)) for k in (1, 0))
        ink = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
        assert np.abs(ink - boxes[0]).max() <= 1


def test_boxes_overlap_at_most_as_asked():
    from companion.detection.boxes.overlap import box_iou

    for boxes in scenes(100, objects=(3, 3), overlap=0.1).boxes:
        assert (box_iou(boxes, boxes) - np.eye(len(boxes))).max() <= 0.1 + 1e-6


def test_same_seed_same_scenes():
    a, b, c = scenes(5, seed=1), scenes(5, seed=1), scenes(5, seed=2)
    np.testing.assert_array_equal(a.images, b.images)
    assert not np.array_equal(a.images, c.images)


def test_parts_share_no_digit_and_no_pixel():
    data = train_dev_test()
    sets = [{x.tobytes() for x in getattr(data, f"X_{part}")} for part in PARTS]
    assert not sets[0] & sets[1]
    assert not sets[0] & sets[2]
    assert not sets[1] & sets[2]
    ends = sorted(PARTS.values())
    assert all(a[1] <= b[0] for a, b in pairwise(ends))
    assert sum(ground("brick", part, 64).shape[1] for part in PARTS) == 512


def test_fewer_scenes_are_the_first_of_more():
    few, many = scenes(3), scenes(6)
    np.testing.assert_array_equal(few.images, many.images[:3])
    part = many.part(slice(0, 3))
    np.testing.assert_array_equal(part.images, few.images)
    assert len(part.boxes) == 3
    np.testing.assert_array_equal(many.part([4]).boxes[0], many.boxes[4])


def test_empty_scenes():
    made = scenes(4, objects=(0, 0))
    assert made.boxes[0].shape == (0, 4)
    assert made.masks[0].shape == (0, 64, 64)
    assert semantic(made).max() == 0
    assert len(scenes(0).images) == 0


def test_later_ink_covers_earlier():
    full = np.ones((4, 4), dtype=np.float32)
    image, masks = painted(np.zeros((8, 8)), [full, full], [(0, 0, 4, 4), (2, 0, 6, 4)], [1, 0.5])
    assert masks[0].sum() == 8
    assert masks[1].sum() == 16
    assert image[0, 1] == 1
    assert image[0, 5] == 0.5
    assert image[0, 7] == 0


def test_ink_is_what_the_surface_makes_visible():
    full = np.ones((2, 2), dtype=np.float32)
    assert painted(np.full((4, 4), 0.9), [full], [(0, 0, 2, 2)], [1])[0][0, 0] == 0
    assert painted(np.full((4, 4), 0.1), [full], [(0, 0, 2, 2)], [1])[0][0, 0] == 1


def test_class_of_each_pixel():
    made = scenes(20, seed=5)
    labels = semantic(made)
    for label, names, masks in zip(labels, made.classes, made.masks, strict=True):
        assert set(np.unique(label)) <= {0, *(1 + names)}
        assert (label > 0).sum() == masks.any(axis=0).sum()
    with pytest.raises(ValueError, match="expected below 1"):
        semantic(made, classes=1)


def test_cut_out_by_hand():
    glyph = np.zeros((5, 5))
    glyph[1:3, 2] = 1
    assert cut_out(glyph).shape == (2, 1)
    assert len(digits_of("dev")[0]) == 1000


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"part": "all"}, "no part 'all'"),
        ({"height": (16, 90)}, r"heights \(16, 90\)"),
        ({"height": (0, 9)}, "heights"),
        ({"objects": (3, 1)}, r"\(3, 1\) objects"),
        ({"contrast": (0.5, 2)}, "contrast"),
        ({"size": 400}, "do not fit"),
    ],
)
def test_bad_arguments(options, says):
    with pytest.raises(ValueError, match=says):
        scenes(1, **options)
