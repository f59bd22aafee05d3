"""Small networks on small images: each kind at a rate tuned for it, then judged on fresh seeds."""

from typing import NamedTuple

import numpy as np

from companion.data.batches import Batches
from companion.data.digits import pooled, train_dev_test
from companion.experiments.comparison import apart
from companion.gradients.generator import manual_seed
from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.gradients.tensor import Tensor, no_grad
from companion.training import NonFiniteLoss, fit


class Contest(NamedTuple):
    """What a contest found for each kind of network.

    Attributes
    ----------
    rate : dict
        Name → the learning rate with the best development accuracy.
    accuracy : dict
        Name → share of the test images that are read correctly, one for each seed, (S,).
    """

    rate: dict
    accuracy: dict


def small_digits(examples):
    """Load digits of 14 × 14 pixels: some to learn from, 1,000 to tune by, 1,000 to judge by.

    Parameters
    ----------
    examples : int
        How many to learn from, at most 3,000.

    Returns
    -------
    dict
        ``"train"``, ``"dev"``, ``"test"`` → images (N, 1, 14, 14) and labels (N,).
    """
    d = train_dev_test()
    parts = {
        "train": (d.X_train[:examples], d.y_train[:examples]),
        "dev": (d.X_dev, d.y_dev),
        "test": (d.X_test, d.y_test),
    }
    return {name: (pooled(X).reshape(-1, 1, 14, 14), y) for name, (X, y) in parts.items()}


def trained(make, optimizer, train, seed, *, epochs=3, size=50):
    """Train one network from first weights and in an order that its seed decides.

    Parameters
    ----------
    make : callable
        Returns a fresh network.
    optimizer : callable
        Parameters → optimizer.
    train : tuple of numpy.ndarray
        Images (N, C, H, W) and labels (N,).
    seed : int
        Networks of the same kind and seed are equal.
    epochs, size : int
        Passes over the images, and images in a mini-batch.

    Returns
    -------
    Module
        The network in evaluation mode.
    """
    manual_seed(seed)
    network = make()
    batches = Batches(*train, batch_size=size, seed=seed)
    fit(network, batches, CrossEntropyLoss(), optimizer(network.parameters()), epochs=epochs)
    return network.eval()


def accuracy(network, images, labels):
    """Share of images that a network reads correctly."""
    with no_grad():
        scores = network(Tensor(images)).numpy()
    return float(np.mean(scores.argmax(axis=1) == labels))


def contest(makers, optimizer, rates, data, *, tuning=(100, 101), seeds=range(6), **budget):
    """Tune the learning rate of each kind of network on some seeds, then judge it on others.

    Parameters
    ----------
    makers : dict
        Name → function that returns a fresh network.
    optimizer : callable
        ``optimizer(parameters, lr=rate)``.
    rates : sequence of float
        Learning rates to try.
    data : dict
        As `small_digits` returns.
    tuning, seeds : sequence of int
        Seeds to tune with, by the mean accuracy on ``"dev"``, and to judge with, on ``"test"``. The
        same for each kind, so that results are paired: the same images in the same order.
    **budget
        ``epochs`` and ``size`` of `trained`.

    Returns
    -------
    Contest
        The rates and the accuracies.

    Raises
    ------
    ValueError
        If a seed serves both purposes.

    Notes
    -----
    Used in the chapters :ref:`inception` and :ref:`dense_and_squeeze`.
    """
    apart("contest", tuning, seeds)

    @np.errstate(over="ignore", invalid="ignore")
    def score(make, rate, seed, part):
        try:
            network = trained(
                make, lambda p: optimizer(p, lr=rate), data["train"], seed, **budget
            )
        except NonFiniteLoss:
            return 0.0
        return accuracy(network, *data[part])

    rate, found = {}, {}
    for name, make in makers.items():
        tried = {r: np.mean([score(make, r, seed, "dev") for seed in tuning]) for r in rates}
        rate[name] = max(tried, key=tried.get)
        found[name] = np.array([score(make, rate[name], seed, "test") for seed in seeds])
    return Contest(rate, found)
