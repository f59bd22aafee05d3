"""Patches: where they are cut, that the parts share no pixel, and that they never change."""

import numpy as np
import pytest

from companion.data import patches as module
from companion.data.patches import NAMES, columns, corners, cut, patches
from companion.data.photographs import photograph

pytestmark = pytest.mark.reads("companion/**/*.py")


def test_shapes_types_and_equal_classes():
    data = patches()
    assert data.X_train.shape == (720, 3, 32, 32)
    assert data.X_test.shape == (240, 3, 32, 32)
    assert (data.X_train.dtype, data.y_train.dtype) == (np.float32, np.int64)
    assert (data.X_test.dtype, data.y_test.dtype) == (np.float32, np.int64)
    np.testing.assert_array_equal(np.bincount(data.y_train), [120] * 6)
    np.testing.assert_array_equal(np.bincount(data.y_test), [40] * 6)
    assert data.X_train.min() >= 0
    assert data.X_train.max() <= 1
    assert len(np.unique(data.y_train[:40])) == 6  # in mixed order


def test_they_never_change():
    for a, b in zip(patches(), patches(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("name", NAMES)
def test_no_patch_shares_a_pixel_with_another_part_and_a_gap_lies_between(name):
    H, W, _ = photograph(name).shape
    covered = np.zeros((2, H, W), bool)
    for part, (side, many) in enumerate(zip(columns(W), (120, 40), strict=True)):
        at = corners(H, side.stop - side.start, many)
        assert len(np.unique(at, axis=0)) == many
        for i, j in at:
            rows, across = slice(i, i + 32), slice(side.start + j, side.start + j + 32)
            assert covered[part, rows, across].shape == (32, 32)  # inside the photograph
            covered[part, rows, across] = True
    train, test = covered.any(axis=1)
    assert not (train & test).any()
    assert np.flatnonzero(test).min() - np.flatnonzero(train).max() > 32
    # Spread over the whole part, not only over a corner of it.
    for part, side in zip(covered, columns(W), strict=True):
        assert part[[0, -1]].any()
        assert part[:, side.start].any()
        assert part[:, side.stop - 1].any()


@pytest.mark.parametrize("name", NAMES)
def test_each_patch_stands_in_its_part_of_its_photograph(name):
    data, image = patches(), photograph(name)
    windows = np.lib.stride_tricks.sliding_window_view(image, (32, 32), axis=(0, 1))
    firsts = windows[:, :, :, 0, 0]  # the upper left pixel of every place
    label = NAMES.index(name)
    left, right = columns(image.shape[1])
    for X, y, side in (
        (data.X_train, data.y_train, left),
        (data.X_test, data.y_test, right),
    ):
        for patch in X[y == label][::13]:
            places = np.argwhere((firsts == patch[:, 0, 0]).all(axis=2))
            same = [(i, j) for i, j in places if np.array_equal(windows[i, j], patch)]
            assert any(side.start <= j and j + 32 <= side.stop for _, j in same)


def test_a_patch_is_channels_rows_columns():
    image = np.arange(40 * 50 * 3).reshape(40, 50, 3)
    got = cut(image, [(3, 7), (8, 18)])
    for patch, (i, j) in zip(got, [(3, 7), (8, 18)], strict=True):
        np.testing.assert_array_equal(patch, image[i : i + 32, j : j + 32].transpose(2, 0, 1))
    assert cut(image, np.zeros((0, 2))).shape == (0, 3, 32, 32)


@pytest.mark.parametrize(
    ("height", "width", "many"),
    [(32, 32, 1), (33, 32, 2), (32, 40, 9), (300, 60, 40), (36, 36, 25)],
)
def test_corners_are_all_different_and_inside(height, width, many):
    at = corners(height, width, many)
    assert at.shape == (many, 2)
    assert len(np.unique(at, axis=0)) == many
    assert at.min() >= 0
    assert (at.max(axis=0) <= [height - 32, width - 32]).all()


@pytest.mark.parametrize(("height", "width", "many"), [(31, 99, 1), (99, 31, 1), (33, 33, 5)])
def test_too_many_corners_are_refused(height, width, many):
    with pytest.raises(ValueError, match=f"{many} patches do not find different places in"):
        corners(height, width, many)


def test_a_narrow_photograph_is_refused():
    assert columns(160) == (slice(0, 96), slice(128, 160))
    with pytest.raises(ValueError, match="a photograph 150 pixels wide is too narrow"):
        columns(150)


def test_names_are_those_of_the_photographs():
    assert module.NAMES == ("china", "flower", "astronaut", "cat", "coffee", "rocket")
