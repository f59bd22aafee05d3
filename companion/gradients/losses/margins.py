"""Losses that ask for a margin: being right is not enough, being right by enough costs nothing.

Compared on the page :ref:`choosing_a_loss`. The last two compare the directions of vectors.
"""

import numpy as np

from companion.gradients.elementwise import clip, where
from companion.gradients.losses.base import ElementwiseLoss, Loss, values_of
from companion.gradients.losses.class_numbers import ClassLoss
from companion.gradients.module import Module
from companion.gradients.tape import primitive

SHORTEST_SQUARE = float(np.float32(1e-12))
"""What torch adds to squared lengths in `CosineEmbeddingLoss`, a 32-bit number there."""


@primitive
def hinge(s, *, target):
    """Loss max(0, 1 - y s) elementwise, y = ±1. Pullback: -dl y where y s < 1, else 0."""
    y = np.asarray(target, dtype=s.dtype)
    losses = np.maximum(1 - y * s, 0)
    return losses, lambda dl: np.where(losses > 0, -dl * y, 0)


@primitive
def categorical_hinge(s, *, target):
    """Loss max(0, 1 + largest wrong score - right score) of each example. s: (N, K) → (N,).

    Pullback: where the loss is positive, -dl to the right class and dl to the first of the
    largest wrong ones.
    """
    rows = np.arange(len(s))
    others = s.copy()
    others[rows, target] = -np.inf
    rival = others.argmax(axis=1)
    losses = np.maximum(1 + others[rows, rival] - s[rows, target], 0)

    def pullback(dl):
        ds, lost = np.zeros_like(s), np.where(losses > 0, dl, 0)
        ds[rows, rival], ds[rows, target] = lost, -lost
        return ds

    return losses, pullback


@primitive
def cosine_similarity(x1, x2, *, dim=1, eps=1e-8):
    """Cosine of the angle between vectors along `dim`; a length below eps counts as eps.

    Pullbacks: dc (v - cos u) / length of x1 and dc (u - cos v) / length of x2, with the unit
    vectors u and v of x1 and x2.
    """
    x1, x2 = np.broadcast_arrays(x1, x2)
    n1, n2 = _length(x1, dim), _length(x2, dim)
    grown = n1 > eps, n2 > eps  # a length held at eps has no slope of its own
    return _cosine(x1, x2, np.maximum(n1, eps), np.maximum(n2, eps), grown, dim)


@primitive
def smooth_cosine(x1, x2):
    """Cosine along the last axis with lengths √(‖x‖² + 1e-12), as in torch's embedding loss."""
    floor = np.sqrt(SHORTEST_SQUARE).astype(x1.dtype)
    n1, n2 = np.hypot(_length(x1, -1), floor), np.hypot(_length(x2, -1), floor)
    return _cosine(x1, x2, n1, n2, (True, True), -1)


def _length(x, dim):
    """Euclidean norm along `dim`, scaled so that squares neither overflow nor vanish."""
    top = np.abs(x).max(axis=dim, keepdims=True, initial=0)
    top = np.where((top > 0) & np.isfinite(top), top, 1).astype(x.dtype)
    return top * np.sqrt(((x / top) ** 2).sum(axis=dim, keepdims=True))


def _cosine(x1, x2, n1, n2, grown, dim):
    u, v = x1 / n1, x2 / n2
    c = (u * v).sum(axis=dim, keepdims=True)
    return (
        c.squeeze(dim),
        lambda dc: np.expand_dims(dc, dim) * (v - np.where(grown[0], c, 0) * u) / n1,
        lambda dc: np.expand_dims(dc, dim) * (u - np.where(grown[1], c, 0) * v) / n2,
    )


class HingeLoss(ElementwiseLoss):
    """Mean of max(0, 1 - y s) for scores s and labels y = ±1, same shape. Not in torch."""

    def check(self, input, target):
        """Raise a ValueError unless the shapes are equal and all labels are -1 or +1."""
        super().check(input, target)
        _check_signs(type(self).__name__, target)

    def each(self, input, target):
        """Loss of each score, same shape as the input."""
        return hinge(input, target=target)


class SquaredHingeLoss(HingeLoss):
    """Mean of max(0, 1 - y s)² for scores s and labels y = ±1, same shape. Not in torch."""

    def each(self, input, target):
        """Loss of each score, same shape as the input."""
        return hinge(input, target=target) ** 2


class CategoricalHingeLoss(ClassLoss):
    """Mean of max(0, 1 + largest wrong score - right score) (Crammer & Singer, 2001).

    Input (N, K) of scores, target (N,) of class numbers. Not in torch, whose `MultiMarginLoss`
    adds up all wrong classes; with two classes and p = 1 that is half of this one.
    """

    def check(self, input, target):
        """Raise a ValueError unless shapes and class numbers fit and there are two classes."""
        super().check(input, target)
        if input.shape[1] < 2:
            raise ValueError(f"CategoricalHingeLoss: input {input.shape}; needs two classes")

    def each(self, input, target):
        """Loss of each example, (N,)."""
        return categorical_hinge(input, target=target)


class CosineSimilarity(Module):
    """Cosine of the angle between two inputs along an axis; they broadcast, as in torch.

    Parameters
    ----------
    dim : int
        The axis along which the vectors lie; it vanishes.
    eps : float
        Shortest length to divide by.
    """

    def __init__(self, dim=1, eps=1e-8):
        self.dim, self.eps = dim, eps

    def forward(self, x1, x2):
        """Return the cosines, one for each pair of vectors."""
        return cosine_similarity(x1, x2, dim=self.dim, eps=self.eps)


class CosineEmbeddingLoss(Loss):
    """Loss on pairs: 1 - cos for target 1, max(0, cos - margin) for target -1.

    Parameters
    ----------
    margin : float
        Cosine, from -1 to 1, that pairs with target -1 may keep.
    reduction : {"mean", "sum", "none"}
        What to make of the losses of the pairs.

    Raises
    ------
    ValueError
        If shapes do not fit or a target is not 1 or -1.
    """

    def __init__(self, margin=0.0, *, reduction="mean"):
        super().__init__(reduction=reduction)
        self.margin = margin

    def forward(self, input1, input2, target):
        """Return the reduced loss. input1, input2: (N, D) or (D,); target: (N,) or one number."""
        self.admit(target, input1, input2)
        target, first, second = values_of(target), values_of(input1), values_of(input2)
        shape = first.shape
        if len(shape) not in (1, 2) or second.shape != shape or target.shape != shape[:-1]:
            raise ValueError(
                f"CosineEmbeddingLoss: inputs {shape} and {second.shape}, target {target.shape}; "
                "expected (N, D) twice and (N,)"
            )
        _check_signs("CosineEmbeddingLoss", target)
        c = smooth_cosine(input1, input2)
        losses = where(target == 1, 1 - c, clip(c - self.margin, min=0))
        return self.reduce(losses, target)


def _check_signs(name, target):
    wrong = target[(target != 1) & (target != -1)]
    if wrong.size:
        remedy = " (turn 0 and 1 into them with 2 * target - 1)" if 0 in wrong else ""
        raise ValueError(f"{name}: target holds {wrong[0]:.4g}; labels are -1 and +1{remedy}")
