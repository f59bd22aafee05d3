"""Windows: crops and their places by slicing, pyramids, a scan against crop after crop."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.transform import resize
from skimage.util import view_as_windows

from companion import nn
from companion.detection.networks.window_classifier import window_classifier
from companion.detection.windows.dense_as_convolution import as_convolution
from companion.detection.windows.sliding import (
    best_of,
    counts,
    crops,
    cut_out,
    pyramid,
    scan,
    window_boxes,
)
from companion.training import manual_seed, predict

RNG = np.random.default_rng(0)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 3), st.integers(5, 20), st.integers(5, 20), st.integers(1, 5), st.data())
def test_crops_are_those_of_scikit_image(channels, high, wide, side, data):
    step = data.draw(st.integers(1, 6))
    image = RNG.random((channels, high, wide))
    expected = view_as_windows(image, (channels, side, side), (channels, step, step))[0]
    rows, columns = counts((high, wide), side, step)
    assert expected.shape[:2] == (rows, columns)
    np.testing.assert_array_equal(
        crops(image, side, step), expected.reshape(-1, channels, side, side)
    )
    for crop, box in zip(
        crops(image, side, step), window_boxes(rows, columns, side, step).astype(int), strict=True
    ):
        x1, y1, x2, y2 = box
        np.testing.assert_array_equal(crop, image[:, y1:y2, x1:x2])


def test_counts_by_hand():
    assert counts((64, 64), 24, 1) == (41, 41)
    assert counts((64, 64), 24, 4) == (11, 11)
    assert counts((24, 27), 24, 4) == (1, 1)
    assert counts((23, 99), 24, 4) == (0, 19)


def test_too_small_an_image_has_no_windows():
    assert crops(np.zeros((1, 5, 50)), 6, 2).shape == (0, 1, 6, 6)
    assert window_boxes(0, 3, 6, 2).shape == (0, 4)
    assert pyramid(np.zeros((1, 10, 50))) == []
    assert len(scan(None, np.zeros((1, 10, 50)), 24, 4).boxes) == 0


def test_levels_of_a_pyramid():
    image = RNG.random((1, 96, 120)).astype(np.float32)
    levels = pyramid(image, ratio=2, smallest=24)
    assert [level.shape for level in levels] == [(1, 96, 120), (1, 48, 60), (1, 24, 30)]
    np.testing.assert_array_equal(levels[0], image)
    # Averaging filters differ a little; a smooth picture shows that nothing is shifted.
    i, j = np.indices((96, 120)) / 100
    smooth = np.float32(i + 2 * j)[None]
    small = pyramid(smooth, ratio=2)[1][0]
    np.testing.assert_allclose(small, resize(smooth[0], (48, 60)), atol=0.01)
    shares = sum(level.size for level in pyramid(image, 2**0.25)) / image.size
    assert shares < 1 / (1 - 2**-0.5)


def test_nothing_is_aliased():
    stripes = np.float32(np.indices((96, 96)).sum(axis=0) % 2)[None]
    assert np.abs(pyramid(stripes, ratio=3)[1] - 0.5).max() < 0.1


@pytest.mark.parametrize("engine", [nn, torch.nn])
def test_a_scan_is_crop_after_crop(engine):
    manual_seed(1)
    model = window_classifier(engine, width=3)
    image = RNG.random((1, 61, 70)).astype(np.float32)
    found = scan(as_convolution(model, 24), image, 24, 4, score_threshold=-np.inf)
    start = 0
    for level in pyramid(image):
        alone = predict(model, crops(level, 24, 4))[:, 0]
        part = slice(start, start := start + len(alone))
        np.testing.assert_allclose(found.scores[part], alone, atol=1e-5)
        size = np.array([70, 61] * 2) / np.array([level.shape[2], level.shape[1]] * 2)
        boxes = window_boxes(*counts(level.shape[1:], 24, 4), 24, 4) * size
        np.testing.assert_allclose(found.boxes[part], boxes)
    assert start == len(found.boxes)
    assert (found.boxes >= 0).all()
    assert (found.boxes <= np.array([70, 61, 70, 61]) + 1e-9).all()
    best = best_of(found)
    assert best.scores[0] == found.scores.max()
    assert 0 < len(best.boxes) <= start


def test_cut_out_of_whole_pixels_is_a_slice():
    image = RNG.random((2, 40, 50)).astype(np.float32)
    got = cut_out(image, [[3, 5, 27, 29], [-4, 0, 24, 24]], 24)
    np.testing.assert_allclose(got[0], image[:, 5:29, 3:27], atol=1e-6)
    assert got.shape == (2, 2, 24, 24)
    assert cut_out(image, [], 24).shape == (0, 2, 24, 24)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: counts((9, 9), 0, 1), "side 0, step 1"),
        (lambda: counts((9, 9), 3, 0), "side 3, step 0"),
        (lambda: crops(np.zeros((9, 9)), 3, 1), r"expected \(C, H, W\)"),
        (lambda: pyramid(np.zeros((1, 9, 9)), ratio=1), "ratio 1.*above 1"),
        (lambda: pyramid(np.full((1, 9, 9), np.nan)), "all finite"),
        (lambda: cut_out(np.zeros((1, 9, 9)), [[10, 0, 12, 5]], 4), "box 0 has no area"),
        (
            lambda: scan(as_convolution(window_classifier(nn, 2), 24), np.zeros((1, 30, 30)), 24, 4),  # noqa: E501
            "the network gives",
        ),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
