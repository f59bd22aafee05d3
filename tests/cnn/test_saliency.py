"""Saliency, Grad-CAM and occlusion against closed forms and torch's autograd."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from companion import nn
from companion.cnn.networks.pretrained import pretrained_efficientnet_lite0
from companion.cnn.saliency import enlarged, grad_cam, occlusion, pixel_gradients, saliency

rng = np.random.default_rng(0)


def small(engine):
    """Convolutions, and a layer that tells places apart."""
    return engine.Sequential(
        engine.Conv2d(2, 4, 3, padding=1),
        engine.Tanh(),
        engine.Conv2d(4, 5, 3, stride=2),
        engine.ReLU(),
        engine.Flatten(),
        engine.Linear(45, 6),
    )


def twins(make):
    ours = make(nn).double().eval()
    theirs = make(torch.nn).double().eval()
    theirs.load_state_dict({k: torch.from_numpy(v) for k, v in ours.state_dict().items()})
    return ours, theirs


def linear():
    network = nn.Sequential(nn.Flatten(), nn.Linear(3 * 4 * 5, 7)).double()
    return network, network[1].weight.numpy().reshape(7, 3, 4, 5)


def test_saliency_of_a_linear_network_is_its_weights():
    network, weights = linear()
    x, classes = rng.normal(size=(2, 3, 4, 5)), [6, 0]
    np.testing.assert_allclose(pixel_gradients(network, x, classes), weights[classes], atol=1e-14)
    expected = np.abs(weights[classes]).max(axis=1)
    np.testing.assert_allclose(saliency(network, x, classes), expected, atol=1e-14)
    np.testing.assert_allclose(saliency(network, 0 * x, classes), expected, atol=1e-14)


def torch_maps(theirs, layer, x, classes):
    """Pixel gradients and Grad-CAM by torch's own autograd."""
    kept = []
    handle = layer.register_forward_hook(lambda module, inputs, output: kept.append(output))
    pixels = torch.from_numpy(x).requires_grad_()
    score = theirs(pixels)[range(len(x)), classes].sum()
    handle.remove()
    for_pixels, for_maps = torch.autograd.grad(score, [pixels, kept[0]])
    cam = (for_maps.mean((2, 3), keepdim=True) * kept[0]).sum(1)
    return for_pixels.numpy(), cam.detach().numpy()


@pytest.mark.parametrize("layer", [0, 1, 2, 3])
def test_grad_cam_equals_torch_for_every_layer(layer):
    ours, theirs = twins(small)
    x, classes = rng.normal(size=(3, 2, 8, 8)), [5, 0, 2]
    for_pixels, cam = torch_maps(theirs, theirs[layer], x, classes)
    np.testing.assert_allclose(pixel_gradients(ours, x, classes), for_pixels, atol=1e-12)
    got = grad_cam(ours, ours[layer], x, classes, relu=False)
    np.testing.assert_allclose(got, cam, atol=1e-12)
    np.testing.assert_allclose(
        grad_cam(ours, ours[layer], x, classes), np.maximum(cam, 0), atol=1e-12
    )


def test_grad_cam_and_saliency_of_efficientnet_equal_torch():
    ours = pretrained_efficientnet_lite0(nn).double()
    theirs = pretrained_efficientnet_lite0(torch.nn).double()
    x, classes = rng.normal(size=(2, 3, 65, 65)), [285, 8]
    for_pixels, cam = torch_maps(theirs, theirs[0], x, classes)
    assert np.abs(for_pixels).max() > 1e-3
    assert np.abs(cam).max() > 1e-3
    np.testing.assert_allclose(pixel_gradients(ours, x, classes), for_pixels, atol=1e-8)
    np.testing.assert_allclose(grad_cam(ours, ours[0], x, classes, relu=False), cam, atol=1e-8)


