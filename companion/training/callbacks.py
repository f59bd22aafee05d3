"""Objects that `fit` calls at each step and epoch; they may look, steer or stop."""

import numpy as np


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


class EarlyStopping(Callback):
    """Stop when a measure has not improved for some epochs, and restore the best weights.

    Parameters
    ----------
    monitor : str
        Name in the history, for instance ``"val_loss"``; smaller is better unless it ends in
        ``accuracy``.
    patience : int
        Epochs without improvement to wait for.
    """

    def __init__(self, monitor="val_loss", patience=5):
        self.monitor, self.patience = monitor, patience
        self.best, self.waited, self.weights = np.inf, 0, {}

    def on_epoch_end(self, loop):
        """Compare with the best epoch so far."""
        if self.monitor not in loop.history.epochs:
            raise KeyError(
                f"EarlyStopping: no {self.monitor!r} in the history, only "
                f"{sorted(loop.history.epochs)}; pass validation=(X, y) to fit"
            )
        value = loop.history[self.monitor][-1]
        cost = -value if self.monitor.endswith("accuracy") else value
        if cost < self.best:
            self.best, self.waited, self.weights = cost, 0, loop.weights()
        else:
            self.waited += 1
        if self.waited >= self.patience:
            loop.stop(f"{self.monitor} has not improved for {self.patience} epochs")

    def on_fit_end(self, loop):
        """Put the best weights back."""
        if self.weights:
            loop.restore(self.weights)

    def state_dict(self):
        """Return best value, epochs waited and best weights."""
        return {"best": self.best, "waited": self.waited, "weights": self.weights}

    def load_state_dict(self, state):
        """Restore them."""
        self.best, self.waited = float(state["best"]), int(state["waited"])
        self.weights = state.get("weights", {})


class Schedule(Callback):
    """Set the learning rate before each epoch.

    Parameters
    ----------
    rate : callable
        Maps the number of the epoch, from 0, to its learning rate.
    """

    def __init__(self, rate):
        self.rate = rate

    def _set(self, loop, epoch):
        for group in loop.optimizer.param_groups:
            group["lr"] = self.rate(epoch)

    def on_fit_start(self, loop):
        """Set the rate of the first epoch."""
        self._set(loop, loop.epoch)

    def on_epoch_end(self, loop):
        """Set the rate of the next epoch."""
        self._set(loop, loop.epoch + 1)
