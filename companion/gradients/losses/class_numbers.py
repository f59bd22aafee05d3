"""Losses over class numbers: what shapes, weights and classes to ignore mean to all of them.

Derived in the chapters :ref:`losses` and :ref:`choosing_a_loss` (weights). On raw scores:
`cross_entropies`; margins between scores: `margins`.
"""

import numpy as np

from companion.gradients.elementwise import where
from companion.gradients.losses.base import Loss, values_of
from companion.gradients.tape import primitive
from companion.gradients.tensor import Tensor


@primitive
def negative_log_likelihood(log_p, *, target):
    """Loss -log_p[target] of each example. log_p: (N, K), target: (N,) → (N,)."""
    rows = np.arange(len(log_p))

    def pullback(dl):
        out = np.zeros_like(log_p)
        out[rows, target] = -dl
        return out

    return -log_p[rows, target], pullback


class ClassLoss(Loss):
    """Base of the losses over K classes: input (N, K), target (N,) of class numbers."""

    def check(self, input, target):
        """Raise a ValueError unless shapes and class numbers fit."""
        name = type(self).__name__
        if input.ndim != 2 or target.shape != input.shape[:1]:
            raise ValueError(
                f"{name}: input {input.shape} and target {target.shape}; "
                "expected (N, K) scores and (N,) class numbers"
            )
        if target.dtype.kind not in "iu":
            raise ValueError(f"{name}: target holds {target.dtype}; expected integer class numbers")
        classes = input.shape[1]
        if target.size and not (target.min() >= 0 and target.max() < classes):
            wrong = target[(target < 0) | (target >= classes)][0]
            raise ValueError(f"{name}: class {wrong} in target, but classes are 0 … {classes - 1}")


class NLLLoss(ClassLoss):
    """Multi-class cross-entropy on log-probabilities, with class numbers as target.

    Parameters
    ----------
    weight : array_like, optional
        Weight of each class, (K,), at least 0. The mean divides by the sum of the weights of the
        examples, so that only their proportions matter.
    ignore_index : int
        A class number, inside or outside 0 … K - 1: examples with this target cost nothing, and
        the mean does not count them.
    reduction : {"mean", "sum", "none"}
        What to make of the losses of the examples.

    Raises
    ------
    ValueError
        If shapes, class numbers or weights do not fit.

    Notes
    -----
    Input (N, K), target (N,); or (K,) and one number; or (N, K, …) and (N, …), a class for each
    place of an image, say.
    """

    function = staticmethod(negative_log_likelihood)

    def __init__(self, weight=None, *, ignore_index=-100, reduction="mean"):
        super().__init__(reduction=reduction)
        self.weight = None if weight is None else np.asarray(weight)
        self.ignore_index = ignore_index

    def forward(self, input, target):
        """Return the reduced loss; the places of an image are taken as so many examples."""
        self.admit(target, input)
        shape, target = np.shape(values_of(input)), values_of(target)
        places = shape[2:] if len(shape) == 1 else (*shape[:1], *shape[2:])
        if len(shape) in (0, 2) or target.shape not in (shape, places):
            return super().forward(input, target)
        input = input if isinstance(input, Tensor) else Tensor(input)
        labels = _rows(Tensor(target)).data if target.shape == shape else target.reshape(-1)
        losses = super().forward(_rows(input), labels)
        return losses.reshape(places) if self.reduction == "none" else losses

    def check(self, input, target):
        """Raise a ValueError unless shapes, class numbers and weights fit."""
        super().check(input, np.where(target == self.ignore_index, 0, target))
        if self.weight is None:
            return
        if self.weight.shape != input.shape[1:]:
            raise ValueError(
                f"{type(self).__name__}: weight {self.weight.shape}; "
                f"expected one number for each of {input.shape[1]} classes"
            )
        self.within("weight", self.weight, 0, np.inf, "at least 0 needed")

    def each(self, input, target):
        """Loss of each example, (N,)."""
        counted = target != self.ignore_index
        labels = np.where(counted, target, 0)
        losses = self.function(input, target=labels)
        if self.weight is not None:
            losses = losses * self.weight[labels].astype(losses.dtype)
        return losses if counted.all() else where(counted, losses, 0.0)

    def reduce(self, losses, target):
        """Make one number; with weights the mean is a weighted mean."""
        if self.reduction != "mean" or target.ndim != 1:
            return super().reduce(losses, target)
        counted = target[target != self.ignore_index]
        if self.weight is None and counted.size == target.size:
            return super().reduce(losses, target)
        total = counted.size if self.weight is None else self.weight[counted].sum()
        if not total > 0:
            raise ValueError(
                f"{type(self).__name__}: the weights of the targets sum to {total}: no mean"
            )
        return super().reduce(losses, target) * float(target.size / total)


def _rows(x):
    """Move the classes, axis 1 (axis 0 of a vector), to the end and join all other axes."""
    if x.ndim == 1:
        return x.reshape(1, -1)
    return x.permute(0, *range(2, x.ndim), 1).reshape(-1, x.shape[1])