def test_places_add_up_to_the_score():
    network = nn.Sequential(
        nn.Conv2d(3, 5, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(5, 4)
    ).double()
    x, classes = rng.normal(size=(3, 3, 7, 9)), np.array([0, 3, 1])
    places = grad_cam(network, network[1], x, classes, relu=False).sum(axis=(1, 2))
    scores = network(x).numpy()[np.arange(3), classes]
    np.testing.assert_allclose(places + network[4].bias.numpy()[classes], scores, atol=1e-12)


def test_the_network_is_left_as_it_was():
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 2))
    network.train()
    network[1].eval()
    before, x = network.state_dict(), rng.normal(size=(2, 1, 4, 4)).astype(np.float32)
    network[3].bias.requires_grad = False
    saliency(network, x, [0, 1])
    grad_cam(network, network[0], x, [0, 1])
    occlusion(network, x[0], 1, window=2, step=1)
    assert [m.training for m in network.modules()] == [True, True, False, True, True]
    assert [p.requires_grad for p in network.parameters()] == [True] * 5 + [False]
    assert all(p.grad is None for p in network.parameters())
    assert not network[0]._forward_hooks
    for name, value in network.state_dict().items():
        np.testing.assert_array_equal(value, before[name])


def test_occlusion_of_a_linear_network():
    network, weights = linear()
    x = rng.normal(size=(3, 4, 5))
    lost = (weights[2] * (x - 0.5)).sum(axis=0)
    expected = np.lib.stride_tricks.sliding_window_view(lost, (2, 2)).sum(axis=(2, 3))
    kept = x.copy()
    for batch in (1, 5, 100):
        got = occlusion(network, x, 2, window=2, step=1, fill=0.5, batch=batch)
        np.testing.assert_allclose(got, expected, atol=1e-12)
    got = occlusion(network, x, 2, window=2, step=2, fill=0.5)
    np.testing.assert_allclose(got, expected[::2, ::2], atol=1e-12)
    assert occlusion(network, x, 2, window=4, step=3).shape == (1, 1)
    np.testing.assert_array_equal(x, kept)


@pytest.mark.parametrize("shape", [(2, 3, 3), (1, 1, 1), (1, 2, 5)])
def test_enlarged_is_bilinear_interpolation(shape):
    maps = rng.normal(size=shape).astype(np.float32)
    expected = F.interpolate(
        torch.from_numpy(maps)[None], size=(17, 17), mode="bilinear", align_corners=False
    )[0].numpy()
    np.testing.assert_allclose(enlarged(maps, 17), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ([1], r"classes \(1,\) int64; expected \(2,\)"),
        ([0.0, 1.0], r"float64; expected \(2,\), a whole number"),
        ([0, 7], "class 7, but there are 7 scores"),
        ([-1, 0], "there are 7 scores"),
    ],
)
def test_classes_that_do_not_fit(classes, message):
    network, _ = linear()
    with pytest.raises(ValueError, match=message):
        saliency(network, np.zeros((2, 3, 4, 5)), classes)


def test_layers_that_make_no_maps():
    network, _ = linear()
    x = np.zeros((1, 3, 4, 5))
    with pytest.raises(ValueError, match=r"put out \[\(1, 60\)\]; expected one"):
        grad_cam(network, network[0], x, [0])
    with pytest.raises(ValueError, match=r"put out \[\]; expected one"):
        grad_cam(network, nn.ReLU(), x, [0])


@pytest.mark.parametrize(("window", "step"), [(0, 1), (5, 1), (2, 0)])
def test_windows_that_do_not_fit(window, step):
    with pytest.raises(ValueError, match="the window is no larger than the image"):
        occlusion(linear()[0], np.zeros((3, 4, 5)), 0, window=window, step=step)


def test_occlusion_of_no_such_class():
    with pytest.raises(ValueError, match=r"class 7, but the scores are \(1, 7\)"):
        occlusion(linear()[0], np.zeros((3, 4, 5)), 7, window=2, step=2)
