"""Losses for boxes: values and gradients against the formulas of the papers in torch."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.detection.boxes.losses import KINDS, box_loss
from companion.detection.boxes.overlap import (
    box_iou,
    complete_box_iou,
    distance_box_iou,
    generalized_box_iou,
)
from companion.gradients.tensor import Tensor
from tests.detection.test_overlap import random_boxes

MEASURES = dict(
    zip(KINDS, (box_iou, generalized_box_iou, distance_box_iou, complete_box_iou), strict=True)
)


def by_formula(kind, a, b, eps):
    """Write the losses with coordinates one by one, as the authors of the papers do."""
    ax, ay, au, av = a.unbind(1)
    bx, by, bu, bv = b.unbind(1)
    wide = torch.min(au, bu) - torch.max(ax, bx)
    high = torch.min(av, bv) - torch.max(ay, by)
    both = torch.where((wide > 0) & (high > 0), wide * high, torch.zeros_like(wide))
    union = (au - ax) * (av - ay) + (bu - bx) * (bv - by) - both
    iou = both / (union + eps)
    w, h = torch.max(au, bu) - torch.min(ax, bx), torch.max(av, bv) - torch.min(ay, by)
    rho = ((bx + bu - ax - au) ** 2 + (by + bv - ay - av) ** 2) / 4
    far = rho / (w**2 + h**2 + eps)
    angles = [torch.atan((u - x) / (v - y + eps)) for x, y, u, v in ((ax, ay, au, av), b.unbind(1))]
    v = 4 / math.pi**2 * (angles[0] - angles[1]) ** 2
    with torch.no_grad():
        alpha = v / (1 - iou + v + eps)
    return {
        "iou": 1 - iou,
        "giou": 1 - iou + (w * h - union) / (w * h + eps),
        "diou": 1 - iou + far,
        "ciou": 1 - iou + far + alpha * v,
    }[kind]


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(KINDS), st.integers(1, 12), st.integers(0, 10**6))
def test_values_and_gradients_in_both_engines(kind, count, seed):
    rng = np.random.default_rng(seed)
    a, b = random_boxes(rng, count), random_boxes(rng, count)
    weights = rng.normal(size=count)
    free = torch.tensor(a, requires_grad=True)
    expected = by_formula(kind, free, torch.tensor(b), 1e-7)
    (expected * torch.tensor(weights)).sum().backward()
    theirs = torch.tensor(a, requires_grad=True)
    each = box_loss(kind, "none")(theirs, torch.tensor(b))
    (each * torch.tensor(weights)).sum().backward()
    own = Tensor(a, requires_grad=True)
    ours = box_loss(kind, "none")(own, b)
    (ours * weights).sum().backward()
    for values, gradient in ((each.detach().numpy(), theirs.grad.numpy()), (ours.data, own.grad)):
        np.testing.assert_allclose(values, expected.detach().numpy(), rtol=0, atol=1e-10)
        np.testing.assert_allclose(gradient, free.grad.numpy(), rtol=0, atol=1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_is_one_less_the_measure(kind):
    rng = np.random.default_rng(0)
    a, b = random_boxes(rng, 20), random_boxes(rng, 20)
    found = box_loss(kind, "none", eps=1e-13)(Tensor(a), b).data
    np.testing.assert_allclose(found, 1 - np.diagonal(MEASURES[kind](a, b)), atol=1e-10)


def slope(kind, box, target):
    own = Tensor(np.array([box], float), requires_grad=True)
    box_loss(kind)(own, np.array([target], float)).backward()
    return own.grad[0]


def test_iou_has_no_slope_where_boxes_are_apart():
    assert not slope("iou", [5, 0, 7, 2], [0, 0, 2, 2]).any()
    for kind in ("giou", "diou", "ciou"):
        down = slope(kind, [5, 0, 7, 2], [0, 0, 2, 2])
        assert down[0] + down[2] > 0, kind  # to the left is downhill


def test_giou_by_hand():
    # Hull 7 × 2 = 14, union 8: 1 + 6/14.
    found = box_loss("giou")(Tensor(np.array([[5.0, 0, 7, 2]])), np.array([[0.0, 0, 2, 2]]))
    assert float(found.data) == pytest.approx(1 + 6 / 14, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "box",
    [[1, 1, 1, 1], [0, 1, 2, 1], [3, 3, 1, 1], [1e6, 0, 1e6 + 1, 1], [-1e-9, 0, 0, 1e-9]],
    ids=("point", "line", "turned", "far", "tiny"),
)
@pytest.mark.parametrize("target", [[0, 0, 2, 2], [1, 1, 1, 1]], ids=("box", "point"))
def test_odd_boxes_have_a_value_and_a_slope(kind, box, target):
    gradient = slope(kind, box, target)
    value = box_loss(kind)(Tensor(np.array([box], float)), np.array([target], float))
    assert np.isfinite(gradient).all()
    assert np.isfinite(value.data).all()
    assert -1e-6 <= float(value.data) <= 4


def test_no_boxes():
    for reduction in ("mean", "sum"):
        assert float(box_loss("giou", reduction)(torch.zeros(0, 4), torch.zeros(0, 4))) == 0
        assert float(box_loss("giou", reduction)(Tensor(np.zeros((0, 4))), np.zeros((0, 4)))) == 0


def test_many_boxes():
    rng = np.random.default_rng(1)
    a, b = random_boxes(rng, 20_000), random_boxes(rng, 20_000)
    each = box_loss("ciou", "none")(Tensor(a), b).data
    assert each.shape == (20_000,)
    assert float(box_loss("ciou")(Tensor(a), b).data) == pytest.approx(each.mean())


def test_not_a_number_stays_one():
    boxes = Tensor(np.array([[np.nan, 0, 1, 1]]))
    assert np.isnan(box_loss("diou")(boxes, np.array([[0.0, 0, 1, 1]])).data)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: box_loss("l2"), "no 'l2'"),
        (lambda: box_loss(reduction="all"), "reduction 'all'"),
        (lambda: box_loss(eps=0), "eps is 0"),
        (lambda: box_loss()(torch.ones(2, 4), torch.ones(3, 4)), r"\(2, 4\) and targets \(3, 4\)"),
        (lambda: box_loss()(torch.zeros(2, 3), torch.zeros(2, 3)), "3 numbers a box"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
