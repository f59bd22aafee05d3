"""Cross-entropies over many classes: how surprised a model is by the right answers.

Derived in the chapters :ref:`backpropagation` (gradient), :ref:`losses` (stable forms),
:ref:`choosing_a_loss` (weights, probabilities as targets, divergence) and :ref:`calibration`
(smoothing). Class numbers, weights and shapes: `class_numbers`; two classes:
`binary_cross_entropies`.
"""

import numpy as np
from scipy.special import xlogy

from companion.gradients import reductions
from companion.gradients.elementwise import where
from companion.gradients.losses.base import REDUCTIONS, ElementwiseLoss
from companion.gradients.losses.class_numbers import NLLLoss
from companion.gradients.tape import primitive


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


def smoothed(target, amount):
    """Move some of the probability of the targets to all classes alike.

    Parameters
    ----------
    target : array_like
        Probabilities, (N, K).
    amount : float
        Share that is spread over the K classes, from 0 to 1.

    Returns
    -------
    numpy.ndarray
        ``(1 - amount) target + amount / K``, (N, K).
    """
    return (1 - amount) * target + amount / np.shape(target)[1]


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
    label_smoothing : float
        Share of each target's probability that is spread over all classes, from 0 to 1.

    Raises
    ------
    ValueError
        If shapes, class numbers, probabilities, weights or the smoothing do not fit.

    Notes
    -----
    Input (N, K), or shapes as for `NLLLoss`. Class numbers are integers, (N,) ("sparse categorical"
    elsewhere); probabilities are floating-point numbers, (N, K), each row with sum 1
    ("categorical"). The weights multiply the smoothed target. Smoothing: Szegedy et al.,
    *Rethinking the Inception Architecture for Computer Vision* (2016), chapter :ref:`calibration`.
    """

    function = staticmethod(softmax_cross_entropy)

    def __init__(self, weight=None, *, ignore_index=-100, reduction="mean", label_smoothing=0.0):
        super().__init__(weight, ignore_index=ignore_index, reduction=reduction)
        self.label_smoothing = label_smoothing
        smoothing = np.asarray(label_smoothing, dtype=float)
        self.within("label_smoothing", smoothing, 0, 1, "a share from 0 to 1 needed, such as 0.1")

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
        if target.ndim == 2:
            return self._soft(input, target)
        if not self.label_smoothing:
            return super().each(input, target)
        counted = target != self.ignore_index
        losses = self._soft(input, np.eye(input.shape[1])[np.where(counted, target, 0)])
        return losses if counted.all() else where(counted, losses, 0.0)

    def _soft(self, input, probabilities):
        if self.label_smoothing:
            probabilities = smoothed(probabilities, self.label_smoothing)
        weighted = probabilities if self.weight is None else probabilities * self.weight
        return soft_cross_entropy(input, target=weighted)


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
