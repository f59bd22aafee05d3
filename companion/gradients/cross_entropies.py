"""Cross-entropies: how surprised a model is by the right answers.

Derived in the chapters :ref:`perceptron` (two classes), :ref:`backpropagation` (many) and
:ref:`losses` (stable forms, weights).
"""

import numpy as np
from scipy.special import expit

from companion.gradients.losses import Loss
from companion.gradients.tape import primitive

LOWEST_LOG = -100.0
"""torch's floor for log p in `BCELoss`: an impossible event costs 100, not infinity."""

LEAST_VARIANCE = float(np.float32(1e-12))
"""torch's floor for p (1 - p) in the gradient of `BCELoss`, a 32-bit number there."""


@primitive
def softmax_cross_entropy(z, *, target):
    """Loss -log softmax(z)[target] of each example. z: (N, K), target: (N,) → (N,).

    Pullback: dl (softmax(z) - onehot(target)), the classic "prediction minus truth".
    """
    rows = np.arange(len(z))
    shifted = z - z.max(axis=1, keepdims=True)
    p = np.exp(shifted)
    total = p.sum(axis=1, keepdims=True)
    losses = np.log(total[:, 0]) - shifted[rows, target]

    def pullback(dl):
        dz = p / total
        dz[rows, target] -= 1
        dz *= dl[:, None]
        return dz

    return losses, pullback


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
def logistic_cross_entropy(z, *, target):
    """Loss log(1 + e^z) - y z elementwise, finite for any finite z. Pullback: dl (σ(z) - y)."""
    y = np.asarray(target, dtype=z.dtype)
    losses = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
    return losses, lambda dl: dl * (expit(z) - y)


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


class CrossEntropyLoss(ClassLoss):
    """Multi-class cross-entropy on logits (raw scores), with class numbers as target."""

    def each(self, input, target):
        """Loss of each example, (N,)."""
        return softmax_cross_entropy(input, target=target)


class NLLLoss(ClassLoss):
    """Multi-class cross-entropy on log-probabilities, with class numbers as target."""

    def each(self, input, target):
        """Loss of each example, (N,)."""
        return negative_log_likelihood(input, target=target)


class BCEWithLogitsLoss(Loss):
    """Two-class cross-entropy on logits; target holds numbers from 0 to 1, same shape."""

    def check(self, input, target):
        """Raise a ValueError unless the shapes are equal."""
        if input.shape != target.shape:
            raise ValueError(
                f"{type(self).__name__}: input {input.shape} and target {target.shape} differ"
            )

    def each(self, input, target):
        """Loss of each value, same shape as the input."""
        return logistic_cross_entropy(input, target=target)


class BCELoss(BCEWithLogitsLoss):
    """Two-class cross-entropy on probabilities; both hold numbers from 0 to 1, same shape."""

    def check(self, input, target):
        """Raise a ValueError unless the shapes are equal and all values are probabilities."""
        super().check(input, target)
        for name, values in {"input": input, "target": target}.items():
            if values.size and not (values.min() >= 0 and values.max() <= 1):
                worst = values.flat[np.argmax(np.abs(values - 0.5))]
                raise ValueError(
                    f"BCELoss: {name} holds {worst:.4g}; probabilities lie in [0, 1] "
                    "(for raw scores use BCEWithLogitsLoss)"
                )

    def each(self, input, target):
        """Loss of each value, same shape as the input."""
        return binary_cross_entropy(input, target=target)
