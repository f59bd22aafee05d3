"""NAdam: Adam that looks one step ahead, as Nesterov's momentum does."""

import numpy as np

from companion.optimization.averages import average_
from companion.optimization.optimizer import Optimizer

DECAY = 0.96


class NAdam(Optimizer):
    """NAdam: θ ← θ - η ((1-μₜ) g / (1-Πₜ) + μₜ₊₁ m / (1-Πₜ₊₁)) / (√v̂ + ε).

    The running averages m and v are Adam's. The momentum warms up, μₜ = β₁(1 - ½·0.96^(tψ)), and
    Πₜ = μ₁···μₜ.

    Parameters
    ----------
    params : iterable of Parameter, or of dict
        What to update; dicts are groups with options of their own.
    lr : float
        Learning rate η.
    betas : (float, float)
        β₁ and β₂, each from 0 to below 1.
    eps : float
        ε, added to the root.
    weight_decay : float
        λ of a penalty ½λ‖θ‖² added to the cost.
    momentum_decay : float
        ψ: how quickly the momentum rises from about β₁/2 to β₁.
    decoupled_weight_decay : bool
        Shrink the parameters beside the gradient, θ ← (1-ηλ)θ, as `AdamW` does.
    maximize : bool
        Go uphill.

    Notes
    -----
    Dozat (2016), with the schedule of the momentum given there. Derived in the chapter
    :ref:`optimizers_compared`.
    """

    def __init__(
        self,
        params,
        lr=2e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0,
        momentum_decay=4e-3,
        decoupled_weight_decay=False,
        *,
        maximize=False,
    ):
        super().__init__(
            params,
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            momentum_decay=momentum_decay,
            decoupled_weight_decay=decoupled_weight_decay,
            maximize=maximize,
        )

    def buffers(self, options):
        """Remember the product of all momenta so far, and both averages."""
        return "mu_product", "exp_avg", "exp_avg_sq"

    def start(self, name, x, options):
        """Begin the product at 1; torch keeps it in 32 bits, whatever the parameters are."""
        return np.ones((), np.float32) if name == "mu_product" else np.zeros_like(x)

    def decay(self, x, g, *, weight_decay, lr, decoupled_weight_decay, **options):
        """Shrink the values themselves, if that was asked for."""
        if not decoupled_weight_decay:
            return super().decay(x, g, weight_decay=weight_decay)
        x *= 1 - lr * weight_decay
        return g

    def update(
        self,
        x,
        g,
        mu_product,
        exp_avg,
        exp_avg_sq,
        *,
        t,
        lr,
        betas,
        eps,
        momentum_decay,
        decoupled_weight_decay,
    ):
        """Take one step; see the class."""
        beta1, beta2 = betas
        now, following = (beta1 * (1 - 0.5 * DECAY ** (k * momentum_decay)) for k in (t, t + 1))
        mu_product *= now
        product = float(mu_product)
        average_(exp_avg, g, beta1)
        average_(exp_avg_sq, g * g, beta2)
        size = np.sqrt(exp_avg_sq)
        size *= (1 - beta2**t) ** -0.5
        size += eps
        step = g * (lr * (1 - now) / (1 - product))
        step += exp_avg * (lr * following / (1 - product * following))
        step /= size
        x -= step
