"""Learning-rate range test: raise the rate update by update, and watch the loss."""

import copy
from itertools import chain, count, islice
from typing import NamedTuple

import numpy as np

from companion.optimization.averages import average_
from companion.training import Callback, NonFiniteLoss, Schedule, fit
from companion.training.engines import modes_kept


class RangeTest(NamedTuple):
    """What a range test saw; see `range_test`.

    Attributes
    ----------
    rates : numpy.ndarray
        Learning rate of each update, rising, (T,).
    losses : numpy.ndarray
        Loss of its mini-batch before the update, (T,).
    smooth : numpy.ndarray
        Exponentially weighted average of the losses, corrected for its start at 0, (T,).
    """

    rates: np.ndarray
    losses: np.ndarray
    smooth: np.ndarray

    @property
    def lowest(self):
        """The rate at which the smoothed loss is lowest: above it, training gets worse."""
        return float(self.rates[np.argmin(self.smooth)])


class _Enough(Exception):
    """The loss has risen; more updates would tell nothing new."""


class _Watch(Callback):
    def __init__(self, limit, beta):
        self.limit, self.beta = limit, beta
        self.losses, self.smooth, self.average = [], [], np.zeros(())

    def on_step_end(self, loop):
        self.losses = loop.history.steps
        average_(self.average, self.losses[-1], self.beta)
        self.smooth.append(float(self.average) / (1 - self.beta ** len(self.losses)))
        if self.smooth[-1] > self.limit * min(self.smooth):
            raise _Enough


def range_test(
    model, data, loss, optimizer, *, low=1e-4, high=10.0, steps=100, limit=3.0, beta=0.9
):
    """Train with a rate that rises exponentially, and put everything back as it was.

    Parameters
    ----------
    model : companion.nn.Module or torch.nn.Module
        The network, with the weights training is to start from.
    data : companion.data.batches.Batches
        What it is to learn from.
    loss : callable
        As for `fit`.
    optimizer : companion.optim or torch.optim optimizer
        Made with the model's parameters. All groups get the same rate.
    low, high : float
        First and last rate, 0 < low < high.
    steps : int
        Updates, at least 2.
    limit : float
        Stop when the smoothed loss is this many times its lowest value, or not finite.
    beta : float
        Share of the past in the smoothed loss.

    Returns
    -------
    RangeTest
        Rates and losses. Weights, optimizer and mode are back in the state in which they came; the
        gradients are cleared.

    Raises
    ------
    ValueError
        If the rates do not rise, or there are fewer than 2 updates.

    Notes
    -----
    Smith (2017), whose rate rises along a line. Chapter :ref:`schedules_compared`.
    """
    if not 0 < low < high or steps < 2:
        raise ValueError(
            f"range_test: low is {low}, high is {high}, steps is {steps}; "
            "expected 0 < low < high and at least 2 steps"
        )
    rates, watch = np.geomspace(low, high, steps), _Watch(limit, beta)
    before = copy.deepcopy((model.state_dict(), optimizer.state_dict()))
    # One more than there are updates: after the last one, fit asks for the next.
    schedule = Schedule(lambda t: float(rates[min(t, steps - 1)]), every="step")
    batches = islice(chain.from_iterable(map(data.epoch, count())), steps)
    # A rate may be far too large.
    quiet = np.errstate(over="ignore", invalid="ignore")
    try:
        with modes_kept(model), quiet:
            fit(model, batches, loss, optimizer, callbacks=[schedule, watch], progress=False)
    except (_Enough, NonFiniteLoss):
        pass
    finally:
        model.load_state_dict(before[0])
        optimizer.load_state_dict(before[1])
        optimizer.zero_grad()
    done = len(watch.losses)
    return RangeTest(rates[:done], np.array(watch.losses), np.array(watch.smooth))
