"""The costs of style transfer and their gradients against torch's autograd, to 1e-10."""

import numpy as np
import pytest
import torch

from companion.cnn.style.gram import gram
from companion.cnn.style.losses import content_loss, style_loss, total_variation

rng = np.random.default_rng(0)


def by_torch(cost, array):
    pixels = torch.from_numpy(array).requires_grad_()
    loss = cost(pixels)
    loss.backward()
    return loss.item(), pixels.grad.numpy()


def compare(got, expected):
    np.testing.assert_allclose(got[0], expected[0], rtol=1e-12)
    np.testing.assert_allclose(got[1], expected[1], atol=1e-10)


def test_content_loss_and_gradient_equal_torch():
    maps, wanted = rng.normal(size=(2, 4, 5, 6))
    target = torch.from_numpy(wanted)
    compare(
        content_loss(maps, wanted),
        by_torch(lambda F: ((F - target) ** 2).sum() / (target**2).sum(), maps),
    )


@pytest.mark.parametrize("shape", [(1, 1, 1), (4, 5, 6), (9, 2, 2)])
def test_style_loss_and_gradient_equal_torch(shape):
    maps = rng.normal(size=shape)
    wanted = gram(rng.normal(size=(shape[0], 3, 8)))

    def cost(maps):
        F = maps.flatten(1)
        A = torch.from_numpy(wanted)
        return ((F @ F.T / F.shape[1] - A) ** 2).sum() / (A**2).sum()

    compare(style_loss(maps, wanted), by_torch(cost, maps))


def test_style_loss_is_that_of_gatys_times_a_constant():
    """Equations 4 and 6 of the paper, which hold for images of the same size."""
    maps, other = rng.normal(size=(2, 3, 4, 5))
    F, P = maps.reshape(3, 20), other.reshape(3, 20)
    theirs = np.sum((F @ F.T - P @ P.T) ** 2) / (4 * 3**2 * 20**2)
    slope = (F @ F.T - P @ P.T) @ F / (3**2 * 20**2)
    constant = 4 * 3**2 / np.sum(gram(other) ** 2)
    loss, gradient = style_loss(maps, gram(other))
    np.testing.assert_allclose(loss, constant * theirs, rtol=1e-12)
    np.testing.assert_allclose(gradient.reshape(3, 20), constant * slope, atol=1e-12)


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 1, 4), (3, 5, 1), (3, 6, 7)])
def test_total_variation_and_gradient_equal_torch(shape):
    def cost(x):
        across, down = x[:, :, 1:] - x[:, :, :-1], x[:, 1:] - x[:, :-1]
        return ((across**2).sum() + (down**2).sum()) / x.numel()

    image = rng.normal(size=shape)
    compare(total_variation(image), by_torch(cost, image))


def test_equal_maps_cost_nothing_and_zeros_cost_one():
    maps = rng.normal(size=(3, 4, 4))
    for loss, gradient in (content_loss(maps, maps), style_loss(maps, gram(maps))):
        assert loss == 0
        assert not gradient.any()
    assert content_loss(0 * maps, maps)[0] == pytest.approx(1)
    loss, gradient = style_loss(0 * maps, gram(maps))
    assert loss == pytest.approx(1)
    assert not gradient.any()  # a saddle: maps of zeros never move


def test_a_flat_image_is_not_rough():
    loss, gradient = total_variation(np.full((3, 4, 5), 0.7))
    assert loss == 0
    assert not gradient.any()


def test_the_type_of_the_maps_is_kept():
    maps = rng.normal(size=(3, 4, 4)).astype(np.float32)
    for _, gradient in (content_loss(maps, maps + 1), style_loss(maps, gram(maps) + 1)):
        assert gradient.dtype == np.float32
    assert total_variation(maps)[1].dtype == np.float32


def test_errors_name_the_shapes():
    maps = np.ones((3, 4, 4))
    with pytest.raises(ValueError, match=r"content_loss: got \(3, 4, 4\), wanted is \(3, 2, 4\)"):
        content_loss(maps, maps[:, :2])
    with pytest.raises(ValueError, match=r"style_loss: got \(3, 3\), wanted is \(3, 4, 4\)"):
        style_loss(maps, maps)
    with pytest.raises(ValueError, match="content_loss: all that is wanted is 0"):
        content_loss(maps, 0 * maps)
    with pytest.raises(ValueError, match=r"image is \(4, 4\); expected \(C, H, W\)"):
        total_variation(maps[0])
