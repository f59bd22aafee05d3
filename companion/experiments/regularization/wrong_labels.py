"""What wrong labels do to a network that learns from them, and how suspicious each label is.

Used in the chapter :ref:`wrong_labels`.
"""

from typing import NamedTuple

import numpy as np

from companion.experiments.regularization.small_sets import (
    errors,
    learn,
    losses_of_labels,
    scores,
)
from companion.experiments.side_by_side import SideBySide


class Outcome(NamedTuple):
    """Errors of R networks on true labels; see `stopped_and_last`.

    Attributes
    ----------
    stopped, last : numpy.ndarray
        Error on the test set after the epoch with the smallest dev error, and after the last, (R,).
    epoch : numpy.ndarray
        That epoch, (R,).
    """

    stopped: np.ndarray
    last: np.ndarray
    epoch: np.ndarray


class Fitted(NamedTuple):
    """Which labels R networks have learned, after each epoch from 0 on; see `what_is_fitted`.

    Attributes
    ----------
    right : numpy.ndarray
        Share of the examples with a right label for which it is predicted, (E, R).
    by_heart : numpy.ndarray
        Share of the examples with a wrong label for which the wrong one is predicted, (E, R).
    seen_through : numpy.ndarray
        Share of the examples with a wrong label for which the true one is predicted, (E, R).
    """

    right: np.ndarray
    by_heart: np.ndarray
    seen_through: np.ndarray


def stopped_and_last(models, X, given, make, dev, test, *, epochs, **options):
    """Train on given labels; measure on true ones where the dev error is smallest and at the end.

    Parameters
    ----------
    models : sequence of Sequential
        R networks.
    X, given : array_like
        Training sets, (R, N, D), and the labels written on them, (R, N).
    make : callable
        Parameters → optimizer.
    dev, test : tuple
        Inputs (M, D) and true classes (M,); of equal dev errors the first epoch counts.
    epochs : int
        How long to train.
    **options
        For `companion.experiments.regularization.small_sets.learn`.

    Returns
    -------
    Outcome
        Errors and epochs of each network.
    """
    networks, R = SideBySide(models), len(models)
    least, stopped, epoch = np.full(R, np.inf), np.full(R, np.nan), np.zeros(R, dtype=int)

    def watch(now):
        error = errors(networks, *dev)
        better = error < least
        if better.any():
            least[better], epoch[better] = error[better], now
            stopped[better] = errors(networks, *test)[better]

    learn(networks, X, given, make(networks.parameters()), epochs=epochs, watch=watch, **options)
    return Outcome(stopped, errors(networks, *test), epoch)


def what_is_fitted(models, X, given, true, make, *, epochs, **options):
    """Train on given labels and follow which of them are predicted.

    Parameters
    ----------
    models, X, given, make, epochs, **options
        As for `stopped_and_last`.
    true : array_like
        True classes of the training examples, (R, N); each set needs right and wrong labels.

    Returns
    -------
    networks : SideBySide
        The trained networks.
    fitted : Fitted
        What they predicted for their own training examples.
    """
    networks, rows = SideBySide(models), []
    wrong = given != true

    def watch(epoch):
        says = scores(networks, X).argmax(axis=-1)
        as_given, as_true = says == given, says == true
        rows.append([
            np.sum(as_given & ~wrong, axis=1) / np.sum(~wrong, axis=1),
            np.sum(as_given & wrong, axis=1) / np.sum(wrong, axis=1),
            np.sum(as_true & wrong, axis=1) / np.sum(wrong, axis=1),
        ])

    learn(networks, X, given, make(networks.parameters()), epochs=epochs, watch=watch, **options)
    return networks, Fitted(*np.array(rows).transpose(1, 0, 2))


def held_out_losses(network, X, given, make, *, folds=5, **options):
    """Cross-entropy of each given label under a network that has not learned from it.

    Each set is cut into folds; for each fold a fresh network learns from all others.

    Parameters
    ----------
    network : callable
        Seed → Sequential.
    X, given : array_like
        R sets, (R, N, D) and (R, N), in an order that means nothing.
    make : callable
        Parameters → optimizer.
    folds : int
        Number of folds, a divisor of N above 1.
    **options
        For `companion.experiments.regularization.small_sets.learn`.

    Returns
    -------
    numpy.ndarray
        (R, N).

    Raises
    ------
    ValueError
        If N is not a multiple of `folds`, or there is but one fold.
    """
    X, given = np.asarray(X), np.asarray(given)
    R, N, _ = X.shape
    if folds < 2 or N % folds:
        raise ValueError(f"held_out_losses: {N} examples make no {folds} equal folds")
    out = np.arange(N).reshape(folds, -1)
    rest = np.stack([np.setdiff1d(np.arange(N), fold) for fold in out])

    def taken(values, rows):
        """Take the rows of each fold from all sets: (R · folds, …)."""
        return values[:, rows].reshape(R * folds, rows.shape[1], *values.shape[2:])

    networks = SideBySide([network(seed) for seed in range(R * folds)])
    learn(networks, taken(X, rest), taken(given, rest), make(networks.parameters()), **options)
    found = losses_of_labels(networks, taken(X, out), taken(given, out))
    return found.reshape(R, N)
