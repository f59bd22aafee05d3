"""Smoothed cross-entropy is torch's: class numbers, probabilities, weights, ignored, images."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion import nn
from companion.gradients.losses.cross_entropies import smoothed
from companion.gradients.tensor import Tensor
from companion.nn import functional as F

CLOSE = {"rtol": 1e-10, "atol": 1e-10}


def agrees(x, target, weight=None, **options):
    """Value and gradient are torch's for a random direction of the outputs."""
    mine, other = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    out = nn.CrossEntropyLoss(weight, **options)(mine, target)
    weights = None if weight is None else torch.tensor(weight)
    expected = torch.nn.CrossEntropyLoss(weights, **options)(other, torch.tensor(target))
    np.testing.assert_allclose(out.numpy(), expected.detach().numpy(), **CLOSE)
    direction = np.random.default_rng(0).normal(size=out.shape)
    out.backward(direction)
    expected.backward(torch.tensor(direction))
    np.testing.assert_allclose(mine.grad, other.grad.numpy(), **CLOSE)


@settings(deadline=None, max_examples=150)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 5),
    st.integers(1, 5),
    st.sampled_from([(), (3,), (2, 3)]),
    st.sampled_from(["mean", "sum", "none"]),
    st.sampled_from([0.0, 0.1, 0.35, 1.0]),
    st.booleans(),
    st.sampled_from(["numbers", "ignored", "a class ignored", "probabilities"]),
)
def test_every_form_of_target_agrees(seed, N, K, places, reduction, amount, weighted, kind):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(N, K, *places)) * 10 ** rng.uniform(-2, 2)
    options = {"reduction": reduction, "label_smoothing": amount}
    if kind == "probabilities":
        target = np.moveaxis(rng.dirichlet(np.ones(K), (N, *places)), -1, 1)
    else:
        target = rng.integers(0, K, (N, *places))
    if kind == "ignored":
        target[rng.random(target.shape) < 0.3] = -100
        target.flat[0] = 0  # a mean over nothing is an error here, and NaN there
    if kind == "a class ignored":
        options["ignore_index"] = int((target.flat[0] + 1) % K) if K > 1 else 7
    agrees(x, target, rng.uniform(0.1, 3, K) if weighted else None, **options)


def test_one_example_without_a_batch():
    x = np.array([1.0, -2.0, 0.5])
    agrees(x, np.array(2), label_smoothing=0.2)
    agrees(x, np.array([0.2, 0.3, 0.5]), label_smoothing=0.2)


def test_by_pencil():
    """Four classes, ε = 0.2: the target is 0.85 and three times 0.05."""
    target = smoothed(np.eye(4)[[2]], 0.2)
    np.testing.assert_allclose(target, [[0.05, 0.05, 0.85, 0.05]])
    p = np.array([[0.1, 0.2, 0.6, 0.1]])
    loss = F.cross_entropy(np.log(p), np.array([2]), label_smoothing=0.2)
    assert loss.item() == pytest.approx(-(target * np.log(p)).sum())


def test_the_smallest_loss_is_at_a_finite_gap():
    """With ε the loss is least where softmax gives the smoothed target itself."""
    K, amount = 10, 0.1
    gap = np.log(1 - amount + amount / K) - np.log(amount / K)
    scores = Tensor(gap * np.eye(K)[:1], requires_grad=True)
    loss = nn.CrossEntropyLoss(label_smoothing=amount)
    loss(scores, np.array([0])).backward()
    np.testing.assert_allclose(scores.grad, 0, atol=1e-15)


def test_huge_scores_and_a_narrow_type():
    agrees(np.array([[1e4, 0.0, -1e4], [-1e4, 1e4, 0.0]]), np.array([1, 1]), label_smoothing=0.3)
    x = np.ones((2, 3), dtype="float32")
    assert nn.CrossEntropyLoss(label_smoothing=0.1)(x, [0, 1]).numpy().dtype == np.float32


def test_ignored_examples_get_no_gradient():
    scores = Tensor(np.eye(3), requires_grad=True)
    loss = nn.CrossEntropyLoss(label_smoothing=0.3)(scores, np.array([0, -100, 2]))
    loss.backward()
    np.testing.assert_array_equal(scores.grad[1], 0)
    assert (scores.grad[[0, 2]] != 0).all()


@pytest.mark.parametrize("amount", [-0.1, 1.1, np.nan])
def test_an_amount_out_of_range(amount):
    with pytest.raises(ValueError, match=r"label_smoothing holds .*; a share from 0 to 1 needed"):
        nn.CrossEntropyLoss(label_smoothing=amount)
