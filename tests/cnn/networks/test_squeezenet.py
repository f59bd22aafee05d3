"""SqueezeNet has its published sizes and costs, and is one network in both engines."""

import pytest
import torch

from companion import nn
from companion.cnn.counting import count
from companion.cnn.networks.squeezenet import fire, squeezenet

from .branch_twins import assert_twins, size


# torchvision's documentation of squeezenet1_0 and squeezenet1_1: num_params and GFLOPS.
@pytest.mark.parametrize(
    ("version", "published", "billions"), [("1.0", 1248424, 0.82), ("1.1", 1235496, 0.35)]
)
def test_published_sizes_and_costs(version, published, billions):
    network = squeezenet(torch.nn, version)
    assert size(network) == published
    found = count(network, (3, 224, 224)).multiply_adds
    assert round(found / 1e9, 2) == billions


def test_a_fire_module_has_the_weights_of_its_formula():
    C, S, E = 96, 16, 64
    expected = (C + 1) * S + (S + 1) * E + (9 * S + 1) * E
    assert size(fire(torch.nn, C, S, E)) == expected == 11920  # the paper's table 1: 11,920


def test_both_engines_agree():
    assert_twins(lambda nn: fire(nn, 6, 3, 4), (2, 6, 5, 7))


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_both_engines_agree_on_the_whole(version):
    assert_twins(lambda nn: squeezenet(nn, version, classes=5), (1, 3, 47, 61))


def test_images_of_any_size_above_the_smallest():
    # torchvision's documentation: min_size 21 for version 1.0 and 17 for version 1.1.
    for version, smallest in (("1.0", 21), ("1.1", 17)):
        network = squeezenet(torch.nn, version, classes=3).eval()
        assert network(torch.zeros(1, 3, smallest, smallest + 9)).shape == (1, 3)


def test_what_cannot_be_is_named():
    with pytest.raises(ValueError, match=r"version '1.2'; expected one of \['1.0', '1.1'\]"):
        squeezenet(nn, "1.2")
    with pytest.raises(ValueError, match="8 → 0 → 2 · 4 maps"):
        fire(nn, 8, 0, 4)
