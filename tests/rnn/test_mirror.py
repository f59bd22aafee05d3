"""Directions exchanged and input reversed: the same states, against torch as well."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.rnn.recurrence.mirror import mirrored
from companion.training import manual_seed


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("bias", [True, False])
def test_the_symmetry(kind, layers, bias):
    manual_seed(layers)
    layer = getattr(nn, kind)(3, 4, layers, bias=bias, bidirectional=True).double()
    x = np.random.default_rng(layers).normal(size=(6, 2, 3))
    states = layer(x)[0].numpy()
    back = mirrored(layer)(x[::-1].copy())[0].numpy()[::-1]
    np.testing.assert_allclose(np.roll(back, 4, axis=2), states, atol=1e-14)
    assert abs(layer(x[::-1].copy())[0].numpy()[::-1] - states).max() > 1e-4
    twice = mirrored(mirrored(layer)).state_dict()
    for name, weight in layer.state_dict().items():
        np.testing.assert_array_equal(twice[name], weight)


def test_torch_has_the_same_symmetry():
    layer = nn.GRU(3, 4, 2, bidirectional=True).double()
    x = np.random.default_rng(0).normal(size=(5, 1, 3))
    found = []
    for own, steps in ((layer, x), (mirrored(layer), x[::-1].copy())):
        other = torch.nn.GRU(3, 4, 2, bidirectional=True).double()
        state = own.state_dict()
        other.load_state_dict({k: torch.tensor(np.array(w)) for k, w in state.items()})
        found.append(other(torch.tensor(steps))[0].detach().numpy())
    np.testing.assert_allclose(np.roll(found[1][::-1], 4, axis=2), found[0], atol=1e-14)


def test_the_layer_stays_as_it_is():
    layer = nn.RNN(2, 3, bidirectional=True)
    before = {name: np.array(w) for name, w in layer.state_dict().items()}
    new = mirrored(layer)
    next(iter(new.parameters())).data[...] = 9
    for name, weight in layer.state_dict().items():
        np.testing.assert_array_equal(weight, before[name])


def test_one_direction_is_refused():
    with pytest.raises(ValueError, match="expected bidirectional=True"):
        mirrored(nn.GRU(2, 3))
