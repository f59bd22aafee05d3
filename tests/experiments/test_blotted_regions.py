"""Blots cover exactly the pixels they should, and the fall of a linear score has a closed form."""

import numpy as np
import pytest
from skimage.filters import gaussian

from companion.experiments.cnn.blotted_regions import blotted, blurred, score_drops

rng = np.random.default_rng(0)


def test_blurred_equals_scikit_image():
    images = rng.random((2, 3, 12, 9))
    expected = np.stack([[gaussian(c, 1.5, mode="reflect", truncate=4) for c in i] for i in images])
    np.testing.assert_allclose(blurred(images, 1.5), expected, atol=1e-12)
    np.testing.assert_allclose(blurred(np.full((1, 1, 5, 5), 0.3), 2), 0.3)


def test_blotted_takes_the_highest_pixels():
    images = rng.random((2, 3, 4, 5))
    maps = np.stack([rng.permutation(20).reshape(4, 5) for _ in range(2)])
    fill = -np.ones_like(images)
    got = blotted(images, maps, 0.25, fill)
    chosen = np.broadcast_to((maps >= 15)[:, None], images.shape)
    np.testing.assert_array_equal(got == -1, chosen)
    np.testing.assert_array_equal(got[~chosen], images[~chosen])
    np.testing.assert_array_equal(blotted(images, maps, 0, fill), images)
    np.testing.assert_array_equal(blotted(images, maps, 1, fill), fill)
    tied = blotted(images, np.zeros((2, 4, 5)), 0.5, fill)
    assert (tied[:, 0] == -1).sum() == 20


def test_falls_of_a_linear_score():
    images, weights = rng.random((3, 2, 4, 4)), rng.normal(size=(5, 2, 4, 4))
    classes, fill = [4, 0, 2], np.zeros((3, 2, 4, 4))
    maps = rng.random((3, 4, 4))
    two = np.stack([maps, -maps])
    drops = score_drops(
        lambda x: np.einsum("nchw,kchw->nk", x, weights),
        *(classes, images, {"one": maps, "two": two}, 0.5, fill),
    )
    lost = (weights[classes] * images).sum(axis=1)
    high = maps >= np.sort(maps.reshape(3, -1))[:, 8].reshape(3, 1, 1)
    np.testing.assert_allclose(drops["one"], (lost * high).sum(axis=(1, 2)), atol=1e-12)
    np.testing.assert_allclose(drops["two"], lost.sum(axis=(1, 2)) / 2, atol=1e-12)


def test_what_does_not_fit():
    images, maps = np.zeros((2, 3, 4, 4)), np.zeros((2, 4, 4))
    with pytest.raises(ValueError, match=r"share 25; expected 0 to 1"):
        blotted(images, maps, 25, images)
    with pytest.raises(ValueError, match=r"expected maps \(2, 4, 4\)"):
        blotted(images, maps[:, :3], 0.5, images)
    with pytest.raises(ValueError, match=r"fill \(1, 3, 4, 4\)"):
        blotted(images, maps, 0.5, images[:1])
    assert blotted(images[:0], maps[:0], 0.5, images[:0]).shape == (0, 3, 4, 4)
