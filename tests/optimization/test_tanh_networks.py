"""Small networks against torch's derivatives and SciPy's minimizer."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from companion.optimization.tanh_networks import TanhNetworks

RANDOM = np.random.default_rng(4)
X, Y = RANDOM.normal(size=(9, 3)), RANDOM.normal(size=9)


def by_torch(width, decay):
    """The cost of one network as a function of its point."""
    inputs, targets = torch.tensor(X), torch.tensor(Y)

    def cost(point):
        into = point[: 4 * width].reshape(width, 4)
        w, b = point[4 * width : 5 * width], point[-1]
        outputs = torch.tanh(inputs @ into[:, :3].T + into[:, 3]) @ w + b
        return torch.mean((outputs - targets) ** 2) / 2 + decay / 2 * torch.sum(point**2)

    return cost


@pytest.mark.parametrize("width", [1, 2, 5])
@pytest.mark.parametrize("scale", [0.3, 3.0])
def test_cost_and_derivatives_are_torch_s(width, scale):
    nets, cost = TanhNetworks(X, Y, width, decay=0.02), by_torch(width, 0.02)
    points = RANDOM.normal(scale=scale, size=(3, nets.size))
    tolerance = {"rtol": 1e-10, "atol": 1e-12}
    derivatives = torch.autograd.functional
    for k, point in enumerate(torch.tensor(points)):
        np.testing.assert_allclose(nets.value(points)[k], cost(point), **tolerance)
        expected = derivatives.jacobian(cost, point)
        np.testing.assert_allclose(nets.gradient(points)[k], expected, **tolerance)
        expected = derivatives.hessian(cost, point)
        np.testing.assert_allclose(nets.hessian(points)[k], expected, **tolerance)


def test_settling_ends_in_minima_that_scipy_cannot_improve():
    nets = TanhNetworks(X, Y, 2, decay=1e-2)
    points = nets.draw(8, seed=1)
    ends = nets.settle(points)
    assert np.all(nets.value(ends) < nets.value(points))
    assert np.linalg.norm(nets.gradient(ends), axis=1).max() < 1e-8
    assert np.linalg.eigvalsh(nets.hessian(ends)).min() > 0
    for end, height in zip(ends, nets.value(ends), strict=True):
        better = minimize(lambda p: nets.value(p[None])[0], end + 1e-3, tol=1e-12)
        assert better.fun == pytest.approx(height, rel=1e-6)


def test_settling_leaves_a_saddle():
    """With all weights zero the slope of the weights is zero, and the cost is not least."""
    nets = TanhNetworks(X, Y - Y.mean(), 1, decay=1e-3)
    flat = np.zeros((1, nets.size))
    assert np.linalg.norm(nets.gradient(flat)) < 1e-12
    assert np.linalg.eigvalsh(nets.hessian(flat)).min() < 0
    end = nets.settle(flat + 1e-3 * RANDOM.normal(size=flat.shape))
    assert nets.value(end) < nets.value(flat) - 1e-3


def test_fresh_weights_have_xavier_s_variance_and_no_biases():
    nets = TanhNetworks(RANDOM.normal(size=(5, 20)), np.zeros(5), 30)
    points = nets.draw(200, seed=0)
    into = points[:, : 30 * 21].reshape(200, 30, 21)
    assert into[..., :-1].var() == pytest.approx(2 / 50, rel=0.02)
    assert points[:, 30 * 21 : -1].var() == pytest.approx(2 / 31, rel=0.06)
    assert not into[..., -1].any()
    assert not points[:, -1].any()
    assert not np.array_equal(points, nets.draw(200, seed=1))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": X[0]}, r"X has the shape \(3,\), y \(9,\); expected"),
        ({"y": Y[:, None]}, r"y \(9, 1\); expected \(N, D\) and \(N,\)"),
        ({"width": 0}, "got 0 units"),
        ({"decay": 0.0}, "the decay 0.0; expected at least 1 unit and a decay above 0"),
    ],
)
def test_what_does_not_fit_is_named(change, message):
    with pytest.raises(ValueError, match=message):
        TanhNetworks(**{"X": X, "y": Y, "width": 2, **change})
