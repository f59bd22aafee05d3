"""Attention by blocks: what attention gives, with less room."""

import tracemalloc

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.rnn.attention.blocks import attention_by_blocks


def drawn(front, steps, places, size, values, seed=0):
    rng = np.random.default_rng(seed)
    shapes = (steps, size), (places, size), (places, values)
    return [rng.normal(size=(*front, *shape)) for shape in shapes]


def by_torch(arrays):
    return torch.nn.functional.scaled_dot_product_attention(*map(torch.tensor, arrays)).numpy()


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.integers(1, 3), max_size=2),
    st.lists(st.integers(1, 9), min_size=4, max_size=4),
    st.integers(1, 12),
    st.floats(-3, 3),
)
def test_any_block_gives_torchs_attention(front, sizes, block, scale):
    q, k, v = drawn(front, *sizes, seed=sum(sizes))
    q = 10**scale * q
    got = attention_by_blocks(q, k, v, block)
    np.testing.assert_allclose(got, by_torch([q, k, v]), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("block", [1, 7, 64, 100, 1000])
def test_blocks_agree_to_the_last_digits(block):
    arrays = drawn((2,), 20, 100, 8, 5)
    assert abs(attention_by_blocks(*arrays, block) - by_torch(arrays)).max() < 1e-12


def test_scores_that_grow_and_fall_neither_overflow_nor_warn():
    q = np.ones((1, 1))
    v = np.arange(6.0)[:, None]
    for order in (np.arange(6), np.arange(6)[::-1]):
        k = 1000.0 * order[:, None]
        with np.errstate(all="raise", under="ignore"):
            got = attention_by_blocks(q, k, v, 2)
        np.testing.assert_allclose(got, v[[order.argmax()]])


def test_less_room_is_taken():
    q, k, v = drawn((), 1000, 1000, 8, 8)

    def peak(block):
        tracemalloc.start()
        attention_by_blocks(q, k, v, block)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(1000) > 8 * 1000 * 1000
    assert peak(50) < 8 * 1000 * 1000 / 4


def test_single_precision_stays_single():
    arrays = [a.astype(np.float32) for a in drawn((), 3, 4, 5, 6)]
    assert attention_by_blocks(*arrays, 3).dtype == np.float32


def test_the_inputs_stay_as_they_are():
    arrays = drawn((), 3, 4, 5, 6)
    before = [a.copy() for a in arrays]
    attention_by_blocks(*arrays, 2)
    for a, b in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(a, b)


def test_what_does_not_fit_is_refused():
    q, k, v = drawn((), 3, 4, 5, 6)
    for arrays, block, says in (
        ((q, k, v), 0, "block=0"),
        ((q, k, v), 2.5, "block=2.5; expected at least 1, a whole number"),
        ((q[0], k, v), 2, r"queries \(5,\).* expected"),
        ((q[:, 1:], k, v), 2, r"queries \(3, 4\)"),
        ((q, k, v[1:]), 2, r"values \(3, 6\)"),
        ((q, k[:0], v[:0]), 2, r"keys \(0, 5\)"),
    ):
        with pytest.raises(ValueError, match=says):
            attention_by_blocks(*arrays, block)
