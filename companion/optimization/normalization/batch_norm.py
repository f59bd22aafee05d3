"""Batch normalization: each feature standardized over the examples of the mini-batch."""

import math

import numpy as np

from companion.gradients.arithmetic import add, mul, sub
from companion.gradients.losses.base import values_of
from companion.gradients.shaping import reshape
from companion.optimization.averages import average_
from companion.optimization.normalization.normalize import normalize


def batch_norm(
    input,
    running_mean,
    running_var,
    weight=None,
    bias=None,
    training=False,
    momentum=0.1,
    eps=1e-5,
):
    """Standardize each channel over the batch, or by running statistics; then scale and shift.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C) or (N, C, …).
    running_mean, running_var : Tensor, array or None
        (C,). In training they are moved towards the statistics of the batch, in place; otherwise
        they are what `input` is standardized by.
    weight, bias : Tensor, array or None
        Scale γ and shift β, (C,).
    training : bool
        Whether to use the statistics of the batch.
    momentum : float
        Share of the new in the running averages: r ← (1 - momentum) r + momentum · new. (In most of
        this course momentum is the share of the old.)
    eps : float
        ε, added to the variance.

    Returns
    -------
    Tensor
        Shape and type of `input`.

    Raises
    ------
    ValueError
        If in training a channel has a single value, if the number of channels does not fit, or if
        running statistics are needed and missing.

    Notes
    -----
    The biased variance (divided by n) normalizes, the unbiased one (by n - 1) enters `running_var`,
    as in torch. Ioffe and Szegedy (2015), Algorithms 1 and 2. Derived in the chapter
    :ref:`normalization`.
    """
    _check(input, running_mean, running_var, weight, bias)
    if not training:
        return _by_running(input, running_mean, running_var, weight, bias, eps)
    layout = *input.shape[:2], math.prod(input.shape[2:])
    count = layout[0] * layout[2]
    if count < 2:
        raise ValueError(
            f"batch_norm: in training {input.shape} gives {count} values for each channel, too few "
            "for a variance; use a larger batch, Batches(..., drop_last=True) where the last one "
            "is short, or eval() for single examples"
        )

    def observe(mean, variance):
        unbiased = variance * (count / (count - 1))
        for running, new in ((running_mean, mean), (running_var, unbiased)):
            if running is not None:
                average_(values_of(running), new, 1 - momentum)

    weight = 1.0 if weight is None else weight
    bias = 0.0 if bias is None else bias
    options = {"statistics": layout, "affine": layout, "eps": eps, "observe": observe}
    return normalize(input, weight, bias, **options)


def _by_running(x, mean, variance, weight, bias, eps):
    """Return weight (x - mean) / √(variance + eps) + bias; mean and variance are constants."""
    if mean is None or variance is None:
        raise ValueError("batch_norm: without training=True it needs running_mean and running_var")
    column = {"shape": (-1, *[1] * (len(x.shape) - 2))}
    scale = 1 / np.sqrt(values_of(variance) + eps)
    scale = scale if weight is None else mul(weight, scale)
    y = mul(sub(x, values_of(mean).reshape(column["shape"])), reshape(scale, **column))
    return y if bias is None else add(y, reshape(bias, **column))


def _check(x, running_mean, running_var, weight, bias):
    """Refuse what does not fit (N, C, …)."""
    if len(x.shape) < 2:
        raise ValueError(f"batch_norm: expected (N, C, …), got {x.shape}")
    names = "running_mean", "running_var", "weight", "bias"
    for name, given in zip(names, (running_mean, running_var, weight, bias), strict=True):
        if given is not None and given.shape != x.shape[1:2]:
            raise ValueError(
                f"batch_norm: {name} of shape {given.shape} does not fit {x.shape[1]} channels; "
                f"expected ({x.shape[1]},)"
            )
