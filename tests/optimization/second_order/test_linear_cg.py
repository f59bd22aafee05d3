"""Linear conjugate gradients: SciPy's iterates, n steps, conjugacy, clusters."""

import numpy as np
import pytest
import scipy.sparse.linalg as sparse
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ortho_group

from companion.optimization.second_order.conjugate_gradients import (
    NotPositiveDefinite,
    conjugate_gradients,
)


def system(seed, n, eigenvalues=None):
    rng = np.random.default_rng(seed)
    eigenvalues = rng.uniform(1, 10, n) if eigenvalues is None else np.asarray(eigenvalues)
    Q = ortho_group.rvs(n, random_state=seed) if n > 1 else np.eye(1)
    A = (Q * eigenvalues) @ Q.T
    return (A + A.T) / 2, rng.normal(size=n)


@given(st.integers(0, 10_000), st.integers(1, 12), st.floats(0, 3))
def test_random_systems_are_solved_in_n_steps(seed, n, decades):
    A, b = system(seed, n, np.logspace(0, decades, n))
    start = np.random.default_rng(seed + 1).normal(size=n)
    found = conjugate_gradients(A, b, start, tolerance=1e-9)
    np.testing.assert_allclose(found.x, np.linalg.solve(A, b), rtol=0, atol=1e-7)
    np.testing.assert_allclose(np.linalg.norm(A @ found.x - b), found.gradient_norm, atol=1e-9)
    assert found.converged
    # Where the condition is large, rounding asks for more steps.
    assert found.iterations <= (n if decades <= 1 else 2 * n)


@pytest.mark.parametrize("seed", range(5))
def test_iterates_are_scipy_s(seed):
    A, b = system(seed, 30)
    start, theirs = np.ones(30), []
    sparse.cg(A, b, x0=start, rtol=1e-10, maxiter=15, callback=lambda x: theirs.append(x.copy()))
    found = conjugate_gradients(A, b, start, tolerance=1e-10, max_iterations=15)
    np.testing.assert_allclose(found.path[1:], theirs, rtol=1e-10, atol=1e-10)
    np.testing.assert_array_equal(found.path[0], start)


def test_values_are_those_of_the_quadratic_function():
    A, b = system(3, 8)
    found = conjugate_gradients(A, b, np.ones(8))
    expected = [x @ A @ x / 2 - b @ x for x in found.path]
    np.testing.assert_allclose(found.values, expected, rtol=1e-10)
    assert (np.diff(found.values) < 0).all()
    norms = [np.linalg.norm(b - A @ x) for x in found.path[:-2]]
    np.testing.assert_allclose(found.gradient_norms[:-2], norms, rtol=1e-6)
    assert found.gradient_evaluations == found.iterations + 1


def test_directions_are_conjugate_and_residuals_orthogonal():
    A, b = system(4, 10)
    path = conjugate_gradients(A, b).path
    steps, residuals = np.diff(path, axis=0), b - path @ A
    lengths = np.sqrt(np.einsum("ki,ij,kj->k", steps, A, steps))
    products = (steps @ A @ steps.T) / np.outer(lengths, lengths)
    np.testing.assert_allclose(products, np.eye(len(steps)), atol=1e-6)
    R = residuals[:8] / np.linalg.norm(residuals[:8], axis=1, keepdims=True)
    np.testing.assert_allclose(R @ R.T, np.eye(8), atol=1e-6)


@pytest.mark.parametrize("distinct", [1, 2, 3, 5])
def test_as_many_steps_as_there_are_different_eigenvalues(distinct):
    A, b = system(5, 60, np.resize(np.linspace(1, 20, distinct), 60))
    found = conjugate_gradients(A, b, tolerance=1e-8)
    assert found.iterations == distinct


def test_errors_shrink_at_least_as_fast_as_the_bound():
    """‖e_k‖_A ≤ 2 ((√κ - 1) / (√κ + 1))ᵏ ‖e_0‖_A."""
    A, b = system(6, 200, np.linspace(1, 100, 200))
    path, x = conjugate_gradients(A, b, max_iterations=60).path, np.linalg.solve(A, b)
    errors = np.sqrt(np.einsum("ki,ij,kj->k", path - x, A, path - x))
    bound = 2 * (9 / 11) ** np.arange(len(path)) * errors[0]
    assert (errors <= bound * (1 + 1e-10)).all()


def test_only_products_are_asked_for():
    A, b = system(7, 12)
    by_matrix, by_product = conjugate_gradients(A, b), conjugate_gradients(lambda x: A @ x, b)
    np.testing.assert_array_equal(by_matrix.x, by_product.x)
    assert by_product.gradient_evaluations == by_product.iterations
    alone = conjugate_gradients(A, b, keep_path=False)
    np.testing.assert_array_equal(alone.path, [alone.x])


def test_nothing_to_do():
    found = conjugate_gradients(np.eye(2), np.zeros(2))
    assert (found.iterations, found.converged, found.gradient_evaluations) == (0, True, 0)
    np.testing.assert_array_equal(found.x, [0, 0])


def test_a_right_hand_side_of_zero_leads_to_zero():
    A, _ = system(9, 6)
    found = conjugate_gradients(A, np.zeros(6), np.ones(6))
    assert found.converged
    np.testing.assert_allclose(found.x, 0, atol=1e-9)


def test_giving_up_is_told():
    A, b = system(8, 40, np.logspace(0, 8, 40))
    found = conjugate_gradients(A, b, max_iterations=5)
    assert not found.converged
    assert found.iterations == 5
    assert "after 5 iterations" in found.message


@pytest.mark.parametrize(
    ("A", "b", "start", "message"),
    [
        (np.eye(3), [1.0, 2.0], None, r"A has shape \(3, 3\); expected \(2, 2\)"),
        (np.eye(2), [[1.0, 2.0]], None, r"b has shape \(1, 2\)"),
        (np.eye(2), [1.0, np.nan], None, r"b\[1\] is nan"),
        (np.eye(2), [1.0, 2.0], [1.0], r"start has shape \(1,\), b has \(2,\)"),
        ([[1.0, 1.0], [0.0, 1.0]], [1.0, 2.0], None, "not symmetric; conjugate gradients need"),
        ([[1.0, np.inf], [np.inf, 1.0]], [1.0, 2.0], None, "A holds numbers that are not finite"),
    ],
)
def test_errors(A, b, start, message):
    with pytest.raises(ValueError, match=message):
        conjugate_gradients(A, b, start)


@pytest.mark.parametrize(
    "options", [{"tolerance": 0.0}, {"tolerance": np.nan}, {"max_iterations": -1}]
)
def test_options_out_of_range(options):
    with pytest.raises(ValueError, match="expected a tolerance above 0 and at least 0 iterations"):
        conjugate_gradients(np.eye(2), np.ones(2), **options)


def test_a_matrix_that_curves_down_is_refused_with_the_point_reached():
    A, b = np.diag([1.0, 2.0, -1.0]), np.array([1.0, 1.0, 0.1])
    with pytest.raises(NotPositiveDefinite, match="A is not positive definite") as caught:
        conjugate_gradients(A, b)
    x = caught.value.x
    assert x.any()
    assert x @ A @ x / 2 - b @ x < 0
    with pytest.raises(NotPositiveDefinite, match="pᵀAp is 0 at step 1"):
        conjugate_gradients(np.zeros((2, 2)), np.ones(2))
