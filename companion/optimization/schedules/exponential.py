"""Exponential decay: the same factor at every step."""

from companion.optimization.schedules.options import between, require
from companion.optimization.schedules.scheduler import LRScheduler


class ExponentialLR(LRScheduler):
    """Multiply the rate by γ at every step: the factor γᵗ.

    Parameters
    ----------
    optimizer : Optimizer
        Whose rates are set.
    gamma : float
        γ, at least 0, usually a little below 1; the notes' α = 0.95^epoch · α₀ has 0.95.
    last_epoch : int
        -1 at the start of training.

    Notes
    -----
    Chapter :ref:`schedules_compared`.
    """

    def __init__(self, optimizer, gamma, last_epoch=-1):
        require(self, gamma=between(gamma))
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def factor(self, t):
        """Return γᵗ."""
        return self.gamma**t
