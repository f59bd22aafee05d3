"""Stochastic gradient descent, plain, with momentum, or with Nesterov's."""

import numpy as np

from companion.optimization.optimizer import Optimizer, is_on


class SGD(Optimizer):
    """Stochastic gradient descent θ ← θ - η dJ/dθ, with a velocity if asked for.

    Parameters
    ----------
    params : iterable of Parameter, or of dict
        What to update; dicts are groups with options of their own.
    lr : float
        Learning rate η, at least 0.
    momentum : float
        Share μ of the velocity that is kept: v ← μv + (1-τ)g, and θ ← θ - ηv.
    dampening : float
        Share τ of the gradient that is left out of the velocity, except at the first step.
    weight_decay : float
        λ of a penalty ½λ‖θ‖² added to the cost.
    nesterov : bool
        Step along g + μv instead of v.
    maximize : bool
        Go uphill.

    Raises
    ------
    ValueError
        If an option is out of range, or `nesterov` comes without momentum or with dampening.

    Notes
    -----
    Momentum: Polyak (1964); Nesterov's in the form of Sutskever et al. (2013). Derived in the
    chapters :ref:`descent` and :ref:`momentum`.
    """

    def __init__(
        self,
        params,
        lr=1e-3,
        momentum=0,
        dampening=0,
        weight_decay=0,
        nesterov=False,
        *,
        maximize=False,
    ):
        super().__init__(
            params,
            lr=lr,
            momentum=momentum,
            dampening=dampening,
            weight_decay=weight_decay,
            nesterov=nesterov,
            maximize=maximize,
        )

    def check(self, *, momentum, dampening, nesterov, **options):
        """Refuse what is out of range, and Nesterov's rule where it has no meaning."""
        super().check(momentum=momentum, **options)
        if nesterov and (np.any(np.asarray(momentum) <= 0) or is_on(dampening)):
            raise ValueError(
                f"SGD: nesterov needs a momentum above 0 and no dampening; "
                f"got momentum={momentum} and dampening={dampening}"
            )

    def buffers(self, options):
        """Remember the velocity, if there is one."""
        return ("momentum_buffer",) if is_on(options["momentum"]) else ()

    def update(self, x, g, momentum_buffer=None, *, t, lr, momentum, dampening, nesterov):
        """Take one step; see the class."""
        if is_on(momentum):
            g = self._velocity(momentum_buffer, g, t, momentum, dampening, nesterov)
        x -= lr * g

    def _velocity(self, v, g, t, momentum, dampening, nesterov):
        """Compute v ← μv + (1-τ)g, from v = g at first; Nesterov's rule looks one step ahead."""
        if t == 1:
            v[...] = g
        else:
            v *= momentum
            v += (1 - dampening) * g
        return g + momentum * v if nesterov else v
