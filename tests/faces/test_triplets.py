"""The triplet loss: torch's own, in both engines; gradients by hand; collapse and other ends."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.faces.distances import EPS
from companion.faces.mining import all_triplets, batch_all, batch_hard, semi_hard
from companion.faces.triplets import triplet_loss
from companion.gradients.tensor import Tensor

NAMES = np.repeat(np.arange(4), 3)
WAYS = {
    "all": lambda d, names, margin: all_triplets(names),
    "batch_all": batch_all,
    "batch_hard": batch_hard,
    "semi_hard": semi_hard,
}


def encodings(seed=0, count=12, size=5, scale=0.5):
    return np.random.default_rng(seed).normal(0, scale, (count, size))


def both(loss, z, names=NAMES):
    """Value and gradient in either engine."""
    ours, theirs = Tensor(z, requires_grad=True), torch.tensor(z, requires_grad=True)
    for tensor in (ours, theirs):
        loss(tensor, names).backward()
    values = float(loss(ours, names).numpy()), float(loss(theirs, names).detach())
    return values, (ours.grad, theirs.grad.numpy())


def torch_s_own(z, chosen, margin, squared):
    """Torch's losses on the same triplets, and their gradient."""
    leaf = torch.tensor(z, requires_grad=True)
    a, p, n = (leaf[torch.from_numpy(chosen[:, k])] for k in range(3))
    if squared:
        criterion = torch.nn.TripletMarginWithDistanceLoss(
            distance_function=lambda x, y: ((x - y) ** 2).sum(1), margin=margin
        )
    else:
        criterion = torch.nn.TripletMarginLoss(margin=margin, eps=0)
    value = criterion(a, p, n)
    value.backward()
    return float(value.detach()), leaf.grad.numpy()


@pytest.mark.parametrize("squared", [True, False])
@pytest.mark.parametrize("way", WAYS)
def test_torch_s_losses_in_both_engines(way, squared):
    for seed, margin in ((0, 0.3), (1, 1.0), (2, 3.0)):
        z = encodings(seed)
        d = ((z[:, None] - z[None]) ** 2).sum(2)
        chosen = WAYS[way](d if squared else d**0.5, NAMES, margin)
        expected, slope = torch_s_own(z, chosen, margin, squared)
        values, slopes = both(triplet_loss(margin, WAYS[way], squared), z)
        np.testing.assert_allclose(values, expected, rtol=1e-9)
        for got in slopes:
            np.testing.assert_allclose(got, slope, atol=1e-9)


def test_gradient_by_hand():
    """Of one triplet: 2 (N − P) at A, 2 (P − A) at P, 2 (A − N) at N."""
    A, P, N = np.array([0.0, 0]), np.array([1.0, 1]), np.array([1.0, 2])
    loss = triplet_loss(4.0, lambda d, names, margin: np.array([[0, 1, 2]]))
    values, slopes = both(loss, np.stack([A, P, N]), np.array([0, 0, 1]))
    assert values == (1.0, 1.0)
    for got in slopes:
        np.testing.assert_allclose(got, [2 * (N - P), 2 * (P - A), 2 * (A - N)])


def test_a_satisfied_triplet_has_neither_loss_nor_gradient():
    z = np.array([[0.0, 0], [0.1, 0], [5.0, 0]])
    for squared in (True, False):
        for mine in WAYS.values():
            values, slopes = both(triplet_loss(0.3, mine, squared), z, np.array([0, 0, 1]))
            assert values == (0, 0)
            for got in slopes:
                np.testing.assert_array_equal(got, 0)


@pytest.mark.parametrize("squared", [True, False])
def test_collapse_is_a_plateau_at_the_margin(squared):
    """All encodings equal: the loss is the margin, every gradient 0, in every way but one."""
    z = np.tile(encodings(count=1), (12, 1))
    for name in ("all", "batch_all", "batch_hard"):
        values, slopes = both(triplet_loss(0.3, WAYS[name], squared), z)
        np.testing.assert_allclose(values, 0.3)
        for got in slopes:
            np.testing.assert_array_equal(got, 0)
    values, _ = both(triplet_loss(0.3, semi_hard, squared), z)
    assert values == (0, 0)  # nothing lies behind a positive that is as near as everything else
    values, _ = both(triplet_loss(0.0, WAYS["all"], squared), z)
    np.testing.assert_allclose(values, 0)


def test_nothing_chosen_can_still_be_learned_from():
    for names in (np.arange(12), np.zeros(12, int)):
        values, slopes = both(triplet_loss(0.3), encodings(), names)
        assert values == (0, 0)
        for got in slopes:
            np.testing.assert_array_equal(got, 0)


def test_two_identical_pictures_have_finite_slopes():
    z = encodings()
    z[1] = z[0]
    for squared in (True, False):
        _, slopes = both(triplet_loss(10.0, WAYS["all"], squared), z)
        for got in slopes:
            assert np.isfinite(got).all()
    assert EPS > 0


def test_moving_turning_and_mirroring_changes_nothing():
    z = encodings()
    turned, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(5, 5)))
    for mine in WAYS.values():
        loss = triplet_loss(1.0, mine)
        first = float(loss(Tensor(z), NAMES).numpy())
        np.testing.assert_allclose(float(loss(Tensor(z @ turned + 3), NAMES).numpy()), first)


def test_the_loss_leads_down():
    """A few steps of gradient descent on the encodings themselves satisfy every triplet."""
    z = encodings(scale=0.1)
    for _ in range(200):
        leaf = Tensor(z, requires_grad=True)
        triplet_loss(0.3)(leaf, NAMES).backward()
        z = z - 0.1 * leaf.grad
    d = ((z[:, None] - z[None]) ** 2).sum(2)
    assert len(batch_all(d, NAMES, 0.3)) == 0


def test_single_precision_stays_single():
    z = encodings().astype(np.float32)
    assert triplet_loss()(Tensor(z), NAMES).numpy().dtype == np.float32
    assert triplet_loss()(torch.from_numpy(z), torch.from_numpy(NAMES)).dtype == torch.float32


def test_an_encoder_of_either_engine_is_trained():
    for engine in (nn, torch.nn):
        layer = engine.Linear(5, 3)
        z = encodings().astype(np.float32)
        inputs = Tensor(z) if engine is nn else torch.from_numpy(z)
        triplet_loss(1.0)(layer(inputs), NAMES).backward()
        assert np.abs(np.asarray(layer.weight.grad)).max() > 0


def test_faults_are_named():
    for margin in (-0.1, float("nan")):
        with pytest.raises(ValueError, match="expected at least 0"):
            triplet_loss(margin)
    with pytest.raises(ValueError, match="12 encodings, 3 labels"):
        triplet_loss()(Tensor(encodings()), [0, 0, 1])
    with pytest.raises(ValueError, match=r"encodings \(12,\)"):
        triplet_loss()(Tensor(encodings()[:, 0]), NAMES)
    with pytest.raises(ValueError, match="NaN; did training diverge"):
        triplet_loss()(Tensor(np.full((12, 5), np.nan)), NAMES)
