"""Many boxes on one object, and two objects under one box: what suppression has to tell apart."""

import numpy as np

from companion.data.scenes import SURFACES, Scenes, digits_of, ground, painted, shape_of, window
from companion.detection.average_precision import Detections, match
from companion.detection.experiments.trained_grid import GRID
from companion.detection.grids.grid import decode
from companion.training import predict


def looked_again(model, images, shifts=(0, 2, 4, 6), least=0.05):
    """Run a grid detector over images that are moved right and down, and move its boxes back.

    Parameters
    ----------
    model : Module
        A grid detector, of either engine.
    images : array_like
        (N, 1, 64, 64).
    shifts : sequence of int
        Pixels; all pairs of them are tried, so that each object lies at many places of its cell.
    least : float
        Boxes with a lower score are left out.

    Returns
    -------
    list of Detections
        For each image the boxes of all runs, in no order and without any suppression.

    Raises
    ------
    ValueError
        If a shift is negative or not smaller than the image.

    Notes
    -----
    What is uncovered at an edge repeats the pixels there. Chapter :ref:`overlap`.
    """
    images = np.asarray(images)
    if not all(0 <= s < images.shape[-1] for s in shifts):
        raise ValueError(f"looked_again: shifts {shifts}; expected 0 to below the side")
    found = [[] for _ in images]
    for down in shifts:
        for right in shifts:
            margin = ((0, 0), (0, 0), (down, 0), (right, 0))
            moved = np.pad(images, margin, mode="edge")[..., : GRID.size, : GRID.size]
            for k, output in enumerate(np.asarray(predict(model, moved))):
                boxes, scores, classes = decode(output, GRID)
                sure = scores >= least
                boxes = boxes[sure] - [right, down, right, down]
                found[k].append((boxes, scores[sure], classes[sure]))
    return [Detections(*map(np.concatenate, zip(*runs, strict=True))) for runs in found]


def faults(found, truths, iou_threshold=0.5):
    """Count objects that were missed and boxes that are too many, class by class.

    Parameters
    ----------
    found : list of Detections
        One for each image.
    truths : list of (boxes, classes)
        The objects of each image.
    iou_threshold : float
        Least IoU of a box and its object.

    Returns
    -------
    missed, extra : int
        Objects without a box of their own; boxes without an object of their own, such as every
        further box on an object that has one.

    Notes
    -----
    Chapter :ref:`overlap`.
    """
    missed = extra = 0
    for one, (boxes, classes) in zip(found, truths, strict=True):
        hits = 0
        for name in np.unique(classes):
            mine = one.classes == name
            owner = match(one.boxes[mine], one.scores[mine], boxes[classes == name], iou_threshold)
            hits += int((owner >= 0).sum())
        missed += len(boxes) - hits
        extra += len(one.boxes) - hits
    return missed, extra


def neighbours(count, part="dev", *, seed=0, step=0.4, height=24):
    """Make scenes of two different drawings of one digit, the second moved to the right.

    Parameters
    ----------
    count : int
        Number of scenes.
    part : str
        As for `companion.data.scenes.scenes`.
    seed : int
        Seed of all choices.
    step : float
        Distance of the two, as a share of the width of a box.
    height : int
        Of each digit in pixels; both get the width of the first.

    Returns
    -------
    Scenes
        Their boxes overlap by (1 − step) / (1 + step), up to whole pixels.

    Raises
    ------
    ValueError
        If `step` is not between 0 and 1, or an object does not fit.
    """
    if not 0 <= step <= 1:
        raise ValueError(f"neighbours: a step of {step}; expected a share from 0 to 1")
    glyphs, names = digits_of(part)
    grounds = [ground(name, part, GRID.size) for name in SURFACES]
    rng, made = np.random.default_rng([seed, 7]), []
    while len(made) < count:
        surface = window(grounds[rng.integers(len(grounds))], GRID.size, rng)
        one = rng.integers(len(glyphs))
        two = rng.choice(np.flatnonzero(names == names[one]))
        wide = max(shape_of(glyphs[one], height)[1], 12)
        away = round(step * wide)
        x, y = rng.integers(GRID.size - wide - away + 1), rng.integers(GRID.size - height + 1)
        boxes = [(x, y, x + wide, y + height), (x + away, y, x + away + wide, y + height)]
        image, masks = painted(surface, [glyphs[one], glyphs[two]], boxes, [1.0, 1.0])
        made.append((image[None], np.float32(boxes), names[[one, two]], masks))
    images, *lists = zip(*made, strict=True) if made else ((), (), (), ())
    images = np.array(images, np.float32).reshape(-1, 1, GRID.size, GRID.size)
    return Scenes(images, *map(list, lists))
