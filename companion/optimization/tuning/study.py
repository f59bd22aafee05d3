"""A search that any number of workers share.

Every worker is started with the same command, on one machine or on many that see the same file::

    python -m companion.optimization.tuning.study --storage digits.journal --trials 20

Optuna is imported when a study is opened, not before.
"""

import argparse
import json
import os
import warnings
from functools import partial

from companion.optimization.tuning.objective import objective

BEGINNING = b'{"op_code"'  # of every line of a journal


def load_optuna():
    """Import Optuna, keep it from writing about every trial, and return it.

    Raises
    ------
    ModuleNotFoundError
        If it is not installed; says what to install.
    """
    try:
        with warnings.catch_warnings():
            # In a notebook without ipywidgets, which nothing here needs.
            warnings.filterwarnings("ignore", message="IProgress not found")
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

    Raises
    ------
    OSError
        If the journal cannot be read or written.
    ValueError
        If the file is no journal, or a damaged one.
    """
    optuna = load_optuna()
    journals, path = optuna.storages.journal, os.fspath(path)
    _refuse_other_files(path)
    # The usual lock is a symbolic link, which Windows allows few users to make.
    lock = journals.JournalFileOpenLock(path) if os.name == "nt" else None
    journal = journals.JournalFileBackend(path, lock_obj=lock)
    try:
        return optuna.create_study(
            study_name=name,
            storage=optuna.storages.JournalStorage(journal),
            sampler=sampler,
            pruner=pruner or optuna.pruners.NopPruner(),
            load_if_exists=True,
        )
    except (ValueError, LookupError, TypeError) as error:
        raise _no_journal(path, f"{type(error).__name__}: {error}") from error


def _refuse_other_files(path):
    """Look before Optuna does, which adds its own lines to any file and reads them afterwards."""
    if not os.path.exists(path):
        return
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            # Another worker may be writing the last line just now.
            if not line.endswith(b"\n") and line[: len(BEGINNING)] == BEGINNING[: len(line)]:
                return
            try:
                json.loads(line)["op_code"]
            except (ValueError, LookupError, TypeError) as error:
                raise _no_journal(path, f"line {number}: {line[:40]!r}") from error


def _no_journal(path, why):
    return ValueError(
        f"{path} is no journal of a study, or a damaged one ({why}); "
        f"name another file, or move this one away to begin anew"
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
    for name in ("trials", "epochs"):
        if getattr(options, name) < (name == "epochs"):
            parser.error(f"--{name} cannot be {getattr(options, name)}")
    pruner = load_optuna().pruners.MedianPruner() if options.prune else None
    try:
        study = open_study(options.storage, options.study, pruner=pruner)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    run = partial(objective, epochs=options.epochs, report=options.prune)
    study.optimize(run, n_trials=options.trials)
    complete = study.get_trials(deepcopy=False, states=[load_optuna().trial.TrialState.COMPLETE])
    if not complete:
        print(f"{len(study.trials)} trials so far, none of them complete")
        return
    best = study.best_trial
    print(f"{len(study.trials)} trials so far; best loss {best.value:.3f}, trial {best.number}")


if __name__ == "__main__":
    main()
