"""A network that learns a few digits by heart, and what a cure changes: the part's one network."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from companion.data.digits import train_dev_test
from companion.experiments.side_by_side import SideBySide
from companion.gradients.activation_layers import ReLU
from companion.gradients.generator import manual_seed
from companion.gradients.layers import Linear
from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.gradients.module import Sequential
from companion.gradients.tensor import Tensor, no_grad

SIZES = (784, 128, 128, 10)


class Curves(NamedTuple):
    """What R networks did while they learned, measured in evaluation mode.

    Attributes
    ----------
    epochs : numpy.ndarray
        Epochs after which they were measured, (E,).
    loss, error : dict
        Name of a set of examples → mean cross-entropy, and share of mistakes, (E, R).
    """

    epochs: np.ndarray
    loss: dict
    error: dict


def network(seed, sizes=SIZES, between=tuple, first=tuple, activation=ReLU):
    """Make a network, with layers of one's own between its layers.

    Parameters
    ----------
    seed : int
        Seed of the first weights.
    sizes : sequence of int
        Inputs, units of each hidden layer, outputs.
    between, first : callable
        Return fresh layers without weights, put after each activation and before all; such as
        ``lambda: [Dropout(0.5)]``.
    activation : callable
        Returns a fresh activation layer.

    Returns
    -------
    Sequential
        Linear layers with an activation after each but the last.
    """
    manual_seed(seed)
    layers = [*first()]
    for n, k in pairwise(sizes[:-1]):
        layers += [Linear(n, k), activation(), *between()]
    return Sequential(*layers, Linear(*sizes[-2:]))


def own_sets(seeds, size=500, data=None):
    """Draw a training set for each seed from the pool of 3,000 digits, without replacement.

    Parameters
    ----------
    seeds : sequence of int
        R seeds.
    size : int
        Examples in each set, at most the whole pool.
    data : ThreeWay, optional
        Where from; by default the digits of `companion.data.digits.train_dev_test`.

    Returns
    -------
    X, y : numpy.ndarray
        Inputs, (R, size, D), and classes, (R, size).

    Raises
    ------
    ValueError
        If `size` is not between 1 and the number of examples there are.
    """
    data = train_dev_test() if data is None else data
    pool = len(data.X_train)
    if not 1 <= size <= pool:
        raise ValueError(f"own_sets: size is {size}; the pool has {pool} examples")
    rows = [np.random.default_rng([seed, 11]).permutation(pool)[:size] for seed in seeds]
    return data.X_train[rows], data.y_train[rows]


def learn(
    networks,
    X,
    y,
    optimizer,
    *,
    epochs,
    batch=50,
    seed=0,
    augment=None,
    loss=None,
    penalty=None,
    after_step=None,
    watch=None,
):
    """Train R networks side by side, each on a training set of its own.

    Parameters
    ----------
    networks : SideBySide
        Changed in place, and left in evaluation mode.
    X, y : array_like
        Training sets, (R, N, D) and (R, N), as `own_sets` draws them.
    optimizer
        An optimizer made with the networks' parameters.
    epochs : int
        Passes over the training sets.
    batch : int
        Examples in a mini-batch.
    seed : int
        Seed of the order of the examples and of `augment`.
    augment : callable, optional
        ``augment(x, labels, rng)`` returns what is learned from instead: all inputs of a step,
        (R · B, D), and their labels, (R · B,) classes or (R · B, K) probabilities.
    loss : callable, optional
        A loss with ``reduction="none"``; cross-entropy if there is none.
    penalty : callable, optional
        Maps the weights, a list of tensors (R, in, out) without the biases, to what is added to the
        sum of the R losses.
    after_step : callable, optional
        Gets that list after each update, to change its ``data`` in place.
    watch : callable, optional
        ``watch(epoch)`` is called before the first epoch with 0 and after each, in evaluation mode.
    """
    loss = CrossEntropyLoss(reduction="none") if loss is None else loss
    X, y = np.asarray(X), np.asarray(y)
    (R, N, D), rng = X.shape, np.random.default_rng([seed, 12])
    weights = [p for name, p in networks.named_parameters() if "weight" in name]
    each = np.arange(R)[:, None]
    for epoch in range(epochs):
        if watch is not None:
            networks.eval()
            watch(epoch)
        networks.train()
        order = np.argsort(rng.random((R, N)), axis=1)
        for start in range(0, N, batch):
            rows = order[:, start : start + batch]
            x, labels = X[each, rows].reshape(-1, D), y[each, rows].reshape(-1)
            if augment is not None:
                x, labels = augment(x, labels, rng)
            scores = networks(Tensor(np.reshape(x, (R, -1, D))))
            cost = loss(scores.reshape(len(x), -1), labels).sum() * (R / len(x))
            optimizer.zero_grad()
            (cost if penalty is None else cost + penalty(weights)).backward()
            optimizer.step()
            if after_step is not None:
                after_step(weights)
    networks.eval()
    if watch is not None:
        watch(epochs)


def scores(networks, X):
    """Scores of R networks in their present mode, for shared examples (N, D) or own ones (R, N, D).

    Returns
    -------
    numpy.ndarray
        (R, N, K).
    """
    with no_grad():
        return networks(Tensor(np.asarray(X))).numpy()


def errors(networks, X, y):
    """Share of mistakes of each network on examples (N, D) or (R, N, D), (R,)."""
    return np.mean(scores(networks, X).argmax(axis=-1) != y, axis=1)


def losses_of_labels(networks, X, y):
    """Cross-entropy of each label under each network, on examples (N, D) or (R, N, D), (R, N)."""
    found = scores(networks, X)
    rows = found.reshape(-1, found.shape[-1])
    labels = np.broadcast_to(y, found.shape[:2]).reshape(-1)
    each = CrossEntropyLoss(reduction="none")(Tensor(rows), labels)
    return each.numpy().reshape(found.shape[:2])


def losses(networks, X, y):
    """Mean cross-entropy of each network on examples (N, D) or (R, N, D), (R,)."""
    return losses_of_labels(networks, X, y).mean(axis=1)


def learning_curves(models, X, y, make, *, epochs, sets, every=1, **options):
    """Train networks side by side and keep what they reached on the way.

    Parameters
    ----------
    models : sequence of Sequential
        R networks.
    X, y : array_like
        Their training sets, as for `learn`.
    make : callable
        Parameters → optimizer.
    epochs, every : int
        How long to train, and after how many epochs each to measure.
    sets : dict
        Name → (inputs, classes) to measure on besides "train", the training sets themselves.
    **options
        For `learn`.

    Returns
    -------
    networks : SideBySide
        The trained networks, in evaluation mode.
    curves : Curves
        What was measured.
    """
    networks, sets, at = SideBySide(models), {"train": (X, y), **sets}, []
    loss, error = {name: [] for name in sets}, {name: [] for name in sets}

    def watch(epoch):
        if epoch % every and epoch != epochs:
            return
        at.append(epoch)
        for name, examples in sets.items():
            loss[name].append(losses(networks, *examples))
            error[name].append(errors(networks, *examples))

    learn(networks, X, y, make(networks.parameters()), epochs=epochs, watch=watch, **options)
    return networks, Curves(
        np.array(at),
        {name: np.array(rows) for name, rows in loss.items()},
        {name: np.array(rows) for name, rows in error.items()},
    )
