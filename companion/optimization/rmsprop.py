"""RMSprop: each coordinate in units of its recent gradients."""

import numpy as np

from companion.optimization.averages import average_
from companion.optimization.optimizer import Optimizer, is_on


class RMSprop(Optimizer):
    """RMSprop: θ ← θ - η g / (√v + ε), where v is the running average of the squared gradient.

    Parameters
    ----------
    params : iterable of Parameter, or of dict
        What to update; dicts are groups with options of their own.
    lr : float
        Learning rate η.
    alpha : float
        α: how much of v is kept at a step.
    eps : float
        ε, added to the root.
    weight_decay : float
        λ of a penalty ½λ‖θ‖² added to the cost.
    momentum : float
        Share μ of the velocity that is kept: u ← μu + g / (√v + ε), and θ ← θ - ηu.
    centered : bool
        Divide by an estimate of the standard deviation instead: v minus the square of the running
        average of g.
    maximize : bool
        Go uphill.

    Notes
    -----
    Tieleman and Hinton (2012), lecture 6.5; centered: Graves (2013). Derived in the chapter
    :ref:`adaptive`.
    """

    def __init__(
        self,
        params,
        lr=1e-2,
        alpha=0.99,
        eps=1e-8,
        weight_decay=0,
        momentum=0,
        centered=False,
        *,
        maximize=False,
    ):
        super().__init__(
            params,
            lr=lr,
            alpha=alpha,
            eps=eps,
            weight_decay=weight_decay,
            momentum=momentum,
            centered=centered,
            maximize=maximize,
        )

    def buffers(self, options):
        """Remember the average square, the velocity and the average, as far as they are used."""
        velocity = ("momentum_buffer",) if is_on(options["momentum"]) else ()
        average = ("grad_avg",) if options["centered"] else ()
        return "square_avg", *velocity, *average

    def update(
        self,
        x,
        g,
        square_avg,
        momentum_buffer=None,
        grad_avg=None,
        *,
        t,
        lr,
        alpha,
        eps,
        momentum,
        centered,
    ):
        """Take one step; see the class."""
        average_(square_avg, g * g, alpha)
        if centered:
            average_(grad_avg, g, alpha)
            # Rounding can make the difference negative where the gradient is constant.
            size = np.maximum(square_avg - grad_avg * grad_avg, 0)
            np.sqrt(size, out=size)
        else:
            size = np.sqrt(square_avg)
        size += eps
        step = np.divide(g, size, out=size)
        if is_on(momentum):
            momentum_buffer *= momentum
            momentum_buffer += step
            step = np.multiply(momentum_buffer, lr, out=step)
        else:
            step *= lr
        x -= step
