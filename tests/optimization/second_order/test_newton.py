"""Newton's method: one step on a parabola, squared errors, other coordinates, saddles."""

import numpy as np
import pytest

from companion.optimization.second_order.newton import downhill, newton
from companion.optimization.second_order.newton_cg import differences, newton_cg
from companion.optimization.surfaces import SURFACES
from tests.optimization.second_order.problems import PROBLEMS

LOGISTIC = PROBLEMS["logistic regression"]


def of(problem, start, **options):
    return newton(problem.value, problem.gradient, problem.hessian, start, **options)


def test_one_step_on_a_quadratic_function():
    problem = PROBLEMS["condition 10,000"]
    found = of(problem, problem.start)
    assert found.iterations == 1
    expected = np.linalg.solve(problem.hessian(found.x), np.ones(20))
    np.testing.assert_allclose(found.x, expected, rtol=1e-12)


def test_near_the_minimum_errors_are_squared():
    """x ← x - f'/f'' on x - log(1 + x) has the error x_{k+1} = -x_k² exactly."""
    found = newton(
        lambda x: float(np.sum(x - np.log1p(x))),
        lambda x: x / (1 + x),
        lambda x: np.diag(1 / (1 + x) ** 2),
        (0.5,),
        safeguard=False,
        tolerance=1e-15,
    )
    expected = [0.5]
    while abs(expected[-1]) > 1e-15:
        expected.append(-(expected[-1] ** 2))
    np.testing.assert_allclose(found.path[:, 0], expected, rtol=1e-10)


@pytest.mark.parametrize("safeguard", [True, False])
def test_linear_changes_of_coordinates_change_nothing(safeguard):
    """With x = Tz the points of the two runs correspond."""
    T = np.random.default_rng(0).normal(size=(11, 11)) * np.logspace(-2, 2, 11)
    plain = of(LOGISTIC, np.zeros(11), safeguard=safeguard, tolerance=1e-9)
    bent = newton(
        lambda z: LOGISTIC.value(T @ z),
        lambda z: T.T @ LOGISTIC.gradient(T @ z),
        lambda z: T.T @ LOGISTIC.hessian(T @ z) @ T,
        np.zeros(11),
        safeguard=safeguard,
        tolerance=1e-20,
        max_iterations=plain.iterations,
    )
    np.testing.assert_allclose(bent.path @ T.T, plain.path, atol=1e-6)


def test_without_the_safeguard_a_saddle_attracts():
    surface = SURFACES["saddle"]
    plain = of(surface, (-2.0, 0.1), safeguard=False)
    np.testing.assert_allclose(plain.x, 0, atol=1e-8)
    assert plain.converged  # the gradient is zero there, and that is all that was asked
    safe = of(surface, (-2.0, 0.1))
    np.testing.assert_allclose(safe.x, [0, 1], atol=1e-8)


def test_without_the_safeguard_it_may_diverge():
    """arctan: from 1.5 each full step lands on the other side and farther away."""
    parts = (
        lambda x: float(x @ np.arctan(x) - np.log1p(x @ x) / 2),
        np.arctan,
        lambda x: np.diag(1 / (1 + x**2)),
    )
    away = newton(*parts, (1.5,), safeguard=False, max_iterations=4)
    assert (np.diff(np.abs(away.path[:, 0])) > 0).all()
    far = newton(*parts, (1.5,), safeguard=False)
    assert not far.converged
    assert "diverged" in far.message
    assert newton(*parts, (1.5,)).converged


def test_a_singular_matrix_without_the_safeguard():
    parts = lambda x: x @ x, lambda x: 2 * x, lambda x: np.zeros((2, 2))
    with pytest.raises(np.linalg.LinAlgError):
        newton(*parts, (1.0, 1.0), safeguard=False)
    assert newton(*parts, (1.0, 1.0)).converged


@pytest.mark.parametrize("seed", range(20))
def test_downhill_is_downhill(seed):
    rng = np.random.default_rng(seed)
    Q, _ = np.linalg.qr(rng.normal(size=(5, 5)))
    eigenvalues, g = rng.normal(size=5) * 10 ** rng.uniform(-3, 3, 5), rng.normal(size=5)
    H = (Q * eigenvalues) @ Q.T
    H = (H + H.T) / 2
    assert downhill(H, g) @ g > 0
    expected = Q @ ((Q.T @ g) / np.abs(eigenvalues))
    np.testing.assert_allclose(downhill(H, g), expected, rtol=1e-5)
    convex = (Q * np.abs(eigenvalues)) @ Q.T
    convex = (convex + convex.T) / 2
    np.testing.assert_allclose(downhill(convex, g), np.linalg.solve(convex, g), rtol=1e-6)


def test_products_without_a_matrix():
    x, v = np.linspace(-0.5, 0.5, 11), np.random.default_rng(1).normal(size=11)
    expected = LOGISTIC.hessian(x) @ v
    np.testing.assert_allclose(differences(LOGISTIC.gradient)(x, v), expected, rtol=1e-7)
    np.testing.assert_array_equal(differences(LOGISTIC.gradient)(x, 0 * v), 0 * v)


@pytest.mark.parametrize("which", ["Rosenbrock", "Beale", "logistic regression"])
def test_newton_cg_needs_no_matrix(which):
    problem = PROBLEMS[which]
    given = newton_cg(
        problem.value,
        problem.gradient,
        problem.start,
        product=lambda x, v: problem.hessian(x) @ v,
        tolerance=1e-7,
    )
    measured = newton_cg(problem.value, problem.gradient, problem.start, tolerance=1e-7)
    assert given.iterations == measured.iterations
    np.testing.assert_allclose(measured.x, given.x, atol=1e-5)
    assert given.gradient_evaluations == given.iterations + 1
    assert measured.gradient_evaluations > 2 * measured.iterations


def test_newton_cg_leaves_where_the_function_curves_down():
    surface = SURFACES["saddle"]
    found = newton_cg(surface.value, surface.gradient, (0.0, 0.1))
    assert found.converged
    np.testing.assert_allclose(np.abs(found.x), [0, 1], atol=1e-6)
