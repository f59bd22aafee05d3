"""Contest of one large kernel and several small ones that see as much, on digits."""

from typing import NamedTuple

import numpy as np

from companion.data.batches import Batches
from companion.data.digits import pooled, train_dev_test
from companion.experiments.cnn.digit_readers import misread
from companion.experiments.comparison import sweep
from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.training import fit, manual_seed


class Digits(NamedTuple):
    """Digits as small images, to learn from and to judge by.

    Attributes
    ----------
    X, X_dev : numpy.ndarray
        (N, 1, 14, 14) float32.
    y, y_dev : numpy.ndarray
        Class numbers, (N,).
    """

    X: np.ndarray
    y: np.ndarray
    X_dev: np.ndarray
    y_dev: np.ndarray


def small_digits(many=1000):
    """Load the first digits of the training set and the development set, averaged over 2×2 pixels.

    Parameters
    ----------
    many : int
        Digits to learn from.

    Returns
    -------
    Digits
        ``many`` and 1,000 of them.
    """
    data = train_dev_test()
    X, X_dev = (pooled(X).reshape(-1, 1, 14, 14) for X in (data.X_train[:many], data.X_dev))
    return Digits(X, data.y_train[:many], X_dev, data.y_dev)


def learned(make, optimizer, data, *, rate, seed, epochs=(6, 2), batch=50, loss=None):
    """Make a network, train it, and return it.

    As with AlexNet and VGG, the learning rate falls at the end: here to a fifth.

    Parameters
    ----------
    make : callable
        () → a network of either engine, drawn at random.
    optimizer : callable
        ``optimizer(parameters, lr=...)``.
    data : Digits
        What to learn from.
    rate : float
        Learning rate.
    seed : int
        Of the first weights and of the order of the examples.
    epochs : (int, int)
        How long at the learning rate, and how long at a fifth of it.
    batch : int
        How many examples at a time.
    loss : callable, optional
        For a network of torch, ``torch.nn.CrossEntropyLoss()``; by default the companion's.

    Returns
    -------
    Module
        The trained network.
    """
    manual_seed(seed)
    network = make()
    method = optimizer(network.parameters(), lr=rate)
    batches = Batches(data.X, data.y, batch_size=batch, seed=seed)
    for lr, many in zip((rate, rate / 5), epochs, strict=True):
        method.param_groups[0]["lr"] = lr
        if many:
            fit(
                *(network, batches, loss or CrossEntropyLoss(), method),
                epochs=many,
                progress=False,
            )
    return network


def errors(make, optimizer, data, *, rate, seeds, **options):
    """Share of the development digits that each network misreads after training.

    Parameters
    ----------
    make, optimizer, data, rate, **options
        As for `learned`.
    seeds : sequence of int
        A network for each.

    Returns
    -------
    numpy.ndarray
        (S,).
    """
    found = []
    for seed in seeds:
        network = learned(make, optimizer, data, rate=rate, seed=seed, **options)
        found.append(misread(network, data.X_dev, data.y_dev))
    return np.array(found)


def tuned(make, optimizer, data, rates, seeds, **options):
    """Try learning rates: development errors of each, with each seed.

    Parameters
    ----------
    make, optimizer, data, **options
        As for `learned`.
    rates : array_like
        Learning rates, smallest first.
    seeds : sequence of int
        Seeds to tune with; report results on others.

    Returns
    -------
    Sweep
        The errors.
    """

    def cost(rate, seed):
        return errors(make, optimizer, data, rate=rate, seeds=[seed], **options)[0]

    return sweep(cost, rates, seeds)
