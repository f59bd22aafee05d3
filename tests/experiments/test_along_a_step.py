"""What is measured along a step agrees with closed forms, and measuring leaves no trace."""

import numpy as np
import pytest

from companion.experiments.optimization.along_a_step import (
    roughness,
    shaken,
    unsteadiness,
    walk_along,
)
from companion.experiments.optimization.normalized_networks import Networks, OverBatch, Plain, train
from companion.gradients.tensor import Tensor
from companion.optimization.normalization.normalize import normalize

RANDOM = np.random.default_rng(6)
X, Y = RANDOM.normal(size=(64, 6)).astype(np.float32), RANDOM.integers(0, 10, 64)


def networks(norm):
    return Networks([1, 2], norm, [6, 8, 8, 10])


def test_a_short_walk_lowers_the_loss_by_the_square_of_the_gradient():
    nets = networks(OverBatch(normalize))
    nets.backward(X, Y)
    squares = sum(np.square(p.grad).reshape(2, -1).sum(axis=1) for p in nets.parameters())
    rise, turned, by_distance = walk_along(nets, X, Y, 1e-3, [1.0])[0]
    np.testing.assert_allclose(rise, -1e-3 * squares, rtol=0.05)
    np.testing.assert_allclose(by_distance, turned / 1e-3)


def test_a_linear_loss_does_not_turn_its_gradient():
    class Line:
        """Loss Σ a w for each of two networks."""

        norm = None

        def __init__(self):
            self.w = Tensor(np.ones((2, 3, 1), np.float32), requires_grad=True)

        def parameters(self):
            return [self.w]

        def backward(self, x, y):
            self.w.grad = np.broadcast_to(x, self.w.shape).astype(np.float32)
            return (self.w.data * x).sum(axis=(1, 2))

    slope = np.array([[[1.0], [2.0], [2.0]]], np.float32)
    found = walk_along(Line(), slope, None, 0.5, [1, 2])
    np.testing.assert_allclose(found[:, 0], [[-4.5, -4.5], [-9, -9]])
    np.testing.assert_array_equal(found[:, 1:], 0)


@pytest.mark.parametrize("measure", [unsteadiness, roughness])
def test_measuring_leaves_training_as_it_is(measure):
    watched, alone = networks(OverBatch(normalize)), networks(OverBatch(normalize))
    measure(watched, 0.1, X, Y, steps=12)
    train(alone, 0.1, X, Y, steps=12)
    for ours, other in zip(watched.parameters(), alone.parameters(), strict=True):
        np.testing.assert_array_equal(ours.data, other.data)
    for layer in (0, 1):
        np.testing.assert_array_equal(watched.norm.running[layer], alone.norm.running[layer])


def test_without_steps_nothing_moves_unless_it_is_shaken():
    _, still = unsteadiness(networks(Plain()), 0.0, X, Y, steps=5)
    np.testing.assert_array_equal(still, np.zeros((2, 2)))
    nets = networks(Plain())
    nets.disturb = shaken(1.0)
    _, moves = unsteadiness(nets, 0.0, X, Y, steps=5)
    assert (moves > 0.1).all()


def test_shaking_scales_and_shifts_within_its_bounds():
    disturb = shaken(1.0)
    z = np.stack([np.zeros((4, 200, 1)), np.ones((4, 200, 1))], axis=-1)[..., 0, :]
    shift, top = np.moveaxis(disturb(z), -1, 0)
    assert shift.min() >= -1
    assert shift.max() <= 1
    assert np.abs(shift).max() > 0.9
    assert 1 <= (top - shift).min() < 1.1
    assert 1.4 < (top - shift).max() <= 1.5 + 1e-6
    assert not np.array_equal(disturb(z)[..., 0], shift)
