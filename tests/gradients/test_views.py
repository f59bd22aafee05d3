"""Tensors in other shapes and parts, letters and masks: against torch, values and gradients."""

import numpy as np
import pytest
import torch

from companion.gradients import reductions
from companion.gradients.einsum import einsum
from companion.gradients.tensor import Tensor

A = np.random.default_rng(0).normal(size=(4, 6, 3))


def agree(ours, theirs, *arrays):
    """Compare parts and gradients of a sum in which every part has another weight."""
    mine = [Tensor(a, requires_grad=True) for a in arrays]
    other = [torch.tensor(a, requires_grad=True) for a in arrays]
    got, want = ours(*mine), theirs(*other)
    got, want = (x if isinstance(x, (tuple, list)) else [x] for x in (got, want))
    assert len(got) == len(want)
    for a, b in zip(got, want, strict=True):
        np.testing.assert_allclose(a.numpy(), b.detach().numpy(), rtol=1e-12)
    for parts in (got, want):
        total = sum(k * (part * part).sum() for k, part in enumerate(parts, start=1))
        total.backward()
    for a, b in zip(mine, other, strict=True):
        np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=1e-10)


@pytest.mark.parametrize("how", [(2, 0), (4, 1), ([1, 2, 3], 1), (9, 0), ([4], -3), (1, -1)])
def test_split(how):
    agree(lambda x: x.split(*how), lambda x: x.split(*how), A)


@pytest.mark.parametrize("how", [(2, 0), (4, 1), (5, 1), (9, 2)])
def test_chunk(how):
    agree(lambda x: x.chunk(*how), lambda x: x.chunk(*how), A)


@pytest.mark.parametrize("axis", [None, 0, (1, 2)])
def test_norm(axis):
    agree(lambda x: x.norm(axis=axis), lambda x: torch.linalg.vector_norm(x, dim=axis), A)


def test_norm_of_huge_tiny_and_no_numbers():
    huge = np.array([3e200, 4e200])
    assert reductions.norm(huge).item() == pytest.approx(5e200)
    assert reductions.norm(np.array([3e-200, 4e-200])).item() == pytest.approx(5e-200, abs=0)
    x = Tensor(np.zeros(3), requires_grad=True)
    x.norm().backward()
    np.testing.assert_array_equal(x.grad, 0)
    assert reductions.norm(np.zeros(0)).item() == 0


@pytest.mark.parametrize("equation", ["nd,kd->nk", "nd,kd", "nd,nd->n", "nd,kd->"])
def test_einsum_of_two(equation):
    a, b = A[0], A[1]
    agree(lambda x, y: einsum(equation, x, y), lambda x, y: torch.einsum(equation, x, y), a, b)


@pytest.mark.parametrize(
    ("equation", "message"),
    [
        ("ij", "1 groups of letters for 2 operands"),
        ("ij,j->i", "'j' names 1 axes; the operand has 2"),
        ("ij,ik->jk", "lengths 6 and 4: 6 ≠ 4"),
        ("ij,jk->iz", "the result 'iz' needs letters of the operands"),
        ("ii,jk->jk", "each axis needs a letter of its own"),
    ],
)
def test_einsum_says_what_does_not_fit(equation, message):
    with pytest.raises(ValueError, match=message):
        einsum(equation, np.ones((6, 4)), np.ones((4, 5)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: x.split(0), "parts of 0"),
        (lambda x: x.split([1, 2]), "sum to 3, the axis has 4"),
        (lambda x: x.chunk(0), "0 parts"),
        (lambda x: x.unsqueeze(5), "no place 5 among 3 axes"),
        (lambda x: x.gather(0, np.array([1])), "index has 1 axes; expected 3"),
        (lambda x: x.gather(0, np.full((1, 1, 1), 4)), "index 4 in an axis of length 4"),
    ],
)
def test_what_does_not_fit_is_told(call, message):
    with pytest.raises(ValueError, match=message):
        call(Tensor(A))


def test_a_slice_taken_by_an_index_gets_its_gradient_as_fast_as_it_was_taken():
    x = Tensor(A, requires_grad=True)
    (x[1:3, ..., None, 0] * 2.0).sum().backward()
    wanted = np.zeros_like(A)
    wanted[1:3, :, 0] = 2
    np.testing.assert_array_equal(x.grad, wanted)
