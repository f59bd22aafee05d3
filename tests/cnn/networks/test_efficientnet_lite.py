"""EfficientNet-Lite0 equals its torch twin, has the published size, and knows a cat."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from companion import nn
from companion.cnn.networks.efficientnet_lite import efficientnet_lite0, relu6
from companion.cnn.networks.pretrained import (
    efficientnet_lite0_weights,
    prepared,
    pretrained_efficientnet_lite0,
    renamed,
    squares,
)
from companion.data.photographs import photograph
from companion.gradients.tensor import Tensor


def images(n, size, seed=0):
    return np.random.default_rng(seed).normal(size=(n, 3, size, size))


def test_number_of_parameters():
    # 4.652 M: github.com/d-li14/efficientnet-lite.pytorch; 4.7 M: TensorFlow's page on its Lite
    assert sum(p.numel() for p in efficientnet_lite0(nn).parameters()) == 4_652_008


@pytest.mark.parametrize("size", [33, 64])
def test_ours_into_torch(size):
    ours = efficientnet_lite0(nn, classes=10).double().eval()
    twin = efficientnet_lite0(torch.nn, classes=10).double().eval()
    twin.load_state_dict({k: torch.from_numpy(v) for k, v in ours.state_dict().items()})
    x = images(2, size)
    with torch.no_grad():
        expected = twin(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(ours(Tensor(x)).numpy(), expected, rtol=0, atol=1e-10)


def test_torch_into_ours_in_training():
    torch.manual_seed(0)
    twin = efficientnet_lite0(torch.nn, classes=4).double().train()
    ours = efficientnet_lite0(nn, classes=4).double().train()
    ours.load_state_dict(twin.state_dict())
    twin[3].p = ours[3].p = 0.0
    x = images(3, 65)
    expected = twin(torch.from_numpy(x))
    got = ours(Tensor(x))
    np.testing.assert_allclose(got.numpy(), expected.detach().numpy(), rtol=0, atol=1e-10)
    for name, value in twin.state_dict().items():
        np.testing.assert_allclose(ours.state_dict()[name], value.numpy(), rtol=0, atol=1e-10)


def test_relu6_limits_both_ways():
    z = np.array([-np.inf, -1.0, 0.0, 2.5, 6.0, 7.0, np.inf])
    expected = F.relu6(torch.from_numpy(z)).numpy()
    np.testing.assert_array_equal(relu6(nn)(Tensor(z)).numpy(), expected)
    np.testing.assert_array_equal(relu6(torch.nn)(torch.from_numpy(z)).numpy(), expected)
    assert np.isnan(relu6(nn)(Tensor([np.nan])).numpy()).all()


@pytest.fixture(scope="module")
def pair():
    return pretrained_efficientnet_lite0(nn), pretrained_efficientnet_lite0(torch.nn)


def test_public_weights_give_the_same_scores_in_both_engines(pair):
    x = prepared(squares([photograph("cat"), photograph("coffee")], 97))
    ours, twin = pair
    with torch.no_grad():
        expected = twin(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(ours(Tensor(x)).numpy(), expected, rtol=0, atol=1e-4)


def test_public_weights_know_what_is_there(pair):
    names = {"cat": {281, 282, 285}, "coffee": {967, 968}, "rocket": {657, 744}, "china": {442}}
    x = prepared(squares([photograph(name) for name in names], 161))
    best = pair[0](Tensor(x)).numpy().argmax(axis=1)
    assert all(int(k) in classes for k, classes in zip(best, names.values(), strict=True))


def test_tensorflows_padding_is_ours_for_odd_sizes(pair):
    """TensorFlow pads ⌊p / 2⌋ before and the rest behind; p follows from the size of the output."""
    size, sizes = 161, []
    for layer in pair[1].modules():
        if isinstance(layer, torch.nn.Conv2d):
            kernel, stride = layer.kernel_size[0], layer.stride[0]
            p = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            assert (p // 2, p - p // 2) == (layer.padding[0], layer.padding[0])
            size = -(-size // stride)
            sizes.append(size)
    assert sizes[-1] == 6


def test_the_network_comes_ready_to_be_asked(pair):
    for network in pair:
        assert not network.training
        assert not any(p.requires_grad for p in network.parameters())


def test_renamed_refuses_other_layers():
    weights = efficientnet_lite0_weights()
    own = efficientnet_lite0(nn).state_dict()
    pairs = zip(renamed(weights, own).values(), weights.values(), strict=True)
    assert all(new is old for new, old in pairs)
    with pytest.raises(ValueError, match="296 arrays, the network has 295"):
        renamed(weights, dict(list(own.items())[1:]))
    with pytest.raises(ValueError, match=r"_fc.weight is \(1000, 1280\), .* \(7, 1280\)"):
        renamed(weights, efficientnet_lite0(nn, classes=7).state_dict())


def test_squares_take_the_middle():
    photo = np.zeros((10, 30, 3), np.float32)
    photo[:, 10:20] = 1
    np.testing.assert_array_equal(squares([photo], 10), np.ones((1, 10, 10, 3)))
    np.testing.assert_array_equal(squares([photo.transpose(1, 0, 2)], 4), np.ones((1, 4, 4, 3)))
    with pytest.raises(ValueError, match=r"\(3, 8, 8\); expected \(H, W, 3\)"):
        squares([np.zeros((3, 8, 8))], 4)


def test_prepared_is_tensorflows_scale():
    x = prepared(np.full((1, 2, 3, 3), [0, 127 / 255, 1], np.float32))
    assert x.shape == (1, 3, 2, 3)
    assert x.dtype == np.float32
    np.testing.assert_allclose(x[0, :, 0, 0], [-127 / 128, 0, 1], atol=1e-6)
