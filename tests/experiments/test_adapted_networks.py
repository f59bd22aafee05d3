"""Copies go on learning as `learn` would teach them; frozen layers and originals stay."""

from copy import deepcopy

import numpy as np

from companion import optim
from companion.experiments.regularization import small_sets as small
from companion.experiments.regularization.adapted_networks import adapted
from companion.experiments.side_by_side import SideBySide


def setting():
    rng = np.random.default_rng(0)
    nets = SideBySide([small.network(seed, (6, 5, 4, 3)) for seed in (1, 2)])
    return nets, rng.normal(size=(2, 8, 6)).astype("float32"), rng.integers(3, size=(2, 8))


def adam(parameters):
    return optim.Adam(parameters, lr=0.01)


def test_copies_learn_as_learn_teaches_and_originals_stay():
    nets, X, y = setting()
    before, twin = nets.state_dict(), deepcopy(nets)
    copies = adapted(nets, X, y, adam, updates=5, batch=4)
    small.learn(twin, X, y, adam(twin.parameters()), epochs=3, batch=4)
    for name, value in copies.state_dict().items():
        np.testing.assert_array_equal(value, twin.state_dict()[name])
        np.testing.assert_array_equal(before[name], nets.state_dict()[name])
        assert (value != before[name]).any()


def test_frozen_layers_stay():
    nets, X, y = setting()
    copies = adapted(nets, X, y, adam, updates=3, frozen=True)
    changed = [n for n, v in copies.state_dict().items() if (v != nets.state_dict()[n]).any()]
    assert changed == ["weight4", "bias4"]
