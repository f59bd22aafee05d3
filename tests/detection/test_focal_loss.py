"""Focal loss: values and gradients of both engines against the paper's formula in torch."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from companion import nn
from companion.detection.grids.focal_loss import focal_cross_entropy, focal_grid_loss, focal_loss
from companion.detection.grids.loss import grid_loss
from companion.gradients.tensor import Tensor

CASES = [(0.0, None), (2.0, None), (2.0, 0.25), (0.5, 0.9), (5.0, None)]


def published(z, y, gamma, alpha):
    """Formula as torchvision writes it: cross-entropy times (1 − p_t)^γ, and α_t."""
    p = torch.sigmoid(z)
    entropy = F.binary_cross_entropy_with_logits(z, y, reduction="none")
    p_t = p * y + (1 - p) * (1 - y)
    loss = entropy * (1 - p_t) ** gamma
    return loss if alpha is None else (alpha * y + (1 - alpha) * (1 - y)) * loss


@pytest.mark.parametrize(("gamma", "alpha"), CASES)
def test_values_and_gradients_equal_the_published_formula(gamma, alpha):
    rng = np.random.default_rng(0)
    values, target = rng.normal(0, 3, (6, 5)), rng.integers(2, size=(6, 5)).astype(float)
    wanted = torch.tensor(values, requires_grad=True)
    expected = published(wanted, torch.from_numpy(target), gamma, alpha)
    expected.sum().backward()
    own = Tensor(values, requires_grad=True)
    loss = focal_loss(nn, gamma, alpha)(own, target)
    loss.sum().backward()
    np.testing.assert_allclose(loss.numpy(), expected.detach(), rtol=1e-10)
    np.testing.assert_allclose(own.grad, wanted.grad, rtol=1e-9, atol=1e-13)
    other = torch.tensor(values, requires_grad=True)
    same = focal_loss(torch.nn, gamma, alpha)(other, torch.from_numpy(target))
    same.sum().backward()
    np.testing.assert_allclose(same.detach(), expected.detach(), rtol=1e-10)
    np.testing.assert_allclose(other.grad, wanted.grad, rtol=1e-9, atol=1e-13)


def test_without_focus_it_is_the_cross_entropy():
    z, y = np.linspace(-9, 9, 7), np.array([0.0, 1, 0, 1, 0, 1, 1])
    plain = nn.BCEWithLogitsLoss(reduction="none")(Tensor(z), y)
    np.testing.assert_allclose(focal_loss(nn, 0.0)(Tensor(z), y).numpy(), plain.numpy(), rtol=1e-12)


def test_huge_logits_stay_finite():
    for engine, make in ((nn, Tensor), (torch.nn, torch.tensor)):
        z = make(np.array([-1e4, -1e4, 0.0, 1e4, 1e4]), requires_grad=True)
        y = np.array([0.0, 1, 1, 0, 1])
        loss = focal_loss(engine)(z, y if engine is nn else torch.from_numpy(y))
        loss.sum().backward()
        values = loss.numpy() if engine is nn else loss.detach().numpy()
        np.testing.assert_allclose(values, [0, 1e4, np.log(2) / 4, 1e4, 0], rtol=1e-10)
        assert np.isfinite(np.asarray(z.grad)).all()
        np.testing.assert_allclose(np.asarray(z.grad)[[1, 3]], [-1, 1], rtol=1e-8)


def test_not_a_number_is_seen():
    assert np.isnan(focal_cross_entropy(Tensor(np.array([np.nan])), target=[1.0]).numpy()).all()


def test_loss_of_slots_in_both_engines():
    rng = np.random.default_rng(0)
    output, target = rng.normal(size=(2, 8, 40)), np.zeros((2, 6, 40))
    target[:, :, [3, 17]] = rng.random((2, 6, 2))
    target[:, 0, [3, 17]], target[:, 5, [3, 17]] = 1, [0, 2]
    goal = torch.from_numpy(target)
    theirs = float(focal_grid_loss(torch.nn)(torch.from_numpy(output), goal))
    assert float(focal_grid_loss(nn)(Tensor(output), target)) == pytest.approx(theirs, rel=1e-10)
    plain = float(grid_loss(torch.nn)(torch.from_numpy(output), goal))
    without = float(focal_grid_loss(torch.nn, 0.0)(torch.from_numpy(output), goal))
    assert without == pytest.approx(plain, rel=1e-10)
    apart = published(torch.from_numpy(output[:, 0]), goal[:, 0], 2.0, None).sum() / 4
    entropy = published(torch.from_numpy(output[:, 0]), goal[:, 0], 0.0, None).sum() / 4
    assert theirs - plain == pytest.approx(float(apart - entropy), rel=1e-8)


def test_scenes_without_objects():
    loss = focal_grid_loss(torch.nn)(torch.zeros(1, 6, 40), torch.zeros(1, 6, 40))
    assert float(loss) == pytest.approx(10 * np.log(2), rel=1e-6)


@pytest.mark.parametrize(("options", "says"), [({"gamma": -1}, "gamma"), ({"alpha": 2}, "alpha")])
def test_bad_input(options, says):
    with pytest.raises(ValueError, match=says):
        focal_loss(nn, **options)
