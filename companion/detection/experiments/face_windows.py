"""A classifier of faces that learns from its own false alarms in photographs without people.

What is stored beside this file is made by::

    python -m companion.detection.experiments.face_windows
"""

import json
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import numpy as np

from companion.data.faces import lfw_subset
from companion.data.photographs import photograph
from companion.detection.boxes.overlap import box_iou
from companion.detection.experiments.one_cycle import one_cycle
from companion.detection.networks.window_classifier import window_classifier
from companion.detection.windows.dense_as_convolution import as_convolution, effective_step
from companion.detection.windows.sliding import best_of, cut_out, scan
from companion.experiments.stored_weights import with_weights
from companion.training import manual_seed, predict

FILE = Path(__file__).with_name("face_windows.json")
WEIGHTS = FILE.with_suffix(".npz")
SEEDS = tuple(range(8))
ROUNDS, EPOCHS = 3, 12
SIDE = 24
FACE = (162, 52, 282, 172)
"""The astronaut's face, drawn by hand as the faces of the examples are cut: x₁, y₁, x₂, y₂."""
NO_FACES = ("brick", "grass", "gravel", "coffee", "rocket", "china")
"""Photographs that false alarms are taken from."""
UNSEEN = ("flower",)
"""Photographs that show how many false alarms are left; nothing is learned from them."""
RANGES = ((0.5, 1.5), (-0.2, 0.2))
"""Contrast and brightness by which windows are varied."""
REPEAT = 5
"""How often an epoch shows each face, every time varied anew: they are few."""
MOST = 80
"""False alarms that are taken from a photograph in one round."""


class Learned(NamedTuple):
    """What came of the training.

    Attributes
    ----------
    models : list of Sequential
        The classifier before, between and after the rounds of mining, in evaluation mode.
    taken : list of numpy.ndarray
        False alarms of each round, (N, 1, 24, 24), from −0.5 to 0.5.
    held_out : numpy.ndarray
        Faces that were not learned from, (20, 1, 24, 24), from −0.5 to 0.5.
    """

    models: list
    taken: list
    held_out: np.ndarray


def grey(name):
    """Load a photograph as windows see it: (1, H, W) float32, from −0.5 to 0.5."""
    return photograph(name).mean(axis=2)[None] - np.float32(0.5)


def varied(images, targets, rng):
    """Mirror half of the windows of a batch, shift all by a pixel, change contrast and light."""
    i, j = rng.integers(0, 3, 2)
    around = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    images = around[:, :, i : i + SIDE, j : j + SIDE]
    images = np.where(rng.random((len(images), 1, 1, 1)) < 0.5, images[..., ::-1], images)
    contrast, light = (rng.uniform(*ends, (len(images), 1, 1, 1)) for ends in RANGES)
    return (images * contrast + light).astype(np.float32), targets


def false_alarms(model, image, first=1.5, most=MOST):
    """Find the windows of a picture without faces that are taken for one.

    Parameters
    ----------
    model : Sequential
        The classifier of single windows.
    image : numpy.ndarray
        (1, H, W), as from `grey`.
    first : float
        Of `companion.detection.windows.sliding.pyramid`.
    most : int
        How many at most, those with the highest scores.

    Returns
    -------
    numpy.ndarray
        (N, 4), boxes in pixels.
    """
    network = as_convolution(model, SIDE)
    found = best_of(scan(network, image, SIDE, effective_step(model), first=first))
    return found.boxes[:most]


def learn_faces(nn, optim, *, seed=0, rounds=ROUNDS, epochs=EPOCHS, photographs=NO_FACES):
    """Train on faces and background, look for false alarms, train again with them.

    Parameters
    ----------
    nn, optim : module
        Of either engine.
    seed : int
        Of the split, the weights and the order.
    rounds : int
        How often false alarms are added and the network is trained anew.
    epochs : int
        Passes over the examples in each training.
    photographs : sequence of str
        Where false alarms are taken from; there must be no face in them.

    Returns
    -------
    Learned
        All models, what each round added, and the faces that were held out.
    """
    rng = np.random.default_rng(seed)
    images, is_face = lfw_subset()
    images = images[:, None, :SIDE, :SIDE] - np.float32(0.5)
    order = rng.permutation(int(is_face.sum()))
    faces, held_out = np.split(images[is_face][order], [80])
    others, models, taken = images[~is_face], [], []
    scenes = [grey(name) for name in photographs]
    for k in range(rounds + 1):
        manual_seed(1000 * seed + k)
        model = window_classifier(nn)
        X = np.concatenate([np.tile(faces, (REPEAT, 1, 1, 1)), others])
        y = np.repeat(np.float32([1, 0]), [REPEAT * len(faces), len(others)])[:, None]
        options = {"epochs": epochs, "rate": 3e-3, "seed": seed, "transform": varied}
        one_cycle(model, X, y, nn.BCEWithLogitsLoss(), optim, **options)
        models.append(model)
        if k < rounds:
            new = [cut_out(image, false_alarms(model, image), SIDE) for image in scenes]
            taken.append(np.concatenate(new))
            others = np.concatenate([others, taken[-1]])
    return Learned(models, taken, held_out)


def rate_of_faces(model, windows):
    """Return the share of windows (N, 1, 24, 24) that a classifier takes for faces."""
    return float((predict(model, windows) > 0).mean())


def contest(learned):
    """Judge the classifier of each round.

    Parameters
    ----------
    learned : Learned
        From `learn_faces`.

    Returns
    -------
    dict
        One number for each round: "faces", share of the held-out ones that are found; "alarms",
        false alarms in the photographs `UNSEEN`; "boxes", how many are found in the astronaut's
        photograph; "rank", place by score of the first on her face, from 1 on, or 0 for none.
    """
    found = {"faces": [], "alarms": [], "boxes": [], "rank": []}
    for model in learned.models:
        boxes = false_alarms(model, grey("astronaut"), most=10**6)
        right = np.flatnonzero(box_iou(boxes, [FACE])[:, 0] >= 0.5)
        found["faces"].append(round(rate_of_faces(model, learned.held_out), 4))
        alarms = [len(false_alarms(model, grey(name), most=10**6)) for name in UNSEEN]
        found["alarms"].append(sum(alarms))
        found["boxes"].append(len(boxes))
        found["rank"].append(int(right[0]) + 1 if len(right) else 0)
    return found


def stored():
    """Read what `contest` found: a dictionary of arrays, (seeds, rounds + 1) each."""
    runs = json.loads(FILE.read_text(encoding="utf-8"))
    return {name: np.array([run[name] for run in runs]) for name in runs[0]}


def trained_faces(nn, seed=0):
    """Make the classifier that came of the last round of a seed, with the stored weights."""
    model = window_classifier(nn)
    with np.load(WEIGHTS) as kept:
        weights = {name: kept[f"{seed}.{name}"] for name in model.state_dict()}
    return with_weights(model, weights)


def _main():
    torch = import_module("torch")
    torch.set_num_threads(1)
    runs, weights = [], {}
    for seed in SEEDS:
        learned = learn_faces(torch.nn, torch.optim, seed=seed)
        runs.append(contest(learned))
        state = learned.models[-1].state_dict()
        weights |= {f"{seed}.{name}": value.numpy() for name, value in state.items()}
        print(seed, runs[-1], flush=True)
        FILE.write_text(json.dumps(runs), encoding="utf-8")
        np.savez_compressed(WEIGHTS, **weights)


if __name__ == "__main__":
    _main()
