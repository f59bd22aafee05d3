"""One trunk, several heads: a network for several tasks, and a loss that bears missing labels."""

import numpy as np

from companion.gradients.losses.base import values_of
from companion.gradients.module import Module


class SharedTrunk(Module):
    """A network with shared first layers and one head for each task.

    Parameters
    ----------
    trunk : Module
        The shared layers: inputs (N, D) → features (N, H).
    **heads : Module
        One for each task, under the task's name: features (N, H) → outputs of the task.

    Raises
    ------
    ValueError
        If there is no head, or a head is named as something that every module has.

    Notes
    -----
    The gradient of the trunk is the sum of the gradients that come back from the heads (Caruana,
    *Multitask Learning*, 1997). The state dict holds ``trunk.…`` and ``<task>.…``. Derived in the
    chapters :ref:`more_data` and :ref:`several_tasks`.
    """

    def __init__(self, trunk, **heads):
        if not heads:
            raise ValueError("SharedTrunk: got no heads; name one a task, as digit=Linear(…)")
        taken = [name for name in heads if hasattr(SharedTrunk, name) or name in ("trunk", "tasks")]
        if taken:
            raise ValueError(f"SharedTrunk: a head cannot be named {taken[0]!r}; choose another")
        self.trunk, self.tasks = trunk, tuple(heads)
        for name, head in heads.items():
            setattr(self, name, head)

    def forward(self, x):
        """Return a dict: task → output of its head for the inputs `x`, (N, D)."""
        features = self.trunk(x)
        return {task: getattr(self, task)(features) for task in self.tasks}


class TaskLosses(Module):
    """The weighted sum of the tasks' losses; examples without a label cost a task nothing.

    Parameters
    ----------
    losses : dict
        Task → loss made with ``reduction="none"``, one number for each example.
    weights : dict, optional
        Task → weight, at least 0; 1 for those that are not named.
    missing : int
        The class number that says "no label". In targets of floating-point numbers it is NaN.

    Raises
    ------
    ValueError
        If a loss reduces by itself, a weight is negative or of no task; when called, if a task has
        no output or no target.

    Notes
    -----
    A task's loss is the mean over the examples *that have its label*; a batch without any adds 0.
    Derived in the chapter :ref:`several_tasks`.
    """

    def __init__(self, losses, weights=None, *, missing=-1):
        weights = weights or {}
        for task, loss in losses.items():
            if loss.reduction != "none":
                raise ValueError(
                    f"TaskLosses: the loss of {task!r} reduces by {loss.reduction!r}; make it with "
                    'reduction="none", so that missing labels can be left out'
                )
        for task, weight in weights.items():
            if task not in losses or not weight >= 0:
                raise ValueError(
                    f"TaskLosses: weight {weight} of {task!r}; expected a number of at least 0 for "
                    f"one of {[*losses]}"
                )
        self.losses, self.missing = losses, missing
        self.weights = {task: weights.get(task, 1.0) for task in losses}

    def forward(self, outputs, targets):
        """Return the weighted sum, one number.

        Parameters
        ----------
        outputs : dict
            Task → output of its head, (N, …), as `SharedTrunk` returns them.
        targets : dict
            Task → labels, (N,) class numbers or (N, …) numbers.
        """
        return sum(self.each(outputs, targets).values())

    def each(self, outputs, targets):
        """Return the terms of the sum: task → its weighted mean over what is labelled."""
        absent = [t for t in self.losses if t not in outputs or t not in targets]
        if absent:
            raise ValueError(
                f"TaskLosses: no output or no target for {absent[0]!r}; got outputs {[*outputs]} "
                f"and targets {[*targets]}"
            )
        return {task: self._mean(task, outputs[task], targets[task]) for task in self.losses}

    def _mean(self, task, output, target):
        target = values_of(target)
        rows = np.flatnonzero(self._labelled(target))
        if not len(rows):
            return output.sum() * 0.0
        each = self.losses[task](output[rows], target[rows])
        return each.mean() * self.weights[task]

    def _labelled(self, target):
        if target.dtype.kind in "iu":
            return target != self.missing
        return ~np.isnan(target).reshape(len(target), -1).any(axis=1)
