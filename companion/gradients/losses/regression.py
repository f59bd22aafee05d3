"""Losses for predicted numbers: how far off, and what an error of a given size costs.

Compared in :ref:`losses` and :ref:`choosing_a_loss`. Input and target have the same shape, and the
loss is taken for each number. Where torch has the loss, names, options and numbers are torch's.
"""

import numpy as np
from scipy.special import xlogy

from companion.gradients.losses.base import ElementwiseLoss
from companion.gradients.tape import primitive

EPSILON = float(np.finfo(np.float64).eps)
"""scikit-learn's floor for the size of y in the mean absolute percentage error."""


def _error(x, y):
    return x - np.asarray(y, dtype=x.dtype)


@primitive
def squared_error(x, y):
    """Loss (x - y)² elementwise. Pullbacks: 2 dl (x - y) and its negative."""
    d = _error(x, y)
    return d * d, lambda dl: 2 * dl * d, lambda dl: -2 * dl * d


@primitive
def absolute_error(x, y):
    """Loss abs(x - y) elementwise. Pullbacks: dl sign(x - y), 0 at 0, and its negative."""
    d = _error(x, y)
    return np.abs(d), lambda dl: dl * np.sign(d), lambda dl: -dl * np.sign(d)


@primitive
def huber(x, y, *, delta=1.0):
    """Half the square of d = x - y up to a size of delta, a straight line beyond.

    Its derivative g is the error clipped to [-delta, delta]. Pullbacks: dl g and -dl g.
    """
    d = _error(x, y)
    g = np.clip(d, -delta, delta)
    return g * (d - g / 2), lambda dl: dl * g, lambda dl: -dl * g


@primitive
def log_cosh(x, y):
    """Loss log cosh d of d = x - y, finite for any finite d. Pullbacks: dl tanh d, -dl tanh d."""
    d = _error(x, y)
    size = np.abs(d)
    # Far out cosh overflows; close to 0 subtracting log 2 would leave rounding errors only.
    near = np.log1p(2 * np.sinh(np.minimum(size, 1) / 2) ** 2)
    far = size + np.log1p(np.exp(-2 * size)) - np.log(2).astype(d.dtype)
    slope = np.tanh(d)
    return np.where(size < 1, near, far), lambda dl: dl * slope, lambda dl: -dl * slope


@primitive
def absolute_percentage_error(x, *, target, eps=EPSILON):
    """Loss abs(x - y) / s with s = max(abs(y), eps), elementwise. Pullback: dl sign(x - y) / s."""
    d = _error(x, target)
    size = np.maximum(np.abs(np.asarray(target, dtype=x.dtype)), x.dtype.type(eps))
    return np.abs(d) / size, lambda dl: dl * np.sign(d) / size


@primitive
def squared_log_error(x, *, target):
    """Loss (log(1 + x) - log(1 + y))². Pullback: 2 dl (log(1 + x) - log(1 + y)) / (1 + x)."""
    d = np.log1p(x) - np.log1p(np.asarray(target, dtype=x.dtype))
    return d * d, lambda dl: 2 * dl * d / (1 + x)


@primitive
def poisson_nll(x, *, target, log_input=True, full=False, eps=1e-8):
    """Minus log-probability of the count y under a Poisson law of rate λ = e^x, or λ = x.

    Loss λ - y log λ; `full` adds log y! by Stirling's formula for y > 1. Pullback: dl (e^x - y),
    or dl (1 - y / (x + eps)).
    """
    y = np.asarray(target, dtype=x.dtype)
    losses = (rate := np.exp(x)) - y * x if log_input else x - y * np.log(x + eps)
    if full:
        many = np.maximum(y, 1)
        stirling = xlogy(many, many) - many + np.log(2 * np.pi * many) / 2
        losses = losses + np.where(y > 1, stirling, 0).astype(x.dtype)
    return losses, lambda dl: dl * (rate - y if log_input else 1 - y / (x + eps))


class MSELoss(ElementwiseLoss):
    """Mean squared error. The best constant prediction is the mean."""

    target_gets_gradient = True

    def each(self, input, target):
        """Loss of each number, same shape as the input."""
        return squared_error(input, target)


