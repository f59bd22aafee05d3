"""What the chapter on momentum derives: sums of gradients, terminal speed, the best numbers."""

import numpy as np
import pytest

from companion import optim
from companion.optimization.surfaces import SURFACES, ravine, saddle
from companion.optimization.trajectories import walk


@pytest.mark.parametrize("mu", [0.3, 0.9])
def test_the_velocity_is_a_weighted_sum_of_all_gradients(mu):
    rng = np.random.default_rng(0)
    gradients = rng.normal(size=(30, 4))
    given = iter(gradients)
    path = walk(lambda p: next(given), lambda p: optim.SGD(p, 0.1, mu), np.zeros(4), 30)
    for t in range(30):
        velocity = mu ** np.arange(t, -1, -1.0) @ gradients[: t + 1]
        np.testing.assert_allclose(path[t] - path[t + 1], 0.1 * velocity, rtol=1e-10, atol=1e-13)


def test_on_a_constant_slope_the_step_grows_to_its_last_size():
    path = walk(lambda p: np.ones(1), lambda p: optim.SGD(p, 0.01, 0.9), [0.0], 300)
    expected = 0.01 / (1 - 0.9) * (1 - 0.9 ** np.arange(1, 301))
    np.testing.assert_allclose(-np.diff(path[:, 0]), expected, rtol=1e-10)


@pytest.mark.parametrize("name", ["ravine", "Rosenbrock", "Beale", "plateau"])
@pytest.mark.parametrize("mu", [0.5, 0.9])
def test_nesterov_s_rule_walks_over_the_points_ahead(name, mu):
    """The rule as first written, with a gradient at the point ahead, is torch's, shifted."""
    surface, lr = SURFACES[name], 2e-4
    theta, v, ahead = np.array(surface.start), np.zeros(2), [np.array(surface.start)]
    for _ in range(60):
        v = mu * v + surface.gradient(theta - lr * mu * v)
        theta = theta - lr * v
        ahead.append(theta - lr * mu * v)
    path = walk(
        surface.gradient, lambda p: optim.SGD(p, lr, mu, nesterov=True), surface.start, 60
    )
    np.testing.assert_allclose(path, ahead, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("kappa", [4.0, 25.0, 400.0])
def test_best_momentum_shrinks_every_distance_at_one_rate(kappa):
    """In the long run by √μ a step; a factor of t remains, for the roots coincide."""
    q = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    steps = int(40 * np.sqrt(kappa))
    make = {
        "momentum": (lambda p: optim.SGD(p, 4 / (1 + np.sqrt(kappa)) ** 2, q**2), q),
        "nesterov": (
            lambda p: optim.SGD(p, 1 / kappa, q, nesterov=True),
            1 - 1 / np.sqrt(kappa),
        ),
    }
    for optimizer, rate in make.values():
        path = walk(ravine(kappa).gradient, optimizer, (1.0, 1.0), steps)
        slow = np.abs(path[:, 0]) / (1 + np.arange(steps + 1.0)) / rate ** np.arange(steps + 1.0)
        assert slow[steps // 2 :].max() < 3
        assert slow[steps // 2 :].min() > 1 / (3 * kappa)


@pytest.mark.parametrize("mu", [0.0, 0.5, 0.9])
def test_the_limit_of_the_rate_is_twice_one_plus_mu(mu):
    for factor, grows in ((0.99, False), (1.01, True)):
        rate = factor * 2 * (1 + mu) / 25
        path = walk(ravine(25.0).gradient, lambda p, r=rate: optim.SGD(p, r, mu), (0, 1), 3000)
        assert (np.abs(path[-1, 1]) > 1) == grows


def test_many_starts_walk_at_once():
    surface, starts = SURFACES["Rosenbrock"], np.array([[-1.0, 1.0], [0.5, 0.2], [1.5, 2.0]])
    paths = walk(surface.gradient, lambda p: optim.SGD(p, 5e-4, 0.9), starts, 20)
    assert paths.shape == (21, 3, 2)
    for k, start in enumerate(starts):
        one = walk(surface.gradient, lambda p: optim.SGD(p, 5e-4, 0.9), start, 20)
        np.testing.assert_allclose(paths[:, k], one, rtol=1e-12)


def test_a_steep_saddle_is_steep_across_only():
    np.testing.assert_allclose(saddle(25.0).hessian(np.zeros(2)), np.diag([25.0, -1.0]))
    np.testing.assert_allclose(saddle(25.0).gradient(np.array([2.0, 0.5])), [50.0, 0.125 - 0.5])
    assert saddle(25.0).value(np.array([2.0, 1.0])) == pytest.approx(50 - 0.25)
