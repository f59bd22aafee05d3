"""The contrastive loss: closed forms, torch's cosine loss, gradients in both engines, bad input."""

from itertools import combinations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.faces.contrastive import (
    contrastive_loss,
    cosine_losses,
    losses_of_pairs,
)
from companion.faces.distances import cosine_similarities
from companion.faces.pairs import all_pairs
from companion.gradients.tensor import Tensor


def by_loops(z, names, margin):
    """The mean over all pairs, one after the other, and its gradient."""
    pairs, total, slope = list(combinations(range(len(z)), 2)), 0.0, np.zeros_like(z)
    for i, j in pairs:
        d = np.linalg.norm(z[i] - z[j])
        if names[i] == names[j]:
            total, push = total + d**2, 2 * (z[i] - z[j])
        else:
            gap = max(margin - d, 0)
            total, push = total + gap**2, -2 * gap * (z[i] - z[j]) / d
        slope[i] += push
        slope[j] -= push
    return total / len(pairs), slope / len(pairs)


def example(seed=0, count=9, size=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, size)), rng.integers(0, 3, count)


@pytest.mark.parametrize("make", [Tensor, torch.tensor], ids=["companion", "torch"])
@pytest.mark.parametrize("margin", [0.5, 1.0, 3.0])
def test_values_and_gradients_by_loops_over_pairs(make, margin):
    for seed in range(5):
        z, names = example(seed)
        tensor = make(z, requires_grad=True)
        loss = contrastive_loss(margin)(tensor, names)
        loss.backward()
        value, slope = by_loops(z, names, margin)
        np.testing.assert_allclose(loss.item(), value, rtol=1e-9)
        np.testing.assert_allclose(np.asarray(tensor.grad), slope, atol=1e-9)


def test_by_hand():
    got = losses_of_pairs(np.array([0.6, 0.6, 1.2, 0.0]), [True, False, False, False])
    np.testing.assert_allclose(got, [0.36, 0.16, 0, 1])


def test_at_the_margin_a_pair_stops_to_push():
    d = torch.tensor([0.999, 1.0, 1.001, 7.0], dtype=torch.float64, requires_grad=True)
    losses_of_pairs(d, np.zeros(4, bool)).sum().backward()
    np.testing.assert_allclose(d.grad, [-0.002, 0, 0, 0], atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 12), st.integers(0, 1000))
def test_all_pairs_are_those_of_itertools(count, seed):
    names = np.random.default_rng(seed).integers(0, 3, count)
    first, second, same = all_pairs(names)
    assert list(zip(first, second, strict=True)) == list(combinations(range(count), 2))
    assert same.tolist() == [names[i] == names[j] for i, j in combinations(range(count), 2)]


@pytest.mark.parametrize("margin", [-1.0, 0.0, 0.3])
def test_the_cosine_cousin_is_torch_s(margin):
    rng = np.random.default_rng(1)
    a, b, same = rng.normal(size=(20, 4)), rng.normal(size=(20, 4)), rng.random(20) < 0.4
    cosines = np.diag(cosine_similarities(a, b))
    theirs = torch.nn.CosineEmbeddingLoss(margin)(
        torch.tensor(a), torch.tensor(b), torch.tensor(np.where(same, 1, -1))
    )
    np.testing.assert_allclose(cosine_losses(cosines, same, margin).mean(), theirs, rtol=1e-9)
    ours = cosine_losses(Tensor(cosines), same, margin).mean()
    np.testing.assert_allclose(ours.item(), theirs, rtol=1e-9)


@pytest.mark.parametrize("make", [Tensor, torch.tensor], ids=["companion", "torch"])
def test_identical_pictures_have_a_finite_slope(make):
    tensor = make(np.ones((4, 3)), requires_grad=True)
    loss = contrastive_loss(1.0)(tensor, np.array([0, 0, 1, 1]))
    loss.backward()
    np.testing.assert_allclose(loss.item(), 4 / 6, rtol=1e-5)  # four of six pairs are of two people
    assert np.isfinite(np.asarray(tensor.grad)).all()


def test_one_person_alone_and_people_with_one_picture():
    z = np.random.default_rng(0).normal(size=(3, 2))
    square = np.mean([((z[i] - z[j]) ** 2).sum() for i, j in combinations(range(3), 2)])
    np.testing.assert_allclose(contrastive_loss()(z, [7, 7, 7]), square)
    far = np.array([[0.0, 0], [5, 0], [0, 5]])
    assert contrastive_loss(1.0)(far, [0, 1, 2]) == 0


def test_nan_stays_nan():
    assert np.isnan(contrastive_loss()(np.full((2, 3), np.nan), [0, 0]))


@pytest.mark.parametrize("margin", [0, -1, np.nan, np.inf])
def test_a_margin_that_is_none(margin):
    with pytest.raises(ValueError, match="margin"):
        contrastive_loss(margin)
    with pytest.raises(ValueError, match="margin"):
        losses_of_pairs(np.ones(1), [True], margin)


def test_shapes_that_do_not_fit():
    for z, names in ((np.ones((3, 2)), [0, 1]), (np.ones((1, 2)), [0]), (np.ones((0, 2)), [])):
        with pytest.raises(ValueError, match="at least two"):
            contrastive_loss()(z, names)
    with pytest.raises(ValueError, match=r"expected \(K,\)"):
        losses_of_pairs(np.ones(3), [True, False])
    with pytest.raises(ValueError, match=r"expected \(K,\)"):
        cosine_losses(np.ones((3, 3)), np.ones((3, 3), bool))
    with pytest.raises(ValueError, match="cosine"):
        cosine_losses(np.ones(1), [True], 1.5)
    with pytest.raises(ValueError, match="one for each picture"):
        all_pairs(np.ones((2, 2)))
