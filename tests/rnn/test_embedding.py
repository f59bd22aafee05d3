"""A table of vectors: torch's rows and gradients, the product with one-hot vectors."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from companion import nn
from companion.gradients.tensor import Tensor
from companion.nn import functional as F
from companion.rnn.words.embedding import summed_rows
from tests.parity.agreement import CLOSE

TOKENS = np.array([[1, 4, 1], [0, 2, 1]])


@pytest.mark.parametrize("options", [{}, {"padding_idx": 1}, {"padding_idx": -5}], ids=str)
def test_layer(options):
    ours, theirs = (face.Embedding(6, 3, **options).double() for face in (nn, torch.nn))
    ours.load_state_dict(theirs.state_dict())
    out, expected = ours(TOKENS), theirs(torch.tensor(TOKENS))
    np.testing.assert_array_equal(out.numpy(), expected.detach().numpy())
    (out * out).sum().backward()
    (expected * expected).sum().backward()
    np.testing.assert_allclose(ours.weight.grad, theirs.weight.grad.numpy(), **CLOSE)


def test_function():
    rng = np.random.default_rng(0)
    table = rng.normal(size=(5, 2))
    for options in ({}, {"padding_idx": -1}):
        mine, other = Tensor(table, requires_grad=True), torch.tensor(table, requires_grad=True)
        out = F.embedding(TOKENS, mine, **options)
        expected = torch.nn.functional.embedding(torch.tensor(TOKENS), other, **options)
        direction = rng.normal(size=out.shape)
        out.backward(direction)
        expected.backward(torch.tensor(direction))
        np.testing.assert_array_equal(out.numpy(), expected.detach().numpy())
        np.testing.assert_allclose(mine.grad, other.grad.numpy(), **CLOSE)


def test_a_row_is_the_product_with_a_one_hot_vector():
    layer = nn.Embedding(5, 3).double()
    hot = np.eye(5)[TOKENS]
    np.testing.assert_array_equal(layer(TOKENS).numpy(), hot @ layer.weight.data)


def test_the_row_of_padding_is_zero_at_first_and_after_learning():
    layer = nn.Embedding(4, 2, padding_idx=0)
    (layer(np.array([0, 1, 0])) + 1).sum().backward()
    assert not layer.weight.data[0].any()
    assert not layer.weight.grad[0].any()
    assert layer.weight.grad[1].all()


@settings(deadline=None)
@given(arrays(np.int64, st.integers(0, 40), elements=st.integers(0, 6)), st.integers(1, 3))
def test_sums_of_rows_by_a_loop(index, width):
    dy = np.random.default_rng(len(index)).normal(size=(len(index), width))
    rows, sums = summed_rows(index, dy)
    assert rows.tolist() == sorted(set(index.tolist()))
    for row, got in zip(rows, sums, strict=True):
        np.testing.assert_allclose(got, sum(dy[k] for k in np.flatnonzero(index == row)), **CLOSE)


def test_what_is_no_token_is_named():
    layer = nn.Embedding(5, 3)
    with pytest.raises(ValueError, match=r"token 5, but the table has rows 0 … 4"):
        layer(np.array([1, 5]))
    with pytest.raises(ValueError, match="token -1"):
        layer(np.array([-1]))
    with pytest.raises(ValueError, match="float64"):
        layer(np.array([1.0]))
    with pytest.raises(ValueError, match="padding_idx=5"):
        nn.Embedding(5, 3, padding_idx=5)
    with pytest.raises(ValueError, match=r"\(0, 3\)"):
        nn.Embedding(0, 3)


def test_no_tokens_give_no_rows():
    layer = nn.Embedding(5, 3)
    out = layer(np.zeros((2, 0), np.int64))
    assert out.shape == (2, 0, 3)
    out.sum().backward()
    assert not layer.weight.grad.any()
