"""VGG has the published weights, and either engine's network takes the other's."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.cnn.networks.vgg import convolutions, he_, pooled_vgg, stages, vgg
from companion.gradients.generator import manual_seed
from companion.gradients.tensor import Tensor

SMALL = {"classes": 7, "size": 32, "width": 2, "hidden": 5, "dropout": 0.0}


def number(net):
    return sum(p.numel() for p in net.parameters())


# torchvision's documentation of vgg11 … vgg19 ("num_params"); the paper's table 2 says 133, 133,
# 138 and 144 million.
@pytest.mark.parametrize(
    ("depth", "published", "millions"),
    [(11, 132863336, 133), (13, 133047848, 133), (16, 138357544, 138), (19, 143667240, 144)],
)
def test_the_published_numbers_of_weights(depth, published, millions):
    with torch.device("meta"):  # shapes without numbers: nothing is allocated
        net = vgg(torch.nn, depth)
    assert number(net) == published
    assert round(published / 1e6) == millions
    kinds = [type(layer) for layer in net.modules()]
    assert kinds.count(torch.nn.Conv2d) + kinds.count(torch.nn.Linear) == depth


def test_sizes_and_channels_of_the_stages_are_those_of_table_1():
    with torch.device("meta"):
        net = vgg(torch.nn, 16)
        x, seen = torch.empty(2, 3, 224, 224), []
        for layer in net[0]:
            x = layer(x)
            if isinstance(layer, torch.nn.MaxPool2d):
                seen.append(tuple(x.shape[1:]))
        assert net[2](net[1](x)).shape == (2, 1000)
    assert seen == [(64, 112, 112), (128, 56, 56), (256, 28, 28), (512, 14, 14), (512, 7, 7)]


@pytest.mark.parametrize("depth", [11, 13, 16, 19])
def test_each_engine_s_small_network_takes_the_other_s_weights(depth):
    manual_seed(depth)
    torch.manual_seed(depth)
    x = np.random.default_rng(depth).normal(size=(2, 3, 32, 32))
    ours, theirs = vgg(nn, depth, **SMALL).double(), vgg(torch.nn, depth, **SMALL).double()
    with torch.no_grad():
        for source in ("ours", "theirs"):
            if source == "ours":
                state = {k: torch.tensor(v) for k, v in ours.state_dict().items()}
                theirs.load_state_dict(state)
            else:
                for p in theirs.parameters():
                    p.add_(0.05 * torch.randn_like(p))
                ours.load_state_dict({k: v.numpy() for k, v in theirs.state_dict().items()})
            found = ours(Tensor(x)).numpy()
            assert found.shape == (2, 7)
            assert np.ptp(found) > 0
            np.testing.assert_allclose(found, theirs(torch.tensor(x)).numpy(), atol=1e-10)


@pytest.mark.parametrize(("size", "left"), [(32, 1), (63, 1), (64, 2), (70, 2)])
def test_other_sizes(size, left):
    net = vgg(nn, 11, **{**SMALL, "size": size})
    assert net[2][0].weight.shape == (5, 16 * left**2)
    assert net(Tensor(np.zeros((1, 3, size, size), "float32"))).shape == (1, 7)


def test_kernels_of_any_odd_side_keep_the_size():
    x = Tensor(np.zeros((1, 1, 9, 12), "float32"))
    for kernel in (1, 3, 5, 7):
        assert convolutions(nn, ((4,), (6,)), channels=1, kernel=kernel)(x).shape == (1, 6, 2, 3)


@pytest.mark.parametrize("engine", [nn, torch.nn])
def test_with_the_mean_of_each_channel_an_image_may_have_any_size(engine):
    net = pooled_vgg(engine, ((4, 4), (6,)), classes=3, channels=1)
    for H, W in ((4, 4), (17, 30)):
        x = np.ones((2, 1, H, W), "float32")
        assert net(Tensor(x) if engine is nn else torch.tensor(x)).shape == (2, 3)
    count = 4 * 9 + 4 + 4 * 36 + 4 + 6 * 36 + 6 + 3 * 6 + 3
    assert sum(np.prod(p.shape) for p in net.parameters()) == count


def test_a_plan_may_say_the_kernels():
    net = convolutions(torch.nn, ((4, (6, 5)), ((8, 7),)), channels=2)
    shapes = [tuple(p.shape) for p in net.parameters() if p.ndim == 4]
    assert shapes == [(4, 2, 3, 3), (6, 4, 5, 5), (8, 6, 7, 7)]
    assert pooled_vgg(nn, ((4, (6, 5)),), classes=3)[3].weight.shape == (3, 6)


@pytest.mark.parametrize("engine", [nn, torch.nn])
def test_he_draws_weights_of_the_right_spread(engine):
    manual_seed(0)
    torch.manual_seed(0)
    net = he_(engine, pooled_vgg(engine, ((40, 50),), classes=60))
    for p in net.parameters():
        values = np.asarray(p.data)
        if values.ndim == 1:
            assert not values.any()
        else:
            assert values.std() == pytest.approx((2 / values[0].size) ** 0.5, rel=0.08)


def test_stages_double_at_most_three_times():
    assert stages(11, 1) == ((1,), (2,), (4, 4), (8, 8), (8, 8))
    assert [sum(map(len, stages(depth))) + 3 for depth in (11, 13, 16, 19)] == [11, 13, 16, 19]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: vgg(nn, 12), r"VGG-12 is not in the paper; take one of \[11, 13, 16, 19\]"),
        (lambda: vgg(nn, 11, size=31), r"nothing of 31 pixels; take at least 32"),
        (lambda: stages(16, 0), r"width is 0; need at least 1"),
        (lambda: convolutions(nn, ((4,),), kernel=4), r"a kernel of 4 changes the size"),
        (lambda: convolutions(nn, (((4, 2),),)), r"a kernel of 2 changes the size"),
        (lambda: convolutions(nn, ((4,), ())), r"a stage of .* is empty"),
        (lambda: pooled_vgg(nn, ()), r"the plan has no stage"),
    ],
)
def test_errors_name_value_and_remedy(make, message):
    with pytest.raises(ValueError, match=message):
        make()
