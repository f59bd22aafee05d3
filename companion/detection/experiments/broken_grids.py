"""A one-stage detector with one bug planted at a time: in its targets, its loss, or its reading.

All are trained on the same budget; what came out is kept beside this file and read by `stored`. To
make it anew (minutes), from the top of the repository::

    python -m companion.detection.experiments.broken_grids
"""

import json
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import numpy as np

from companion.data.scenes import scenes
from companion.detection.average_precision import COCO_THRESHOLDS, mean_average_precision
from companion.detection.experiments.one_cycle import one_cycle
from companion.detection.grids.grid import Grid, decode, encode_all, suppressed
from companion.detection.grids.loss import WEIGHTS, grid_loss, grid_parts
from companion.detection.grids.squared_loss import read_squared, squared_loss, with_roots
from companion.detection.networks.grid_detector import grid_detector
from companion.training import manual_seed, predict

FILE = Path(__file__).with_name("broken_grids.json")
GRID = Grid()
COUNT, EPOCHS, JUDGED = 800, 10, 300
RATES = (8e-3, 16e-3, 32e-3, 64e-3)
RATE = 32e-3
TUNING, SEEDS = (100, 101), (0, 1, 2, 3, 4, 5)
LEVEL = 0.58
"""mAP at 0.5 that the right detector reaches on this budget, and none whose boxes are wrong."""


class Way(NamedTuple):
    """One way to train and read a detector.

    Attributes
    ----------
    targets : callable
        ``targets(targets)`` of `companion.detection.grids.grid.encode_all` gives those to learn.
    loss : callable
        ``loss(nn)``.
    read : callable
        ``read(output)`` gives `Detections` before suppression.
    """

    targets: callable
    loss: callable
    read: callable


def exchanged(targets):
    """Write each object into the cell mirrored at the diagonal: rows for columns."""
    return targets.transpose(0, 1, 3, 2)


def of_the_image(targets):
    """Write centres as shares of the image in place of shares of their cell."""
    targets = np.array(targets)
    rows, columns = np.indices(targets.shape[2:])
    shares = (targets[:, 1:3] + np.stack([columns, rows])) / targets.shape[2]
    targets[:, 1:3] = np.where(targets[:, :1] > 0, shares, 0)
    return targets


def everywhere(nn):
    """Make a loss that also asks empty cells for a box: place (0, 0), logarithms of size 0."""
    parts, sigmoid, size = grid_parts(nn), nn.Sigmoid(), nn.HuberLoss(reduction="sum")

    def loss(output, target):
        found, count = parts(output, target), max(float(target[:, 0].sum()), 1.0)
        place = ((sigmoid(output[:, 1:3]) - target[:, 1:3]) ** 2).sum()
        boxes = 5.0 * (place + size(output[:, 3:5], target[:, 3:5])) / count
        return found["present"] + found["kind"] + boxes

    return loss


def only_present(nn):
    """Make a loss that asks no empty cell whether it is empty."""
    parts, present = grid_parts(nn), nn.BCEWithLogitsLoss(reduction="none")

    def loss(output, target):
        own, found = target[:, 0], parts(output, target)
        found["present"] = (present(output[:, 0], own) * own).sum() / max(float(own.sum()), 1.0)
        return sum(WEIGHTS[name] * value for name, value in found.items())

    return loss


def alike(nn):
    """Make the loss with the weight 1 for each part."""
    return grid_loss(nn, dict.fromkeys(WEIGHTS, 1.0))


def _decoded(output):
    return decode(output, GRID)


def without_corner(output):
    """Decode, but count each centre from the corner of the image, not of its cell."""
    found, side = decode(output, GRID), GRID.size / GRID.cells
    rows, columns = np.divmod(np.arange(GRID.cells**2), GRID.cells)
    corners = np.stack([columns, rows, columns, rows], axis=1) * side
    return found._replace(boxes=found.boxes - corners)


def without_sigmoid(output):
    """Decode, but take the logits of the centre for its place."""
    found, logits = decode(output, GRID), np.asarray(output, dtype=float)[1:3].reshape(2, -1).T
    shift = (logits - 1 / (1 + np.exp(-logits))) * GRID.size / GRID.cells
    return found._replace(boxes=found.boxes + np.hstack([shift, shift]))


def sides_exchanged(output):
    """Decode, but take width for height."""
    output = np.array(output)
    output[3:5] = output[[4, 3]]
    return decode(output, GRID)


def class_alone(output):
    """Decode, but leave the probability of an object out of the score."""
    output = np.array(output)
    output[0] = 60.0
    return decode(output, GRID)


