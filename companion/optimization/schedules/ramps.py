"""Ramps: from one rate to another along a line or a power, then level."""

from companion.optimization.schedules.options import between, require, whole
from companion.optimization.schedules.scheduler import LRScheduler


class LinearLR(LRScheduler):
    """Go from one fraction of the base rate to another in a straight line: the usual warm-up.

    Parameters
    ----------
    optimizer : Optimizer
        Whose rates are set.
    start_factor : float
        Fraction at step 0, above 0 and at most 1.
    end_factor : float
        Fraction from step ``total_iters`` on, from 0 to 1.
    total_iters : int
        Steps on the way.
    last_epoch : int
        -1 at the start of training.

    Notes
    -----
    Warm-up: Goyal et al. (2017). Chapter :ref:`schedules`.
    """

    def __init__(
        self, optimizer, start_factor=1.0 / 3, end_factor=1.0, total_iters=5, last_epoch=-1
    ):
        require(
            self,
            start_factor=(start_factor, 0 < start_factor <= 1, "a number above 0, at most 1"),
            end_factor=between(end_factor, 0, 1),
            total_iters=whole(total_iters),
        )
        self.start_factor, self.end_factor = start_factor, end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def factor(self, t):
        """Return the point of the line at step `t`."""
        done = min(t, self.total_iters) / self.total_iters
        return self.start_factor + (self.end_factor - self.start_factor) * done


class PolynomialLR(LRScheduler):
    """Go down to 0 along a power: the factor (1 - t/T)^power, and 0 from step T on.

    Parameters
    ----------
    optimizer : Optimizer
        Whose rates are set.
    total_iters : int
        T, the steps until the rate is 0.
    power : float
        1 is a straight line; above 1 the curve falls early, below 1 late.
    last_epoch : int
        -1 at the start of training.

    Notes
    -----
    Chapter :ref:`schedules`.
    """

    def __init__(self, optimizer, total_iters=5, power=1.0, last_epoch=-1):
        require(self, total_iters=whole(total_iters), power=between(power))
        self.total_iters, self.power = total_iters, power
        super().__init__(optimizer, last_epoch)

    def factor(self, t):
        """Return the power of the share of steps that are left."""
        return (1 - min(t, self.total_iters) / self.total_iters) ** self.power
