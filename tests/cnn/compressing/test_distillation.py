"""Distillation: loss, gradient and limits against torch and closed forms."""

import numpy as np
import pytest
import torch
from scipy.special import softmax

from companion import nn
from companion.cnn.compressing.distillation import (
    both_targets,
    distillation_loss,
    distilling,
    matched_logits,
    soft_targets,
)
from companion.gradients.tensor import Tensor

RNG = np.random.default_rng(0)
Z, V = RNG.normal(size=(2, 6, 5)) * 3
LABELS = np.array([0, 4, 2, 2, 1, 3])
TEMPERATURES = (0.5, 1.0, 4.0, 20.0)


@pytest.mark.parametrize("T", TEMPERATURES)
def test_soft_targets_are_scipys_softmax(T):
    np.testing.assert_allclose(soft_targets(V, T), softmax(V / T, axis=1), rtol=1e-12)


def test_soft_targets_of_the_page():
    """Scores 2 log 4, 2 log 2, 0 are 16 : 4 : 1 at T = 1 and 4 : 2 : 1 at T = 2."""
    scores = 2 * np.log([[4, 2, 1]])
    np.testing.assert_allclose(soft_targets(scores), [[16 / 21, 4 / 21, 1 / 21]])
    np.testing.assert_allclose(soft_targets(scores, 2), [[4 / 7, 2 / 7, 1 / 7]])


def test_soft_targets_of_extreme_scores():
    huge = np.array([[1e4, 0, -1e4], [5, 5, 5]])
    np.testing.assert_array_equal(soft_targets(huge, 0.01)[0], [1, 0, 0])
    np.testing.assert_allclose(soft_targets(huge, 1e9), np.full((2, 3), 1 / 3), atol=1e-5)
    assert soft_targets(np.zeros((0, 3))).shape == (0, 3)
    assert soft_targets(huge.astype(np.float32), 2.0).dtype == np.float32
    np.testing.assert_allclose(soft_targets([[0, 0]]), [[0.5, 0.5]])


@pytest.mark.parametrize("T", TEMPERATURES)
def test_loss_and_gradient_are_torchs(T):
    z = torch.tensor(Z, requires_grad=True)
    log_p = torch.log_softmax(z / T, dim=1)
    q = torch.softmax(torch.tensor(V) / T, dim=1)
    theirs = torch.nn.KLDivLoss(reduction="batchmean")(log_p, q) * T**2
    theirs.backward()
    x = Tensor(Z, requires_grad=True)
    ours = distillation_loss(x, teacher=V, temperature=T).mean()
    ours.backward()
    np.testing.assert_allclose(ours.item(), theirs.item(), rtol=1e-10)
    np.testing.assert_allclose(x.grad, z.grad.numpy(), atol=1e-12)


def test_the_loss_is_zero_exactly_where_pupil_and_teacher_agree():
    same = distillation_loss(Tensor(V + 7.0), teacher=V, temperature=3.0).numpy()
    np.testing.assert_allclose(same, 0, atol=1e-12)
    assert (distillation_loss(Tensor(Z), teacher=V, temperature=3.0).numpy() > 1e-3).all()


@pytest.mark.parametrize("T", [1e-2, 1.0, 1e5])
def test_extreme_scores_stay_finite(T):
    z = Tensor(np.array([[1e4, -1e4, 0.0]], dtype=np.float32), requires_grad=True)
    loss = distillation_loss(z, teacher=np.array([[-1e4, 1e4, 0.0]]), temperature=T)
    assert loss.numpy().dtype == np.float32
    loss.sum().backward()
    assert np.isfinite(z.grad).all()


def test_at_a_high_temperature_logits_are_matched():
    """The gap to the limit shrinks like 1/T: ten times the temperature, a tenth of the gap."""
    limit, slope = matched_logits(Z, V)
    gaps = []
    for T in (100.0, 1000.0):
        z = Tensor(Z, requires_grad=True)
        losses = distillation_loss(z, teacher=V, temperature=T)
        losses.sum().backward()
        gaps.append((np.abs(losses.numpy() - limit).max(), np.abs(z.grad - slope).max()))
    ratio = np.divide(*gaps)
    np.testing.assert_allclose(ratio, 10, rtol=0.05)
    assert max(gaps[1]) < 0.05


def test_matched_logits_against_torch():
    z = torch.tensor(Z, requires_grad=True)
    gap = z - torch.tensor(V)
    theirs = torch.var(gap, dim=1, correction=0) / 2
    theirs.sum().backward()
    losses, slope = matched_logits(Z, V)
    np.testing.assert_allclose(losses, theirs.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(slope, z.grad.numpy(), atol=1e-14)


@pytest.mark.parametrize("hard", [0, 0.3, 1])
def test_the_training_loss_is_the_same_in_both_engines_and_by_hand(hard):
    T, targets = 4.0, both_targets(V, LABELS, 4.0)
    x, z = Tensor(Z, requires_grad=True), torch.tensor(Z, requires_grad=True)
    ours = distilling(nn.CrossEntropyLoss(), T, hard)(x, targets)
    theirs = distilling(torch.nn.CrossEntropyLoss(), T, hard)(z, torch.tensor(targets))
    for loss in (ours, theirs):
        loss.backward()
    np.testing.assert_allclose(ours.item(), theirs.item(), rtol=1e-12)
    np.testing.assert_allclose(x.grad, z.grad.numpy(), atol=1e-14)
    p, q = softmax(Z / T, axis=1), softmax(V / T, axis=1)
    by_hand = (1 - hard) * T * (p - q) + hard * (softmax(Z, axis=1) - np.eye(5)[LABELS])
    np.testing.assert_allclose(x.grad, by_hand / 6, atol=1e-14)


def test_its_gradient_is_that_of_the_loss_by_hand():
    """Cross-entropy and KL differ by the entropy of the targets, which has no gradient."""
    x, y = (Tensor(Z, requires_grad=True) for _ in range(2))
    distilling(nn.CrossEntropyLoss(), 2.0)(x, soft_targets(V, 2.0)).backward()
    distillation_loss(y, teacher=V, temperature=2.0).mean().backward()
    np.testing.assert_allclose(x.grad, y.grad, atol=1e-14)


def test_both_targets_stand_side_by_side():
    found = both_targets(V.astype(np.float32), LABELS, 2.0)
    assert (found.shape, found.dtype) == ((6, 2, 5), np.float32)
    np.testing.assert_array_equal(found[:, 1].argmax(axis=1), LABELS)
    np.testing.assert_allclose(found.sum(axis=2), 1, rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: soft_targets(V, 0), "temperature is 0; a positive number"),
        (lambda: soft_targets(V, np.inf), "temperature is inf"),
        (lambda: soft_targets(V[0]), r"scores \(5,\); expected \(N, K\)"),
        (lambda: matched_logits(Z, V[:3]), "expected the same examples and classes"),
        (lambda: both_targets(V, LABELS[:2]), r"labels \(2,\); one each"),
        (lambda: both_targets(V, LABELS - 1), "from 0 to 4; an image without a label"),
        (lambda: both_targets(V, LABELS / 1), "must be class numbers"),
        (lambda: distilling(None, -1), "distilling: temperature is -1"),
        (lambda: distilling(None, hard=10), "hard is 10; a share from 0 to 1"),
        (lambda: distilling(None, hard=0.1)(Z, V), "hold no labels; make them with both_targets"),
    ],
)
def test_errors_name_value_and_remedy(call, message):
    with pytest.raises(ValueError, match=message):
        call()
