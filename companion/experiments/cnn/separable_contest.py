"""Full against separable convolutions at the same number of multiply–adds, on small digits.

The contest takes minutes; what it found is kept beside this file and read by `stored`. To make it
anew, delete the file and run, from the top of the repository::

    python -m companion.experiments.cnn.separable_contest
"""

import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.batches import Batches
from companion.experiments.cnn.digit_readers import misread
from companion.experiments.cnn.small_images import small_digits
from companion.experiments.comparison import apart
from companion.training import engines

FILE = Path(__file__).with_name("separable_contest.json")
PAIRS = ((3, 6), (5, 12), (8, 21))
"""Widths of a full and a separable network that cost about the same, in weights as well."""
RATES = (0.01, 0.03, 0.1, 0.3)
TUNING, SEEDS = (100, 101), tuple(range(8))
EPOCHS, EXAMPLES = 6, 3000


def network(nn, kind, width):
    """Make one of the networks that are compared.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    kind : {"full", "separable"}
        Of its three middle convolutions.
    width : int
        Channels w of the first convolution; the others have 2w, 2w and 4w.

    Returns
    -------
    Module
        Maps images (N, 1, 14, 14) to scores (N, 10).

    Raises
    ------
    ValueError
        If there is no such kind.

    Notes
    -----
    Used in the chapter :ref:`compact`.
    """
    if kind not in ("full", "separable"):
        raise ValueError(f"network: kind {kind!r}; expected 'full' or 'separable'")

    def layer(C, out, k=3, stride=1, groups=1):
        conv = nn.Conv2d(C, out, k, stride, padding=k // 2, groups=groups, bias=False)
        return [conv, nn.BatchNorm2d(out), nn.ReLU()]

    layers, w = layer(1, width), width
    for C, out, stride in ((w, 2 * w, 2), (2 * w, 2 * w, 1), (2 * w, 4 * w, 2)):
        if kind == "full":
            layers += layer(C, out, stride=stride)
        else:
            layers += layer(C, C, stride=stride, groups=C) + layer(C, out, k=1)
    return nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4 * width, 10)
    )  # fmt: skip


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
        Learning rate of the first epoch; it falls to 0 along half a cosine.
    seed : int
        Of first weights and order of the images.
    examples : tuple of numpy.ndarray
        Images (N, 1, 14, 14) and labels (N,).
    epochs : int
        Passes over the images, in batches of 50.

    Returns
    -------
    Module
        The network in evaluation mode.
    """
    engines.manual_seed(seed)
    network = make()
    stepper = optimizer(network.parameters(), rate)
    batches = Batches(*examples, batch_size=50, seed=seed)
    for epoch in range(epochs):
        for group in stepper.param_groups:
            group["lr"] = rate * (1 + np.cos(np.pi * epoch / epochs)) / 2
        for X, y in batches.epoch(epoch):
            X, y = engines.adapt(network, X, y)
            stepper.zero_grad()
            loss(network(X), y).backward()
            stepper.step()
    return network.eval()


def entry(run, kind, width, rates=RATES, tuning=TUNING, seeds=SEEDS):
    """Choose the rate of one network on some seeds, and judge it on others.

    Parameters
    ----------
    run : callable
        ``run(kind, width, rate, seed)`` returns the errors on development and test images.
    kind, width
        As for `network`.
    rates, tuning, seeds : sequence
        The rate with the lowest mean development error over the tuning seeds is taken.

    Returns
    -------
    dict
        Kind, width, the development error of each rate, the rate, the test error of each seed.

    Raises
    ------
    ValueError
        If a seed is used for tuning and for judging.
    """
    apart("entry", tuning, seeds)
    tried = [float(np.mean([run(kind, width, r, s)[0] for s in tuning])) for r in rates]
    rate = rates[int(np.argmin(tried))]
    test = [run(kind, width, rate, s)[1] for s in seeds]
    return {"kind": kind, "width": width, "tried": tried, "rate": rate, "test": test}


def stored():
    """Read what the contest found: a list as of `entry`, a full and a separable network in turn."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def _main(most):
    """Run what is missing of the contest with torch, at most so many networks, and keep it."""
    torch = import_module("torch")  # it stands above this layer, so it is fetched by name
    torch.set_num_threads(1)
    data = small_digits(EXAMPLES)

    def run(kind, width, rate, seed):
        trained = train(
            lambda: network(torch.nn, kind, width),
            lambda p, rate: torch.optim.Adam(p, rate),
            torch.nn.functional.cross_entropy,
            rate, seed, data["train"],
        )  # fmt: skip
        return [misread(trained, *data[part]) for part in ("dev", "test")]

    found = stored() if FILE.exists() else []
    todo = [(k, w) for pair in PAIRS for k, w in zip(("full", "separable"), pair, strict=True)]
    for kind, width in todo[len(found) : len(found) + most]:
        found.append(entry(run, kind, width))
        found[-1]["tried"] = [round(t, 4) for t in found[-1]["tried"]]
        print(found[-1], flush=True)
        FILE.write_text(json.dumps(found) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _main(int(sys.argv[1]) if len(sys.argv) > 1 else 2 * len(PAIRS))
