"""Gram matrices against torch, their gradient against torch's autograd, and what they forget."""

import numpy as np
import pytest
import torch

from companion.cnn.style.gram import flattened, gram, gram_pullback, moments

rng = np.random.default_rng(0)
SHAPES = [(1, 1, 1), (3, 4, 5), (7, 2, 2), (2, 9, 1)]


@pytest.mark.parametrize("shape", SHAPES)
def test_gram_equals_torchs_product(shape):
    maps = rng.normal(size=shape)
    F = torch.from_numpy(maps).flatten(1)
    np.testing.assert_allclose(gram(maps), (F @ F.T / F.shape[1]).numpy(), atol=1e-14)
    np.testing.assert_array_equal(gram(maps), gram(maps).T)


@pytest.mark.parametrize("shape", SHAPES)
def test_gram_pullback_equals_torchs_autograd(shape):
    """Also for a gradient that is not symmetric."""
    maps = rng.normal(size=shape)
    dG = rng.normal(size=(shape[0], shape[0]))
    pixels = torch.from_numpy(maps).requires_grad_()
    G = torch.einsum("aij,bij->ab", pixels, pixels) / (shape[1] * shape[2])
    G.backward(torch.from_numpy(dG))
    np.testing.assert_allclose(gram_pullback(maps, dG), pixels.grad.numpy(), atol=1e-12)


def test_the_order_of_the_places_does_not_matter():
    maps = rng.normal(size=(5, 6, 7))
    order = rng.permutation(42)
    shuffled = maps.reshape(5, 42)[:, order].reshape(5, 7, 6)
    np.testing.assert_allclose(gram(shuffled), gram(maps), atol=1e-14)
    twice = np.concatenate([maps, maps], axis=2)
    np.testing.assert_allclose(gram(twice), gram(maps), atol=1e-14)


def test_moments_equal_numpys_covariance():
    maps = rng.normal(size=(4, 5, 6)) + 3
    mean, covariance = moments(maps)
    np.testing.assert_allclose(mean, maps.mean(axis=(1, 2)), atol=1e-14)
    np.testing.assert_allclose(covariance, np.cov(maps.reshape(4, -1), bias=True), atol=1e-12)
    np.testing.assert_allclose(covariance + np.outer(mean, mean), gram(maps), atol=1e-12)


def test_one_place_has_a_gram_matrix_of_rank_one_and_no_covariance():
    maps = rng.normal(size=(4, 1, 1))
    assert np.linalg.matrix_rank(gram(maps)) == 1
    np.testing.assert_allclose(moments(maps)[1], 0, atol=1e-15)


def test_wrong_axes_are_named():
    with pytest.raises(ValueError, match=r"\(1, 3, 4, 4\); expected \(C, H, W\)"):
        gram(np.zeros((1, 3, 4, 4)))
    with pytest.raises(ValueError, match="none of them 0"):
        flattened(np.zeros((3, 0, 4)))
    with pytest.raises(ValueError, match=r"dG is \(2, 3\).*expected dG \(3, 3\)"):
        gram_pullback(np.zeros((3, 2, 2)), np.zeros((2, 3)))


def test_numbers_that_are_not_finite_stay_visible():
    maps = np.ones((2, 2, 2))
    maps[0, 0, 0] = np.nan
    assert np.isnan(gram(maps)[0]).all()
    assert np.isfinite(gram(maps)[1, 1])
