"""Counts against torch's own numbers of parameters, published ones, and closed forms."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.cnn.counting import count
from companion.cnn.networks.combining import added, joined
from companion.gradients.tensor import Tensor


def network(nn):
    """A network with a layer of each kind that learns."""
    return nn.Sequential(
        nn.Conv2d(3, 8, 5, stride=2, padding=2),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Conv2d(8, 12, 3, groups=4, bias=False),
        joined(nn, nn.Conv2d(12, 5, 1), nn.Sequential(nn.Conv2d(12, 4, (1, 3), padding=(0, 1)))),
        added(nn, nn.Identity(), nn.GroupNorm(3, 9)),
        nn.PReLU(),
        nn.MaxPool2d(2),
        nn.Dropout(0.5),
        nn.Flatten(),
        nn.Linear(9 * 7 * 7, 10, bias=False),
    )


@pytest.mark.parametrize("engine", [nn, torch.nn], ids=["companion", "torch"])
def test_parameters_are_those_of_torch(engine):
    costs = count(network(engine), (3, 32, 32))
    reference = network(torch.nn)
    assert costs.parameters == sum(p.numel() for p in reference.parameters())
    for layer in costs:
        own = dict(reference.named_modules())[layer.name].parameters()
        assert layer.parameters == sum(p.numel() for p in own)


@pytest.mark.parametrize("engine", [nn, torch.nn], ids=["companion", "torch"])
def test_multiply_adds_and_shapes_in_closed_form(engine):
    costs = {layer.name: layer for layer in count(network(engine), (3, 32, 32))}
    expected = {
        "0": ((8, 16, 16), 8 * 16 * 16 * 3 * 25),
        "1": ((8, 16, 16), 8 * 16 * 16),
        "2": ((8, 16, 16), 0),
        "3": ((12, 14, 14), 12 * 14 * 14 * 2 * 9),
        "4.0": ((5, 14, 14), 5 * 14 * 14 * 12),
        "4.1.0": ((4, 14, 14), 4 * 14 * 14 * 12 * 3),
        "5.0": ((9, 14, 14), 0),
        "5.1": ((9, 14, 14), 9 * 14 * 14),
        "6": ((9, 14, 14), 9 * 14 * 14),
        "7": ((9, 7, 7), 0),
        "8": ((9, 7, 7), 0),
        "9": ((441,), 0),
        "10": ((10,), 4410),
    }
    assert {name: (layer.shape, layer.multiply_adds) for name, layer in costs.items()} == expected


def test_a_convolution_multiplies_as_often_as_its_matrix_has_entries_that_are_not_zero():
    layer = nn.Conv2d(1, 2, 3, stride=2).double()
    matrix = layer(Tensor(np.eye(49).reshape(49, 1, 7, 7))).numpy() - layer(
        Tensor(np.zeros((1, 1, 7, 7)))
    ).numpy()
    (row,) = count(layer, (1, 7, 7))
    assert row.multiply_adds == np.count_nonzero(np.abs(matrix) > 1e-9)


def test_vgg16_has_its_published_number_of_parameters():
    """138,357,544, torchvision's number for configuration D of Simonyan & Zisserman (2015)."""
    layers, channels = [], 3
    for width, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(times):
            layers += [torch.nn.Conv2d(channels, width, 3, padding=1), torch.nn.ReLU()]
            channels = width
        layers.append(torch.nn.MaxPool2d(2))
    with torch.device("meta"):  # shapes without numbers
        dense = [torch.nn.Linear(*n) for n in ((25088, 4096), (4096, 4096), (4096, 1000))]
        model = torch.nn.Sequential(*layers, torch.nn.Flatten(), *dense).to("meta")
    costs = count(model, (3, 224, 224))
    assert costs.parameters == 138_357_544
    assert costs[0].multiply_adds == 224**2 * 64 * 27


def test_a_layer_that_is_called_twice():
    twice = nn.Linear(4, 4)
    costs = count(nn.Sequential(twice, nn.ReLU(), twice), (4,))
    assert costs.parameters == 20
    assert costs.multiply_adds == 32


def test_the_model_stays_as_it_was():
    model = nn.Sequential(nn.BatchNorm2d(1), nn.Dropout(0.5), nn.Conv2d(1, 1, 3))
    model[1].eval()
    before = model.state_dict()
    count(model, (1, 4, 4))
    assert [m.training for m in model.modules()] == [True, True, False, True]
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value, before[name])
    assert not model[2]._forward_hooks


def test_it_prints_a_table():
    text = repr(count(nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU()), (1, 28, 28)))
    assert "8 × 24 × 24" in text
    assert "115,200" in text
    assert text.splitlines()[-1].split() == ["sum", "208", "115,200"]


class Scale(nn.Module):
    """One learned factor."""

    def __init__(self):
        self.factor = nn.Parameter(np.ones(1))

    def forward(self, x):
        return x * self.factor


def test_an_unknown_layer_needs_a_rule():
    with pytest.raises(TypeError, match=r"no rule for the model, a Scale with parameters"):
        count(Scale(), (3,))
    (row,) = count(Scale(), (3,), rules={"Scale": lambda layer, into, out: np.prod(out)})
    assert (row.parameters, row.multiply_adds) == (1, 3)
