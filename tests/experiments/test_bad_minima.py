"""The ends of training: digits as described, the best rate of a bowl, and true minima."""

import numpy as np

from companion import optim
from companion.data.digits import digits
from companion.experiments.optimization.bad_minima import best_rate, ends_of, some_digits
from companion.optimization.tanh_networks import TanhNetworks
from companion.optimization.trajectories import walk


def train(nets, points, rates):
    return walk(
        lambda p: rates * nets.gradient(p), lambda p: optim.SGD(p, 1.0, 0.9), points, 100
    )[-1]


class Bowl:
    """½ · 4θ² for each of R numbers."""

    def draw(self, count, seed=0):
        return np.random.default_rng(seed).normal(size=(count, 1))

    def value(self, points):
        return 2 * np.sum(points**2, axis=1)

    def gradient(self, points):
        return 4 * points


def test_digits_are_described_by_uncorrelated_numbers():
    Z, t = some_digits(digits(), seed=1)
    assert Z.shape == (50, 4)
    np.testing.assert_allclose(Z.T @ Z / 50, np.eye(4), atol=1e-12)
    assert set(t) == {-1, 1}


def test_the_best_rate_of_a_bowl_is_one_over_its_curvature():
    def steps(nets, points, rates):
        for _ in range(10):
            points = points - rates * nets.gradient(points)
        return points

    assert best_rate(Bowl(), steps, rates=[0.05, 0.25, 0.45, 3.0]) == 0.25


def test_networks_end_in_minima():
    ends = ends_of(TanhNetworks(*some_digits(digits(), seed=1), 2), train, 0.25, count=4)
    assert ends.costs.shape == (4,)
    assert ends.slopes.max() < 1e-8
    assert ends.least.min() > 0
    assert ends.costs.max() < 0.5  # always answering 0
