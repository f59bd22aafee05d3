"""Adam: momentum, each coordinate in units of its own recent size. And AdamW."""

import numpy as np

from companion.optimization.averages import average_
from companion.optimization.optimizer import Optimizer


class Adam(Optimizer):
    """Adam: θ ← θ - η m̂ / (√v̂ + ε), from running averages m of the gradient and v of its square.

    With m̂ = m/(1-β₁ᵗ) and v̂ = v/(1-β₂ᵗ), which undo that both averages start at 0.

    Parameters
    ----------
    params : iterable of Parameter, or of dict
        What to update; dicts are groups with options of their own.
    lr : float
        Learning rate η: about the largest change of a parameter in one step.
    betas : (float, float)
        β₁ and β₂, each from 0 to below 1: how much of m and v is kept at a step.
    eps : float
        ε, added to the root; 1e-8, that is 10⁻⁸.
    weight_decay : float
        λ of a penalty ½λ‖θ‖² added to the cost; its gradient is rescaled with the rest.
    amsgrad : bool
        Divide by the largest v so far instead of the present one.
    maximize : bool
        Go uphill.

    Notes
    -----
    Kingma and Ba (2015), Algorithm 1; amsgrad: Reddi et al. (2018). Derived in the chapter
    :ref:`adaptive`.
    """

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0,
        amsgrad=False,
        *,
        maximize=False,
    ):
        super().__init__(
            params,
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            amsgrad=amsgrad,
            maximize=maximize,
        )

    def buffers(self, options):
        """Remember both averages, and with amsgrad the largest of the second."""
        largest = ("max_exp_avg_sq",) if options["amsgrad"] else ()
        return "exp_avg", "exp_avg_sq", *largest

    def update(
        self, x, g, exp_avg, exp_avg_sq, max_exp_avg_sq=None, *, t, lr, betas, eps, amsgrad
    ):
        """Take one step; see the class."""
        beta1, beta2 = betas
        average_(exp_avg, g, beta1)
        average_(exp_avg_sq, g * g, beta2)
        v = np.maximum(max_exp_avg_sq, exp_avg_sq, out=max_exp_avg_sq) if amsgrad else exp_avg_sq
        size = np.sqrt(v)
        size *= (1 - beta2**t) ** -0.5
        size += eps
        step = np.divide(exp_avg, size, out=size)
        step *= lr / (1 - beta1**t)
        x -= step


class AdamW(Adam):
    """Adam with weight decay beside the gradient: θ ← (1-ηλ)θ before each step.

    Every weight shrinks by the same factor, however large its gradients are.

    Parameters
    ----------
    params : iterable of Parameter, or of dict
        What to update; dicts are groups with options of their own.
    lr, betas, eps, amsgrad, maximize
        As for `Adam`.
    weight_decay : float
        λ, at least 0.

    Notes
    -----
    Loshchilov and Hutter (2019). Derived in the chapter :ref:`adaptive`.
    """

    def __init__(
        self,
        params,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=1e-2,
        amsgrad=False,
        *,
        maximize=False,
    ):
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)

    def decay(self, x, g, *, weight_decay, lr, **options):
        """Shrink the values themselves, and leave the gradient as it is."""
        x *= 1 - lr * weight_decay
        return g
