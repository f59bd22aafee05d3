"""Cosine annealing: down along half a wave, once or again and again."""

import math

from companion.optimization.schedules.options import between, require, whole
from companion.optimization.schedules.scheduler import LRScheduler


def half_wave(share):
    """Return (1 + cos(π · share)) / 2: 1 at share 0, ½ half-way, 0 at share 1."""
    return (1 + math.cos(math.pi * share)) / 2


class CosineAnnealingLR(LRScheduler):
    """Go down along half a cosine: η_min + (η - η_min) · ½(1 + cos(π t/T)).

    Parameters
    ----------
    optimizer : Optimizer
        Whose rates are set.
    T_max : int
        T, the steps of the way down. Beyond it the wave goes up again.
    eta_min : float
        η_min, the rate at the bottom.
    last_epoch : int
        -1 at the start of training.

    Notes
    -----
    Loshchilov and Hutter (2017), equation 5 without restarts. Chapter :ref:`schedules`.
    """

    def __init__(self, optimizer, T_max, eta_min=0.0, last_epoch=-1):
        require(self, T_max=whole(T_max), eta_min=between(eta_min))
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def rate(self, base, t):
        """Return the height of the wave at step `t`."""
        return self.eta_min + (base - self.eta_min) * half_wave(t / self.T_max)


class CosineAnnealingWarmRestarts(LRScheduler):
    """Go down along half a cosine, jump up, go down again, each time T_mult times as long.

    Parameters
    ----------
    optimizer : Optimizer
        Whose rates are set.
    T_0 : int
        Steps of the first way down.
    T_mult : int
        Factor from one length to the next, at least 1.
    eta_min : float
        Rate at the bottom, which is jumped over: the rate of the last step before a restart is a
        little above it.
    last_epoch : int
        -1 at the start of training.

    Notes
    -----
    Loshchilov and Hutter (2017). Chapter :ref:`schedules`.
    """

    def __init__(self, optimizer, T_0, T_mult=1, eta_min=0.0, last_epoch=-1):
        require(self, T_0=whole(T_0), T_mult=whole(T_mult), eta_min=between(eta_min))
        self.T_0, self.T_mult, self.eta_min = T_0, T_mult, eta_min
        super().__init__(optimizer, last_epoch)

    def rate(self, base, t):
        """Return the height of the present wave at step `t`."""
        length = self.T_0
        if self.T_mult == 1:
            t %= length
        while t >= length:
            t, length = t - length, length * self.T_mult
        return self.eta_min + (base - self.eta_min) * half_wave(t / length)
