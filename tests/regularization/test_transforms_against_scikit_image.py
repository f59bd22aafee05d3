"""Rotations and affine maps of a photograph are those of scikit-image."""

import numpy as np
import pytest
from skimage import transform
from skimage.util import img_as_float

from companion.data.photographs import photograph
from companion.regularization.transforms import (
    ElasticTransform,
    RandomAffine,
    RandomRotation,
    Sample,
)
from companion.regularization.transforms.moves import Affine, matrices
from companion.regularization.transforms.moving import moved

HALF = transform.AffineTransform(translation=(-0.5, -0.5))
"""scikit-image counts from the centre of the first pixel, we count from its corner."""

NEAR = 1e-9
"""Both interpolate bilinearly in double precision: they differ by rounding."""


@pytest.fixture(scope="module")
def flower():
    return photograph("flower").astype(float)[::3, ::3]


def inside(shape, margin=1):
    """All but what mixes with the outside, which scikit-image does not do in every version."""
    kept = np.zeros(shape[:2], bool)
    kept[margin:-margin, margin:-margin] = True
    return kept


@pytest.mark.parametrize("angle", [-170, -33.3, 0, 12, 90, 141])
def test_rotations(flower, angle):
    expected = transform.rotate(flower, angle, order=1, mode="constant")
    got = RandomRotation((angle, angle))(flower, 0)
    np.testing.assert_allclose(got, expected, atol=NEAR)


@pytest.mark.parametrize("seed", range(6))
def test_affine_maps_of_image_mask_and_points(flower, seed):
    H, W = flower.shape[:2]
    matrix = RandomAffine(180, (0.2, 0.2), (0.6, 1.7), 30).draw((H, W), np.random.default_rng(seed))
    theirs = transform.AffineTransform(np.vstack([matrix, [0, 0, 1]]))
    pixels = HALF.inverse + theirs + HALF
    points = np.random.default_rng(seed).uniform(0, 100, (9, 2))
    mask = (flower[..., 0] > 0.5).astype(int)
    got = moved(Sample(flower, landmarks=points, mask=mask), Affine(matrix), fill=0.3)
    expected = transform.warp(flower, pixels.inverse, order=1, mode="constant", cval=0.3)
    np.testing.assert_allclose(got.image, expected, atol=NEAR)
    np.testing.assert_allclose(got.landmarks, theirs(points))
    nearest = transform.warp(mask, pixels.inverse, order=0, preserve_range=True)
    assert np.mean(got.mask != nearest) < 1e-4  # a point on an edge may fall to either side


@pytest.mark.parametrize("seed", range(5))
def test_parts_of_a_map(seed):
    """Rotation, scale and shear have the senses of scikit-image, whose angles go the other way."""
    angle, scale, shear = np.random.default_rng(seed).uniform([-90, 0.5, -40], [90, 2, 40])
    turn = transform.AffineTransform(rotation=-np.radians(angle), scale=scale)
    lean = np.array([[1, np.tan(np.radians(shear)), 0], [0, 1, 0], [0, 0, 1]])
    expected = (turn.params @ lean)[:2]
    np.testing.assert_allclose(matrices(angle, scale=scale, shear=(shear, 0)), expected, atol=1e-12)


def test_warps_by_a_field(flower):
    got = ElasticTransform(60, 8)(flower, 3)
    from scipy.ndimage import gaussian_filter

    noise = np.random.default_rng(3).uniform(-1, 1, (*flower.shape[:2], 2))
    shift = 60 * gaussian_filter(noise, (8, 8, 0), mode="constant")
    rows, columns = np.indices(flower.shape[:2])
    at = np.stack([rows + shift[..., 1], columns + shift[..., 0]])
    expected = np.stack(
        [transform.warp(flower[..., c], at, order=1, mode="constant") for c in range(3)], axis=-1
    )
    np.testing.assert_allclose(got, expected, atol=NEAR)


def test_photographs_are_those_that_scikit_image_would_take(flower):
    assert np.array_equal(img_as_float(flower), flower)
