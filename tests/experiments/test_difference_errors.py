"""Errors of difference quotients: for powers they are known to the last term."""

import numpy as np
import pytest
import torch

from companion.data.digits import digits, pooled
from companion.experiments.gradients.difference_errors import (
    PRECISIONS,
    SIZES,
    along_a_line,
    at_random_points,
    errors_of,
)
from companion.gradients.backpropagation import initialize

CUBE = at_random_points(lambda x: x**3, lambda x: 3 * x**2)


def test_errors_of_a_cube_in_closed_form():
    found = errors_of(CUBE, "64 bits", points=5)
    x = np.array([CUBE(seed)[2] for seed in range(5)])[:, None]
    steps = PRECISIONS["64 bits"][2][None, :12]
    central, one = found["central"], found["one-sided"]
    np.testing.assert_allclose(central.found[:, :12], steps**2 + 0 * x, rtol=1e-4)
    np.testing.assert_allclose(one.found[:, :12], 3 * x * steps + steps**2, rtol=1e-4)
    np.testing.assert_allclose(central.predicted[:, :12], steps**2 + 0 * x, rtol=1e-4)
    np.testing.assert_allclose(one.predicted[:, :12], 3 * x * steps, rtol=1e-4)


def test_the_best_step_of_a_cube_in_closed_form():
    u = 2.0**-24
    found = errors_of(CUBE, "32 bits", points=3)
    x = np.array([CUBE(seed)[2] for seed in range(3)])
    expected = np.median((3 * u * x**3 / 6) ** (1 / 3))
    np.testing.assert_allclose(found["central"].best, expected, rtol=1e-4)
    expected = np.median(2 * (u * x**3 / (6 * x)) ** 0.5)
    np.testing.assert_allclose(found["one-sided"].best, expected, rtol=1e-4)


@pytest.mark.parametrize("precision", [*PRECISIONS])
def test_arms_lie_on_either_side_of_the_best_step(precision):
    for errors in errors_of(CUBE, precision, points=20).values():
        assert errors.steps[errors.left].max() < errors.best / 4
        assert errors.steps[errors.right].min() > 4 * errors.best
        assert not np.any(errors.left & errors.right)
        assert errors.left.sum() > 2
        assert errors.right.sum() > 2
    assert errors.best_found in errors.steps
    np.testing.assert_allclose(errors.slope(errors.right), 2, atol=0.05)


def test_the_slope_along_a_line_is_torch_s():
    phi, slope, t = along_a_line(3)
    at = {}
    for step in (-1e-5, 0.0, 1e-5):
        at[step] = phi(np.float64(t + step))
    measured = (at[1e-5] - at[-1e-5]) / 2e-5
    np.testing.assert_allclose(slope(t), measured, rtol=1e-7)
    assert type(phi(np.float32(0))) is np.float32
    # Straight through torch: the derivative of the cost along the direction.
    data = digits()
    a = torch.tensor(pooled(data.X_train[:20].astype(float), 4))
    s = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    pairs = zip(initialize(SIZES, seed=3), initialize(SIZES, seed=1003), strict=True)
    for layer, ((W, b), (V, _)) in enumerate(pairs, 1):
        z = a @ (torch.tensor(W) + s * torch.tensor(V)).T + torch.tensor(b)
        a = z if layer == 3 else torch.tanh(z)
    cost = torch.nn.functional.cross_entropy(a, torch.tensor(data.y_train[:20]))
    cost.backward()
    np.testing.assert_allclose(slope(t), s.grad.item(), rtol=1e-10)
    np.testing.assert_allclose(at[0.0], cost.item(), rtol=1e-12)
