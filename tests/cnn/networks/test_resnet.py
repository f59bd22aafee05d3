"""Residual networks have the published sizes and are the same network in both engines."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.cnn.networks.combining import added
from companion.cnn.networks.resnet import (
    bottleneck_block,
    residual_block,
    resnet,
    resnet_cifar,
    zero_branches,
)
from companion.gradients.tensor import Tensor

RNG = np.random.default_rng(0)


def count(network):
    return sum(p.numel() for p in network.parameters())


# He et al. (2016), table 6: millions of parameters, as printed there.
@pytest.mark.parametrize(
    ("depth", "printed"), [(20, "0.27"), (32, "0.46"), (44, "0.66"), (56, "0.85"), (110, "1.7")]
)
def test_resnets_for_small_images_have_the_published_sizes(depth, printed):
    millions = count(resnet_cifar(torch.nn, depth)) / 1e6
    digits = len(printed) - 2
    assert f"{millions:.{digits}f}" == printed


def test_shortcut_a_adds_no_parameters_and_b_two_projections():
    plain, A, B = (count(resnet_cifar(torch.nn, 20, shortcut=s)) for s in (None, "A", "B"))
    assert plain == A
    assert B - A == (16 * 32 + 2 * 32) + (32 * 64 + 2 * 64)


# torchvision's documentation of resnet18, resnet34 and resnet50: num_params of the weights.
@pytest.mark.parametrize(("depth", "published"), [(18, 11689512), (34, 21797672), (50, 25557032)])
def test_resnets_for_imagenet_have_torchvision_s_sizes(depth, published):
    assert count(resnet(torch.nn, depth)) == published


@pytest.mark.parametrize("depth", [8, 20, 56])
def test_depth_counts_the_layers_with_weights(depth):
    network = resnet_cifar(torch.nn, depth)
    kinds = (torch.nn.Conv2d, torch.nn.Linear)
    assert sum(isinstance(m, kinds) for m in network.modules()) == depth


VARIANTS = {
    "plain": {"shortcut": None},
    "A": {"shortcut": "A"},
    "B": {"shortcut": "B"},
    "preact A": {"shortcut": "A", "preact": True},
    "preact B": {"shortcut": "B", "preact": True},
    "preact plain": {"shortcut": None, "preact": True},
}


def pair(options, depth=8):
    """The same network in both engines, in float64."""
    torch.manual_seed(1)
    small = {"widths": (4, 6, 8), **options}
    theirs = resnet_cifar(torch.nn, depth, **small).double()
    ours = resnet_cifar(nn, depth, **small).double()
    ours.load_state_dict({k: v.numpy() for k, v in theirs.state_dict().items()})
    return ours, theirs


@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS)
def test_both_engines_compute_the_same_in_training_and_evaluation(options):
    ours, theirs = pair(options)
    x = RNG.normal(size=(3, 3, 9, 9))
    for mode in (True, False):
        ours.train(mode)
        theirs.train(mode)
        expected = theirs(torch.tensor(x)).detach().numpy()
        np.testing.assert_allclose(ours(Tensor(x)).numpy(), expected, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS)
def test_a_few_updates_bring_the_same_losses(options):
    ours, theirs = pair(options)
    ours_sgd = optim.SGD(ours.parameters(), lr=0.05, momentum=0.9)
    theirs_sgd = torch.optim.SGD(theirs.parameters(), lr=0.05, momentum=0.9)
    x, y = RNG.normal(size=(6, 3, 8, 8)), RNG.integers(0, 10, 6)
    for _ in range(4):
        ours_sgd.zero_grad()
        theirs_sgd.zero_grad()
        mine = nn.CrossEntropyLoss()(ours(Tensor(x)), y)
        other = torch.nn.functional.cross_entropy(theirs(torch.tensor(x)), torch.tensor(y))
        assert mine.item() == pytest.approx(other.item(), rel=1e-8)
        mine.backward()
        other.backward()
        ours_sgd.step()
        theirs_sgd.step()
    state = theirs.state_dict()
    for name, value in ours.state_dict().items():
        expected = state[name].numpy()
        np.testing.assert_allclose(np.asarray(value), expected, rtol=1e-6, atol=1e-8)


def test_our_weights_go_into_torch():
    ours = resnet_cifar(nn, 8, widths=(4, 6, 8), shortcut="B").double().eval()
    theirs = resnet_cifar(torch.nn, 8, widths=(4, 6, 8), shortcut="B").double().eval()
    state = {k: torch.tensor(np.asarray(v)) for k, v in ours.state_dict().items()}
    theirs.load_state_dict(state)
    x = RNG.normal(size=(2, 3, 8, 8))
    expected = theirs(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours(Tensor(x)).numpy(), expected, rtol=1e-10, atol=1e-10)


def test_imagenet_s_resnet_halves_five_times():
    shapes = []
    network = resnet(torch.nn, 50, classes=7).eval()
    for module in network:
        module.register_forward_hook(lambda m, i, out: shapes.append(tuple(out.shape[1:])))
    with torch.no_grad():
        assert network(torch.zeros(1, 3, 224, 224)).shape == (1, 7)
    for shape in ((64, 112, 112), (64, 56, 56), (256, 56, 56), (512, 28, 28), (2048, 7, 7)):
        assert shape in shapes


def test_bottlenecks_are_the_same_in_both_engines():
    theirs = bottleneck_block(torch.nn, 8, 16, 2).double()
    ours = bottleneck_block(nn, 8, 16, 2).double()
    ours.load_state_dict({k: v.numpy() for k, v in theirs.state_dict().items()})
    x = RNG.normal(size=(4, 8, 5, 5))
    expected = theirs(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours(Tensor(x)).numpy(), expected, rtol=1e-10, atol=1e-10)


def test_shortcut_a_by_hand():
    block = residual_block(nn, 2, 4, 2, shortcut="A").double()
    block[0][0][-1].weight.data[:] = 0  # the branch adds nothing
    x = np.arange(50.0).reshape(1, 2, 5, 5)
    out = block(Tensor(x)).numpy()
    np.testing.assert_allclose(out[:, :2], x[:, :, ::2, ::2])
    assert not out[:, 2:].any()


@pytest.mark.parametrize("engine", [nn, torch.nn], ids=["companion", "torch"])
def test_with_zero_branches_a_network_is_its_stem(engine):
    network = zero_branches(engine, resnet_cifar(engine, 20, widths=(5,))).double()
    x = RNG.normal(size=(3, 3, 6, 6))
    x = Tensor(x) if engine is nn else torch.tensor(x)
    h = x
    for module in list(network)[:3]:
        h = module(h)
    for module in list(network)[3:-3]:
        out = module(h)
        assert (np.asarray(out.detach().numpy()) == h.detach().numpy()).all()
        h = out


def test_errors_name_value_and_remedy():
    with pytest.raises(ValueError, match=r"depth 9 with 3 stages; expected 6·n \+ 2, such as 20"):
        resnet_cifar(nn, 9)
    with pytest.raises(ValueError, match="expected 6·n"):
        resnet_cifar(nn, 2)
    with pytest.raises(ValueError, match=r"depth 19; expected one of \[18, 34, 50\]"):
        resnet(nn, 19)
    with pytest.raises(ValueError, match="shortcut 'C'"):
        residual_block(nn, 4, 4, shortcut="C")
    with pytest.raises(ValueError, match="needs shortcut 'B'"):
        residual_block(nn, 8, 4, shortcut="A")
    with pytest.raises(ValueError, match="expected batch norm"):
        zero_branches(nn, resnet_cifar(nn, 8, widths=(4, 6, 8), preact=True))


def test_a_shortcut_without_projection_is_refused():
    branch = nn.Conv2d(4, 8, 3, 2, padding=1)
    with pytest.raises(ValueError, match="project one of them"):
        added(nn, branch, nn.Identity())(Tensor(np.zeros((1, 4, 6, 6), "float32")))
