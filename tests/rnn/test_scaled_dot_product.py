"""Attention by dot products: torch's values and gradients, loops, and laws that it must keep."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.gradients.tensor import Tensor
from companion.rnn.attention.masks import causal_mask
from companion.rnn.attention.scaled_dot_product import (
    attention_weights,
    scaled_dot_product_attention,
)
from tests.parity.agreement import CLOSE

SHAPES = [  # in front, T, S, D, E
    ((), 3, 3, 4, 4),
    ((), 1, 1, 1, 1),
    ((2,), 4, 6, 3, 5),
    ((2, 3), 5, 2, 4, 1),
    ((1, 2, 2), 2, 7, 5, 3),
]


def drawn(front, steps, places, size, values, seed=0, scale=1.0):
    rng = np.random.default_rng(seed)
    shapes = (steps, size), (places, size), (places, values)
    return [scale * rng.normal(size=(*front, *shape)) for shape in shapes]


def compare(arrays, mask=None, **options):
    """Values and all gradients, of a mask of numbers, too, against torch."""
    ours = [Tensor(a, requires_grad=True) for a in arrays]
    theirs = [torch.tensor(a, requires_grad=True) for a in arrays]
    got = scaled_dot_product_attention(*ours, mask, **options)
    mask = None if mask is None else torch.tensor(mask)
    expected = torch.nn.functional.scaled_dot_product_attention(*theirs, mask, **options)
    assert got.shape == tuple(expected.shape)
    np.testing.assert_allclose(got.numpy(), expected.detach().numpy(), **CLOSE)
    direction = np.random.default_rng(9).normal(size=got.shape)
    (got * direction).sum().backward()
    (expected * torch.tensor(direction)).sum().backward()
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.grad, other.grad.numpy(), **CLOSE)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_without_a_mask(shape):
    compare(drawn(*shape))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_with_a_mask_of_booleans_true_may_look(shape):
    front, steps, places, *_ = shape
    rng = np.random.default_rng(1)
    for mask_shape in ((steps, places), (*front, steps, places)):
        mask = rng.random(mask_shape) < 0.5
        mask[..., -1] = True
        compare(drawn(*shape, seed=1), mask)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_with_a_mask_of_numbers_that_are_added(shape):
    _, steps, places, *_ = shape
    mask = np.random.default_rng(2).normal(size=(steps, places))
    mask[:, 1:][mask[:, 1:] < -0.5] = -np.inf
    compare(drawn(*shape, seed=2), mask)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_causal(shape):
    """With other numbers of queries and keys, torch aligns both at their first place."""
    compare(drawn(*shape, seed=3), is_causal=True)


@pytest.mark.parametrize("scale", [1.0, 0.1, 3.0])
def test_another_scale(scale):
    compare(drawn((2,), 3, 4, 5, 2, seed=4), scale=scale)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 6), min_size=5, max_size=5), st.floats(-3, 1.5), st.booleans())
def test_random_sizes_and_scales(sizes, scale, causal):
    front, *rest = sizes
    compare(drawn((front,), *rest, seed=sum(sizes), scale=10**scale), is_causal=causal)


def test_loops_over_every_pair():
    q, k, v = drawn((), 3, 4, 2, 3, seed=5)
    expected = np.zeros((3, 3))
    for t in range(3):
        raw = [math.exp(sum(q[t] * k[s]) / math.sqrt(2)) for s in range(4)]
        for s in range(4):
            expected[t] += raw[s] / sum(raw) * v[s]
    np.testing.assert_allclose(scaled_dot_product_attention(q, k, v).numpy(), expected, rtol=1e-12)


def test_a_row_of_weights_is_a_share():
    q, k, _ = drawn((2, 3), 4, 5, 6, 1, seed=6, scale=5)
    weights = attention_weights(q, k).numpy()
    assert weights.shape == (2, 3, 4, 5)
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-12)


def test_what_comes_later_changes_nothing_before():
    arrays = drawn((2,), 6, 6, 4, 3, seed=7)
    first = scaled_dot_product_attention(*arrays, is_causal=True).numpy()
    for a in arrays:
        a[:, 4:] += 10
    second = scaled_dot_product_attention(*arrays, is_causal=True).numpy()
    np.testing.assert_array_equal(first[:, :4], second[:, :4])
    assert abs(first[:, 4:] - second[:, 4:]).min() > 0


def test_the_gradient_of_what_may_not_be_looked_at_is_zero():
    arrays = [Tensor(a, requires_grad=True) for a in drawn((), 5, 5, 3, 2, seed=8)]
    out = scaled_dot_product_attention(*arrays, causal_mask(5))
    out[:2].sum().backward()
    for tensor in arrays:
        assert not tensor.grad[2:].any()
    assert arrays[2].grad[:2].any()


def test_large_scores_neither_overflow_nor_warn():
    q, k, v = drawn((), 4, 4, 3, 2, seed=9)
    q, k = 1e4 * q, 1e4 * k
    with np.errstate(all="raise", under="ignore"):
        got = scaled_dot_product_attention(q, k, v).numpy()
    hardest = (q @ k.T).argmax(axis=1)
    np.testing.assert_allclose(got, v[hardest], atol=1e-12)


def test_all_weights_dropped_and_none():
    arrays = drawn((2,), 3, 4, 5, 6, seed=10)
    assert not scaled_dot_product_attention(*arrays, dropout_p=1.0).numpy().any()
    np.testing.assert_array_equal(
        scaled_dot_product_attention(*arrays, dropout_p=0.0).numpy(),
        scaled_dot_product_attention(*arrays).numpy(),
    )


def test_dropout_keeps_the_mean():
    q, k = np.zeros((1, 1)), np.zeros((20_000, 1))
    got = scaled_dot_product_attention(q, k, np.ones((20_000, 1)), dropout_p=0.3).numpy()
    np.testing.assert_allclose(got, 1, atol=0.03)  # ten standard errors


def test_single_precision_stays_single():
    arrays = [a.astype(np.float32) for a in drawn((2,), 3, 3, 4, 4)]
    for mask in (None, np.ones((3, 3), bool), np.zeros((3, 3))):
        assert scaled_dot_product_attention(*arrays, mask).dtype == np.float32


def test_what_does_not_fit_is_named():
    q, k, v = drawn((), 3, 4, 2, 5)
    cases = [
        ((q[0], k, v), {}, r"queries \(2,\)"),
        ((q, k[:, :1], v), {}, r"queries \(3, 2\) and keys \(4, 1\)"),
        ((q, k, v[:3]), {}, r"keys \(4, 2\) and values \(3, 5\): other places"),
        ((q, k, v[0]), {}, "values"),
        ((q, k, v, np.zeros((3, 4))), {"is_causal": True}, "not both"),
        ((q, k, v, np.zeros((3, 4), bool)), {}, r"forbids every look in row \(0,\)"),
        ((q, k, v), {"dropout_p": 1.5}, "1.5"),
        ((q, k[:0], v[:0]), {}, "at least one feature and one key"),
        ((q[:, :0], k[:, :0], v), {}, "at least one feature"),
        ((q, k, v, np.ones((3, 4), int)), {}, "mask of int"),
    ]
    for arrays, options, says in cases:
        with pytest.raises(ValueError, match=says):
            scaled_dot_product_attention(*arrays, **options)
    with pytest.raises(ValueError, match=r"\(2, 4\)"):
        scaled_dot_product_attention(q, k, v, np.zeros((2, 4)))
