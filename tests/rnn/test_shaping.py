"""Top-k and nucleus, against loops and torch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from companion.rnn.language.sampling import nucleus, top_k

seeds = st.integers(0, 10**6)


def drawn(seed):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.full(rng.integers(1, 12), 0.5))


@given(seeds, st.integers(1, 12))
def test_top_k_keeps_what_torch_keeps(seed, k):
    p = drawn(seed)
    before = p.copy()
    got = top_k(k)(p)
    best = torch.topk(torch.tensor(p), min(k, len(p)))
    want = np.zeros(len(p))
    want[best.indices] = best.values / best.values.sum()
    np.testing.assert_allclose(got, want, atol=1e-12)
    np.testing.assert_array_equal(p, before)


@given(seeds, st.floats(0.01, 1))
def test_nucleus_is_the_smallest_set_that_reaches_the_mass(seed, mass):
    p = drawn(seed)
    got = nucleus(mass)(p)
    kept = got > 0
    assert got.sum() == pytest.approx(1)
    assert p[kept].sum() > mass - 1e-9
    if kept.sum() > 1:
        assert p[kept].sum() - p[kept].min() < mass + 1e-9
    if (~kept).any():
        assert p[kept].min() >= p[~kept].max()
    np.testing.assert_allclose(got[kept], p[kept] / p[kept].sum())


def test_at_the_ends():
    p = np.array([0.1, 0.2, 0.3, 0.4])
    np.testing.assert_allclose(nucleus(0.3)(p), [0, 0, 0, 1])
    np.testing.assert_allclose(nucleus(0.4)(p), [0, 0, 0, 1])
    np.testing.assert_allclose(nucleus(0.7)(p), [0, 0, 3 / 7, 4 / 7])
    np.testing.assert_allclose(nucleus(1)(p), p)
    np.testing.assert_allclose(top_k(99)(p), p)
    np.testing.assert_allclose(top_k(1)(np.full(4, 0.25)), [1, 0, 0, 0])
    np.testing.assert_allclose(nucleus(0.5)(np.full(4, 0.25)), [0.5, 0.5, 0, 0])


def test_what_is_out_of_range_is_named():
    with pytest.raises(ValueError, match="k=0; expected at least 1"):
        top_k(0)
    for mass in (0, -1, 1.01, np.nan):
        with pytest.raises(ValueError, match=f"mass {mass}"):
            nucleus(mass)
