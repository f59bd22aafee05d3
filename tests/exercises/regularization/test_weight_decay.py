"""Checks of the exercise in the chapter on ridge and weight decay."""

import numpy as np

from companion.exercises import assert_close, check


def inputs(shape, rank=None, seed=0):
    """Centred inputs, of a lower rank if asked for."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=shape)
    if rank is not None:
        X = rng.normal(size=(shape[0], rank)) @ rng.normal(size=(rank, shape[1]))
    return X - X.mean(axis=0)


def by_trace(X, lam):
    """Trace of the matrix that turns targets into predictions."""
    m, D = X.shape
    return np.trace(X @ np.linalg.solve(X.T @ X / m + lam * np.eye(D), X.T)) / m


@check(
    "effective-number",
    points=2,
    hints=(
        "Each direction counts with its factor, a number between 0 and 1.",
        "Singular values of X itself, squared, beside m times λ.",
        "s = np.linalg.svd(X, compute_uv=False); np.sum(s**2 / (s**2 + len(X) * lam))",
    ),
)
def test_the_sum_of_the_factors(student):
    "the number equals the trace of the matrix that turns targets into predictions"
    for shape in ((30, 4), (8, 12)):
        X = inputs(shape)
        s = np.linalg.svd(X, compute_uv=False)
        s = s[s > 1e-10 * s[0]]
        for lam in (0.05, 1.0):
            m = len(X)
            mistakes = {
                "m is missing beside λ": np.sum(s**2 / (s**2 + lam)),
                "the singular values are squared": np.sum(s / (s + m * lam)),
                "the factors are added up, not averaged": by_trace(X, lam) / len(s),
                "m is the number of examples, the rows": np.sum(s**2 / (s**2 + shape[1] * lam)),
            }
            what = f"the number for X of shape {shape} and λ = {lam}"
            assert_close(
                student.effective_number(X, lam), by_trace(X, lam), mistakes=mistakes, what=what
            )


@check(
    "effective-number",
    hints=(
        "With λ = 0 every direction in use counts 1, and 0/0 must not happen.",
        "Leave singular values out that are below 1e-10 times the largest.",
        "s = s[s > 1e-10 * s.max()]",
    ),
)
def test_without_a_penalty_it_is_the_rank(student):
    "with λ = 0 it is the rank of X, also where some directions are not in use"
    for shape, rank in (((20, 5), 5), ((20, 6), 3), ((6, 10), 5)):
        X = inputs(shape, rank)
        X[:, 0] = 0.0 if rank == 3 else X[:, 0]
        expected = float(np.linalg.matrix_rank(X))
        mistakes = {"this counts all columns": float(shape[1]), "this is NaN: 0/0": np.nan}
        what = f"the number for X of shape {shape} and rank {expected:g}"
        got = student.effective_number(X, 0)
        assert_close(got, expected, mistakes=mistakes, what=what)
    # Large, small and very unequal columns: what is 0 depends on the largest singular value only.
    for sizes, rank in (((1e8, 1e8, 1e8), 2), ((1e-12, 1e-12, 1e-12), 2), ((1.0, 1e-7, 1.0), 3)):
        X = inputs((20, 3), rank, seed=5) * sizes
        what = f"the number for X of rank {rank} with columns of the sizes {sizes}"
        got = student.effective_number(X, 0)
        mistakes = {"compare singular values with the largest of them": 3.0 if rank == 2 else 2.0}
        assert_close(got, float(rank), mistakes=mistakes, what=what)
