"""Surfaces: derivatives against torch's, minima against SciPy's."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from companion.optimization.surfaces import SURFACES, noisy, ravine

POINTS = np.random.default_rng(0).uniform(-2, 2, size=(7, 2))
C = (1.5, 2.25, 2.625)
FORMULAS = {
    "ravine": lambda x, y: (x**2 + 25 * y**2) / 2,
    "saddle": lambda x, y: x**2 / 2 - y**2 / 2 + y**4 / 4,
    "plateau": lambda x, y: 1 - torch.exp(-(x**2 + y**2) / 2),
    "Rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "Beale": lambda x, y: sum((c - x + x * y**k) ** 2 for k, c in enumerate(C, 1)),
}


@pytest.mark.parametrize("name", SURFACES)
def test_values_and_derivatives_are_torch_s(name):
    surface, formula = SURFACES[name], FORMULAS[name]
    for p in POINTS:
        x = torch.tensor(p)
        value = torch.autograd.functional
        np.testing.assert_allclose(surface.value(p), formula(*x), rtol=1e-12)
        expected = value.jacobian(lambda x: formula(*x), x)
        np.testing.assert_allclose(surface.gradient(p), expected, rtol=1e-10, atol=1e-12)
        expected = value.hessian(lambda x: formula(*x), x)
        np.testing.assert_allclose(surface.hessian(p), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", SURFACES)
def test_many_points_at_once(name):
    surface = SURFACES[name]
    for part in (surface.value, surface.gradient, surface.hessian):
        one_by_one = np.array([part(p) for p in POINTS])
        np.testing.assert_allclose(part(POINTS), one_by_one, rtol=1e-12)
        grid = part(POINTS[:6].reshape(2, 3, 2))
        np.testing.assert_allclose(grid.reshape(6, *grid.shape[2:]), one_by_one[:6], rtol=1e-12)


@pytest.mark.parametrize("name", SURFACES)
def test_the_minimum_is_where_scipy_finds_it(name):
    surface = SURFACES[name]
    near = np.add(surface.minimum, 0.05)
    found = minimize(surface.value, near, method="Nelder-Mead", options={"xatol": 1e-9})
    np.testing.assert_allclose(found.x, surface.minimum, atol=1e-4)
    left, right, bottom, top = surface.box
    for x, y in (surface.minimum, surface.start):
        assert left <= x <= right
        assert bottom <= y <= top


def test_condition_is_the_quotient_of_the_curvatures():
    assert np.linalg.cond(ravine(100.0).hessian(np.zeros(2))) == pytest.approx(100)


def test_noise_has_the_given_size_and_mean_zero():
    gradient = noisy(ravine().gradient, 0.5, np.random.default_rng(0))
    errors = np.array([gradient(POINTS[0]) - ravine().gradient(POINTS[0]) for _ in range(4000)])
    np.testing.assert_allclose(errors.mean(axis=0), 0, atol=4 * 0.5 / 4000**0.5)
    np.testing.assert_allclose(errors.std(axis=0), 0.5, rtol=0.05)