class L1Loss(ElementwiseLoss):
    """Mean absolute error. The best constant prediction is the median."""

    target_gets_gradient = True

    def each(self, input, target):
        """Loss of each number, same shape as the input."""
        return absolute_error(input, target)


class HuberLoss(ElementwiseLoss):
    """Squared error up to `delta`, absolute error beyond (Huber, 1964).

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}
        What to make of the losses of the numbers.
    delta : float
        Error at which the parabola turns into a line, positive.

    Raises
    ------
    ValueError
        If `delta` is not positive, or shapes differ.
    """

    target_gets_gradient = True

    def __init__(self, reduction="mean", delta=1.0):
        super().__init__(reduction=reduction)
        if not delta > 0:
            raise ValueError(f"HuberLoss: delta is {delta}; expected a positive number")
        self.delta = delta

    def each(self, input, target):
        """Loss of each number, same shape as the input."""
        return huber(input, target, delta=self.delta)


class LogCoshLoss(ElementwiseLoss):
    """Mean of log cosh of the error: like Huber's loss, but smooth everywhere. Not in torch."""

    target_gets_gradient = True

    def each(self, input, target):
        """Loss of each number, same shape as the input."""
        return log_cosh(input, target)


class MAPELoss(ElementwiseLoss):
    """Mean absolute error as a fraction of the size of the target. Not in torch.

    Parameters
    ----------
    eps : float
        Least size to divide by; scikit-learn's.
    reduction : {"mean", "sum", "none"}
        What to make of the losses of the numbers.

    Raises
    ------
    ValueError
        If `eps` is not positive, or shapes differ.
    """

    def __init__(self, *, eps=EPSILON, reduction="mean"):
        super().__init__(reduction=reduction)
        if not eps > 0:
            raise ValueError(f"MAPELoss: eps is {eps}; expected a positive number")
        self.eps = eps

    def each(self, input, target):
        """Loss of each number, same shape as the input."""
        return absolute_percentage_error(input, target=target, eps=self.eps)


class MSLELoss(ElementwiseLoss):
    """Mean squared error of log(1 + y); both must be above -1. Not in torch."""

    def check(self, input, target):
        """Raise a ValueError unless the shapes are equal and all values are above -1."""
        super().check(input, target)
        remedy = "log(1 + y) needs numbers above -1 (let the model predict log(1 + y) instead)"
        for name, values in {"input": input, "target": target}.items():
            self.within(name, values, np.nextafter(-1, 0, dtype=_float(values)), np.inf, remedy)

    def each(self, input, target):
        """Loss of each number, same shape as the input."""
        return squared_log_error(input, target=target)


class PoissonNLLLoss(ElementwiseLoss):
    """Minus log-likelihood of counts under a Poisson law, on log-rates or on rates.

    Parameters
    ----------
    log_input : bool
        Whether the input holds the logarithm of the rate, which may be any number, or the rate.
    full : bool
        Add Stirling's approximation of log y! for counts above 1; it does not move the minimum.
    eps : float
        Added to the rate inside the logarithm if not `log_input`.
    reduction : {"mean", "sum", "none"}
        What to make of the losses of the numbers.

    Raises
    ------
    ValueError
        If a count or a rate is negative, or shapes differ.
    """

    def __init__(self, log_input=True, full=False, *, eps=1e-8, reduction="mean"):
        super().__init__(reduction=reduction)
        self.log_input, self.full, self.eps = log_input, full, eps

    def check(self, input, target):
        """Raise a ValueError unless the shapes are equal and counts and rates are at least 0."""
        super().check(input, target)
        self.within("target", target, 0, np.inf, "counts are at least 0")
        if not self.log_input:
            remedy = "rates are at least 0 (for log-rates pass log_input=True)"
            self.within("input", input, 0, np.inf, remedy)

    def each(self, input, target):
        """Loss of each number, same shape as the input."""
        options = {"log_input": self.log_input, "full": self.full, "eps": self.eps}
        return poisson_nll(input, target=target, **options)


def _float(values):
    return values.dtype if values.dtype.kind == "f" else np.float64
