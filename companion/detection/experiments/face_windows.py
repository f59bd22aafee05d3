"""A classifier of faces that learns from its own false alarms in photographs without people."""

from typing import NamedTuple

import numpy as np

from companion.data.faces import lfw_subset
from companion.data.photographs import photograph
from companion.detection.dense_as_convolution import as_convolution, effective_step
from companion.detection.experiments.one_cycle import one_cycle
from companion.detection.networks.window_classifier import window_classifier
from companion.detection.windows import best_of, cut_out, scan
from companion.training import manual_seed, predict

SIDE = 24
NO_FACES = ("brick", "grass", "gravel", "coffee", "rocket", "china")
"""Photographs that false alarms are taken from."""
UNSEEN = ("flower",)
"""Photographs that show how many false alarms are left; nothing is learned from them."""
RANGES = ((0.7, 1.3), (-0.1, 0.1))
"""Contrast and brightness by which windows are varied."""
MOST = 60
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
    """Mirror half of the windows of a batch, and change contrast and brightness of each."""
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
        Of `companion.detection.windows.pyramid`.
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


def learn_faces(nn, optim, *, seed=0, rounds=2, epochs=20, photographs=NO_FACES):
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
        X = np.concatenate([faces, others])
        y = np.repeat(np.float32([1, 0]), [len(faces), len(others)])[:, None]
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
