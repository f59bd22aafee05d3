"""Reduce on plateau: the rate falls when a measure stops getting better."""

import math

from companion.optimization.schedules.options import between, each, require, whole

BETTER = {
    ("min", "rel"): lambda value, best, threshold: value < best * (1 - threshold),
    ("min", "abs"): lambda value, best, threshold: value < best - threshold,
    ("max", "rel"): lambda value, best, threshold: value > best * (1 + threshold),
    ("max", "abs"): lambda value, best, threshold: value > best + threshold,
}
"""Mode and kind of threshold → whether a value counts as better than the best so far."""


class ReduceLROnPlateau:
    """Multiply the rate by a factor when a measure has not improved for some epochs.

    Parameters
    ----------
    optimizer : Optimizer
        Whose rates are set.
    mode : str
        "min" if smaller values are better, "max" if larger ones are.
    factor : float
        From 0 to below 1.
    patience : int
        Epochs without improvement that are borne: the rate falls after one more.
    threshold : float
        How much better a value must be to count.
    threshold_mode : str
        "rel" takes the threshold as a share of the best value, "abs" as it is.
    cooldown : int
        Epochs after a fall that are not counted.
    min_lr : float or list of float
        Rate below which it does not fall; a list has one a group.
    eps : float
        A fall by no more than this is left out.

    Attributes
    ----------
    best : float
        Best value so far.
    num_bad_epochs, cooldown_counter : int
        Epochs since then, and epochs of cooling down that are left.

    Raises
    ------
    ValueError
        If an option is out of its range.

    Notes
    -----
    The rate depends on what was measured, so it cannot be told in advance, and `state_dict` keeps
    what it depends on. Chapter :ref:`schedules_compared`.
    """

    def __init__(
        self,
        optimizer,
        mode="min",
        factor=0.1,
        patience=10,
        threshold=1e-4,
        threshold_mode="rel",
        cooldown=0,
        min_lr=0,
        eps=1e-8,
    ):
        require(
            self,
            mode=(mode, mode in ("min", "max"), "'min' or 'max'"),
            factor=(factor, 0 <= factor < 1, "a number from 0 to below 1"),
            patience=whole(patience, 0),
            threshold=between(threshold),
            threshold_mode=(threshold_mode, threshold_mode in ("rel", "abs"), "'rel' or 'abs'"),
            cooldown=whole(cooldown, 0),
            eps=between(eps),
        )
        self.optimizer, self.factor, self.patience, self.eps = optimizer, factor, patience, eps
        self.is_better, self.threshold = BETTER[mode, threshold_mode], threshold
        self.cooldown, self.min_lrs = cooldown, each(self, optimizer, "min_lr", min_lr)
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = self.cooldown_counter = self.last_epoch = 0

    def step(self, metrics):
        """Take in the measure of an epoch, and let the rate fall if it is time.

        Parameters
        ----------
        metrics : float
            What was measured; NaN is never better.
        """
        value = float(metrics)
        self.last_epoch += 1
        self.num_bad_epochs += 1
        if self.is_better(value, self.best, self.threshold):
            self.best, self.num_bad_epochs = value, 0
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._reduce()
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0

    def _reduce(self):
        for group, low in zip(self.optimizer.param_groups, self.min_lrs, strict=True):
            rate = max(group["lr"] * self.factor, low)
            if group["lr"] - rate > self.eps:
                group["lr"] = rate

    def get_last_lr(self):
        """Return the present rate of each group.

        Returns
        -------
        list of float
            One rate a group.
        """
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self):
        """Return the best value, what is counted, and the present rates.

        Returns
        -------
        dict
            Plain numbers under torch's names.
        """
        counted = {name: getattr(self, name) for name in KEPT}
        return {**counted, "_last_lr": self.get_last_lr()}

    def load_state_dict(self, state):
        """Go back to where `state_dict` was called, of this schedule or of torch's.

        Parameters
        ----------
        state : dict
            As from `state_dict`. The rates of the groups are set, too.
        """
        for name in KEPT:
            setattr(self, name, state[name])
        for group, rate in zip(self.optimizer.param_groups, state["_last_lr"], strict=True):
            group["lr"] = rate


KEPT = ("best", "num_bad_epochs", "cooldown_counter", "last_epoch")
"""What a plateau schedule remembers, beside the rates."""
