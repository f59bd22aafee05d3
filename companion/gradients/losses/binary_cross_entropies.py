"""Cross-entropies of yes and no: the target is 0, 1, or a probability between them.

Derived in the chapters :ref:`perceptron_convergence` and :ref:`losses` (why on logits, weights).
"""

import numpy as np
from scipy.special import expit

from companion.gradients.losses.base import ElementwiseLoss
from companion.gradients.tape import primitive

LOWEST_LOG = -100.0
"""torch's floor for log p in `BCELoss`: an impossible event costs 100, not infinity."""

LEAST_VARIANCE = float(np.float32(1e-12))
"""torch's floor for p (1 - p) in the gradient of `BCELoss`, a 32-bit number there."""


@primitive
def logistic_cross_entropy(z, *, target, pos_weight=1.0):
    """Loss (1 - y) log(1 + e^z) + w y log(1 + e^-z) elementwise, finite for any finite z.

    Pullback: dl ((1 - y) σ(z) - w y σ(-z)), which is dl (σ(z) - y) for w = 1.
    """
    y = np.asarray(target, dtype=z.dtype)
    wy = y * np.asarray(pos_weight, dtype=z.dtype)
    both = np.log1p(np.exp(-np.abs(z)))
    losses = (1 - y) * (np.maximum(z, 0) + both) + wy * (np.maximum(-z, 0) + both)
    return losses, lambda dl: dl * ((1 - y) * expit(z) - wy * expit(-z))


@primitive
def binary_cross_entropy(p, *, target):
    """Loss -(y log p + (1 - y) log(1 - p)) elementwise; each log at least -100, as in torch.

    Pullback: dl (p - y) / (p (1 - p)), its divisor at least 1e-12.
    """
    y = np.asarray(target, dtype=p.dtype)
    with np.errstate(divide="ignore"):
        log_p, log_q = np.log(p), np.log1p(-p)
    losses = -(y * np.maximum(log_p, LOWEST_LOG) + (1 - y) * np.maximum(log_q, LOWEST_LOG))
    return losses, lambda dl: dl * (p - y) / np.maximum(p * (1 - p), LEAST_VARIANCE)


class BCEWithLogitsLoss(ElementwiseLoss):
    """Two-class cross-entropy on logits; target holds numbers from 0 to 1, same shape.

    Parameters
    ----------
    weight : array_like, optional
        Factor of each loss, any shape that broadcasts to the input's. The mean divides by the
        number of losses, not by the sum of the weights, as in torch.
    reduction : {"mean", "sum", "none"}
        What to make of the losses.
    pos_weight : array_like, optional
        Factor of the part that belongs to y = 1; above 1 it makes misses dearer than false alarms.

    Raises
    ------
    ValueError
        If shapes differ or a target is not in [0, 1].
    """

    def __init__(self, weight=None, *, reduction="mean", pos_weight=None):
        super().__init__(reduction=reduction)
        self.weight = None if weight is None else np.asarray(weight)
        self.pos_weight = 1.0 if pos_weight is None else np.asarray(pos_weight)

    def check(self, input, target):
        """Raise a ValueError unless shapes are equal, weights fit and targets are in [0, 1]."""
        super().check(input, target)
        labels = "labels lie in [0, 1] (turn -1 and +1 into them with (target + 1) / 2)"
        self.within("target", target, 0, 1, labels)
        _check_fits(self, "weight", input)
        _check_fits(self, "pos_weight", input)

    def each(self, input, target):
        """Loss of each value, same shape as the input."""
        losses = logistic_cross_entropy(input, target=target, pos_weight=self.pos_weight)
        return losses if self.weight is None else losses * self.weight.astype(losses.dtype)


class BCELoss(ElementwiseLoss):
    """Two-class cross-entropy on probabilities; both hold numbers from 0 to 1, same shape.

    Parameters
    ----------
    weight : array_like, optional
        Factor of each loss, any shape that broadcasts to the input's. The mean divides by the
        number of losses, as in torch.
    reduction : {"mean", "sum", "none"}
        What to make of the losses.

    Raises
    ------
    ValueError
        If shapes differ or a value is not in [0, 1].
    """

    def __init__(self, weight=None, *, reduction="mean"):
        super().__init__(reduction=reduction)
        self.weight = None if weight is None else np.asarray(weight)

    def check(self, input, target):
        """Raise a ValueError unless shapes are equal, weights fit, values are probabilities."""
        super().check(input, target)
        remedy = "probabilities lie in [0, 1] (for raw scores use BCEWithLogitsLoss)"
        self.within("input", input, 0, 1, remedy)
        self.within("target", target, 0, 1, remedy)
        _check_fits(self, "weight", input)

    def each(self, input, target):
        """Loss of each value, same shape as the input."""
        losses = binary_cross_entropy(input, target=target)
        return losses if self.weight is None else losses * self.weight.astype(losses.dtype)


def _check_fits(loss, name, input):
    """Raise a ValueError unless the weights broadcast to the input without growing it."""
    weight = getattr(loss, name)
    if weight is None:
        return
    shape = np.shape(weight)
    pairs = zip(shape[::-1], input.shape[::-1], strict=False)
    if len(shape) > input.ndim or any(own not in (1, length) for own, length in pairs):
        raise ValueError(
            f"{type(loss).__name__}: {name} {shape} does not broadcast to the input's {input.shape}"
        )
