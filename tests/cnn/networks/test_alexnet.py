"""AlexNet has the published weights and sizes, and either engine's network takes the other's."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.cnn.networks.alexnet import alexnet, side
from companion.cnn.networks.local_response import LocalResponseNorm
from companion.gradients.generator import manual_seed
from companion.gradients.tensor import Tensor

SMALL = {"classes": 7, "size": 67, "channels": (4, 6, 8, 8, 6), "hidden": 5, "dropout": 0.0}


def number(net):
    return sum(p.numel() for p in net.parameters())


@pytest.mark.parametrize(
    ("options", "published"),
    [
        # Krizhevsky et al. 2012, "60 million parameters"; 60,965,224 in the table of models of
        # Hewlett Packard's Deep Learning Cookbook (dlcookbook-dlbs), with the paper's groups.
        ({"groups": 2}, 60965224),
        # S. Mallick, S. Nayak, "Number of parameters and tensor sizes in a convolutional neural
        # network", learnopencv.com, 2018; the same number is asserted for "alexnet" in O. Sémery's
        # collection of models, imgclsmob.
        ({"groups": 1}, 62378344),
        # torchvision's documentation of alexnet ("num_params"): A. Krizhevsky, "One weird trick",
        # 2014, one tower with other channels.
        ({"groups": 1, "channels": (64, 192, 384, 256, 256)}, 61100840),
    ],
)
def test_the_published_numbers_of_weights(options, published):
    with torch.device("meta"):
        assert number(alexnet(torch.nn, **options)) == published


def test_the_number_of_outputs_is_the_paper_s():
    """Section 3.5 counts the neurons after the first five layers and the three dense ones."""
    with torch.device("meta"):
        net, x, seen = alexnet(torch.nn), torch.empty(1, 3, 227, 227), []
        for layer in (*net[0], net[1], *net[2]):
            x = layer(x)
            if isinstance(layer, (torch.nn.Conv2d, torch.nn.Linear)):
                seen.append(x.numel())
    # The paper prints 253,440 for the first; 55 · 55 · 96 is 290,400, and with it the sum of the
    # paper's figure 2 is 659,272 ("650,000 neurons").
    assert seen == [290400, 186624, 64896, 64896, 43264, 4096, 4096, 1000]


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("normalized", [True, False])
def test_each_engine_s_small_network_takes_the_other_s_weights(groups, normalized):
    manual_seed(groups)
    torch.manual_seed(groups)
    options = {**SMALL, "groups": groups, "normalized": normalized}
    x = np.random.default_rng(groups).normal(size=(2, 3, 67, 67))
    ours, theirs = alexnet(nn, **options).double(), alexnet(torch.nn, **options).double()
    with torch.no_grad():
        theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
        found = ours(Tensor(x)).numpy()
        assert np.ptp(found) > 0
        np.testing.assert_allclose(found, theirs(torch.tensor(x)).numpy(), atol=1e-10)
        for p in theirs.parameters():
            p.add_(0.05 * torch.randn_like(p))
        ours.load_state_dict({k: v.numpy() for k, v in theirs.state_dict().items()})
        np.testing.assert_allclose(
            ours(Tensor(x)).numpy(), theirs(torch.tensor(x)).numpy(), atol=1e-10
        )


@pytest.mark.parametrize("size", [67, 99, 131, 224, 227])
def test_what_is_left_of_an_image(size):
    with torch.device("meta"):
        net = alexnet(torch.nn, size=size)
        assert net[0](torch.empty(1, 3, size, size)).shape[-2:] == (side(size),) * 2
        assert net(torch.empty(1, 3, size, size)).shape == (1, 1000)


@pytest.mark.parametrize("beta", [0.75, 0.5])
def test_local_response_is_the_paper_s_sum(beta):
    x = np.random.default_rng(0).normal(size=(2, 7, 3, 2))
    found = LocalResponseNorm(5, alpha=5 * 0.3, beta=beta, k=2.0)(Tensor(x)).numpy()
    for i in range(7):
        near = x[:, max(0, i - 2) : min(6, i + 2) + 1]
        expected = x[:, i] / (2 + 0.3 * (near**2).sum(axis=1)) ** beta
        np.testing.assert_allclose(found[:, i], expected, rtol=1e-12)


def test_local_response_of_nothing_and_of_huge_values():
    layer = LocalResponseNorm(5)
    assert layer(Tensor(np.zeros((0, 3, 2, 2)))).shape == (0, 3, 2, 2)
    assert not layer(Tensor(np.zeros((1, 1, 1)))).numpy().any()
    assert np.isfinite(layer(Tensor(np.full((1, 2, 2), 1e100))).numpy()).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: alexnet(nn, size=66), r"nothing is left of 66 pixels; take at least 67"),
        (lambda: alexnet(nn, channels=(1, 2)), r"channels \(1, 2\); expected five numbers"),
        (lambda: alexnet(nn, **{**SMALL, "groups": 4}), r"4 groups do not divide 4 channels and 6"),
        (lambda: LocalResponseNorm(0), r"size is 0; need at least 1"),
        (lambda: LocalResponseNorm(3)(Tensor(np.zeros((2, 3)))), r"got \(2, 3\); expected"),
    ],
)
def test_errors_name_value_and_remedy(make, message):
    with pytest.raises(ValueError, match=message):
        make()
