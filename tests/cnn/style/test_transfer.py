"""The whole cost through a network against torch's autograd, in both engines."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from companion import nn
from companion.cnn.networks.pretrained import pretrained_efficientnet_lite0
from companion.cnn.style.losses import total_variation
from companion.cnn.style.transfer import HIGH, LOW, Layers, TotalCost, painted

rng = np.random.default_rng(0)


def frozen(network):
    for parameter in network.parameters():
        parameter.requires_grad = False
    return network.eval()


def small(engine):
    return engine.Sequential(
        engine.Conv2d(3, 4, 3, padding=1),
        engine.Tanh(),
        engine.Conv2d(4, 5, 3, stride=2),
        engine.Tanh(),
        engine.Conv2d(5, 6, 3),
    )


def twins():
    ours, theirs = frozen(small(nn).double()), frozen(small(torch.nn).double())
    theirs.load_state_dict({k: torch.from_numpy(v) for k, v in ours.state_dict().items()})
    return ours, theirs


def cost_by_torch(body, image, content, style, content_layers, style_layers, weights):
    """The sum of all parts and its gradient by autograd, written with torch alone."""

    def maps_of(x, layers):
        found = {}
        for place, layer in enumerate(body):
            x = layer(x)
            found[place] = x[0].flatten(1)
        return [found[k] for k in layers]

    def relative(a, b):
        return F.mse_loss(a, b, reduction="sum") / (b**2).sum()

    def matrix(maps):
        return maps @ maps.T / maps.shape[1]

    x, c, s = (torch.from_numpy(a[None]) for a in (image, content, style))
    x.requires_grad_()
    pairs = zip(maps_of(x, content_layers), maps_of(c, content_layers), strict=True)
    alike = torch.stack([relative(a, b) for a, b in pairs]).mean()
    pairs = zip(maps_of(x, style_layers), maps_of(s, style_layers), strict=True)
    painted_alike = torch.stack([relative(matrix(a), matrix(b)) for a, b in pairs]).mean()
    rough = (x.diff(dim=2) ** 2).sum() + (x.diff(dim=3) ** 2).sum()
    parts = alike, painted_alike, rough / x.numel()
    total = sum(w * part for w, part in zip(weights, parts, strict=True))
    total.backward()
    return total.item(), x.grad.numpy()[0], [part.item() for part in parts]


@pytest.mark.parametrize("engine", [0, 1], ids=["companion", "torch"])
def test_total_cost_and_gradient_equal_torchs_autograd(engine):
    """Style of another size, a layer that is in both lists, layers out of order."""
    image, content = rng.uniform(-1, 1, size=(2, 3, 11, 13))
    style = rng.uniform(-1, 1, size=(3, 15, 12))
    bodies = twins()
    expected = cost_by_torch(bodies[1], image, content, style, (2,), (4, 0, 2), (0.7, 3.0, 0.2))
    cost = TotalCost(
        bodies[engine], content, style, content_layers=(2,), style_layers=(4, 0, 2),
        content_weight=0.7, style_weight=3.0, smoothness=0.2,
    )  # fmt: skip
    value, gradient = cost(image)
    assert value == pytest.approx(expected[0], rel=1e-12)
    np.testing.assert_allclose(gradient, expected[1], atol=1e-10)
    got = [cost.parts[name] for name in ("content", "style", "smooth")]
    np.testing.assert_allclose(got, expected[2], rtol=1e-10)


def test_gradient_through_efficientnet_equals_differences():
    body = pretrained_efficientnet_lite0(torch.nn)[0].double()
    image, content, style = rng.uniform(-0.9, 0.9, size=(3, 3, 33, 33))
    cost = TotalCost(body, content, style, style_weight=5.0, smoothness=0.1)
    _, gradient = cost(image)
    direction = rng.normal(size=image.shape)
    h = 1e-6
    ahead, behind = cost(image + h * direction)[0], cost(image - h * direction)[0]
    slope = np.sum(gradient * direction)
    assert (ahead - behind) / (2 * h) == pytest.approx(slope, rel=1e-5)


@pytest.mark.parametrize("chosen", [[0], [1, 4], [4, 2, 0]])
def test_both_engines_carry_the_same_gradients_back(chosen):
    image = rng.normal(size=(3, 9, 9))
    ours, theirs = (Layers(body, chosen) for body in twins())
    maps, others = ours.forward(image), theirs.forward(image)
    assert list(maps) == sorted(chosen)
    gradients = {k: rng.normal(size=m.shape) for k, m in maps.items()}
    for k in maps:
        np.testing.assert_allclose(maps[k], others[k], atol=1e-12)
    np.testing.assert_allclose(ours.backward(gradients), theirs.backward(gradients), atol=1e-10)


def test_the_photograph_itself_costs_nothing():
    body = twins()[0]
    photo = rng.uniform(-1, 1, size=(3, 9, 9))
    value, gradient = TotalCost(body, photo, photo, content_layers=(2,), style_layers=(0, 4))(photo)
    assert value == 0
    assert not gradient.any()


def test_pictures_get_cheaper_and_stay_in_range():
    body = twins()[1]
    content, style = rng.uniform(-1, 1, size=(2, 3, 12, 12))
    cost = TotalCost(body, content, style, content_layers=(2,), style_layers=(0, 4))
    seen = []
    picture, history = painted(cost, content, 40, watch=lambda step, image: seen.append(step))
    assert picture.shape == content.shape
    assert picture.min() >= LOW
    assert picture.max() <= HIGH
    assert len(history) == 40
    assert seen == list(range(40))
    assert history[-1]["cost"] < 0.5 * history[0]["cost"]
    assert cost(picture)[0] <= history[0]["cost"]


def test_smoothness_alone_flattens():
    body = twins()[1]
    photo = rng.uniform(-1, 1, size=(3, 8, 8))
    cost = TotalCost(body, photo, content_layers=(0,), content_weight=0, smoothness=1.0)
    picture, _ = painted(cost, photo, 60)
    assert total_variation(picture)[0] < 0.1 * total_variation(photo)[0]


def test_errors_name_value_and_remedy():
    body = twins()[0]
    with pytest.raises(ValueError, match=r"\[5\] of a stack of 5; choose"):
        Layers(body, [5])
    with pytest.raises(ValueError, match="choose at least one"):
        Layers(body, [])
    with pytest.raises(ValueError, match="parameters ask for gradients"):
        Layers(small(nn), [0])
    with pytest.raises(ValueError, match="send an image forward first"):
        Layers(body, [0]).backward({})
    with pytest.raises(ValueError, match="content, for style, or both"):
        TotalCost(body)
    with pytest.raises(FloatingPointError, match="cost is nan after 0 steps"):
        painted(lambda image: (np.nan, image), np.zeros((3, 4, 4)), 5)
