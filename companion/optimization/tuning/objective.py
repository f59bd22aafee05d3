"""A trial of the digit study: train a network with eight hyperparameters, and judge it."""

import os
import socket
from functools import lru_cache
from itertools import pairwise

import numpy as np

from companion.data.batches import Batches
from companion.data.digits import digits, pooled
from companion.gradients.activation_layers import ReLU
from companion.gradients.layers import Linear
from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.gradients.module import Sequential
from companion.optimization.adam import Adam
from companion.training import Callback, NonFiniteLoss, Schedule, evaluate, fit, manual_seed

DIVERGED = 100.0
"""What a network counts whose loss is not finite, or larger than this."""


@lru_cache(maxsize=1)
def data():
    """Return 600 digits to learn from and 1,000 to compare settings by, 14 × 14 pixels each."""
    split = digits()
    X, y = pooled(split.X_train), split.y_train
    X = (X - X[:600].mean()) / X[:600].std()
    return (X[:600], y[:600]), (X[3000:], y[3000:])


def suggest(trial):
    """Ask for all eight hyperparameters, each on its scale.

    Parameters
    ----------
    trial : optuna.trial.BaseTrial
        Who answers.

    Returns
    -------
    dict
        Name → value, as `train` takes them.
    """
    return {
        "rate": trial.suggest_float("rate", 1e-4, 1, log=True),
        "units": trial.suggest_int("units", 8, 128, log=True),
        "batch_size": trial.suggest_int("batch_size", 16, 128, log=True),
        "hidden_layers": trial.suggest_int("hidden_layers", 1, 3),
        "decay": trial.suggest_float("decay", 0.01, 1, log=True),
        "one_minus_beta1": trial.suggest_float("one_minus_beta1", 0.01, 1, log=True),
        "one_minus_beta2": trial.suggest_float("one_minus_beta2", 1e-3, 0.1, log=True),
        "eps": trial.suggest_float("eps", 1e-10, 1e-6, log=True),
    }


def train(
    rate,
    units,
    batch_size,
    hidden_layers,
    decay,
    one_minus_beta1,
    one_minus_beta2,
    eps,
    *,
    epochs=4,
    seed=0,
    callbacks=(),
):
    """Train a network on 600 digits with Adam, and say what it costs on others.

    Parameters
    ----------
    rate : float
        Learning rate of the first epoch.
    units, hidden_layers : int
        Units of each hidden layer, and how many there are.
    batch_size : int
        Examples per update.
    decay : float
        Rate of the last epoch as a share of `rate`; it falls by the same factor each epoch.
    one_minus_beta1, one_minus_beta2, eps : float
        1-β₁, 1-β₂ and ε of Adam.
    epochs : int
        Passes over the 600 digits.
    seed : int
        Seed of the first weights and of the order of the digits.
    callbacks : iterable of Callback
        Called by `companion.training.fit`.

    Returns
    -------
    float
        Mean cross-entropy on 1,000 digits that were not trained on, at most `DIVERGED`.
    """
    learn, judge = data()
    sizes = [learn[0].shape[1], *[units] * hidden_layers]
    manual_seed(seed)
    hidden = [
        layer for before, after in pairwise(sizes) for layer in (Linear(before, after), ReLU())
    ]
    model = Sequential(*hidden, Linear(sizes[-1], 10))
    optimizer = Adam(
        model.parameters(), lr=rate, betas=(1 - one_minus_beta1, 1 - one_minus_beta2), eps=eps
    )
    falling = Schedule(lambda epoch: rate * decay ** (epoch / max(epochs - 1, 1)))
    batches = Batches(*learn, batch_size=batch_size, seed=seed)
    loss = CrossEntropyLoss()
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            fit(
                model,
                batches,
                loss,
                optimizer,
                epochs=epochs,
                callbacks=[falling, *callbacks],
                progress=False,
            )
            return capped(evaluate(model, *judge, loss)["loss"])
    except NonFiniteLoss:
        return DIVERGED


def capped(value):
    """Return the loss, or `DIVERGED` where it is larger or not a number."""
    return float(value) if value <= DIVERGED else DIVERGED


class Report(Callback):
    """Tells a trial what the network costs after each epoch, and stops if the pruner says so."""

    def __init__(self, trial):
        self.trial = trial

    def on_epoch_end(self, loop):
        """Report the present loss."""
        cost = evaluate(loop.model, *data()[1], CrossEntropyLoss())["loss"]
        self.trial.report(capped(cost), loop.epoch)
        if self.trial.should_prune():
            from optuna import TrialPruned

            raise TrialPruned


def objective(trial, epochs=4, seed=0, report=False):
    """Train with what the trial suggests; what Optuna makes small.

    Parameters
    ----------
    trial : optuna.trial.Trial
        Who suggests, and who is told.
    epochs : int
        Passes over the training digits.
    seed : int
        Seed of the training, the same for all trials: their order does not matter then.
    report : bool
        Whether to tell the trial after each epoch, so that a pruner may stop it.

    Returns
    -------
    float
        Loss on the digits that were not trained on.
    """
    trial.set_user_attr("worker", f"{socket.gethostname()}:{os.getpid()}")
    callbacks = [Report(trial)] if report else []
    return train(**suggest(trial), epochs=epochs, seed=seed, callbacks=callbacks)
