"""Feature maps by hooks against torch, and the places where they are largest."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.cnn.feature_maps import asked, feature_maps, strongest

rng = np.random.default_rng(0)


def test_feature_maps_equal_torchs_hooks():
    def make(engine):
        return engine.Sequential(
            engine.Conv2d(3, 4, 3),
            engine.BatchNorm2d(4),
            engine.ReLU(),
            engine.Flatten(),
            engine.Linear(64, 2),
        )

    theirs = make(torch.nn).double().eval()
    ours = make(nn).double()
    ours.load_state_dict(theirs.state_dict())
    x = rng.normal(size=(2, 3, 6, 6))
    seen = {}
    for k in (0, 2):
        theirs[k].register_forward_hook(lambda m, i, o, k=k: seen.update({k: o.detach().numpy()}))
    scores = theirs(torch.from_numpy(x)).detach().numpy()
    got = feature_maps(ours, {"out": ours, "a": ours[0], "b": ours[2]}, x)
    assert list(got) == ["out", "a", "b"]
    np.testing.assert_allclose(got["a"], seen[0], atol=1e-12)
    np.testing.assert_allclose(got["b"], seen[2], atol=1e-12)
    np.testing.assert_allclose(got["out"], scores, atol=1e-12)
    assert ours.training
    assert not ours[0]._forward_hooks


def test_a_module_that_is_not_called():
    network = nn.Sequential(nn.Conv2d(1, 1, 3))
    with pytest.raises(ValueError, match=r"\['other'\] not called"):
        feature_maps(network, {"other": nn.ReLU()}, np.zeros((1, 1, 3, 3), np.float32))
    assert network.training


def test_asked_restores_after_an_error():
    network = nn.Sequential(nn.Conv2d(1, 1, 3), nn.ReLU())
    network[1].eval()
    seen = []

    def fails():
        with asked(network):
            seen.append((network.training, network[0].weight.requires_grad))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert seen == [(False, False)]
    assert [m.training for m in network.modules()] == [True, True, False]
    assert network[0].weight.requires_grad


def test_strongest_places():
    maps = np.zeros((3, 2, 4, 5))
    maps[0, 1, 2, 3], maps[1, 1, 0, 4], maps[2, 1, 3, 0] = 5, 9, 7
    maps[0, 0] = 100
    assert strongest(maps, 1, 3) == [(1, 0, 4), (2, 3, 0), (0, 2, 3)]
    assert strongest(maps, 1, 1) == [(1, 0, 4)]
    assert strongest(maps, 0, 0) == []
    with pytest.raises(ValueError, match="4 places, one an image, but 3 images"):
        strongest(maps, 0, 4)
