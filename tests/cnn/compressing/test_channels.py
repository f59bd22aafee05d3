"""Channels that go: the smaller network computes what the silenced one does."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn.utils import prune

from companion import nn
from companion.cnn.compressing.channels import channel_sizes, largest_channels, silence, slimmed
from companion.cnn.counting import count
from companion.experiments.cnn.trained_reader import reader, trained_reader
from companion.training import predict

ENGINES = pytest.mark.parametrize("engine", [nn, torch.nn])
X = np.random.default_rng(0).random((5, 1, 28, 28), dtype=np.float32)


@pytest.mark.parametrize("keep", [0.0, 0.25, 0.6, 1.0])
@ENGINES
def test_the_small_network_computes_what_the_silenced_one_does(engine, keep):
    kept = largest_channels(trained_reader(engine), keep)
    small = slimmed(trained_reader(engine), kept)
    same = silence(trained_reader(engine), kept)
    np.testing.assert_allclose(predict(small, X), predict(same, X), rtol=1e-5, atol=1e-5)
    widths = [len(kept[n]) for n in ("0", "4", "8")]
    weights = sum(9 * a * b for a, b in pairwise([1, *widths])) + 2 * sum(widths)
    hidden = len(kept["13"])
    weights += widths[-1] * 9 * hidden + hidden + hidden * 10 + 10
    assert count(small, (1, 28, 28)).parameters == weights
    if keep < 1:
        whole = trained_reader(engine)
        ours, all_of_it = (count(m, (1, 28, 28)).multiply_adds for m in (small, whole))
        assert ours < all_of_it
    assert not small.training


@ENGINES
def test_in_float64_they_agree_to_rounding(engine):
    model = trained_reader(engine).double()
    kept = largest_channels(model, 0.5)
    small = predict(slimmed(model, kept), X.astype(float))
    assert small.dtype == np.float64
    np.testing.assert_allclose(small, predict(silence(model, kept), X.astype(float)), atol=1e-10)


@ENGINES
def test_layers_may_be_chosen(engine):
    model = trained_reader(engine)
    kept = largest_channels(model, {"8": 0.5})
    assert {n: len(k) for n, k in kept.items()} == {"8": 16}
    small = slimmed(model, kept)
    assert count(small, (1, 28, 28)).parameters == 44226 - 16 * (16 * 9 + 2 + 9 * 128)
    np.testing.assert_allclose(
        predict(small, X), predict(silence(model, kept), X), rtol=1e-5, atol=1e-5
    )


def test_the_channels_are_those_torch_would_keep():
    model = trained_reader(torch.nn)
    kept = largest_channels(model, 0.25)
    for name, stay in kept.items():
        layer = model[int(name)]
        gone = len(layer.weight) - len(stay)
        prune.ln_structured(layer, "weight", amount=gone, n=1, dim=0)
        mask = layer.weight_mask.reshape(len(layer.weight), -1).any(dim=1).numpy()
        np.testing.assert_array_equal(np.flatnonzero(mask), stay)


def test_the_original_is_left_as_it_is():
    model = trained_reader(nn)
    was = model.state_dict()
    slimmed(model, largest_channels(model, 0.5))
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value, was[name])


@ENGINES
def test_what_cannot_be_done_is_refused(engine):
    model = reader(engine)
    assert list(channel_sizes(model)) == ["0", "4", "8", "13"]
    with pytest.raises(KeyError, match=r"no layers \['15'\]; choose among"):
        largest_channels(model, {"15": 0.5})
    with pytest.raises(KeyError, match="no layer '15'"):
        slimmed(model, {"15": [0]})
    for stay in ([], [8], [-1], [1, 1]):
        with pytest.raises(IndexError, match="of layer 0; expected at least one, rising"):
            silence(model, {"0": stay})
    with pytest.raises(TypeError, match="layer 1 is a Sigmoid"):
        channel_sizes(engine.Sequential(engine.Conv2d(1, 2, 3), engine.Sigmoid()))
    norm = engine.BatchNorm2d(2, affine=False)
    with pytest.raises(ValueError, match="layer 1 has no scale"):
        channel_sizes(engine.Sequential(engine.Conv2d(1, 2, 3), norm))
    with pytest.raises(ValueError, match="layer 0: a convolution with groups 2"):
        channel_sizes(engine.Sequential(engine.Conv2d(2, 2, 3, groups=2)))
