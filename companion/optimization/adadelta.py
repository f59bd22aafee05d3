"""Adadelta: steps as large as the recent ones, turned by the gradient in units of its size."""

import numpy as np

from companion.optimization.averages import average_
from companion.optimization.optimizer import Optimizer


class Adadelta(Optimizer):
    """Adadelta: Δ = g √(d + ε) / √(v + ε), θ ← θ - ηΔ.

    Here v is the running average of g² and d that of Δ², taken over the steps before this one.

    Parameters
    ----------
    params : iterable of Parameter, or of dict
        What to update; dicts are groups with options of their own.
    lr : float
        Factor η of the whole step; 1 in the paper.
    rho : float
        ρ, from 0 to 1: how much of both averages is kept at a step.
    eps : float
        ε, added under both roots; √ε is what the first steps are measured in.
    weight_decay : float
        λ of a penalty ½λ‖θ‖² added to the cost.
    maximize : bool
        Go uphill.

    Notes
    -----
    Zeiler (2012), Algorithm 1. Derived in the chapter
    :ref:`optimizers_compared`.
    """

    def __init__(self, params, lr=1.0, rho=0.9, eps=1e-6, weight_decay=0, *, maximize=False):
        super().__init__(
            params, lr=lr, rho=rho, eps=eps, weight_decay=weight_decay, maximize=maximize
        )

    def buffers(self, options):
        """Remember the averages of squared gradients and of squared steps."""
        return "square_avg", "acc_delta"

    def update(self, x, g, square_avg, acc_delta, *, t, lr, rho, eps):
        """Take one step; see the class."""
        average_(square_avg, g * g, rho)
        size = square_avg + eps
        step = acc_delta + eps
        step /= size
        np.sqrt(step, out=step)
        step *= g
        average_(acc_delta, np.multiply(step, step, out=size), rho)
        step *= lr
        x -= step
