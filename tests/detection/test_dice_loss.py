"""The Dice loss: its formula and its slope by hand, both engines, hard maps, absent classes."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.detection.pixels.dice_loss import cross_entropy_and_dice, dice_loss
from companion.detection.pixels.segmenting import class_dice, pixel_confusion
from companion.gradients.tensor import Tensor

RNG = np.random.default_rng(0)
SCORES, TARGET = RNG.normal(size=(2, 3, 4, 5)), RNG.integers(3, size=(2, 4, 5))


def own(loss, scores, target):
    z = Tensor(np.array(scores), requires_grad=True)
    value = loss(z, target)
    value.backward()
    return float(value.numpy()), z.grad


def theirs(loss, scores, target):
    z = torch.tensor(scores, requires_grad=True)
    value = loss(z, torch.from_numpy(target))
    value.backward()
    return float(value), z.grad.numpy()


def by_hand(scores, target, smooth):
    """Loss and its slope in the scores, from ∂D/∂p = (2t − D) / S and the softmax's own slope."""
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    t = np.stack([target == k for k in range(scores.shape[1])], axis=1).astype(float)
    there = t.sum(axis=(0, 2, 3)) > 0
    S = (p + t).sum(axis=(0, 2, 3), keepdims=True) + smooth
    D = (2 * (p * t).sum(axis=(0, 2, 3), keepdims=True) + smooth) / S
    slope = -(2 * t - D) / S / there.sum() * there[:, None, None]
    slope = p * (slope - (p * slope).sum(axis=1, keepdims=True))
    return 1 - D[:, there].mean(), slope


@pytest.mark.parametrize("smooth", [0.0, 1.0, 50.0])
@pytest.mark.parametrize("target", [TARGET, np.minimum(TARGET, 1)])
def test_value_and_slope_by_hand_in_both_engines(smooth, target):
    expected = by_hand(SCORES, target, smooth)
    for found in (
        own(dice_loss(nn, smooth), SCORES, target),
        theirs(dice_loss(torch.nn, smooth), SCORES, target),
    ):
        assert found[0] == pytest.approx(expected[0], rel=1e-12)
        np.testing.assert_allclose(found[1], expected[1], atol=1e-14)


def test_of_certain_scores_it_is_the_dice_coefficient():
    found = RNG.integers(3, size=TARGET.shape)
    scores = 1e3 * np.stack([found == k for k in range(3)], axis=1).astype(float)
    expected = 1 - class_dice(pixel_confusion(TARGET, found, 3)).mean()
    assert own(dice_loss(nn, smooth=0), scores, TARGET)[0] == pytest.approx(expected)


def test_absent_classes():
    target = np.zeros((1, 4, 4), int)
    scores = np.zeros((1, 2, 4, 4))  # p = 1/2 everywhere: Σp = 8
    assert own(dice_loss(nn), scores, target)[0] == pytest.approx(1 - 17 / 25)
    counted, _ = own(dice_loss(nn, absent="count"), scores, target)
    assert counted == pytest.approx(1 - (17 / 25 + 1 / 9) / 2)


@pytest.mark.parametrize("absent", ["skip", "count"])
def test_extreme_scores_stay_finite(absent):
    for size in (1e4, -1e4):
        scores = np.zeros((1, 2, 3, 3))
        scores[:, 0] = size
        for run, engine in ((own, nn), (theirs, torch.nn)):
            value, slope = run(dice_loss(engine, absent=absent), scores, np.ones((1, 3, 3), int))
            assert 0 <= value <= 1
            assert np.isfinite(slope).all()


def test_nothing_at_all():
    for engine, z in ((nn, Tensor(np.zeros((0, 2, 4, 4)))), (torch.nn, torch.zeros(0, 2, 4, 4))):
        target = np.zeros((0, 4, 4), int)
        target = target if engine is nn else torch.from_numpy(target)
        assert float(dice_loss(engine)(z, target)) == 0


def test_not_a_number_is_not_hidden():
    scores = np.full((1, 2, 2, 2), np.nan)
    assert np.isnan(theirs(dice_loss(torch.nn), scores, np.zeros((1, 2, 2), int))[0])


def test_both_are_the_sum():
    for run, engine in ((own, nn), (theirs, torch.nn)):
        parts = [engine.CrossEntropyLoss(), dice_loss(engine, 2.0)]
        first, second = (run(loss, SCORES, TARGET) for loss in parts)
        both = run(cross_entropy_and_dice(engine, 0.5, 2.0), SCORES, TARGET)
        assert both[0] == pytest.approx(first[0] + 0.5 * second[0])
        np.testing.assert_allclose(both[1], first[1] + 0.5 * second[1], atol=1e-12)


def test_float32_stays_float32():
    value = dice_loss(nn)(Tensor(SCORES.astype(np.float32)), TARGET)
    assert value.numpy().dtype == np.float32


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: dice_loss(nn, smooth=-1), "smooth -1"),
        (lambda: dice_loss(nn, absent="no"), "absent 'no'"),
        (lambda: dice_loss(nn, smooth=0, absent="count"), "needs smooth above 0"),
        (lambda: dice_loss(nn)(Tensor(SCORES), TARGET[:, :3]), r"expected \(N, K, H, W\)"),
        (lambda: dice_loss(nn)(Tensor(SCORES), TARGET + 1), "from 1 to 3; expected from 0 to 2"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
