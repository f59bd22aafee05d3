"""U-Nets on the same scenes and budget: the loss, and the lines across.

The contest takes minutes; what it found is kept beside this file and read by `stored`. To run
what is missing in the file, at most so many networks if a number is given, from the top of the
repository::

    python -m companion.detection.experiments.segmentation_contest [number]

"""

import json
import sys
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.scenes import scenes, semantic
from companion.detection.experiments.one_cycle import one_cycle
from companion.detection.networks.unet import unet
from companion.detection.pixels.dice_loss import cross_entropy_and_dice, dice_loss
from companion.detection.pixels.segmenting import class_iou, pixel_accuracy, pixel_confusion
from companion.training import manual_seed, predict

FILE = Path(__file__).with_name("segmentation_contest.json")
LOSSES = {
    "cross-entropy": lambda nn: nn.CrossEntropyLoss(),
    "Dice": dice_loss,
    "both": cross_entropy_and_dice,
}
KINDS = {
    "cross-entropy": {"loss": "cross-entropy", "skips": True},
    "Dice": {"loss": "Dice", "skips": True},
    "both": {"loss": "both", "skips": True},
    "no skips": {"loss": "cross-entropy", "skips": False},
}
"""What is compared: the loss, and whether the network has lines across."""
RATES = (0.01, 0.03, 0.1)
TUNING, SEEDS = 100, (0, 1, 2, 3, 4, 5)
COUNT, EPOCHS, WIDTHS, BATCH = 200, 5, (8, 16, 32), 16
JUDGED = 150
SMALL = {"size": 48, "objects": (1, 2), "height": (12, 20)}
"""Of the scenes: few pixels, so that many networks can be trained; small digits, so little ink."""


def material(seed, count=COUNT, part="train"):
    """Return images (N, 1, 48, 48) and maps (N, 48, 48): 0 is ground and 1 ink of any digit."""
    made = scenes(count, part, seed=seed, **SMALL)
    return made.images, np.minimum(semantic(made), 1)


def run(nn, optim, kind, rate, seed, *, count=COUNT, epochs=EPOCHS):
    """Train one network and judge it on development scenes.

    Parameters
    ----------
    nn, optim : module
        Of either engine.
    kind : str
        Of `KINDS`.
    rate : float
        Largest learning rate.
    seed : int
        Of scenes, weights and order.
    count, epochs : int
        Scenes to learn from, and passes over them.

    Returns
    -------
    dict
        "accuracy" of pixels and "iou" of ink, on development scenes.
    """
    model = fitted(nn, optim, kind, rate, seed, count=count, epochs=epochs)
    return judged(model, *material(0, JUDGED, "dev"))


def fitted(nn, optim, kind, rate, seed, *, count=COUNT, epochs=EPOCHS):
    """Train one network as `run` does, and return it in evaluation mode."""
    options = KINDS[kind]
    manual_seed(seed)
    model = unet(nn, 2, widths=WIDTHS, skips=options["skips"])
    X, y = material(seed, count)
    settings = {"epochs": epochs, "rate": rate, "seed": seed, "batch_size": BATCH}
    one_cycle(model, X, y, LOSSES[options["loss"]](nn), optim, **settings)
    return model


def judged(model, X, y):
    """Return "accuracy" of pixels and "iou" of ink of a network on scenes."""
    found = np.asarray(predict(model, X)).argmax(axis=1)
    counts = pixel_confusion(y, found, 2)
    return {
        "accuracy": round(pixel_accuracy(counts), 4),
        "iou": round(float(class_iou(counts)[1]), 4),
    }


def best_rate(found, kind):
    """Return the rate with the highest IoU of ink on the seed for tuning."""
    tried = {rate: found["tuning"][f"{kind}, {rate}"]["iou"] for rate in RATES}
    return max(tried, key=tried.get)


def stored():
    """Read what the contest found.

    Returns
    -------
    dict
        "tuning": "kind, rate" → what `run` found on the seed for tuning. "runs": kind → a list of
        what it found for `SEEDS`, each at the best rate of its kind.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def _main(most):
    torch = import_module("torch")
    torch.set_num_threads(1)
    found = stored() if FILE.exists() else {"tuning": {}, "runs": {kind: [] for kind in KINDS}}

    def tell(told, *arguments):
        result = run(torch.nn, torch.optim, *arguments)
        print(told, arguments, result, flush=True)
        return result

    for _ in range(most):
        tried = [(kind, rate) for kind in KINDS for rate in RATES]
        tried = [(k, r) for k, r in tried if f"{k}, {r}" not in found["tuning"]]
        left = [kind for kind in KINDS if len(found["runs"][kind]) < len(SEEDS)]
        if tried:
            kind, rate = tried[0]
            found["tuning"][f"{kind}, {rate}"] = tell("tuning", kind, rate, TUNING)
        elif left:
            kind = min(left, key=lambda k: len(found["runs"][k]))
            seed = SEEDS[len(found["runs"][kind])]
            found["runs"][kind].append(tell("run", kind, best_rate(found, kind), seed))
        else:
            break
        FILE.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    _main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
