"""Plain and residual convolutional networks of growing depth, each at its own learning rate.

The contest takes minutes; what it found is kept beside this file and read by `stored`. To make it
anew, from the top of the repository::

    python -m companion.experiments.cnn.depth_contest
"""

import json
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import numpy as np

from companion.data.batches import Batches
from companion.data.digits import digits, pooled
from companion.experiments.cnn.digit_readers import misread
from companion.experiments.comparison import apart
from companion.training import engines

FILE = Path(__file__).with_name("depth_contest.json")
DEPTHS = (8, 20, 56)
RATES = (0.0125, 0.05, 0.2)
TUNING, SEEDS = (100, 101), (0, 1, 2, 3, 4)
EPOCHS, LONG, LOWER = 10, 40, 0.003
KINDS = {
    "plain": {"shortcut": None},
    "residual": {"shortcut": "A"},
    "pre-activation": {"shortcut": "A", "preact": True},
}
"""Options of the networks that are compared."""
SMALL = {"widths": (16,), "in_channels": 1, "stem_stride": 2}
"""One stage of 16 channels on images of 7×7, behind a first convolution of stride 2."""


class Run(NamedTuple):
    """One network that was trained; see `train`.

    Attributes
    ----------
    curve : numpy.ndarray
        Share of the training images that were wrong in each epoch, with the statistics of their
        batch and the weights of the moment, (epochs,).
    ends : tuple of float
        Shares that are wrong after training, in evaluation: of the training images and of others.
    """

    curve: np.ndarray
    ends: tuple


def images(count=1000):
    """Return `count` training digits and 500 others, pooled to 14×14 and standardized.

    Returns
    -------
    tuple of numpy.ndarray
        Images (count, 1, 14, 14), labels (count,), images (500, 1, 14, 14), labels (500,).
    """
    data = digits()
    X = pooled(data.X_train).reshape(-1, 1, 14, 14)
    X = (X - X[:count].mean()) / X[:count].std()
    return X[:count], data.y_train[:count], X[-500:], data.y_train[-500:]


def train(make, optimizer, loss, rate, seed, examples, epochs=EPOCHS):
    """Train one network.

    Parameters
    ----------
    make : callable
        ``make()`` returns a network of either engine.
    optimizer : callable
        ``optimizer(parameters, rate)``.
    loss : callable
        ``loss(scores, labels)``.
    rate : float
        Learning rate.
    seed : int
        Of first weights and order of the images.
    examples : tuple
        As from `images`.
    epochs : int
        Passes over the training images, in batches of 100.

    Returns
    -------
    Run
        What came out.
    """
    engines.manual_seed(seed)
    network, (X, y, *others) = make(), examples
    stepper = optimizer(network.parameters(), rate)
    batches, curve = Batches(X, y, batch_size=100, seed=seed), []
    for epoch in range(epochs):
        wrong = 0
        for batch, labels in batches.epoch(epoch):
            batch, target = engines.adapt(network, batch, labels)
            stepper.zero_grad()
            scores = network(batch)
            loss(scores, target).backward()
            stepper.step()
            wrong += np.sum(engines.to_numpy(scores).argmax(axis=1) != labels)
        curve.append(wrong / len(X))
    return Run(np.array(curve), tuple(misread(network, *pair) for pair in ((X, y), others)))


def contest(run, kinds, depths=DEPTHS, rates=RATES, tuning=TUNING, seeds=SEEDS):
    """Let each kind and depth choose its rate on some seeds, and train others at it.

    Parameters
    ----------
    run : callable
        ``run(kind, depth, rate, seed)`` returns a `Run`.
    kinds, depths, rates, tuning, seeds : sequence
        The grid. Of the rates the one is taken whose mean training error over the tuning seeds, in
        the last epoch, is lowest.

    Returns
    -------
    list of dict
        One for each kind and depth: the error of each rate, the rate, curves and ends of the seeds.

    Raises
    ------
    ValueError
        If a seed is used for tuning and for judging.
    """
    apart("contest", tuning, seeds)
    found = []
    for kind in kinds:
        for depth in depths:
            tried = [
                float(np.mean([run(kind, depth, rate, seed).curve[-1] for seed in tuning]))
                for rate in rates
            ]
            rate = rates[int(np.argmin(tried))]
            runs = [run(kind, depth, rate, seed) for seed in seeds]
            found.append({
                "kind": kind, "depth": depth, "tried": tried, "rate": rate,
                "curves": [r.curve.round(4).tolist() for r in runs],
                "ends": [r.ends for r in runs],
            })  # fmt: skip
    return found


def stored():
    """Read what the contest found.

    Returns
    -------
    dict
        "short": a list as from `contest`, plain and residual networks of all depths, and the
        deepest with pre-activation. "lower" and "long": training errors by epoch of the deepest
        plain networks at the rate `LOWER`, and at the smallest rate for `LONG` epochs.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def _main():
    """Run the contest with torch and keep what it found."""
    # The engine and the networks stand above this layer, so they are fetched by name.
    torch, resnet = import_module("torch"), import_module("companion.cnn.networks.resnet")
    torch.set_num_threads(1)
    examples = images()

    def run(kind, depth, rate, seed, epochs=EPOCHS):
        got = train(
            lambda: resnet.resnet_cifar(torch.nn, depth, **SMALL, **KINDS[kind]),
            lambda p, rate: torch.optim.SGD(p, rate, momentum=0.9),
            torch.nn.functional.cross_entropy,
            rate, seed, examples, epochs,
        )  # fmt: skip
        print(kind, depth, rate, seed, got.curve.round(3)[-1], got.ends, flush=True)
        return got

    found = {"short": contest(run, list(KINDS)[:2])}
    FILE.write_text(json.dumps(found), encoding="utf-8")
    found["short"] += contest(run, list(KINDS)[2:], DEPTHS[-1:])
    FILE.write_text(json.dumps(found), encoding="utf-8")
    lower = [run("plain", DEPTHS[-1], LOWER, seed).curve for seed in SEEDS[:3]]
    found["lower"] = [curve.round(4).tolist() for curve in lower]
    longer = [run("plain", DEPTHS[-1], RATES[0], seed, LONG).curve for seed in SEEDS[:3]]
    found["long"] = [curve.round(4).tolist() for curve in longer]
    FILE.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _main()