def _rooted(targets):
    return with_roots(targets, GRID)


def _read_squared(output):
    return read_squared(output, GRID)


def _same(targets):
    return targets


TRAINED = {
    "right": Way(_same, grid_loss, _decoded),
    "rows for columns": Way(exchanged, grid_loss, _decoded),
    "centre as share of the image": Way(of_the_image, grid_loss, _decoded),
    "empty cells asked for a box": Way(_same, everywhere, _decoded),
    "empty cells never asked": Way(_same, only_present, _decoded),
    "all weights 1": Way(_same, alike, _decoded),
    "squares": Way(_rooted, squared_loss, _read_squared),
}
"""Ways to train, each with the reading that belongs to it."""
READ = {
    "cell's corner forgotten": without_corner,
    "sigmoid forgotten": without_sigmoid,
    "width for height": sides_exchanged,
    "score without the object": class_alone,
}
"""Ways to read what the right detector says."""


def train(nn, optim, name, seed, *, rate=RATE, count=COUNT, epochs=EPOCHS):
    """Train one detector; a seed gives the same first weights, scenes and order for all names.

    Parameters
    ----------
    nn, optim : module
        Of either engine.
    name : str
        Key of `TRAINED`.
    seed : int
        Of scenes, first weights and order.
    rate : float
        Largest learning rate.
    count, epochs : int
        Scenes, passes over them.

    Returns
    -------
    Sequential
        In evaluation mode.
    """
    learned, way = scenes(count, seed=seed), TRAINED[name]
    manual_seed(seed)
    model = grid_detector(nn)
    targets = np.ascontiguousarray(way.targets(encode_all(learned, GRID)))
    settings = {"epochs": epochs, "rate": rate, "seed": seed}
    one_cycle(model, learned.images, targets, way.loss(nn), optim, **settings)
    return model


def judged(outputs, read, made, iou_thresholds=(0.5,), suppress=0.5):
    """Return the mAP at each threshold, rounded to four digits.

    Parameters
    ----------
    outputs : numpy.ndarray
        (N, 15, 8, 8), what a network says of the scenes.
    read : callable
        As in `Way`.
    made : Scenes
        With the truth.
    iou_thresholds : sequence of float
        Least IoU of a hit.
    suppress : float
        IoU from which on a box is suppressed; 1 for never.

    Returns
    -------
    list of float
        From 0 to 1.
    """
    found = [suppressed(read(output), iou_threshold=suppress) for output in outputs]
    return [
        round(mean_average_precision(found, made.truths, (threshold,)), 4)
        for threshold in iou_thresholds
    ]


def contest(run, made, names=tuple(TRAINED), seeds=SEEDS):
    """Train and judge, and read what the right detector says in wrong ways too.

    Parameters
    ----------
    run : callable
        ``run(name, seed)`` returns a trained network.
    made : Scenes
        To judge on.
    names : sequence of str
        Keys of `TRAINED`.
    seeds : sequence of int
        Runs of each.

    Returns
    -------
    dict
        Name → for each seed the mAP at 0.5; the right detector and the two with other losses are
        judged at all of `COCO_THRESHOLDS`.
    """
    found = {}
    for name in names:
        for seed in seeds:
            outputs = np.asarray(predict(run(name, seed), made.images))
            far = COCO_THRESHOLDS if name in ("right", "all weights 1", "squares") else (0.5,)
            found.setdefault(name, []).append(judged(outputs, TRAINED[name].read, made, far))
            if name == "right":
                for other, read in READ.items():
                    found.setdefault(other, []).append(judged(outputs, read, made))
                never = judged(outputs, TRAINED[name].read, made, suppress=1.0)
                found.setdefault("nothing suppressed", []).append(never)
    return found


def stored():
    """Read what `contest` found, and the mAP of each rate tried on the tuning seeds ("rates")."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def _main():
    torch, made = import_module("torch"), scenes(JUDGED, "dev")
    torch.set_num_threads(1)

    def run(name, seed, rate=RATE):
        print(name, seed, rate, flush=True)
        return train(torch.nn, torch.optim, name, seed, rate=rate)

    def tried(name, rate):
        outputs = [np.asarray(predict(run(name, seed, rate), made.images)) for seed in TUNING]
        return [judged(output, TRAINED[name].read, made)[0] for output in outputs]

    rates = {
        name: {rate: tried(name, rate) for rate in RATES}
        for name in ("right", "all weights 1", "squares")
    }
    FILE.write_text(json.dumps(contest(run, made) | {"rates": rates}), encoding="utf-8")


if __name__ == "__main__":
    _main()
