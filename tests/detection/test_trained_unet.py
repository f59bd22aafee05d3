"""The stored U-Net: the same in both engines, and as good as it is said to be."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.data.scenes import semantic
from companion.detection.experiments.trained_unet import (
    classes_in,
    scenes_for_it,
    train_round,
    trained_unet,
)
from companion.detection.networks.unet import unet
from companion.detection.pixels.segmenting import class_iou, mean_iou, pixel_confusion
from companion.training import predict
from companion.training.engines import to_numpy

pytestmark = pytest.mark.reads("companion/detection/experiments/trained_unet.npz")


def test_the_weights_fit_both_engines():
    X = scenes_for_it(2).images
    own, other = (np.asarray(predict(trained_unet(engine), X)) for engine in (nn, torch.nn))
    assert own.shape == (2, 11, 56, 56)
    np.testing.assert_allclose(own, other, atol=1e-3)


def test_it_finds_ink_and_names_digits():
    made = scenes_for_it(60, part="test")
    truth, found = semantic(made), classes_in(trained_unet(torch.nn), made.images)
    assert class_iou(pixel_confusion(truth > 0, found > 0, 2))[1] > 0.6
    # A network that finds all ink and guesses the digit has a mean IoU of digits below 0.1.
    assert mean_iou(pixel_confusion(truth, found, 11), skip=[0]) > 0.25


@pytest.mark.parametrize(("engine", "steps"), [(nn, optim), (torch.nn, torch.optim)])
def test_a_round_changes_the_network(engine, steps):
    model = unet(engine, widths=(2, 3))
    before = {name: to_numpy(value).copy() for name, value in model.state_dict().items()}
    train_round(model, engine, steps, seed=0, count=8, epochs=4)
    moved = [np.abs(to_numpy(v) - before[name]).max() for name, v in model.state_dict().items()]
    assert np.median(moved) > 1e-3
