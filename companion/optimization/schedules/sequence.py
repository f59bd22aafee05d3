"""One schedule after another, such as a warm-up and then a cosine."""

from bisect import bisect_right

from companion.optimization.schedules.options import require, whole
from companion.optimization.schedules.scheduler import LRScheduler


class SequentialLR(LRScheduler):
    """Follow several schedules one after another, each from its own step 0.

    Parameters
    ----------
    optimizer : Optimizer
        Whose rates are set, the same that the schedules were made with.
    schedulers : list of LRScheduler
        In their order.
    milestones : list of int
        Steps at which the next one takes over: one fewer than schedules, rising.
    last_epoch : int
        -1 at the start of training.

    Raises
    ------
    ValueError
        If there is no schedule, one belongs to another optimizer or waits for a measure, or the
        milestones do not fit.

    Notes
    -----
    Chapter :ref:`schedules`.
    """

    def __init__(self, optimizer, schedulers, milestones, last_epoch=-1):
        for scheduler in schedulers:
            if getattr(scheduler, "optimizer", None) is not optimizer:
                raise ValueError(
                    f"SequentialLR: {type(scheduler).__name__} belongs to another optimizer; "
                    "make all schedules with the one that is passed here"
                )
            if not hasattr(scheduler, "rates"):
                raise ValueError(
                    f"SequentialLR: {type(scheduler).__name__} waits for a measure, not for a "
                    "step; use it alone"
                )
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                f"SequentialLR: {len(schedulers)} schedules and {len(milestones)} milestones; "
                "expected one milestone fewer than schedules"
            )
        for before, milestone in zip([0, *milestones], milestones, strict=False):
            require(self, milestones=whole(milestone, before + 1))
        self._schedulers, self._milestones = list(schedulers), list(milestones)
        super().__init__(optimizer, last_epoch)

    def _at(self, t):
        """Find the schedule of step `t`, and the number of this step in it."""
        k = bisect_right(self._milestones, t)
        return self._schedulers[k], t - ([0, *self._milestones][k])

    def rates(self, t):
        """Tell the rate of each group at step `t`."""
        scheduler, t = self._at(t)
        return scheduler.rates(t)

    def apply(self, t):
        """Let the schedule of step `t` set the rates, and the momenta if it has any."""
        scheduler, t = self._at(t)
        scheduler.apply(t)

    def state_dict(self):
        """Return the count, the base rates, and the state of each schedule."""
        inside = [scheduler.state_dict() for scheduler in self._schedulers]
        return {**super().state_dict(), "_schedulers": inside}

    def _restore(self, state):
        for scheduler, kept in zip(self._schedulers, state["_schedulers"], strict=True):
            scheduler._restore(kept)
        super()._restore({"base_lrs": self.base_lrs, **state})
