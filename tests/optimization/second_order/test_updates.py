"""BFGS updates and the two-loop recursion: SciPy's, the secant equation, closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import BFGS, LbfgsInvHessProduct

from companion.optimization.second_order.bfgs import bfgs, curves_up, update
from companion.optimization.second_order.lbfgs import Memory, lbfgs
from tests.optimization.second_order.problems import PROBLEMS


def pairs(seed, n, count):
    """Steps s and y = Hs of a random positive definite H."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(n, n)) + 2 * np.eye(n)
    S = rng.normal(size=(count, n))
    return S, S @ (root @ root.T + 0.1 * np.eye(n))


@given(st.integers(0, 10_000), st.integers(1, 8))
def test_the_update_keeps_what_it_must(seed, n):
    (s, *_), (y, *_) = pairs(seed, n, 1)
    root = np.random.default_rng(seed + 1).normal(size=(n, n))
    V = root @ root.T + 0.5 * np.eye(n)
    V = (V + V.T) / 2
    new = update(V, s, y)
    np.testing.assert_array_equal(new, new.T)
    np.testing.assert_allclose(new @ y, s, rtol=1e-7, atol=1e-7 * np.linalg.norm(s))
    assert np.linalg.eigvalsh(new).min() > 0
    left = np.eye(n) - np.outer(s, y) / (s @ y)
    expected = left @ V @ left.T + np.outer(s, s) / (s @ y)
    np.testing.assert_allclose(new, expected, rtol=1e-8, atol=1e-8 * np.abs(expected).max())


@pytest.mark.parametrize("seed", range(5))
def test_a_row_of_updates_is_scipy_s(seed):
    S, Y = pairs(seed, 6, 12)
    theirs = BFGS(init_scale=1.0, exception_strategy="damp_update", min_curvature=1e-300)
    theirs.initialize(6, "inv_hess")
    V = np.eye(6)
    for s, y in zip(S, Y, strict=True):
        theirs.update(s, y)
        V = update(V, s, y)
        np.testing.assert_allclose(V, theirs.get_matrix(), rtol=1e-9, atol=1e-10)


def test_the_inverse_of_the_update_is_the_update_of_the_inverse():
    """B + yyᵀ / y·s - Bssᵀ B / sᵀBs, the formula for the Hessian itself."""
    (s,), (y,) = pairs(2, 5, 1)
    root = np.random.default_rng(3).normal(size=(5, 5))
    B = root @ root.T + np.eye(5)
    direct = B + np.outer(y, y) / (y @ s) - np.outer(B @ s, B @ s) / (s @ B @ s)
    np.testing.assert_allclose(np.linalg.inv(update(np.linalg.inv(B), s, y)), direct, rtol=1e-8)


@pytest.mark.parametrize("count", [0, 1, 4, 9])
def test_the_two_loops_are_scipy_s_and_the_matrix_s(count):
    S, Y = pairs(4, 7, count)
    memory, V = Memory(20), 0.3 * np.eye(7)
    for s, y in zip(S, Y, strict=True):
        assert memory.add(s, y)
        V = update(V, s, y)
    v = np.random.default_rng(5).normal(size=7)
    np.testing.assert_allclose(memory.times(v, scale=0.3), V @ v, rtol=1e-8)
    if count:
        theirs = LbfgsInvHessProduct(S, Y)
        np.testing.assert_allclose(memory.times(v, scale=1.0), theirs @ v, rtol=1e-8)
        gamma = (S[-1] @ Y[-1]) / (Y[-1] @ Y[-1])
        np.testing.assert_allclose(memory.times(v), memory.times(v, scale=gamma), rtol=1e-12)
    else:
        np.testing.assert_array_equal(memory.times(v), v)


def test_the_vector_given_stays_as_it_is():
    S, Y = pairs(6, 4, 3)
    memory, v = Memory(), np.ones(4)
    for s, y in zip(S, Y, strict=True):
        memory.add(s, y)
    memory.times(v)
    np.testing.assert_array_equal(v, np.ones(4))


def test_the_oldest_pairs_are_forgotten():
    S, Y = pairs(7, 5, 6)
    short, last = Memory(2), Memory(20)
    for k, (s, y) in enumerate(zip(S, Y, strict=True)):
        short.add(s, y)
        if k >= 4:
            last.add(s, y)
    np.testing.assert_array_equal(short.times(np.ones(5)), last.times(np.ones(5)))
    assert len(short.pairs) == 2


@pytest.mark.parametrize(
    ("s", "y"),
    [([1.0, 0], [0.0, 1]), ([1.0, 0], [-1.0, 5]), ([0.0, 0], [1.0, 1]), ([1.0, 1], [0.0, 0])],
)
def test_pairs_that_do_not_curve_up_are_left_out(s, y):
    s, y = np.array(s), np.array(y)
    memory = Memory()
    assert not curves_up(s, y)
    assert not memory.add(s, y)
    assert not memory.pairs
    with pytest.raises(ValueError, match="leave the pair out, or search the step by the Wolfe"):
        update(np.eye(2), s, y)


@pytest.mark.parametrize("which", ["Rosenbrock", "Beale", "Himmelblau"])
def test_with_room_for_every_pair_both_are_one_method(which):
    """With the same factor of the identity, L-BFGS with a long memory is BFGS, step by step."""
    problem = PROBLEMS[which]
    Scaled = type("Scaled", (Memory,), {"times": lambda self, v: Memory.times(self, v, scale=1.0)})
    full = bfgs(problem.value, problem.gradient, problem.start, tolerance=1e-5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("companion.optimization.second_order.lbfgs.Memory", Scaled)
        limited = lbfgs(
            problem.value, problem.gradient, problem.start, memory=100, tolerance=1e-5
        )
    np.testing.assert_allclose(limited.path[:12], full.path[:12], rtol=1e-6, atol=1e-8)
    assert abs(limited.iterations - full.iterations) <= 1


def test_on_a_quadratic_function_the_hessian_is_learned():
    """With exact steps n pairs are enough; ours are not exact, and take a few more."""
    H = np.diag([1.0, 4.0, 9.0])
    found = bfgs(lambda x: x @ H @ x / 2, lambda x: H @ x, (1.0, 1.0, 1.0), tolerance=1e-12)
    V = np.eye(3)
    for s, y in zip(np.diff(found.path, axis=0), np.diff(found.path @ H, axis=0), strict=True):
        if curves_up(s, y):
            V = update(V, s, y)
    np.testing.assert_allclose(V, np.linalg.inv(H), rtol=0.05, atol=0.02)
