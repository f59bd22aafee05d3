"""Early stopping: watch a measure on held-out examples, stop in time, go back to the best epoch."""

import math

from companion.training.callbacks import Callback
from companion.training.fit import NonFiniteLoss

MODES = ("auto", "min", "max")


class EarlyStopping(Callback):
    """Stop when a measure has not improved for some epochs, and restore the best weights.

    Parameters
    ----------
    monitor : str
        Name in the history, for instance ``"val_loss"``.
    patience : int
        Epochs without improvement to wait for, at least 1.
    min_delta : float
        By how much a value must be better than the best so far to count, at least 0.
    mode : {"auto", "min", "max"}
        Whether small or large values are good; "auto" takes large ones where the name ends in
        ``accuracy``, and small ones elsewhere.
    baseline : float, optional
        A level to beat: until it is beaten, every epoch counts as one without improvement.
    restore_best_weights : bool
        Whether the model has the weights of the best epoch at the end, or those of the last.
    start_from_epoch : int
        First epoch, counted from 0, that is looked at.

    Attributes
    ----------
    best : float
        Best value so far; infinitely bad before the first.
    best_epoch : int or None
        Epoch it belongs to, counted from 0.
    waited : int
        Epochs since then.

    Raises
    ------
    ValueError
        If an option is out of range.
    KeyError
        In training, if the history has no such measure.
    NonFiniteLoss
        In training, if the measure is not a number.

    Notes
    -----
    Options are named as in Keras. What a run has seen is part of its checkpoint; a run that begins
    afresh begins to watch afresh. The memory of the optimizer is not set back. Prechelt, *Early
    Stopping – But When?* (1998). Chapter :ref:`early_stopping`.
    """

    def __init__(
        self,
        monitor="val_loss",
        patience=5,
        *,
        min_delta=0.0,
        mode="auto",
        baseline=None,
        restore_best_weights=True,
        start_from_epoch=0,
    ):
        if mode not in MODES:
            raise ValueError(f"EarlyStopping: mode is {mode!r}; choose one of {[*MODES]}")
        _at_least(1, patience=patience)
        _at_least(0, min_delta=min_delta, start_from_epoch=start_from_epoch)
        if baseline is not None and math.isnan(baseline):
            raise ValueError("EarlyStopping: baseline is nan; pass a number, or leave it out")
        self.monitor, self.patience, self.min_delta = monitor, patience, min_delta
        self.baseline, self.start_from_epoch = baseline, start_from_epoch
        self.restore_best_weights = restore_best_weights
        large = mode == "max" or (mode == "auto" and monitor.endswith("accuracy"))
        self.sign = -1.0 if large else 1.0
        self._forget()

    def _forget(self):
        self.best, self.best_epoch = self.sign * math.inf, None
        self.waited, self.weights = 0, {}

    def better(self, value, other):
        """Whether `value` is better than `other` by more than `min_delta`."""
        return self.sign * value < self.sign * other - self.min_delta

    def on_fit_start(self, loop):
        """Forget what was seen of another run; a resumed run goes on."""
        if loop.epoch == 0:
            self._forget()

    def on_epoch_end(self, loop):
        """Compare with the best epoch so far."""
        value = loop.history.last(self.monitor, "EarlyStopping")
        if math.isnan(value):
            raise NonFiniteLoss(
                f"EarlyStopping: {self.monitor} is nan after epoch {loop.epoch}; look for NaN in "
                "the held-out examples, or try a smaller learning rate"
            )
        if loop.epoch < self.start_from_epoch:
            return
        self.waited += 1
        if self.better(value, self.best):
            self._keep(value, loop)
            if self.baseline is None or self.better(value, self.baseline):
                self.waited = 0
        if self.waited >= self.patience:
            loop.stop(f"{self.monitor} has not improved for {self.patience} epochs")

    def _keep(self, value, loop):
        self.best, self.best_epoch = value, loop.epoch
        if self.restore_best_weights:
            self.weights = loop.weights()

    def on_fit_end(self, loop):
        """Put the best weights back."""
        if self.weights:
            loop.restore(self.weights)

    def state_dict(self):
        """Return best value and its epoch, epochs waited and best weights."""
        names = "best", "best_epoch", "waited", "weights"
        return {name: getattr(self, name) for name in names}

    def load_state_dict(self, state):
        """Restore them."""
        self.best, self.waited = float(state["best"]), int(state["waited"])
        self.best_epoch, self.weights = state["best_epoch"], state.get("weights", {})


def _at_least(least, **options):
    for name, value in options.items():
        if not value >= least:
            raise ValueError(f"EarlyStopping: {name} is {value}; at least {least} needed")
