"""Adagrad: each coordinate in units of all its gradients so far."""

import numpy as np

from companion.optimization.optimizer import Optimizer


class Adagrad(Optimizer):
    """Adagrad: θ ← θ - η g / (√s + ε), where s is the sum of all squared gradients so far.

    The sum never falls, so that the rate of a coordinate, η / (√s + ε), never rises.

    Parameters
    ----------
    params : iterable of Parameter, or of dict
        What to update; dicts are groups with options of their own.
    lr : float
        Learning rate η: the size of the first step, if s starts at 0.
    lr_decay : float
        κ: the t-th step uses η / (1 + (t-1)κ), beside what s does.
    weight_decay : float
        λ of a penalty ½λ‖θ‖² added to the cost.
    initial_accumulator_value : float
        What s starts from, at least 0.
    eps : float
        ε, added to the root.
    maximize : bool
        Go uphill.

    Notes
    -----
    Duchi, Hazan and Singer (2011), with diagonal matrices. Derived in the chapter
    :ref:`adaptive`.
    """

    def __init__(
        self,
        params,
        lr=1e-2,
        lr_decay=0,
        weight_decay=0,
        initial_accumulator_value=0,
        eps=1e-10,
        *,
        maximize=False,
    ):
        super().__init__(
            params,
            lr=lr,
            lr_decay=lr_decay,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
            eps=eps,
            maximize=maximize,
        )

    def buffers(self, options):
        """Remember the sum of squares."""
        return ("sum",)

    def start(self, name, x, options):
        """Begin the sum where it was told to."""
        return np.full_like(x, options["initial_accumulator_value"])

    def update(self, x, g, sum, *, t, lr, lr_decay, eps, initial_accumulator_value):
        """Take one step; see the class."""
        sum += g * g
        size = np.sqrt(sum)
        size += eps
        step = np.divide(g, size, out=size)
        step *= lr / (1 + (t - 1) * lr_decay)
        x -= step
