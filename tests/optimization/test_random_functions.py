"""Random functions against torch's derivatives, and their critical points against theorems."""

import numpy as np
import pytest
import torch
from scipy.optimize import brentq

from companion.optimization.random_functions import RandomField, critical_points, index
from companion.optimization.surfaces import SURFACES


@pytest.mark.parametrize("dim", [1, 2, 7])
def test_values_and_derivatives_are_torch_s(dim):
    field = RandomField(dim, waves=30, seed=dim)
    W, b = torch.tensor(field.frequencies), torch.tensor(field.phases)

    def formula(x):
        return np.sqrt(2 / 30) * torch.cos(W @ x + b).sum()

    for p in np.random.default_rng(1).normal(scale=5, size=(6, dim)):
        x = torch.tensor(p)
        derivatives = torch.autograd.functional
        tolerance = {"rtol": 1e-10, "atol": 1e-12}
        np.testing.assert_allclose(field.value(p), formula(x), **tolerance)
        np.testing.assert_allclose(
            field.gradient(p), derivatives.jacobian(formula, x), **tolerance
        )
        np.testing.assert_allclose(field.hessian(p), derivatives.hessian(formula, x), **tolerance)


def test_many_points_at_once():
    field = RandomField(3, waves=20)
    points = np.random.default_rng(0).normal(size=(2, 4, 3))
    for part in (field.value, field.gradient, field.hessian):
        together = part(points)
        for place in np.ndindex(2, 4):
            np.testing.assert_allclose(together[place], part(points[place]), rtol=1e-10)


def test_values_have_mean_zero_and_the_covariance_that_is_told():
    x, y = np.array([0.3, -0.2, 1.0]), np.array([0.8, 0.5, 0.4])
    values = np.array(
        [RandomField(3, 50, seed).value(np.stack([x, y, x + 30])) for seed in range(6000)]
    )
    expected = np.exp(-0.5 * np.sum((x - y) ** 2))
    covariance = np.cov(values.T)
    np.testing.assert_allclose(values.mean(axis=0), 0, atol=4 / 6000**0.5)
    np.testing.assert_allclose(np.diag(covariance), 1, atol=0.09)
    assert covariance[0, 1] == pytest.approx(expected, abs=0.06)
    assert covariance[0, 2] == pytest.approx(0, abs=0.06)


def test_all_critical_points_on_a_line_are_found():
    field = RandomField(1, waves=40, seed=3)
    grid = np.linspace(0, 30, 6001)
    slopes = field.gradient(grid[:, None])[:, 0]
    change = np.flatnonzero(np.sign(slopes[1:]) != np.sign(slopes[:-1]))
    roots = [brentq(lambda x: field.gradient([x])[0], grid[k], grid[k + 1]) for k in change]
    found = critical_points(field, np.linspace(-0.5, 30.5, 400)[:, None])[:, 0]
    found = np.unique(found[(found > 0) & (found < 30)].round(6))
    np.testing.assert_allclose(found, roots, atol=2e-6)


def test_in_two_dimensions_half_are_saddles():
    """Longuet-Higgins (1957): as many saddles as minima and maxima together, on average."""
    kinds = np.zeros(3)
    for seed in range(4):
        field = RandomField(2, waves=60, seed=seed)
        starts = np.random.default_rng(seed).uniform(-0.5, 9.5, (600, 2))
        found = critical_points(field, starts, steps=80)
        found = np.unique(found[np.all((found > 0) & (found < 9), axis=1)].round(5), axis=0)
        negative = np.rint(2 * index(field.hessian(found))).astype(int)
        kinds += np.bincount(negative, minlength=3)
    assert kinds.sum() > 100
    assert kinds[1] / kinds.sum() == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("name", ["saddle", "Rosenbrock", "ravine"])
def test_surfaces_have_the_critical_points_they_should(name):
    surface = SURFACES[name]
    near = {"saddle": [(0.1, 0.1), (0.1, 0.8), (-0.1, -1.2)], "Rosenbrock": [(0.8, 0.7)]}
    at = {"saddle": [(0, 0), (0, 1), (0, -1)], "Rosenbrock": [(1, 1)]}
    found = critical_points(surface, near.get(name, [(3.0, 1.0)]))
    np.testing.assert_allclose(found, at.get(name, [(0, 0)]), atol=1e-8)
    if name == "saddle":
        np.testing.assert_array_equal(index(surface.hessian(found)), [0.5, 0, 0])


def test_what_is_returned_has_no_slope_and_the_rest_is_left_out():
    field = RandomField(10, waves=60, seed=0)
    starts = np.random.default_rng(0).normal(size=(30, 10))
    found = critical_points(field, starts, steps=60, tolerance=1e-7)
    assert 0 < len(found) <= 30
    assert np.linalg.norm(field.gradient(found), axis=1).max() <= 1e-7
    none = critical_points(field, starts, steps=0)
    assert none.shape == (0, 10)
    assert critical_points(field, np.empty((0, 10))).shape == (0, 10)


def test_the_index_is_a_share():
    shares = index([np.diag([1.0, 2, 3]), np.diag([-1.0, 2, -3]), -np.eye(3)])
    np.testing.assert_allclose(shares, [0, 2 / 3, 1])


@pytest.mark.parametrize(("dim", "waves"), [(0, 5), (3, 0)])
def test_nothing_to_build_is_an_error(dim, waves):
    with pytest.raises(ValueError, match=f"got {dim} dimensions and {waves} waves"):
        RandomField(dim, waves)
