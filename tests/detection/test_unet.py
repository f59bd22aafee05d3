"""The U-Net: shapes, parameters counted by hand, both engines, what the lines across carry."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.detection.networks.unet import unet
from companion.training import predict


def by_hand(channels, widths, classes, skips):
    """Numbers of weights: 3 × 3 convolutions and their two numbers of batch norm, 1 × 1 upwards."""
    total, before = 0, channels
    for k, width in enumerate(widths):
        total += 9 * before * width + 2 * width
        if k + 1 < len(widths):
            up = width if skips else 2 * width
            total += widths[k + 1] * up + up + 9 * 2 * width * width + 2 * width
        before = width
    return total + widths[0] * classes + classes


@pytest.mark.parametrize("skips", [True, False])
@pytest.mark.parametrize("widths", [(4,), (4, 6), (8, 16, 32, 64)])
def test_shapes_and_parameters(widths, skips):
    network = unet(nn, 5, 3, widths, skips=skips)
    assert sum(p.numel() for p in network.parameters()) == by_hand(3, widths, 5, skips)
    assert predict(network, np.zeros((2, 3, 16, 24), np.float32)).shape == (2, 5, 16, 24)


@pytest.mark.parametrize("engine", [nn, torch.nn])
def test_silence_means_ground(engine):
    bias = np.asarray(unet(engine, 5, widths=(4,), ground=0.8)[-1].bias.data)
    p = np.exp(bias) / np.exp(bias).sum()
    np.testing.assert_allclose(p, [0.8, 0.05, 0.05, 0.05, 0.05], rtol=1e-5)


def test_two_convolutions_as_in_the_paper():
    one, two = (unet(nn, widths=(4, 8), convolutions=k) for k in (1, 2))
    more = sum(p.numel() for p in two.parameters()) - sum(p.numel() for p in one.parameters())
    assert more == 2 * (9 * 16 + 8) + 9 * 64 + 16


@pytest.mark.parametrize("skips", [True, False])
def test_both_engines(skips):
    X = np.random.default_rng(0).random((2, 1, 16, 16), dtype=np.float32)
    own, other = (unet(engine, 3, widths=(4, 6, 8), skips=skips) for engine in (nn, torch.nn))
    other.load_state_dict({k: torch.from_numpy(v) for k, v in own.state_dict().items()})
    np.testing.assert_allclose(predict(own, X), predict(other, X), atol=1e-5)
    third = unet(nn, 3, widths=(4, 6, 8), skips=skips)
    third.load_state_dict({k: v.numpy() for k, v in other.state_dict().items()})
    np.testing.assert_array_equal(predict(third, X), predict(own, X))


def test_in_float64_outputs_and_gradients_agree():
    rng = np.random.default_rng(1)
    X, weight = rng.random((2, 1, 8, 8)), rng.normal(size=(2, 3, 8, 8))
    own, other = unet(nn, 3, widths=(3, 4)).double(), unet(torch.nn, 3, widths=(3, 4)).double()
    other.load_state_dict({k: torch.from_numpy(v) for k, v in own.state_dict().items()})
    (own(X) * weight).sum().backward()
    (other(torch.from_numpy(X)) * torch.from_numpy(weight)).sum().backward()
    for (name, mine), theirs in zip(own.named_parameters(), other.parameters(), strict=True):
        np.testing.assert_allclose(mine.grad, theirs.grad.numpy(), atol=1e-10, err_msg=name)


def test_only_with_skips_the_output_tells_pixels_of_one_block_apart():
    """What goes through the bottom alone is the same for the four pixels of a 2 × 2 block."""
    X = np.random.default_rng(2).random((1, 1, 8, 8), dtype=np.float32)
    for skips in (True, False):
        network = unet(torch.nn, 2, widths=(4, 4), skips=skips)
        out = network[:4](torch.from_numpy(X)).detach().numpy()
        blocks = out.reshape(1, out.shape[1], 4, 2, 4, 2)
        assert (np.ptp(blocks, axis=(3, 5)).max() > 1e-3) == skips


@pytest.mark.parametrize("options", [{"widths": ()}, {"widths": (4, 0)}, {"convolutions": 0}])
def test_bad_input(options):
    with pytest.raises(ValueError, match="unet: widths"):
        unet(nn, **options)


@pytest.mark.parametrize("options", [{"classes": 1}, {"ground": 0}, {"ground": 1}])
def test_bad_classes(options):
    with pytest.raises(ValueError, match="expected at least 2, and between 0 and 1"):
        unet(nn, **options)


@pytest.mark.parametrize("engine", [nn, torch.nn])
def test_an_image_that_does_not_halve_is_an_error_and_not_a_smaller_map(engine):
    network = unet(engine, widths=(2, 3, 4))
    with pytest.raises(ValueError, match="expected one size"):
        predict(network, np.zeros((1, 1, 10, 10), np.float32))
