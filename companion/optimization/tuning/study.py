"""A search that any number of workers share.

Every worker is started with the same command, on one machine or on many that see the same file::

    python -m companion.optimization.tuning.study --storage digits.journal --trials 20

Optuna is imported when a study is opened, not before.
"""

import argparse
import os
import socket
from functools import lru_cache, partial

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


def load_optuna():
    """Import Optuna, keep it from writing about every trial, and return it.

    Raises
    ------
    ModuleNotFoundError
        If it is not installed; says what to install.
    """
    try:
        import optuna
    except ModuleNotFoundError as error:
        if error.name != "optuna":
            raise
        raise ModuleNotFoundError(
            "searches need Optuna, which is not installed; "
            "run: pip install 'deep-learning-companion[tuning]'",
            name="optuna",
        ) from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


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
        layer
        for before, after in zip(sizes, sizes[1:], strict=False)
        for layer in (Linear(before, after), ReLU())
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
            raise load_optuna().TrialPruned


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


def open_study(path, name="digits", sampler=None, pruner=None):
    """Open a study in a journal file, or begin it.

    Parameters
    ----------
    path : str or path-like
        The journal. Workers that name the same file share the study.
    name : str
        Name of the study; a journal may hold several.
    sampler : optuna.samplers.BaseSampler, optional
        Where the next values come from; by default TPE, seeded by the operating system.
    pruner : optuna.pruners.BasePruner, optional
        What stops poor trials; by default nothing does.

    Returns
    -------
    optuna.study.Study
        The study, with the trials of all workers.
    """
    optuna = load_optuna()
    journals, path = optuna.storages.journal, os.fspath(path)
    # The usual lock is a symbolic link, which Windows allows few users to make.
    lock = journals.JournalFileOpenLock(path) if os.name == "nt" else None
    journal = journals.JournalFileBackend(path, lock_obj=lock)
    return optuna.create_study(
        study_name=name,
        storage=optuna.storages.JournalStorage(journal),
        sampler=sampler,
        pruner=pruner or optuna.pruners.NopPruner(),
        load_if_exists=True,
    )


def main(arguments=None):
    """Be a worker: do some trials of the study, then say what the best is."""
    parser = argparse.ArgumentParser(
        prog="python -m companion.optimization.tuning.study", description=main.__doc__
    )
    parser.add_argument("--storage", required=True, help="journal file that the workers share")
    parser.add_argument("--study", default="digits", help="name of the study in the journal")
    parser.add_argument("--trials", type=int, default=10, help="trials that this worker does")
    parser.add_argument("--epochs", type=int, default=4, help="epochs of each trial")
    parser.add_argument("--prune", action="store_true", help="stop trials worse than the median")
    options = parser.parse_args(arguments)
    pruner = load_optuna().pruners.MedianPruner() if options.prune else None
    study = open_study(options.storage, options.study, pruner=pruner)
    run = partial(objective, epochs=options.epochs, report=options.prune)
    study.optimize(run, n_trials=options.trials)
    best = study.best_trial
    print(f"{len(study.trials)} trials so far; best loss {best.value:.3f}, trial {best.number}")


if __name__ == "__main__":
    main()
