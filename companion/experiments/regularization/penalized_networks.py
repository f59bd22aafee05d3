"""Networks of the part, side by side, each with a penalty of its own strength."""

import numpy as np

from companion.experiments.regularization.small_sets import (
    SIZES,
    learning_curves,
    network,
    own_sets,
)


def strengths(values, runs):
    """Repeat each strength for some runs, so that it broadcasts with stacked weights.

    Parameters
    ----------
    values : sequence of float
        K strengths.
    runs : int
        R networks in a row that share one.

    Returns
    -------
    numpy.ndarray
        (K · R, 1, 1) float32.
    """
    return np.repeat(np.asarray(values, dtype=np.float32), runs)[:, None, None]


def matrices_decay(parameters, weight_decay):
    """Sort the parameters of networks side by side into matrices, which decay, and biases.

    Parameters
    ----------
    parameters : iterable of Parameter
        Weights (R, in, out) and biases (R, 1, out).
    weight_decay : float or array_like
        λ of the matrices; one for each network is (R, 1, 1).

    Returns
    -------
    list of dict
        Two groups for an optimizer.
    """
    groups = {True: [], False: []}
    for p in parameters:
        groups[p.shape[1] > 1].append(p)
    return [
        {"params": groups[True], "weight_decay": weight_decay},
        {"params": groups[False], "weight_decay": 0},
    ]


def penalized(make, lams, seeds, *, data, epochs, sizes=SIZES, size=500, **options):
    """Train networks with each strength and seed; those of one seed start and learn alike.

    Parameters
    ----------
    make : callable
        Groups, as of `matrices_decay`, → optimizer.
    lams : sequence of float
        K strengths of the weight decay.
    seeds : sequence of int
        R seeds of first weights and training set.
    data : ThreeWay
        Where the training sets are drawn from, and the development and test set.
    epochs : int
        Passes over the training sets.
    sizes : sequence of int
        Of the layers, for `companion.experiments.regularization.small_sets.network`.
    size : int
        Examples in a training set.
    **options
        For `companion.experiments.regularization.small_sets.learning_curves`; by default measured
        at the beginning and the end.

    Returns
    -------
    networks : SideBySide
        K · R networks, those of the first strength first.
    curves : Curves
        Of the sets "train", "dev" and "test", (E, K · R).
    """
    seeds, K = list(seeds), len(lams)
    X, y = own_sets(seeds, size, data)
    decay = strengths(lams, len(seeds))
    return learning_curves(
        [network(seed, sizes) for _ in lams for seed in seeds],
        np.concatenate([X] * K),
        np.concatenate([y] * K),
        lambda parameters: make(matrices_decay(parameters, decay)),
        epochs=epochs,
        sets={"dev": (data.X_dev, data.y_dev), "test": (data.X_test, data.y_test)},
        **{"every": epochs, **options},
    )
