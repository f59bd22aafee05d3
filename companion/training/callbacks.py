"""Objects that `fit` calls at each step and epoch; they may look, steer or stop."""

import inspect


class Callback:
    """Base: does nothing. A subclass overrides the moments it cares about.

    Each method gets the running `Loop`, with ``model``, ``optimizer``, ``history``, ``epoch`` and
    ``stop(reason)``. `state_dict` and `load_state_dict` let a resumed run go on where it was.
    """

    def on_fit_start(self, loop):
        """Run before the first step."""

    def on_step_end(self, loop):
        """Run after each update."""

    def on_epoch_end(self, loop):
        """Run after each epoch, when its measures stand in the history."""

    def on_fit_end(self, loop):
        """Run after the last step, also when stopped early."""

    def state_dict(self):
        """Return what a checkpoint must keep, as numbers and arrays by name."""
        return {}

    def load_state_dict(self, state):
        """Restore what `state_dict` returned."""


class Schedule(Callback):
    """Change the learning rate during training, by a function or by a scheduler.

    Parameters
    ----------
    rate : callable or scheduler
        A function from the number of the epoch, from 0, to its learning rate; or a scheduler of
        `companion.optim.lr_scheduler` or ``torch.optim.lr_scheduler``, made with the optimizer that
        is trained. A checkpoint keeps its state.
    every : str
        "epoch", or "step" to count updates in place of epochs.
    monitor : str, optional
        Name in the history of what a scheduler wants to be told, such as ``"val_loss"`` for
        `ReduceLROnPlateau`.

    Raises
    ------
    ValueError
        If `every` is neither, a measure is missing or not wanted, or the scheduler changes another
        optimizer than the one that is trained.

    Notes
    -----
    Chapter :ref:`schedules`.
    """

    def __init__(self, rate, every="epoch", monitor=None):
        self.rate, self.every, self.monitor = rate, every, monitor
        self.steps_itself = hasattr(rate, "step")
        kind = type(rate).__name__
        if every not in ("epoch", "step"):
            raise ValueError(f"Schedule: every is {every!r}; expected 'epoch' or 'step'")
        if self._wants_a_measure() != (monitor is not None):
            remedy = "leave monitor out" if monitor else "pass monitor='val_loss'"
            raise ValueError(f"Schedule: monitor is {monitor!r} with a {kind}; {remedy}")
        if monitor and every == "step":
            raise ValueError(f"Schedule: {monitor!r} is measured once an epoch; leave every out")

    def _wants_a_measure(self):
        if not self.steps_itself:
            return False
        arguments = inspect.signature(self.rate.step).parameters.values()
        return any(argument.default is argument.empty for argument in arguments)

    def on_fit_start(self, loop):
        """Set the first rate, or see that the scheduler belongs to this run."""
        if not self.steps_itself:
            self._set(loop, loop.epoch if self.every == "epoch" else len(loop.history.steps))
        elif self.rate.optimizer is not loop.optimizer:
            raise ValueError(
                f"Schedule: the {type(self.rate).__name__} changes another optimizer; make it with "
                "the one that is passed to fit"
            )

    def on_step_end(self, loop):
        """Go on to the rate of the next update, if updates are counted."""
        if self.every == "step":
            self._advance(loop, len(loop.history.steps))

    def on_epoch_end(self, loop):
        """Go on to the rate of the next epoch, if epochs are counted."""
        if self.every == "epoch":
            self._advance(loop, loop.epoch + 1)

    def _advance(self, loop, count):
        if not self.steps_itself:
            self._set(loop, count)
        elif self.monitor is None:
            self.rate.step()
        else:
            self.rate.step(loop.history.last(self.monitor, "Schedule"))

    def _set(self, loop, count):
        for group in loop.optimizer.param_groups:
            group["lr"] = self.rate(count)

    def state_dict(self):
        """Return the state of the scheduler; a function has none."""
        return {"scheduler": self.rate.state_dict()} if self.steps_itself else {}

    def load_state_dict(self, state):
        """Restore it."""
        if self.steps_itself:
            now = self.rate.state_dict()
            self.rate.load_state_dict(_of_the_types_in(now, state["scheduler"]))


def _of_the_types_in(sample, saved):
    """Give saved containers back the types they had; a checkpoint knows dicts and lists alone."""
    if isinstance(saved, dict) and isinstance(sample, dict):
        # torch's MultiStepLR counts its milestones in a Counter.
        return type(sample)({k: _of_the_types_in(sample.get(k), v) for k, v in saved.items()})
    if isinstance(saved, list) and isinstance(sample, list | tuple) and len(saved) == len(sample):
        return type(sample)(map(_of_the_types_in, sample, saved))
    return saved
