"""A small convolutional network that reads digits, already trained: the patient of several pages.

Pruning, quantization and distillation start from a network that is good at something. Its weights
are kept beside this file, since training takes a minute. To make them anew, from the top of the
repository::

    python -m companion.experiments.cnn.trained_reader
"""

from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np

from companion.data.digits import train_dev_test
from companion.experiments.cnn.digit_readers import as_images, pushed_batches, trained
from companion.experiments.stored_weights import with_weights
from companion.training import manual_seed

FILE = Path(__file__).with_name("trained_reader.npz")
EPOCHS, RATE, SEED = 15, 2e-3, 0


def reader(nn, width=8, hidden=128):
    """Make the network: three times convolution, normalization and pooling, then two dense layers.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    width : int
        Channels of the first convolution; the next two have twice and four times as many.
    hidden : int
        Units of the dense layer before the scores.

    Returns
    -------
    Sequential
        Maps (N, 1, 28, 28) to scores (N, 10); with the defaults 44,226 parameters.

    Raises
    ------
    ValueError
        If `width` or `hidden` is below 1.
    """
    if min(width, hidden) < 1:
        raise ValueError(f"reader: width {width}, hidden {hidden}; expected at least 1 each")
    channels = (1, width, 2 * width, 4 * width)
    blocks = [
        layer
        for a, b in pairwise(channels)
        for layer in (
            nn.Conv2d(a, b, 3, padding=1, bias=False),
            nn.BatchNorm2d(b),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
    ]
    return nn.Sequential(
        *blocks,
        nn.Flatten(),
        nn.Linear(channels[-1] * 3 * 3, hidden),
        nn.ReLU(),
        nn.Linear(hidden, 10),
    )


def reader_images():
    """Load the digits as images: 3,000 to learn from, 1,000 to choose by, 1,000 to judge by.

    Returns
    -------
    dict
        ``"train"``, ``"dev"``, ``"test"`` → images (N, 1, 28, 28) from 0 to 1 and labels (N,).
    """
    d = train_dev_test()
    return {
        "train": (as_images(d.X_train), d.y_train),
        "dev": (as_images(d.X_dev), d.y_dev),
        "test": (as_images(d.X_test), d.y_test),
    }


def train_reader(nn, optim, *, epochs=EPOCHS, examples=3000):
    """Train the network as it was trained for the stored weights.

    Parameters
    ----------
    nn, optim : module
        Of either engine.
    epochs : int
        Passes over the training images, each pushed by up to two pixels.
    examples : int
        How many training images.

    Returns
    -------
    Sequential
        In evaluation mode.
    """
    manual_seed(SEED)
    X, y = (part[:examples] for part in reader_images()["train"])
    model, loss = reader(nn), nn.CrossEntropyLoss()
    batches = pushed_batches(X, y, SEED)
    return trained(
        model, batches, loss, lambda p: optim.Adam(p, lr=RATE), epochs, fade=True
    ).eval()


def trained_reader(nn):
    """Make the network with the stored weights.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.

    Returns
    -------
    Sequential
        In evaluation mode, its weights in float32; every call returns a fresh one.
    """
    with np.load(FILE) as stored:
        return with_weights(reader(nn), stored)


def _main():
    """Train, say how well it reads, and keep the weights."""
    # The faces of the engine stand above this layer, so they are fetched by name.
    model = train_reader(import_module("companion.nn"), import_module("companion.optim"))
    np.savez(FILE, **model.state_dict())


if __name__ == "__main__":
    _main()
