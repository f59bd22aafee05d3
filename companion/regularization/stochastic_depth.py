"""Stochastic depth: whole residual branches that are left out at random in training.

Derived in the chapter :ref:`random_depth`.
"""

import numpy as np

from companion.gradients.arithmetic import mul
from companion.gradients.module import Module
from companion.gradients.tensor import Tensor
from companion.regularization.dropout import check_probability, random_scale

MODES = ("row", "batch")


def stochastic_depth(input, p, mode, training=True):
    """Drop a residual branch at random, and divide what stays by the survival probability.

    Parameters
    ----------
    input : Tensor or array_like
        What the branch puts out, (N, …), before it is added to its input.
    p : float
        Probability to drop, from 0 to 1.
    mode : str
        "row" draws for each example of its own, "batch" once for all.
    training : bool
        Without it nothing happens.

    Returns
    -------
    Tensor
        Same shape and type.

    Raises
    ------
    ValueError
        If `p` is not a probability or `mode` is unknown.

    Notes
    -----
    Huang, Sun, Liu, Sedra and Weinberger, *Deep networks with stochastic depth* (2016), scaled in
    training as in ``torchvision.ops.stochastic_depth``, whose arguments these are; the paper
    multiplies by the survival probability at test time instead.
    """
    check_probability("stochastic_depth", p)
    if mode not in MODES:
        raise ValueError(f"stochastic_depth: mode is {mode!r}; choose one of {MODES}")
    x = input if isinstance(input, Tensor) else Tensor(input)
    if not training or p == 0:
        return x
    rows = x.shape[:1] if mode == "row" else (1,) * min(x.ndim, 1)
    return mul(x, random_scale(rows + (1,) * (x.ndim - 1), p, x.dtype))


class StochasticDepth(Module):
    """Leave out a residual branch at random in training; do nothing in evaluation.

    Parameters
    ----------
    p : float
        Probability to drop, from 0 to 1.
    mode : str
        "row" or "batch"; see `stochastic_depth`.

    Raises
    ------
    ValueError
        If `p` is not a probability or `mode` is unknown.
    """

    def __init__(self, p, mode):
        self.p, self.mode = check_probability("StochasticDepth", p), mode
        if mode not in MODES:
            raise ValueError(f"StochasticDepth: mode is {mode!r}; choose one of {MODES}")

    def forward(self, x):
        """Return x, or in training x with examples dropped; same shape."""
        return stochastic_depth(x, self.p, self.mode, self.training)

    def extra_repr(self):
        """Return probability and mode."""
        return f"p={self.p}, mode={self.mode!r}"


def linear_decay(depth, last=0.5):
    """Probability to drop each of a stack of residual branches, rising linearly.

    Parameters
    ----------
    depth : int
        Number of branches L, at least 1.
    last : float
        Probability to drop the last one.

    Returns
    -------
    numpy.ndarray
        last · l / L for l = 1, …, L, (L,): early branches, which others build on, stay more often.

    Raises
    ------
    ValueError
        If `depth` is below 1 or `last` is not a probability.

    Notes
    -----
    Huang et al. (2016), equation 4.
    """
    if depth < 1:
        raise ValueError(f"linear_decay: depth is {depth}; need at least one branch")
    check_probability("linear_decay", last)
    return last * np.arange(1, depth + 1) / depth
