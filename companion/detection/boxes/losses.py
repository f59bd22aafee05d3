"""Overlap as a loss: how far boxes are from their targets, with gradients, in either engine."""

import math

import numpy as np

from companion.gradients import elementwise
from companion.gradients.tape import Tensor, primitive

KINDS = ("iou", "giou", "diou", "ciou")
EPS = 1e-7
"""Added to areas and squared lengths that are divided by, in squares of the boxes' unit."""


def box_loss(kind="giou", reduction="mean", eps=EPS):
    """Make a loss that is small where boxes lie on their targets.

    Parameters
    ----------
    kind : str
        ``"iou"``, ``"giou"``, ``"diou"`` or ``"ciou"``: the loss is 1 less that measure.
    reduction : str
        ``"mean"``, ``"sum"``, or ``"none"`` for one number a box.
    eps : float
        Added to what is divided by, so that boxes without area have a value and a slope.

    Returns
    -------
    callable
        ``loss(boxes, targets)``: both (N, 4), two corners each, tensors of one engine (the
        companion's, which also takes an array of targets, or torch's). For no boxes mean and sum
        are 0. Takes memory for some thirty rows of N numbers.

    Raises
    ------
    ValueError
        If `kind` or `reduction` is unknown, `eps` is not above 0; by the loss, if shapes differ.

    Notes
    -----
    IoU after Yu et al. (2016), who take −log IoU in place of 1 − IoU; GIoU of Rezatofighi et
    al. (2019), DIoU and CIoU of Zheng et al. (2020). As there, the weight of CIoU's
    last term is held fixed in the gradient. A box whose second corner lies left of
    or above its first has a negative side, which counts as 0 in all areas; the box around
    both still holds all four corners.
    Chapter :ref:`box_losses`.
    """
    if kind not in KINDS:
        raise ValueError(f"box_loss: there is no {kind!r}; take one of {KINDS}")
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"box_loss: reduction {reduction!r}; expected 'mean', 'sum' or 'none'")
    if not eps > 0:
        raise ValueError(f"box_loss: eps is {eps}; expected above 0")

    def loss(boxes, targets):
        if tuple(boxes.shape) != tuple(targets.shape) or len(boxes.shape) != 2:
            raise ValueError(
                f"box_loss: boxes {tuple(boxes.shape)} and targets {tuple(targets.shape)}; "
                "expected (N, 4) both, one target a box"
            )
        if boxes.shape[1] != 4:
            raise ValueError(f"box_loss: {boxes.shape[1]} numbers a box; expected 4")
        each = 1 - _measure(kind, boxes, targets, eps)
        if reduction == "none":
            return each
        total = each.sum()
        return total / max(boxes.shape[0], 1) if reduction == "mean" else total

    return loss


def _measure(kind, a, b, eps):
    """IoU less the penalty of a kind, (N,)."""
    low, high, largest, smallest = _corners(a, b)
    sides_a, sides_b = _positive(a[:, 2:] - a[:, :2]), _positive(b[:, 2:] - b[:, :2])
    both = _area(_positive(high - low))
    union = _area(sides_a) + _area(sides_b) - both
    iou = both / (union + eps)
    around = largest - smallest
    if kind == "iou":
        return iou
    if kind == "giou":
        hull = _area(around)
        return iou - (hull - union) / (hull + eps)
    apart = (a[:, :2] + a[:, 2:] - b[:, :2] - b[:, 2:]) / 2
    distant = iou - (apart * apart).sum(1) / ((around * around).sum(1) + eps)
    if kind == "diou":
        return distant
    unlike = 4 / math.pi**2 * (_angle(sides_a, eps) - _angle(sides_b, eps)) ** 2
    weight = _detached(unlike / (1 - iou + unlike + eps))
    return distant - weight * unlike


def _corners(a, b):
    """Corners of the intersection, and of the box around all four corners, (N, 2) each."""
    larger, smaller = _choice(a)
    inner = larger(a[:, :2], b[:, :2]), smaller(a[:, 2:], b[:, 2:])
    # Of a turned box the first corner may be the farther one.
    outer = larger(larger(a[:, 2:], b[:, 2:]), a[:, :2]), smaller(
        smaller(a[:, :2], b[:, :2]), a[:, 2:]
    )
    return *inner, *outer


def _choice(a):
    if isinstance(a, Tensor):
        return elementwise.maximum, elementwise.minimum
    kind = type(a)
    return kind.maximum, kind.minimum


def _positive(sides):
    return sides.clip(min=0)


def _area(sides):
    return sides[:, 0] * sides[:, 1]


def _angle(sides, eps):
    ratio = sides[:, 0] / (sides[:, 1] + eps)
    if isinstance(ratio, Tensor):
        return arctan(ratio)
    return np.arctan(ratio) if isinstance(ratio, np.ndarray) else ratio.arctan()


def _detached(values):
    return values.detach()


@primitive
def arctan(a):
    """Angle whose tangent is a, in radians. Pullback: dc / (1 + a²)."""
    return np.arctan(a), lambda dc: dc / (1 + a**2)
