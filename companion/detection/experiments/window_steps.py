"""How many objects windows find in steps of several sizes.

What is stored beside this file is made by::

    python -m companion.detection.experiments.window_steps
"""

import json
from importlib import import_module
from pathlib import Path

import numpy as np

from companion.data.scenes import scenes
from companion.detection.average_precision import match
from companion.detection.boxes.formats import box_convert
from companion.detection.boxes.overlap import box_iou
from companion.detection.boxes.suppression import nms
from companion.detection.experiments.one_cycle import one_cycle
from companion.detection.networks.window_classifier import window_classifier
from companion.detection.windows.dense_as_convolution import (
    all_offsets,
    as_convolution,
    effective_step,
)
from companion.detection.windows.sliding import window_boxes
from companion.training import manual_seed

FILE = Path(__file__).with_name("window_steps.json")
SIDE = 24
STEPS = (1, 2, 4, 8, 12, 16)
HEIGHT = (16, 20)
SEEDS = tuple(range(8))
LEARNED, JUDGED, EPOCHS = 400, 100, 6
FALSE_ALARMS = 0.25
"""How many false alarms a scene are allowed."""


def squares(boxes):
    """Return the window around each object: same centre, side `SIDE`; (K, 4) to (K, 4)."""
    middle = box_convert(boxes, "xyxy", "cxcywh")[:, :2]
    return np.hstack([middle - SIDE / 2, middle + SIDE / 2])


def examples(made, rng, each=12):
    """Cut windows with and without an object out of scenes.

    Parameters
    ----------
    made : Scenes
        From `companion.data.scenes.scenes`.
    rng : numpy.random.Generator
        Source of chance.
    each : int
        Windows tried at random places of a scene.

    Returns
    -------
    X : numpy.ndarray
        (N, 1, 24, 24) float32, from −0.5 to 0.5.
    y : numpy.ndarray
        (N, 1) float32: 1 where the window overlaps that of an object by an IoU above 0.6, 0 where
        by less than 0.4 with every one; windows between are left out.
    """
    X, y = [], []
    for image, boxes in zip(made.images[:, 0], made.boxes, strict=True):
        most = image.shape[0] - SIDE
        near = np.repeat(squares(boxes)[:, :2], 3, axis=0)
        near = near + rng.integers(-3, 4, near.shape)
        corners = np.vstack([near, rng.integers(0, most + 1, (each, 2))])
        corners = np.clip(np.rint(corners), 0, most).astype(int)
        overlap = box_iou(np.hstack([corners, corners + SIDE]), squares(boxes))
        overlap = overlap.max(axis=1, initial=0)
        for (j, i), share in zip(corners, overlap, strict=True):
            if not 0.4 <= share <= 0.6:
                X.append(image[i : i + SIDE, j : j + SIDE] - 0.5)
                y.append(share > 0.6)
    return np.float32(X)[:, None], np.float32(y)[:, None]


def learned(nn, optim, seed, count=LEARNED, epochs=EPOCHS, padding=0):
    """Train a classifier of windows with an object against those without."""
    made = scenes(count, seed=seed, height=HEIGHT)
    X, y = examples(made, np.random.default_rng([seed, 3]))
    manual_seed(seed)
    model = window_classifier(nn, padding=padding)
    one_cycle(model, X, y, nn.BCEWithLogitsLoss(), optim, epochs=epochs, rate=4e-3, seed=seed)
    return model


def scores_everywhere(model, made):
    """Score the windows at each pixel of scenes: (N, 1, S, S) to (N, S − 23, S − 23)."""
    network = as_convolution(model, SIDE)
    return all_offsets(network, made.images - np.float32(0.5), SIDE, effective_step(model))


def found_at(scores, made, step, allowed=FALSE_ALARMS, iou_threshold=0.5):
    """Find objects with windows in one step.

    Parameters
    ----------
    scores : numpy.ndarray
        (N, S − 23, S − 23), from `scores_everywhere`.
    made : Scenes
        The scenes.
    step : int
        Only windows at its multiples are looked at.
    allowed : float
        False alarms a scene; the threshold on the scores is as low as that allows.
    iou_threshold : float
        Least IoU of a hit with the window around the object.

    Returns
    -------
    recall : float
        Share of the objects that were found.
    windows : int
        Windows looked at in each scene.
    """
    kept, hits = [], []
    for score, boxes in zip(scores[:, ::step, ::step], made.boxes, strict=True):
        placed = window_boxes(*score.shape, SIDE, step)
        best = nms(placed, score.ravel(), 0.3)
        kept.append(score.ravel()[best])
        hits.append(match(placed[best], kept[-1], squares(boxes), iou_threshold) >= 0)
    kept, hits = np.concatenate(kept), np.concatenate(hits)
    hits = hits[np.argsort(-kept, kind="stable")]
    fine = np.cumsum(~hits) <= allowed * len(scores)
    objects = sum(map(len, made.boxes))
    return float(hits[fine].sum() / objects), int(scores[0, ::step, ::step].size)


def contest(nn, optim, seed, steps=STEPS, judged=JUDGED, **options):
    """Train once and look with all steps: a dictionary of lists, "recall" and "windows"."""
    model = learned(nn, optim, seed, **options)
    made = scenes(judged, "dev", seed=seed, height=HEIGHT)
    scores = scores_everywhere(model, made)
    recall, windows = zip(*(found_at(scores, made, step) for step in steps), strict=True)
    return {"recall": [round(r, 4) for r in recall], "windows": list(windows)}


def stored():
    """Read what was found: "steps", "windows", and "recall" (seeds, steps) as lists."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def _main():
    torch = import_module("torch")
    torch.set_num_threads(1)
    recall = []
    for seed in SEEDS:
        found = contest(torch.nn, torch.optim, seed)
        recall.append(found["recall"])
        print(seed, found, flush=True)
    kept = {"steps": STEPS, "windows": found["windows"], "recall": recall}
    FILE.write_text(json.dumps(kept), encoding="utf-8")


if __name__ == "__main__":
    _main()
