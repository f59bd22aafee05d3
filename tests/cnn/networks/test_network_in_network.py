"""A 1×1 convolution is a dense layer at each pixel; network in network has its published size."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.cnn.networks.network_in_network import mlpconv, network_in_network
from companion.gradients.tensor import Tensor

from .branch_twins import assert_twins, size


def test_a_1x1_convolution_is_a_dense_layer_at_each_pixel():
    rng = np.random.default_rng(1)
    conv, dense = nn.Conv2d(5, 3, 1).double(), torch.nn.Linear(5, 3).double()
    dense.weight.data = torch.tensor(conv.weight.data[:, :, 0, 0])
    dense.bias.data = torch.tensor(conv.bias.data)
    x = rng.normal(size=(2, 5, 4, 6))
    expected = dense(torch.tensor(x).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
    np.testing.assert_allclose(conv(Tensor(x)).data, expected.detach().numpy(), rtol=1e-12)


def test_one_pixel_never_sees_another():
    conv = nn.Conv2d(2, 3, 1).double()
    x = Tensor(np.random.default_rng(2).normal(size=(1, 2, 4, 4)), requires_grad=True)
    conv(x)[0, :, 1, 2].sum().backward()
    seen = np.argwhere(np.asarray(x.grad)[0].any(axis=0))
    np.testing.assert_array_equal(seen, [[1, 2]])


def test_published_size():
    # Springenberg et al. (2015), "Striving for simplicity", table 3: about 1 M; the exact number
    # follows from the layers in the authors' published file for Caffe.
    assert size(network_in_network(torch.nn)) == 966_986


def test_both_engines_agree():
    assert_twins(lambda nn: network_in_network(nn, 4), (1, 3, 32, 32))


def test_one_map_for_each_class():
    network = network_in_network(nn, 7, channels=1).eval()
    assert network(Tensor(np.zeros((2, 1, 32, 32), "float32"))).shape == (2, 7)


def test_what_cannot_be_is_named():
    with pytest.raises(ValueError, match="widths is empty"):
        mlpconv(nn, 3, (), 5)
    with pytest.raises(ValueError, match="0 classes"):
        network_in_network(nn, 0)
