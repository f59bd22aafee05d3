"""Inception modules and GoogLeNet against their published table, and across engines."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.cnn.networks.inception import (
    GOOGLENET,
    Widths,
    googlenet,
    inception,
    multiplications,
)
from companion.gradients.tensor import Tensor

from .branch_twins import assert_twins, size

SMALL = Widths(3, 2, 4, 2, 3, 2)
SIDES = {"3": 28, "4": 14, "5": 7}
# Szegedy et al. (2015), table 1, column "ops", in millions. For 5a it says 54, which does not fit
# the widths of its own row; they take 51.
PUBLISHED_OPS = {
    **{"3a": 128, "3b": 304, "4a": 73, "4b": 88, "4c": 100, "4d": 119, "4e": 170},
    "5b": 71,
}


def test_googlenet_has_its_published_sizes():
    # Szegedy et al. (2015), table 1: the rows add up to 6.8 M, with K for 1,024. The exact number
    # is that of BVLC's GoogLeNet for Caffe without its auxiliary classifiers.
    assert size(googlenet(torch.nn)) == 6_998_552
    # torchvision 0.13 and later, googlenet: 6,624,904, with batch normalization and 3×3 kernels in
    # the place of 5×5 ones.
    assert size(googlenet(torch.nn, normalized=True, large=3)) == 6_624_904


def test_the_modules_have_the_published_multiplications():
    channels, found = 192, {}
    for name, widths in GOOGLENET.items():
        found[name] = multiplications(SIDES[name[0]], channels, widths) / 1e6
        channels = widths.out
    assert channels == 1024
    for name, published in PUBLISHED_OPS.items():
        assert abs(found[name] - published) < 1, name


@pytest.mark.parametrize("bottlenecks", [True, False])
def test_multiplications_are_those_of_the_layers(bottlenecks):
    module, counted = inception(torch.nn, 6, SMALL, bottlenecks=bottlenecks), []

    def count(layer, inputs, output):
        counted.append(output.shape[2] * output.shape[3] * layer.weight.numel())

    for layer in module.modules():
        if isinstance(layer, torch.nn.Conv2d):
            layer.register_forward_hook(count)
    out = module(torch.zeros(1, 6, 8, 8))
    assert out.shape == (1, SMALL.out, 8, 8)
    assert sum(counted) == multiplications(8, 6, SMALL, bottlenecks=bottlenecks)


def test_the_example_of_the_notes():
    assert 28 * 28 * 32 * 25 * 192 == 120_422_400
    just_five = [multiplications(28, 192, Widths(1, 1, 1, 16, five, 1)) for five in (31, 32)]
    assert just_five[1] - just_five[0] == 28 * 28 * 25 * 16


@pytest.mark.parametrize("normalized", [False, True])
def test_both_engines_agree_on_a_module(normalized):
    for bottlenecks in (True, False):
        assert_twins(
            lambda nn, b=bottlenecks: inception(nn, 4, SMALL, bottlenecks=b, normalized=normalized),
            (2, 4, 5, 6),
        )


def test_both_engines_agree_on_googlenet():
    assert_twins(lambda nn: googlenet(nn, 5, normalized=True), (1, 3, 64, 64))


def test_branches_are_joined_in_order():
    module = inception(nn, 4, SMALL).double()
    x = Tensor(np.random.default_rng(1).normal(size=(1, 4, 5, 5)))
    parts = [branch(x).data for branch in module]
    assert [part.shape[1] for part in parts] == [3, 4, 3, 2]
    np.testing.assert_array_equal(module(x).data, np.concatenate(parts, axis=1))


def test_what_cannot_be_is_named():
    with pytest.raises(ValueError, match="at least 1 map"):
        inception(nn, 4, (1, 1, 1, 0, 1, 1))
    with pytest.raises(ValueError, match="side 4"):
        inception(nn, 4, SMALL, large=4)
