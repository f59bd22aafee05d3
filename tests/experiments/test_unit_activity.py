"""Zeros, flat slopes and silent units are counted as in networks made by hand."""

import numpy as np
from scipy.special import expit

from companion import nn
from companion.experiments.gradients.unit_activity import (
    never_positive,
    share_of_flat,
    share_of_zeros,
    slopes,
    sums_and_outputs,
)
from companion.experiments.side_by_side import SideBySide
from companion.nn import functional as F

X = np.array([[1.0], [2.0], [3.0], [4.0]])


def made(weights, biases, activation):
    """One hidden unit a weight, and an output that does not matter."""
    model = nn.Sequential(nn.Linear(1, len(weights)), activation, nn.Linear(len(weights), 1))
    model = model.double()
    model[0].weight.data[:] = np.reshape(weights, (-1, 1))
    model[0].bias.data[:] = biases
    return model


def test_sums_and_outputs_of_each_hidden_layer():
    model = nn.Sequential(nn.Linear(1, 2), nn.Tanh(), nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    model = model.double()
    (z1, a1), (z2, a2) = sums_and_outputs(SideBySide([model, model]), X)
    np.testing.assert_allclose(z1[1], model[0](X).numpy())
    np.testing.assert_allclose(z2[0], model[2](a1[0]).numpy())
    np.testing.assert_allclose(a1, np.tanh(z1))
    np.testing.assert_allclose(a2, np.tanh(z2))


def test_zeros_are_counted_for_each_network():
    both = SideBySide([made([1, -1], [-2.5, 0], nn.ReLU()), made([1, 1], [0, 0], nn.ReLU())])
    # Sums of the first: 1 and 2 are too small for the first unit, all make the second negative.
    np.testing.assert_allclose(share_of_zeros(both, X), [[6 / 8, 0]])


def test_flat_is_less_than_a_hundredth_of_the_largest_slope():
    one = SideBySide([made([1.0, 5.0], [0, 0], nn.Sigmoid())])
    z = np.array([1, 2, 3, 4, 5, 10, 15, 20])
    flat = expit(z) * expit(-z) < 0.01 / 4
    assert 0 < flat.mean() < 1
    np.testing.assert_allclose(share_of_flat(one, X, F.sigmoid), [flat.mean()])
    relu = SideBySide([made([1, -1], [-2.5, 0], nn.ReLU())])
    np.testing.assert_allclose(share_of_flat(relu, X, F.relu), [6 / 8])


def test_slopes_of_any_shape():
    z = np.linspace(-3, 3, 12).reshape(3, 4)
    np.testing.assert_allclose(slopes(F.tanh, z), 1 - np.tanh(z) ** 2)


def test_silent_units_are_silent_for_every_example():
    both = SideBySide(
        [made([1, -1, -1], [-3.5, 0, 1], nn.ReLU()), made([-1, 0, 1], [1.5, 0, -9], nn.ReLU())]
    )
    expected = [[False, True, True], [False, True, True]]  # z = 0 is silent too
    for first in (1, 2, 400):
        np.testing.assert_array_equal(never_positive(both, X, first), expected)


def test_a_network_that_diverged_has_no_silent_units():
    lost = SideBySide([made([np.nan], [np.nan], nn.ReLU())])
    np.testing.assert_array_equal(never_positive(lost, X), [[False]])
