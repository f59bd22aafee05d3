"""Colours, noise and mixtures against PIL, scikit-learn and closed forms."""

import numpy as np
import pytest
from PIL import Image, ImageEnhance
from sklearn.decomposition import PCA

from companion.data.photographs import photograph
from companion.regularization.transforms import (
    ColorJitter,
    CutMix,
    GaussianNoise,
    MixUp,
    PCAColor,
    Sample,
)


@pytest.fixture(scope="module")
def china():
    return photograph("china")


@pytest.mark.parametrize("factor", [0.0, 0.6, 1.0, 1.7])
@pytest.mark.parametrize(
    ("option", "enhance"),
    [
        ("brightness", ImageEnhance.Brightness),
        ("contrast", ImageEnhance.Contrast),
        ("saturation", ImageEnhance.Color),
    ],
)
def test_jitter_is_what_pil_does(china, option, enhance, factor):
    """PIL rounds to whole numbers of 255 at each step, so they differ by some of them."""
    got = ColorJitter(**{option: (factor, factor)})(china, 0)
    theirs = enhance(Image.fromarray((china * 255).round().astype("uint8"))).enhance(factor)
    assert got.dtype == china.dtype
    np.testing.assert_allclose(got * 255, np.asarray(theirs, float), atol=2.6)


def test_factors_are_drawn_from_their_intervals():
    image = np.full((2, 2), 0.4)
    seen = [ColorJitter(brightness=0.5)(image, k)[0, 0] / 0.4 for k in range(500)]
    assert 0.5 <= min(seen) < 0.52
    assert 1.48 < max(seen) <= 1.5
    np.testing.assert_array_equal(ColorJitter()(image, 0), image)
    assert ColorJitter(brightness=3).brightness == (0, 4)


def test_noise_has_its_moments_and_stays_in_range():
    image = np.full((200, 200), 0.5)
    change = GaussianNoise(0.02, 0.1)(image, 0) - image
    assert abs(change.mean() - 0.02) < 4 * 0.1 / 200
    assert abs(change.std() - 0.1) < 0.002
    loud = GaussianNoise(0, 5.0)(image, 0)
    assert (loud.min(), loud.max()) == (0, 1)


def test_the_components_are_those_of_scikit_learn(china):
    china, n = china.astype(float), china[..., 0].size
    ours, theirs = PCAColor.fit([china]), PCA().fit(china.reshape(-1, 3))
    np.testing.assert_allclose(ours.values, theirs.explained_variance_ * (n - 1) / n)
    turned = np.abs(np.sum(ours.components.T * theirs.components_, axis=1))
    np.testing.assert_allclose(turned, 1)


def test_colour_shifts_have_the_covariance_of_the_paper(china):
    """Cov = σ² P diag(λ²) Pᵀ, and one shift for all pixels."""
    one = PCAColor.fit([china], sigma=0.3)
    rng = np.random.default_rng(0)
    shifts = np.array([one.shift(rng) for _ in range(20000)])
    expected = 0.09 * one.components @ np.diag(one.values**2) @ one.components.T
    np.testing.assert_allclose(np.cov(shifts.T), expected, atol=0.03 * expected.max())
    got = one(np.full((3, 4, 3), 0.5), 1) - 0.5
    np.testing.assert_allclose(got, np.broadcast_to(got[0, 0], got.shape), atol=1e-12)
    with pytest.raises(ValueError, match=r"fitted to 3 channels, got an image of shape \(4, 4\)"):
        one(np.zeros((4, 4)), 0)


def test_values_change_and_places_do_not(china):
    sample = Sample(china, 1, [[1, 2, 3, 4]], [[5, 6]], np.ones(china.shape[:2], int))
    for one in (ColorJitter(0.5, 0.5, 0.5), GaussianNoise(), PCAColor.fit([china], 1.0)):
        got = one(sample, 0)
        assert np.abs(got.image - china).max() > 0.01
        for a, b in zip(got[1:], sample[1:], strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("kind", [MixUp, CutMix])
def test_mixing_is_linear_in_the_label(kind):
    """Images that are the one-hot code of their class, all over: what is in the image is known."""
    y = np.random.default_rng(0).integers(4, size=50)
    images = np.broadcast_to(np.eye(4)[y][:, None, None], (50, 30, 20, 4)).astype("float32")
    before = images.copy()
    mixed, target = kind(alpha=1.0, num_classes=4)(images, y, 1)
    assert mixed.shape == images.shape
    assert mixed.dtype == target.dtype == np.float32
    np.testing.assert_allclose(mixed.mean(axis=(1, 2)), target, atol=1e-5)
    np.testing.assert_allclose(target.sum(axis=1), 1, atol=1e-6)
    assert ((target > 0).sum(axis=1) == 2).any()
    np.testing.assert_array_equal(images, before)
    again = kind(alpha=1.0, num_classes=4)(images, y, np.random.default_rng(1))
    np.testing.assert_array_equal(mixed, again[0])
    if kind is CutMix:
        assert set(np.unique(mixed)) == {0, 1}


def test_shares_are_those_of_the_beta_distribution():
    images = np.arange(4000.0)[:, None]
    mixed, target = MixUp(alpha=0.4, num_classes=4000)(images, np.arange(4000), 0)
    share = target[np.arange(4000), np.arange(4000)]
    assert abs(share.mean() - 0.5) < 0.03
    assert abs(share.var() - 1 / (4 * (2 * 0.4 + 1))) < 0.01
    np.testing.assert_allclose(mixed[:, 0], target @ np.arange(4000), rtol=1e-4)


def test_mixtures_can_be_mixed_again():
    images, mixup = np.eye(3), MixUp(num_classes=3)
    once = mixup(images, np.arange(3), 0)
    twice, target = mixup(*once, 1)
    np.testing.assert_allclose(twice, target, atol=1e-6)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: MixUp(alpha=0, num_classes=3), ValueError, "alpha is 0"),
        (lambda: MixUp(num_classes=3)(np.eye(3), [0, 1, 3], 0), ValueError, "num_classes is 3"),
        (lambda: MixUp(num_classes=3)(np.eye(3), [0, 1], 0), ValueError, "for 3 images"),
        (lambda: MixUp(num_classes=3)(np.eye(3, dtype=int), [0, 1, 2], 0), TypeError, "floats"),
        (lambda: MixUp(num_classes=3)(np.eye(3), [0, 1, 2], None), TypeError, "seed"),
        (lambda: CutMix(num_classes=3)(np.eye(3), [0, 1, 2], 0), ValueError, r"\(N, H, W\)"),
        (lambda: ColorJitter(brightness=-1), ValueError, "brightness is -1"),
        (lambda: ColorJitter(contrast=(-1, 1)), ValueError, "contrast is"),
        (lambda: ColorJitter(saturation=0.1)(np.zeros((3, 3)), 0), ValueError, "leave it at 0"),
        (lambda: GaussianNoise(sigma=-1), ValueError, "sigma -1"),
        (lambda: PCAColor([1, 2], np.eye(3)), ValueError, r"components \(2, 2\)"),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()
