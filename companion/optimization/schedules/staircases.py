"""Staircases: rates that stay and then jump."""

from bisect import bisect_right

from companion.optimization.schedules.options import between, require, whole
from companion.optimization.schedules.scheduler import LRScheduler


class StepLR(LRScheduler):
    """Multiply the rate by γ every so many steps: the factor γ^⌊t / step_size⌋.

    Parameters
    ----------
    optimizer : Optimizer
        Whose rates are set.
    step_size : int
        Steps from one jump to the next.
    gamma : float
        γ, at least 0.
    last_epoch : int
        -1 at the start of training.

    Notes
    -----
    Chapter :ref:`schedules`.
    """

    def __init__(self, optimizer, step_size, gamma=0.1, last_epoch=-1):
        require(self, step_size=whole(step_size), gamma=between(gamma))
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def factor(self, t):
        """Return γ to the number of jumps up to step `t`."""
        return self.gamma ** (t // self.step_size)


class MultiStepLR(LRScheduler):
    """Multiply the rate by γ at the given steps.

    Parameters
    ----------
    optimizer : Optimizer
        Whose rates are set.
    milestones : iterable of int
        Steps at which the rate jumps, in any order; one that comes twice counts twice.
    gamma : float
        γ, at least 0.
    last_epoch : int
        -1 at the start of training.

    Notes
    -----
    Chapter :ref:`schedules`.
    """

    def __init__(self, optimizer, milestones, gamma=0.1, last_epoch=-1):
        milestones = sorted(milestones)
        for milestone in milestones:
            require(self, milestones=whole(milestone, 0))
        require(self, gamma=between(gamma))
        self.milestones, self.gamma = milestones, gamma
        super().__init__(optimizer, last_epoch)

    def factor(self, t):
        """Return γ to the number of milestones up to step `t`."""
        return self.gamma ** bisect_right(self.milestones, t)


class ConstantLR(LRScheduler):
    """Hold the rate at a fraction of the base rate, then jump up to it.

    Parameters
    ----------
    optimizer : Optimizer
        Whose rates are set.
    factor : float
        The fraction, from 0 to 1.
    total_iters : int
        Steps to hold it.
    last_epoch : int
        -1 at the start of training.

    Notes
    -----
    Chapter :ref:`schedules`.
    """

    def __init__(self, optimizer, factor=1.0 / 3, total_iters=5, last_epoch=-1):
        require(self, factor=between(factor, 0, 1), total_iters=whole(total_iters))
        self.fraction, self.total_iters = factor, total_iters
        super().__init__(optimizer, last_epoch)

    def factor(self, t):
        """Return the fraction, or 1 from step ``total_iters`` on."""
        return self.fraction if t < self.total_iters else 1.0
