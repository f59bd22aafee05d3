"""Folding, against torch's own fusion and against the network before it."""

import copy

import numpy as np
import pytest
import torch
from torch.nn.utils.fusion import fuse_conv_bn_eval

from companion import nn
from companion.cnn.compressing.batch_norm_folding import fold_batch_norm_, folded
from companion.cnn.networks.combining import added
from companion.cnn.networks.resnet import resnet_cifar
from companion.experiments.cnn.trained_reader import trained_reader
from companion.training import predict

pytestmark = pytest.mark.reads("companion/experiments/cnn/trained_reader.npz")


def pair(bias=True, groups=1, affine=True, seed=0):
    torch.manual_seed(seed)
    convolution = torch.nn.Conv2d(4, 6, 3, padding=1, bias=bias, groups=groups).double()
    norm = torch.nn.BatchNorm2d(6, affine=affine).double()
    norm.running_mean.normal_()
    norm.running_var.uniform_(0.1, 9)
    if affine:
        torch.nn.init.normal_(norm.weight)
        torch.nn.init.normal_(norm.bias)
    return convolution.eval(), norm.eval()


@pytest.mark.parametrize("options", [{}, {"bias": False}, {"groups": 2}])
def test_weights_are_those_of_torchs_fusion(options):
    convolution, norm = pair(**options)
    expected = fuse_conv_bn_eval(convolution, norm)
    weight, bias = folded(convolution, norm)
    np.testing.assert_allclose(weight, expected.weight.detach(), rtol=1e-12)
    np.testing.assert_allclose(bias, expected.bias.detach(), rtol=1e-10, atol=1e-12)


def test_batch_norm_without_scale_and_shift():
    convolution, norm = pair(affine=False)
    x = torch.randn(2, 4, 5, 5, dtype=torch.float64)
    weight, bias = map(torch.from_numpy, folded(convolution, norm))
    got = torch.nn.functional.conv2d(x, weight, bias, padding=1)
    torch.testing.assert_close(got, norm(convolution(x)), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("engine", [nn, torch.nn], ids=["own", "torch"])
def test_the_reader_computes_the_same(engine):
    network = trained_reader(engine)
    X = np.random.default_rng(0).random((5, 1, 28, 28)).astype(np.float32)
    before = predict(network, X)
    assert fold_batch_norm_(engine, network) is network
    assert not any(isinstance(m, engine.BatchNorm2d) for m in network.modules())
    assert isinstance(network[1], engine.Identity)
    assert tuple(network[0].bias.shape) == (8,)
    np.testing.assert_allclose(predict(network, X), before, atol=1e-4)


@pytest.mark.parametrize("engine", [nn, torch.nn], ids=["own", "torch"])
def test_networks_with_branches(engine):
    network = resnet_cifar(engine, 8, shortcut="B").double().eval()
    for module in network.modules():
        if isinstance(module, engine.BatchNorm2d):
            getattr(module.running_var, "data", module.running_var)[...] = 2.5
    X = np.random.default_rng(1).random((2, 3, 16, 16))
    before = predict(network, X)
    fold_batch_norm_(engine, network)
    np.testing.assert_allclose(predict(network, X), before, rtol=1e-9, atol=1e-10)


def test_branches_side_by_side_are_no_sequence():
    """A convolution and a batch norm that are added do not follow each other."""
    both = added(nn, nn.Conv2d(3, 3, 1), nn.BatchNorm2d(3)).eval()
    network = nn.Sequential(both).eval()
    x = np.random.default_rng(2).random((1, 3, 4, 4)).astype(np.float32)
    before = predict(network, x)
    fold_batch_norm_(nn, network)
    assert isinstance(both[1], nn.BatchNorm2d)
    np.testing.assert_array_equal(predict(network, x), before)


def test_parameters_without_gradients_stay_without():
    network = trained_reader(torch.nn)
    for parameter in network.parameters():
        parameter.requires_grad = False
    assert not any(p.requires_grad for p in fold_batch_norm_(torch.nn, network).parameters())


def test_not_in_training():
    network = copy.deepcopy(trained_reader(nn)).train()
    with pytest.raises(ValueError, match="call eval"):
        fold_batch_norm_(nn, network)
