"""DenseNets have their published sizes, keep what they are given, and agree across engines."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.cnn.networks.densenet import (
    dense_block,
    dense_layer,
    densenet,
    densenet121,
    densenet_cifar,
    transition,
)
from companion.gradients.tensor import Tensor

from .branch_twins import assert_twins, size


@pytest.mark.parametrize(
    ("options", "published", "exact"),
    [  # Huang et al. (2017), table 2; the exact numbers are those of the authors' code
        ({"depth": 40, "variant": "plain"}, "1.0", 1_019_722),
        ({"depth": 100}, "0.8", 769_162),
        ({"depth": 100, "variant": "plain"}, "7.0", None),
    ],
)
def test_published_sizes_for_small_images(options, published, exact):
    found = size(densenet_cifar(torch.nn, **options))
    assert f"{found / 1e6:.1f}" == published or exact is None
    assert abs(found / 1e6 - float(published)) < 0.1
    assert exact in (None, found)


def test_densenet_121_has_its_published_size():
    # torchvision, densenet121: 7,978,856; Huang et al. (2017) draw it in figure 3 at about 8 M.
    assert size(densenet121(torch.nn)) == 7_978_856


@pytest.mark.parametrize("bottleneck", [True, False])
def test_a_layer_keeps_what_it_is_given_and_adds_growth_maps(bottleneck):
    layer = dense_layer(nn, 4, 3, bottleneck=bottleneck).double()
    x = np.random.default_rng(0).normal(size=(2, 4, 5, 5))
    out = layer(Tensor(x)).data
    assert out.shape == (2, 7, 5, 5)
    np.testing.assert_array_equal(out[:, :4], x)


def test_a_block_counts_up_and_a_transition_down():
    block = dense_block(nn, 5, layers=4, growth=3)
    out = block(Tensor(np.ones((1, 5, 6, 6), "float32")))
    assert out.shape == (1, 17, 6, 6)
    assert transition(nn, 17)(out).shape == (1, 8, 3, 3)
    assert dense_block(nn, 5, layers=0, growth=3)(out).shape == out.shape


def test_both_engines_agree():
    for variant in ("BC", "plain"):
        assert_twins(
            lambda nn, v=variant: densenet_cifar(nn, 10, 4, 3, variant=v), (2, 3, 16, 16)
        )


def test_what_cannot_be_is_named():
    with pytest.raises(ValueError, match="depth 41"):
        densenet_cifar(nn, 41)
    with pytest.raises(ValueError, match="variant 'B'"):
        densenet_cifar(nn, variant="B")
    with pytest.raises(ValueError, match="growth is 0"):
        dense_layer(nn, 4, 0)
    for blocks, compression in (((), 0.5), ((2,), 0.0), ((2,), 1.5)):
        with pytest.raises(ValueError, match="at least one block"):
            densenet(nn, [], 4, blocks, 3, 10, compression=compression)
