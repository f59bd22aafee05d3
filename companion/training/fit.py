"""The training loop: batches in, updates out, a history of what happened."""

import math
import sys
import time
from pathlib import Path

import numpy as np
from tqdm import tqdm

from companion.data.batches import Batches
from companion.training import checkpoint as checkpoints
from companion.training import engines
from companion.training.history import History


class NonFiniteLoss(ArithmeticError):
    """The loss became infinite or not a number; the message says where and what to try."""


class Loop:
    """A training run in progress, as callbacks see it.

    Attributes
    ----------
    model, optimizer
        What is trained, and by what.
    history : History
        What happened so far.
    epoch : int
        Number of the current epoch, from 0.
    """

    def __init__(self, model, optimizer, callbacks):
        self.model, self.optimizer, self.callbacks = model, optimizer, list(callbacks)
        self.history, self.epoch = History(), 0

    def stop(self, reason):
        """End the run after this epoch."""
        self.history.stopped = reason

    def call(self, moment):
        """Call one moment of all callbacks."""
        for callback in self.callbacks:
            getattr(callback, moment)(self)

    def weights(self):
        """Return a copy of the model's weights, as arrays."""
        state = self.model.state_dict()
        return {name: engines.to_numpy(value).copy() for name, value in state.items()}

    def restore(self, weights):
        """Put `weights` back into the model."""
        values = engines.adapt(self.model, *weights.values())
        self.model.load_state_dict(dict(zip(weights, values, strict=True)))

    def state_dict(self):
        """Return all that a resumed run needs."""
        return {
            "epoch": self.epoch,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "history": self.history.to_dict(),
            "callbacks": [callback.state_dict() for callback in self.callbacks],
            "random": engines.random_state(self.model),
        }

    def load_state_dict(self, state):
        """Go back to what `state_dict` returned."""
        self.epoch = state["epoch"]
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.history = History.from_dict(state["history"])
        if len(self.callbacks) != len(state["callbacks"]):
            raise ValueError(
                f"the checkpoint was saved with {len(state['callbacks'])} callbacks, this run has "
                f"{len(self.callbacks)}; pass the same ones, or begin with a new checkpoint file"
            )
        for callback, kept in zip(self.callbacks, state["callbacks"], strict=True):
            callback.load_state_dict(kept)
        engines.set_random_state(state["random"])


def fit(
    model,
    data,
    loss,
    optimizer,
    *,
    epochs=1,
    validation=None,
    callbacks=(),
    checkpoint=None,
    progress=None,
):
    """Train a model of either engine.

    Parameters
    ----------
    model : companion.nn.Module or torch.nn.Module
        The network.
    data : Batches, or (X, y), or iterable of (X, y)
        What to learn from; a pair of arrays is cut into shuffled batches of 64.
    loss : callable
        ``loss(model(X), y)`` is the number to make small.
    optimizer : companion.optim or torch.optim optimizer
        Made with the model's parameters.
    epochs : int
        Passes over the data, in all: a resumed run does what is left.
    validation : (X, y), optional
        Held-out arrays; adds ``val_loss`` and, for class numbers, ``val_accuracy``.
    callbacks : iterable of Callback
        Called at each step and epoch, in order.
    checkpoint : path-like, optional
        File that keeps the run after each epoch. If it exists, the run goes on from there: the
        same numbers come out as without the interruption.
    progress : bool, optional
        Show a progress bar; by default only on a terminal.

    Returns
    -------
    History
        Losses, measures, seconds, and why the run stopped early if it did.

    Raises
    ------
    NonFiniteLoss
        At the first loss that is infinite or not a number; weights stay as they were before it.
    ValueError
        If `checkpoint` is not a checkpoint.

    Notes
    -----
    Used first in the chapter :ref:`networks`.
    """
    data = Batches(*data) if isinstance(data, tuple) else data
    loop = Loop(model, optimizer, callbacks)
    if checkpoint and Path(checkpoint).exists():
        loop.load_state_dict(checkpoints.load(checkpoint))
    quiet = not (sys.stderr.isatty() if progress is None else progress)
    model.train()
    loop.call("on_fit_start")
    with tqdm(total=epochs, initial=min(loop.epoch, epochs), unit="epoch", disable=quiet) as bar:
        while loop.epoch < epochs and not loop.history.stopped:
            _one_epoch(loop, data, loss, validation)
            loop.call("on_epoch_end")
            loop.epoch += 1
            if checkpoint:
                checkpoints.save(checkpoint, loop.state_dict())
            bar.set_postfix({name: f"{v[-1]:.4g}" for name, v in loop.history.epochs.items()})
            bar.update()
    loop.call("on_fit_end")
    return loop.history


