"""A U-Net that says of each pixel whether it is ground or which digit's ink, already trained.

Its weights are kept beside this file. It was trained in rounds, each with new scenes; this adds one
round to what the file holds, from the top of the repository::

    python -m companion.detection.experiments.trained_unet
"""

from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.scenes import scenes, semantic
from companion.detection.experiments.one_cycle import one_cycle
from companion.detection.networks.unet import unet
from companion.detection.pixels.segmenting import class_iou, pixel_confusion
from companion.experiments.stored_weights import with_weights
from companion.training import manual_seed, predict

FILE = Path(__file__).with_name("trained_unet.npz")
SMALL = {"size": 56, "objects": (1, 3), "height": (18, 26)}
"""Of the scenes."""
SCENES, EPOCHS, RATE = 1000, 10, 0.02
BATCHES = (32, 32, 16)
"""Images an update in the first rounds; later ones are like the last."""


def train_round(model, nn, optim, *, seed, count=SCENES, epochs=EPOCHS, rate=RATE):
    """Train a U-Net for one round, as for the stored weights.

    Parameters
    ----------
    model : Module
        From `companion.detection.networks.unet.unet`; it is changed.
    nn, optim : module
        Of its engine.
    seed : int
        Of the scenes and their order, and number of the round.
    count, epochs, rate
        Scenes, passes over them, largest learning rate.
    """
    made = scenes(count, seed=seed, **SMALL)
    options = {"epochs": epochs, "rate": rate, "seed": seed}
    options["batch_size"] = BATCHES[min(seed, len(BATCHES) - 1)]
    one_cycle(model, made.images, semantic(made), nn.CrossEntropyLoss(), optim, **options)


def trained_unet(nn):
    """Make the U-Net with the stored weights, in evaluation mode; `nn` is of either engine."""
    with np.load(FILE) as stored:
        weights = {name: stored[name] for name in stored.files if name != "rounds"}
    return with_weights(unet(nn), weights)


def classes_in(model, images):
    """Return the class of each pixel, (N, S, S): the one with the highest score."""
    return np.asarray(predict(model, images)).argmax(axis=1)


def scenes_for_it(count=300, part="dev", seed=0):
    """Make scenes like those the network has learned from."""
    return scenes(count, part, seed=seed, **SMALL)


def _main():
    torch = import_module("torch")
    torch.set_num_threads(1)
    rounds = int(np.load(FILE)["rounds"]) if FILE.exists() else 0
    manual_seed(0)
    model = trained_unet(torch.nn) if rounds else unet(torch.nn)
    train_round(model, torch.nn, torch.optim, seed=rounds)
    weights = {name: value.numpy() for name, value in model.state_dict().items()}
    np.savez(FILE, rounds=rounds + 1, **weights)
    made = scenes_for_it()
    counts = pixel_confusion(semantic(made), classes_in(model, made.images), 11)
    print(rounds + 1, class_iou(counts).round(2))


if __name__ == "__main__":
    _main()
