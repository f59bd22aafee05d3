"""ShuffleNet has its published sizes and costs, and is one network in both engines."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.cnn.counting import count
from companion.cnn.networks.shufflenet import shuffled, shufflenet_v2, unit
from companion.gradients.tensor import Tensor

from .branch_twins import assert_twins, size


# torchvision's documentation of shufflenet_v2_x0_5 … x2_0: num_params.
@pytest.mark.parametrize(
    ("width", "published"), [(0.5, 1366792), (1.0, 2278604), (1.5, 3503624), (2.0, 7393996)]
)
def test_published_sizes(width, published):
    with torch.device("meta"):  # shapes without numbers
        assert size(shufflenet_v2(torch.nn, width)) == published


# Ma et al. (2018), table 8: 41, 146, 299 and 591 million multiply-adds.
@pytest.mark.parametrize(("width", "millions"), [(0.5, 41), (1.0, 146), (1.5, 299), (2.0, 591)])
def test_published_costs(width, millions):
    found = count(shufflenet_v2(torch.nn, width), (3, 224, 224))
    products = sum(c.multiply_adds for c in found if c.kind in ("Conv2d", "Linear"))
    assert products / 1e6 == pytest.approx(millions, rel=0.02)


@pytest.mark.parametrize("groups", [1, 2, 3, 4, 6, 12])
def test_shuffles_as_torch_does(groups):
    x = np.random.default_rng(0).normal(size=(2, 12, 3, 5))
    expected = torch.nn.ChannelShuffle(groups)(torch.tensor(x)).numpy()
    np.testing.assert_array_equal(shuffled(nn, groups)(Tensor(x)).numpy(), expected)
    theirs = shuffled(torch.nn, groups)(torch.tensor(x)).numpy()
    np.testing.assert_array_equal(theirs, expected)


def test_shuffling_by_hand():
    x = np.arange(6.0).reshape(1, 6, 1, 1)
    np.testing.assert_array_equal(shuffled(nn, 2)(Tensor(x)).numpy().ravel(), [0, 3, 1, 4, 2, 5])
    np.testing.assert_array_equal(shuffled(nn, 3)(Tensor(x)).numpy().ravel(), [0, 2, 4, 1, 3, 5])


def test_half_of_the_channels_pass_untouched():
    block = unit(nn, 8, 8).double().eval()
    x = np.random.default_rng(0).normal(size=(2, 8, 5, 5))
    np.testing.assert_array_equal(block(Tensor(x)).numpy()[:, ::2], x[:, :4])


@pytest.mark.parametrize(("out", "stride"), [(8, 1), (8, 2), (12, 2)])
def test_both_engines_agree_on_the_unit(out, stride):
    assert_twins(lambda nn: unit(nn, 8, out, stride), (2, 8, 7, 6))


def test_both_engines_agree_on_the_whole():
    assert_twins(lambda nn: shufflenet_v2(nn, 0.5, classes=5), (2, 3, 33, 64))


def test_gradients_come_through_the_shuffle():
    block = unit(nn, 4, 4).double()
    x = Tensor(np.random.default_rng(0).normal(size=(3, 4, 4, 4)), requires_grad=True)
    twin = unit(torch.nn, 4, 4).double()
    twin.load_state_dict({k: torch.tensor(v) for k, v in block.state_dict().items()})
    y = torch.tensor(x.numpy(), requires_grad=True)
    (block(x) ** 2).sum().backward()
    (twin(y) ** 2).sum().backward()
    np.testing.assert_allclose(x.grad, y.grad.numpy(), rtol=0, atol=1e-10)


def test_what_cannot_be_is_named():
    with pytest.raises(ValueError, match="0 groups; need at least 1"):
        shuffled(nn, 0)
    with pytest.raises(ValueError, match="5 groups do not divide 12 channels"):
        shuffled(nn, 5)(Tensor(np.zeros((1, 12, 2, 2))))
    with pytest.raises(ValueError, match="7 to 7 channels"):
        unit(nn, 7, 7)
    with pytest.raises(ValueError, match="8 to 12 channels with stride 1"):
        unit(nn, 8, 12)
    with pytest.raises(ValueError, match=r"width 0.7; expected one of \[0.5, 1.0, 1.5, 2.0\]"):
        shufflenet_v2(nn, 0.7)
