"""How few bits a network that reads digits can do with, without and with training for it.

Six networks are trained, turned into whole numbers of 8 down to 2 bits, and judged. It takes some
minutes; what came out is kept beside this file and read by `stored`. To make it anew, from the top
of the repository::

    python -m companion.experiments.cnn.fewer_bits
"""

import copy
import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.experiments.cnn.digit_readers import misread, mistakes, pushed_batches, trained
from companion.experiments.cnn.trained_reader import reader, reader_images
from companion.training import engines, manual_seed

FILE = Path(__file__).with_name("fewer_bits.json")
BITS, LOW = (8, 7, 6, 5, 4, 3, 2), (4, 3, 2)
SEEDS = (0, 1, 2, 3, 4, 5)
EPOCHS, RATE = 8, 2e-3
LONGER, GENTLE = 4, 5e-4
"""Epochs and learning rate of training on, with or without rounded weights."""
CALIBRATION = 200
"""The first training images show the ranges of the activations."""
KINDS = {
    "weights, per tensor": lambda bits: {"bits": bits, "per_channel": False},
    "weights, per channel": lambda bits: {"bits": bits},
    "activations": lambda bits: {"activation_bits": bits},
    "activations, 99.9 %": lambda bits: {"activation_bits": bits, "percentile": 99.9},
}
"""Options of `companion.cnn.compressing.integer_network.in_integers`; the rest has 8 bits."""


def one_reader(nn, make, seed, *, epochs=EPOCHS, images=None):
    """Train a network that reads digits.

    Parameters
    ----------
    nn : module
        Of either engine.
    make : callable
        (parameters, rate) → optimizer.
    seed : int
        Of first weights, order and pushes.
    epochs : int
        Passes over the images.
    images : tuple of numpy.ndarray, optional
        Images (N, 1, 28, 28) and labels (N,); by default all 3,000 training images.

    Returns
    -------
    Sequential
        In evaluation mode.
    """
    manual_seed(seed)
    images = reader_images()["train"] if images is None else images
    model, loss = reader(nn), nn.CrossEntropyLoss()
    batches = pushed_batches(*images, seed)
    return trained(model, batches, loss, lambda p: make(p, RATE), epochs, fade=True).eval()


def trained_on(nn, make, model, round_, seed, *, epochs=LONGER, images=None):
    """Train a network further while its weights are rounded (straight-through estimator).

    Parameters
    ----------
    nn, make, seed, epochs, images
        As for `one_reader`.
    model : Sequential
        Left as it was.
    round_ : callable
        Rounds the weights of a network in place; ``lambda m: m`` trains on as before.

    Returns
    -------
    Sequential
        In evaluation mode, its weights not rounded.

    Notes
    -----
    Each step computes the gradient at the rounded weights and takes it for that of the others,
    which are kept and moved: Bengio, Léonard and Courville (2013). Used in the chapter
    :ref:`quantization`.
    """
    model, loss = copy.deepcopy(model).train(), nn.CrossEntropyLoss()
    images = reader_images()["train"] if images is None else images
    batches = pushed_batches(*images, 100 + seed)
    optimizer = make(model.parameters(), GENTLE)
    for epoch in range(epochs):
        optimizer.param_groups[0]["lr"] = GENTLE * (1 - epoch / epochs)
        for X, y in batches.epoch(epoch):
            X, y = engines.adapt(model, X, y)
            kept = [copy.deepcopy(p.data) for p in model.parameters()]
            round_(model)
            optimizer.zero_grad()
            loss(model(X), y).backward()
            for parameter, value in zip(model.parameters(), kept, strict=True):
                parameter.data[...] = value
            optimizer.step()
    return model.eval()


def by_bits(in_integers, nn, model, part, kinds=KINDS, bits=BITS):
    """Measure the error of a network in whole numbers of fewer and fewer bits.

    Parameters
    ----------
    in_integers : callable
        `companion.cnn.compressing.integer_network.in_integers`.
    nn : module
        The engine of the network.
    model : Sequential
        The trained network.
    part : tuple of numpy.ndarray
        Images and labels to judge by.
    kinds : dict
        Name → (bits → options of `in_integers`).
    bits : sequence of int
        The numbers of bits.

    Returns
    -------
    dict
        Name → errors, a list as long as `bits`.
    """
    shown = reader_images()["train"][0][:CALIBRATION]
    return {
        name: [mistakes(in_integers(nn, model, shown, **options(b)), *part) for b in bits]
        for name, options in kinds.items()
    }


def stored():
    """Read what came out.

    Returns
    -------
    dict
        "real": errors of the networks as trained, (S,). Each of `KINDS`: (S, len(BITS)).
        "trained on": of networks that learned `LONGER` further epochs with real weights, weights
        per channel in the bits of `LOW`, (S, len(LOW)). "trained rounded": the same epochs with
        weights rounded to those bits, (S, len(LOW)).
    """
    found = json.loads(FILE.read_text(encoding="utf-8"))
    return {name: np.array(errors) for name, errors in found.items()}


def measure(seed, nn, make, in_integers, round_weights_):
    """Train one network and measure all that `stored` keeps of it.

    Parameters
    ----------
    seed : int
        Of the network.
    nn, make
        As for `one_reader`.
    in_integers, round_weights_ : callable
        Of `companion.cnn.compressing`.

    Returns
    -------
    dict
        As of `stored`, without the axis of the seeds.
    """
    model, test = one_reader(nn, make, seed), reader_images()["test"]
    shown = reader_images()["train"][0][:CALIBRATION]
    found = {"real": misread(model, *test)}
    found |= by_bits(in_integers, nn, model, test)
    longer = trained_on(nn, make, model, lambda m: m, seed)
    pairs = {"trained on": [longer] * len(LOW), "trained rounded": []}
    for bits in LOW:
        round_ = lambda m, bits=bits: round_weights_(m, bits)  # noqa: E731
        pairs["trained rounded"].append(trained_on(nn, make, model, round_, seed))
    for name, models in pairs.items():
        found[name] = [
            mistakes(in_integers(nn, m, shown, bits=bits), *test)
            for m, bits in zip(models, LOW, strict=True)
        ]
    return found


def _main(seeds):
    """Measure some networks with torch, in the order of `SEEDS`, and keep what came out."""
    # What stands above this layer is fetched by name.
    torch = import_module("torch")
    compressing = "companion.cnn.compressing"
    in_integers = import_module(f"{compressing}.integer_network").in_integers
    round_ = import_module(f"{compressing}.quantization").round_weights_
    torch.set_num_threads(1)
    for seed in seeds:
        found = measure(seed, torch.nn, lambda p, r: torch.optim.Adam(p, lr=r), in_integers, round_)
        print(seed, found, flush=True)
        # The first network begins the file anew; the script may be run in several portions.
        kept = json.loads(FILE.read_text(encoding="utf-8")) if seed != SEEDS[0] else {}
        for name, value in found.items():
            kept.setdefault(name, []).append(np.round(value, 4).tolist())
        FILE.write_text(json.dumps(kept), encoding="utf-8")


if __name__ == "__main__":
    _main([int(seed) for seed in sys.argv[1:]] or SEEDS)
