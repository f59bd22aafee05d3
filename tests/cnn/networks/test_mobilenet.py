"""MobileNets have their published sizes and costs, and are one network in both engines."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.cnn.counting import count
from companion.cnn.networks.mobilenet import mobilenet_v1, mobilenet_v2, rounded, separable
from companion.gradients.tensor import Tensor

from .branch_twins import assert_twins, size


def products(network, side):
    """Multiply–adds without batch normalization, as papers count."""
    layers = count(network, (3, side, side))
    return sum(layer.multiply_adds for layer in layers if layer.kind in ("Conv2d", "Linear"))


# Howard et al. (2017), tables 6 and 7: millions of multiply-adds and of parameters, as printed.
@pytest.mark.parametrize(
    ("width", "side", "millions", "parameters"),
    [
        (1.0, 224, 569, "4.2"),
        (0.75, 224, 325, "2.6"),
        (0.5, 224, 149, "1.3"),
        (0.25, 224, 41, "0.5"),
        (1.0, 192, 418, "4.2"),
        (1.0, 160, 290, "4.2"),
        (1.0, 128, 186, "4.2"),
    ],
)
def test_version_1_has_the_published_sizes_and_costs(width, side, millions, parameters):
    network = mobilenet_v1(torch.nn, width)
    assert f"{size(network) / 1e6:.1f}" == parameters
    assert products(network, side) / 1e6 == pytest.approx(millions, abs=0.9)


def test_version_1_has_the_size_keras_counts():
    # keras.applications.MobileNet: 4,253,864 numbers, of which 21,888 are running statistics.
    assert size(mobilenet_v1(torch.nn)) == 4253864 - 21888


# torchvision's documentation of mobilenet_v2: num_params; Sandler et al. (2018), table 4: 300 M.
def test_version_2_has_the_published_size_and_cost():
    network = mobilenet_v2(torch.nn)
    assert size(network) == 3504872
    assert products(network, 224) / 1e6 == pytest.approx(300, abs=1)


# keras.applications.MobileNetV2, README: millions of parameters and multiply-adds.
@pytest.mark.parametrize(
    ("width", "millions", "parameters"), [(1.4, 582, "6.1"), (0.75, 209, "2.6"), (0.5, 97, "2.0")]
)
def test_version_2_in_other_widths(width, millions, parameters):
    network = mobilenet_v2(torch.nn, width)
    assert f"{size(network) / 1e6:.1f}" == parameters
    assert products(network, 224) / 1e6 == pytest.approx(millions, abs=1)


def test_a_separable_convolution_has_the_weights_of_its_formula():
    for C, out, k in ((16, 32, 3), (5, 7, 5)):
        norms = 2 * (C + out)
        assert size(separable(torch.nn, C, out, kernel=k)) == C * k * k + C * out + norms


def test_its_halves_are_one_full_convolution():
    """Without what stands between them, they are the convolution W[o, c] = point[o, c] depth[c]."""
    rng = np.random.default_rng(0)
    depth, point = rng.normal(size=(4, 1, 3, 3)), rng.normal(size=(6, 4, 1, 1))
    x = torch.tensor(rng.normal(size=(2, 4, 7, 8)))
    conv = torch.nn.functional.conv2d
    apart = conv(conv(x, torch.tensor(depth), padding=1, groups=4), torch.tensor(point))
    layers = separable(nn, 4, 6).double().eval()
    layers[0].weight.data[:], layers[3].weight.data[:] = depth, point
    one = conv(x, torch.tensor(point * depth[:, 0]), padding=1)
    torch.testing.assert_close(apart, one)
    ours = layers[3](layers[0](Tensor(x.numpy()))).numpy()
    np.testing.assert_allclose(ours, one.numpy(), rtol=0, atol=1e-10)


@pytest.mark.parametrize("options", [{}, {"stride": 2}, {"kernel": 5}], ids=str)
def test_both_engines_agree_on_the_block(options):
    assert_twins(lambda nn: separable(nn, 4, 6, **options), (2, 4, 7, 9))


@pytest.mark.parametrize("make", [mobilenet_v1, mobilenet_v2])
def test_both_engines_agree_on_the_whole(make):
    assert_twins(lambda nn: make(nn, 0.25, classes=5), (2, 3, 37, 64))


def test_channels_are_rounded_to_eights():
    # the rule of TensorFlow's models: nearest multiple of 8, not below nine tenths
    wanted = {24: 24, 33.6: 32, 1: 8, 12: 16, 11: 16, 134.4: 136, 91: 88}
    assert {n: rounded(n) for n in wanted} == wanted
    for n in range(8, 400):
        assert rounded(n) % 8 == 0
        assert 0.9 * n <= rounded(n) <= n + 8


def test_what_cannot_be_is_named():
    with pytest.raises(ValueError, match="kernel 2 has no middle"):
        separable(nn, 4, 4, kernel=2)
    with pytest.raises(ValueError, match=r"width 0\.01 leaves 32 channels less than 1"):
        mobilenet_v1(nn, 0.01)
    with pytest.raises(ValueError, match="width 0 leaves 16 channels"):
        mobilenet_v2(nn, 0)
