"""Where training ends under the rule of early stopping, and what each example cost on the way."""

import numpy as np

from companion.experiments.regularization import small_sets
from companion.experiments.side_by_side import SideBySide


def mislabelled(y, share, seed=0, classes=10):
    """Give a share of the examples a wrong class, drawn evenly from the others.

    Parameters
    ----------
    y : array_like
        Class numbers, (..., N); the last axis is one set.
    share : float
        Share of each set that gets a wrong class, from 0 to 1.
    seed : int
        Which examples, and which classes.
    classes : int
        Number of classes K, at least 2.

    Returns
    -------
    numpy.ndarray
        Class numbers like `y`; exactly ``round(share * N)`` of each set differ.

    Raises
    ------
    ValueError
        If `share` is not between 0 and 1 or there are less than two classes.
    """
    y = np.asarray(y)
    if not 0 <= share <= 1 or classes < 2:
        raise ValueError(
            f"mislabelled: share is {share} with {classes} classes; expected a share from 0 to 1 "
            "and at least 2 classes"
        )
    rng = np.random.default_rng([seed, 13])
    rank = np.argsort(np.argsort(rng.random(y.shape), axis=-1), axis=-1)
    shift = rng.integers(1, classes, y.shape)
    return np.where(rank < round(share * y.shape[-1]), (y + shift) % classes, y)


def each_loss(models, X, y, make, *, epochs, sets, **options):
    """Train networks side by side and keep what each held-out example costs after each epoch.

    Parameters
    ----------
    models : sequence of Sequential
        R networks.
    X, y : array_like
        Their training sets, (R, N, D) and (R, N).
    make : callable
        Parameters → optimizer.
    epochs : int
        How long to train.
    sets : dict
        Name → (inputs, classes) of M examples: (M, D) shared by all networks, or (R, M, D).
    **options
        For `small_sets.learn`.

    Returns
    -------
    losses, wrong : dict
        Name → cross-entropy of each example, and whether it was taken for another class; both
        (epochs, R, M), the first after epoch 1.
    """
    networks = SideBySide(models)
    losses, wrong = ({name: [] for name in sets} for _ in range(2))

    def watch(epoch):
        for name, (inputs, classes) in sets.items() if epoch else ():
            found = small_sets.scores(networks, inputs).astype(float)
            classes = np.broadcast_to(classes, found.shape[:2])
            right = np.take_along_axis(found, classes[..., None], axis=-1)[..., 0]
            losses[name].append(np.logaddexp.reduce(found, axis=-1) - right)
            wrong[name].append(found.argmax(axis=-1) != classes)

    make = make(networks.parameters())
    small_sets.learn(networks, X, y, make, epochs=epochs, watch=watch, **options)
    return tuple({name: np.array(v) for name, v in kept.items()} for kept in (losses, wrong))


def stopped_at(values, patience):
    """Find where early stopping ends recorded runs, and which epoch it would restore.

    Parameters
    ----------
    values : array_like
        A measure to be small after each epoch, (E, ...).
    patience : int
        Epochs without a new smallest value to wait for, at least 1.

    Returns
    -------
    end, best : numpy.ndarray
        Indices of the last epoch that is run and of the best one up to it, (...).

    Raises
    ------
    ValueError
        If there is no epoch or `patience` is below 1.
    """
    values = np.asarray(values, dtype=float)
    if not len(values) or not patience >= 1:
        raise ValueError(
            f"stopped_at: {len(values)} epochs with patience {patience}; at least 1 of each needed"
        )
    epoch = np.arange(len(values)).reshape(-1, *[1] * (values.ndim - 1))
    least = np.minimum.accumulate(values)
    new = np.concatenate([np.full_like(values[:1], True), values[1:] < least[:-1]]).astype(bool)
    best = np.maximum.accumulate(np.where(new, epoch, 0))
    over = epoch - best >= patience
    end = np.where(over.any(axis=0), over.argmax(axis=0), len(values) - 1)
    return end, np.take_along_axis(best, end[None], axis=0)[0]
