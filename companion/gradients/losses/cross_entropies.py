"""Cross-entropies over many classes: how surprised a model is by the right answers.

Derived in the chapters :ref:`backpropagation` (gradient), :ref:`losses` (stable forms) and
:ref:`choosing_a_loss` (weights, probabilities as targets, divergence). Two classes:
`binary_cross_entropies`.
"""

import numpy as np
from scipy.special import xlogy

from companion.gradients import reductions
from companion.gradients.elementwise import where
from companion.gradients.losses.base import REDUCTIONS, ElementwiseLoss, Loss, values_of
from companion.gradients.tape import primitive
from companion.gradients.tensor import Tensor


@primitive
def softmax_cross_entropy(z, *, target):
    """Loss -log softmax(z)[target] of each example. z: (N, K), target: (N,) → (N,).

    Pullback: dl (softmax(z) - onehot(target)), the classic "prediction minus truth".
    """
    rows = np.arange(len(z))
    p = z - z.max(axis=1, keepdims=True)
    right = p[rows, target]
    np.exp(p, out=p)
    total = p.sum(axis=1, keepdims=True)
    losses = np.log(total[:, 0]) - right

    def pullback(dl):
        dz = p / total
        dz[rows, target] -= 1
        dz *= dl[:, None]
        return dz

    return losses, pullback


@primitive
def soft_cross_entropy(z, *, target):
    """Loss -Σ t log softmax(z) of each example. z: (N, K), target t ≥ 0: (N, K) → (N,).

    Pullback: dl (softmax(z) Σ t - t). What has t = 0 adds nothing, even where log p is -inf.
    """
    t = np.asarray(target, dtype=z.dtype)
    shifted = z - z.max(axis=1, keepdims=True)
    p = np.exp(shifted)
    total = p.sum(axis=1, keepdims=True)
    log_p = np.where(t == 0, 0, shifted - np.log(total))
    slope = t.sum(axis=1, keepdims=True) * p / total - t
    return -(t * log_p).sum(axis=1), lambda dl: dl[:, None] * slope


@primitive
def negative_log_likelihood(log_p, *, target):
    """Loss -log_p[target] of each example. log_p: (N, K), target: (N,) → (N,)."""
    rows = np.arange(len(log_p))

    def pullback(dl):
        out = np.zeros_like(log_p)
        out[rows, target] = -dl
        return out

    return -log_p[rows, target], pullback


@primitive
def kl_divergence(log_q, *, target, log_target=False):
    """Terms t (log t - log q) of the Kullback–Leibler divergence, elementwise. Pullback: -dl t.

    A term with t = 0 is 0, even where log q is -inf.
    """
    t = np.asarray(target, dtype=log_q.dtype)
    if log_target:
        t, entropy = np.exp(t), np.where(t == -np.inf, 0, t) * np.exp(t)
    else:
        entropy = xlogy(t, t)
    return entropy - t * np.where(t == 0, 0, log_q), lambda dl: -dl * t


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


class CrossEntropyLoss(NLLLoss):
    """Multi-class cross-entropy on logits (raw scores); target: class numbers or probabilities.

    Parameters
    ----------
    weight : array_like, optional
        Weight of each class, (K,), at least 0. With class numbers the mean divides by the sum of
        the weights of the examples, with probabilities by the number of examples, as in torch.
    ignore_index : int
        A class number: examples with this target cost nothing, and the mean does not count them.
    reduction : {"mean", "sum", "none"}
        What to make of the losses of the examples.

    Raises
    ------
    ValueError
        If shapes, class numbers, probabilities or weights do not fit.

    Notes
    -----
    Input (N, K), or shapes as for `NLLLoss`. Class numbers are integers, (N,) ("sparse categorical"
    elsewhere); probabilities are floating-point numbers, (N, K), each row with sum 1
    ("categorical").
    """

    function = staticmethod(softmax_cross_entropy)

    def check(self, input, target):
        """Raise a ValueError unless shapes, targets and weights fit."""
        if target.ndim != 2 or target.shape != input.shape:
            return super().check(input, target)
        # The weights are checked by the base, with any valid class numbers.
        super().check(input, np.zeros(len(input), dtype=int))
        if target.dtype.kind != "f":
            raise ValueError(
                f"CrossEntropyLoss: target (N, K) holds {target.dtype}; expected probabilities "
                "as floating-point numbers (for one-hot integers pass target.astype(float))"
            )
        self.within("target", target, 0, 1, "probabilities lie in [0, 1]")
        off = np.abs(target.sum(axis=1) - 1)
        if off.size and not off.max() <= 1e-3:
            row = np.argmax(off)
            raise ValueError(
                f"CrossEntropyLoss: row {row} of target sums to {target[row].sum():.4g}, not 1 "
                "(for several labels at once use BCEWithLogitsLoss)"
            )

    def each(self, input, target):
        """Loss of each example, (N,)."""
        if target.ndim == 1:
            return super().each(input, target)
        weighted = target if self.weight is None else target * self.weight
        return soft_cross_entropy(input, target=weighted)


def _rows(x):
    """Move the classes, axis 1 (axis 0 of a vector), to the end and join all other axes."""
    if x.ndim == 1:
        return x.reshape(1, -1)
    return x.permute(0, *range(2, x.ndim), 1).reshape(-1, x.shape[1])


class KLDivLoss(ElementwiseLoss):
    """Kullback–Leibler divergence of the target t from the input q, given as log-probabilities.

    Parameters
    ----------
    reduction : {"mean", "batchmean", "sum", "none"}
        What to make of the terms t (log t - log q). The divergence of a batch is "batchmean": the
        sum divided by the number of rows. "mean" divides by the number of terms, as in torch.
    log_target : bool
        Whether the target holds log-probabilities as well.

    Raises
    ------
    ValueError
        If shapes differ or a target is not a probability.
    """

    reductions = REDUCTIONS | {"batchmean": lambda terms: reductions.sum(terms) / len(terms.data)}

    def __init__(self, *, reduction="mean", log_target=False):
        super().__init__(reduction=reduction)
        self.log_target = log_target

    def check(self, input, target):
        """Raise a ValueError unless the shapes are equal and the target holds probabilities."""
        super().check(input, target)
        if not self.log_target:
            remedy = "probabilities lie in [0, 1] (for their logarithms pass log_target=True)"
            self.within("target", target, 0, 1, remedy)

    def each(self, input, target):
        """Term of each probability, same shape as the input."""
        return kl_divergence(input, target=target, log_target=self.log_target)
