"""Steps to a small gradient are those of the closed form on quadratic functions."""

from types import SimpleNamespace

import numpy as np
import pytest

from companion.experiments.optimization.steps_to_converge import descend, tuned_steps

EIGENVALUES = np.array([1.0, 4.0, 10.0])


def quadratic():
    return SimpleNamespace(
        gradient=lambda x: EIGENVALUES * x,
        hessian=lambda x: np.diag(EIGENVALUES),
        start=np.ones(3),
    )


@pytest.mark.parametrize("lr", [0.02, 0.1, 0.15])
def test_gradient_descent_shrinks_each_part_by_its_factor(lr):
    points, norms = descend(quadratic().gradient, np.ones(3), lr, tolerance=1e-4)
    factors = 1 - lr * EIGENVALUES
    steps = np.arange(len(points))[:, None]
    np.testing.assert_allclose(points, factors**steps, atol=1e-12)
    expected = np.linalg.norm(EIGENVALUES * factors**steps, axis=1)
    np.testing.assert_allclose(norms, expected, atol=1e-12)
    assert norms[-1] <= 1e-4 < norms[-2]


def test_momentum_obeys_its_recurrence():
    points, _ = descend(quadratic().gradient, np.ones(3), 0.05, momentum=0.7, limit=40)
    change = points[2:] - points[1:-1]
    expected = 0.7 * (points[1:-1] - points[:-2]) - 0.05 * EIGENVALUES * points[1:-1]
    np.testing.assert_allclose(change, expected, atol=1e-12)


def test_a_walk_that_diverges_ends_early():
    points, norms = descend(quadratic().gradient, np.ones(3), 1.0, limit=10_000)
    assert len(points) < 100
    assert norms[-1] >= 1e9


def test_the_best_rate_is_the_one_of_the_closed_form():
    # The best constant rate on eigenvalues 1 … 10 is 2 / (1 + 10), that is 20/11 in units of 1/10.
    steps, lr, momentum, on_edge = tuned_steps(quadratic(), (1.0, 1.5, 20 / 11, 1.95))
    assert lr == pytest.approx(2 / 11)
    assert momentum == 0
    assert not on_edge
    assert steps == len(descend(quadratic().gradient, np.ones(3), 2 / 11)[1]) - 1


def test_the_edges_of_the_grid_are_told():
    assert tuned_steps(quadratic(), (0.5, 1.0, 1.5))[3]
    assert tuned_steps(quadratic(), (0.5, 1.0, 1.5), momenta=(0.0, 0.1))[3]
    steps, *_ = tuned_steps(quadratic(), (0.01, 0.02), limit=3)
    assert steps == np.inf
