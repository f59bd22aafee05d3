"""A one-stage detector of digits in scenes, already trained: several pages look at what it finds.

Its weights are kept beside this file. To make them anew, from the top of the repository::

    python -m companion.detection.experiments.trained_grid
"""

from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.scenes import scenes
from companion.detection.average_precision import mean_average_precision
from companion.detection.experiments.one_cycle import one_cycle
from companion.detection.grids.grid import Grid, detect, encode_all
from companion.detection.grids.loss import grid_loss
from companion.detection.networks.grid_detector import grid_detector
from companion.experiments.stored_weights import with_weights
from companion.training import manual_seed, predict

FILE = Path(__file__).with_name("trained_grid.npz")
GRID = Grid()
SCENES, EPOCHS, RATE = 3000, 14, 4e-3


def train_grid(nn, optim, *, count=SCENES, epochs=EPOCHS, seed=0, **options):
    """Train the detector as it was trained for the stored weights.

    Parameters
    ----------
    nn, optim : module
        Of either engine.
    count, epochs, seed : int
        Scenes to learn from, passes over them, seed of scenes, weights and order.
    **options
        For `companion.detection.experiments.one_cycle.one_cycle`.

    Returns
    -------
    Sequential
        In evaluation mode.
    """
    manual_seed(seed)
    learned = scenes(count, seed=seed)
    model = grid_detector(nn)
    targets = encode_all(learned, GRID)
    settings = {"epochs": epochs, "rate": RATE, "seed": seed} | options
    one_cycle(model, learned.images, targets, grid_loss(nn), optim, **settings)
    return model


def trained_grid(nn):
    """Make the detector with the stored weights, in evaluation mode; `nn` is of either engine."""
    with np.load(FILE) as stored:
        return with_weights(grid_detector(nn), stored)


def found_in(model, images, **options):
    """Run a grid detector over images: `Detections` of each; options as for `detect`."""
    return [detect(output, GRID, **options) for output in np.asarray(predict(model, images))]


def judged_on(model, made, iou_thresholds=(0.5,)):
    """Return the mean average precision of a grid detector on scenes, from 0 to 1."""
    return mean_average_precision(found_in(model, made.images), made.truths, iou_thresholds)


def _main():
    torch = import_module("torch")
    model = train_grid(torch.nn, torch.optim)
    np.savez(FILE, **{name: value.numpy() for name, value in model.state_dict().items()})
    made = scenes(1000, "dev")
    print(f"mAP {judged_on(model, made):.3f}, at 0.75 {judged_on(model, made, (0.75,)):.3f}")


if __name__ == "__main__":
    _main()
