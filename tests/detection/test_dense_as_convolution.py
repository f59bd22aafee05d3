"""Dense layers as convolutions: every window alone is the oracle, in both engines."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.detection.networks.window_classifier import window_classifier
from companion.detection.windows.dense_as_convolution import (
    all_offsets,
    as_convolution,
    effective_step,
)
from companion.detection.windows.sliding import counts, crops
from companion.training import manual_seed, predict

ENGINES = [nn, torch.nn]
RNG = np.random.default_rng(0)
IMAGE = RNG.normal(size=(1, 53, 40))


def other(engine):
    """A stride in a convolution, average pooling, batch norm, no bias, three dense layers."""
    return engine.Sequential(
        *(engine.Conv2d(1, 3, 4, stride=3), engine.BatchNorm2d(3), engine.Tanh()),
        *(engine.AvgPool2d(2), engine.Flatten(), engine.Linear(27, 5, bias=False)),
        *(engine.ReLU(), engine.Dropout(0.5), engine.Linear(5, 4), engine.ReLU()),
        engine.Linear(4, 2),
    )


def single(engine):
    """A convolution and one dense layer; the step is 1."""
    return engine.Sequential(engine.Conv2d(1, 2, 3), engine.Flatten(), engine.Linear(32, 1))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("make", "side", "step"), [(window_classifier, 24, 4), (other, 22, 6), (single, 6, 1)]
)
def test_all_windows_at_once_are_the_windows_one_by_one(engine, make, side, step):
    manual_seed(0)
    model = make(engine).double().eval()
    network = as_convolution(model, side)
    assert effective_step(model) == effective_step(network) == step
    alone = predict(model, crops(IMAGE, side, step))
    maps = predict(network, IMAGE[None])[0]
    assert maps.shape[1:] == counts(IMAGE.shape[1:], side, step)
    np.testing.assert_allclose(maps.reshape(len(maps), -1).T, alone, rtol=1e-10, atol=1e-10)


def test_both_engines_agree():
    own, their = window_classifier(nn).double(), window_classifier(torch.nn).double()
    their.load_state_dict({k: torch.from_numpy(v) for k, v in own.state_dict().items()})
    found = [predict(as_convolution(model, 24), IMAGE[None]) for model in (own, their)]
    np.testing.assert_allclose(*found, rtol=1e-10, atol=1e-10)
    own.load_state_dict({k: v.numpy() for k, v in their.state_dict().items()})
    np.testing.assert_allclose(predict(as_convolution(own, 24), IMAGE[None]), found[1], atol=1e-10)


@pytest.mark.parametrize("engine", ENGINES)
def test_padding_makes_them_differ(engine):
    manual_seed(0)
    model = window_classifier(engine, padding=1).double()
    alone = predict(model, crops(IMAGE, 24, 4))[:, 0]
    whole = predict(as_convolution(model, 24), IMAGE[None])[0, 0]
    rows, columns = counts(IMAGE.shape[1:], 24, 4)
    assert whole.shape == (rows, columns)
    assert np.abs(whole.ravel() - alone).max() > 1e-3


def test_every_offset_is_the_window_there():
    manual_seed(0)
    model = window_classifier(torch.nn).double()
    images = RNG.normal(size=(2, 1, 31, 29))
    got = all_offsets(as_convolution(model, 24), images, 24, 4)
    assert got.shape == (2, 8, 6)
    for image, scores in zip(images, got, strict=True):
        alone = predict(model, crops(image, 24, 1))[:, 0]
        np.testing.assert_allclose(scores.ravel(), alone, rtol=1e-10, atol=1e-10)


def test_every_offset_of_an_image_hardly_larger_than_a_window():
    model = window_classifier(torch.nn).double()
    got = all_offsets(as_convolution(model, 24), RNG.normal(size=(1, 1, 24, 25)), 24, 4)
    assert got.shape == (1, 1, 2)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_mode_stays(engine):
    assert not as_convolution(window_classifier(engine).eval(), 24).training
    assert as_convolution(window_classifier(engine), 24).training


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: as_convolution(window_classifier(nn), 28), "windows of 28 give 16 × 5 × 5"),
        (lambda: as_convolution(nn.Sequential(nn.Conv2d(1, 2, 3)), 6), "no Flatten"),
        (
            lambda: as_convolution(
                torch.nn.Sequential(
                    torch.nn.Conv2d(1, 2, 3), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()
                ),
                6,
            ),
            "AdaptiveAvgPool2d looks at a window as a whole",
        ),
        (lambda: effective_step(nn.Sequential(nn.Conv2d(1, 2, 3, stride=(1, 2)))), "differs"),
        (lambda: all_offsets(None, np.zeros((1, 1, 9, 30)), 24, 4), "no window of 24"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize("engine", ENGINES)
def test_other_models_are_refused(engine):
    for model in (engine.Linear(3, 2), engine.Sequential(engine.Flatten(), engine.Linear(4, 2))):
        with pytest.raises(TypeError, match="expected a Sequential whose first layer"):
            as_convolution(model, 2)