def _one_epoch(loop, data, loss, validation):
    start, losses, sizes = time.perf_counter(), [], []
    for X, y in data.epoch(loop.epoch) if hasattr(data, "epoch") else data:
        losses.append(_one_step(loop, loss, X, y))
        sizes.append(len(X))
        loop.history.steps.append(losses[-1])
        loop.call("on_step_end")
    loop.history.seconds += time.perf_counter() - start
    if not sizes:
        raise ValueError(
            f"the data gave no batch in epoch {loop.epoch}: a generator can be gone through only "
            "once; pass arrays, Batches or a list"
        )
    loop.history.record(loss=np.average(losses, weights=sizes))
    if validation is not None:
        measured = evaluate(loop.model, *validation, loss)
        loop.history.record(**{f"val_{name}": value for name, value in measured.items()})


def _one_step(loop, loss, X, y):
    X, y = engines.adapt(loop.model, X, y)
    loop.optimizer.zero_grad()
    value = loss(loop.model(X), y)
    number = value.item()
    if not math.isfinite(number):
        raise NonFiniteLoss(
            f"the loss is {number} at epoch {loop.epoch}, step {len(loop.history.steps)}; "
            "try a smaller learning rate, scale the inputs, or look for log(0) and 0/0"
        )
    value.backward()
    loop.optimizer.step()
    return number


def predict(model, X, batch_size=1024):
    """Run a model of either engine in evaluation mode, recording nothing.

    Afterwards each of its modules is in the mode in which it was.

    Parameters
    ----------
    model : module
        The network.
    X : array_like
        Inputs, (N, …).
    batch_size : int
        Examples at a time.

    Returns
    -------
    numpy.ndarray
        Outputs, (N, …).
    """
    with engines.modes_kept(model), engines.no_grad(model):
        model.eval()
        parts = [X[i : i + batch_size] for i in range(0, max(len(X), 1), batch_size)]
        return np.concatenate(
            [engines.to_numpy(model(*engines.adapt(model, np.asarray(part)))) for part in parts]
        )


def accuracy(scores, y):
    """Share of examples whose highest score is at the right class.

    Parameters
    ----------
    scores : array_like
        (N, K) scores, or (N,) or (N, 1) logits of class 1 against class 0.
    y : array_like
        Class numbers, (N,).

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the shapes are others, such as (N, 1) or one-hot rows for class numbers.
    """
    scores, y = np.asarray(scores), np.asarray(y)
    classes = scores.ndim == 2 and scores.shape[1] > 1
    # Logits in a column may have their labels in a column too; scores of classes may not.
    allowed = {scores.shape[:1]} if classes else {scores.shape[:1], scores.shape}
    if scores.ndim not in (1, 2) or y.shape not in allowed or y.size == 0:
        raise ValueError(
            f"accuracy: scores {scores.shape} and y {y.shape}; expected (N, K) and class numbers "
            "(N,), at least one (for one-hot rows pass y.argmax(axis=1))"
        )
    if classes:
        return float(np.mean(scores.argmax(axis=1) == y))
    return float(np.mean((scores.reshape(len(y)) > 0) == y.reshape(len(y))))


def evaluate(model, X, y, loss):
    """Measure a model on held-out data.

    Parameters
    ----------
    model : module
        The network.
    X, y : array_like
        Held-out inputs and targets.
    loss : callable
        As for `fit`.

    Returns
    -------
    dict
        ``loss`` and, where `y` holds class numbers, ``accuracy``.
    """
    scores = predict(model, X)
    measured = {"loss": float(loss(*engines.adapt(model, scores, np.asarray(y))).item())}
    if np.asarray(y).dtype.kind in "iu":
        measured["accuracy"] = accuracy(scores, y)
    return measured
