"""One object: what a network should say about it, the loss of each part, and the way back."""

from typing import NamedTuple

import numpy as np

from companion.detection.boxes.formats import as_boxes, box_convert, in_pixels, normalized
from companion.detection.boxes.overlap import box_iou
from companion.detection.weighted import weighted

WEIGHTS = {"present": 1.0, "box": 20.0, "kind": 1.0}
"""Weight of each part of the loss."""


class Located(NamedTuple):
    """What was said about each image.

    Attributes
    ----------
    present : numpy.ndarray
        (N,) probability that there is an object.
    boxes : numpy.ndarray
        (N, 4) in pixels, two corners each, whether or not there is something.
    classes : numpy.ndarray
        (N,) int64.
    """

    present: np.ndarray
    boxes: np.ndarray
    classes: np.ndarray


def targets(truths, size):
    """Write what the network should say about images with at most one object.

    Parameters
    ----------
    truths : sequence of (array_like, array_like)
        For each image boxes (K, 4) in pixels, two corners each, and classes (K,), K at most 1; such
        as `companion.data.scenes.Scenes.truths`.
    size : float
        Side of the images in pixels.

    Returns
    -------
    numpy.ndarray
        (N, 6) float32: present or not, centre x, centre y, height, width as shares of the image,
        class. All 0 where there is nothing; those zeros are placeholders, no truth.

    Raises
    ------
    ValueError
        If an image has more than one object, or a box no area or a centre outside the image.

    Notes
    -----
    The class is kept as a number and not as ten zeros and ones. Chapter :ref:`localization`.
    """
    found = np.zeros((len(truths), 6), dtype=np.float32)
    for k, (boxes, classes) in enumerate(truths):
        boxes = as_boxes(boxes)
        if len(boxes) != len(classes) or len(boxes) > 1:
            raise ValueError(
                f"targets: image {k} has {len(boxes)} boxes and {len(classes)} classes; expected "
                "one of each or none, more need a detector such as companion.detection.grids.grid"
            )
        for box, kind in zip(boxes, classes, strict=True):
            x, y, wide, high = normalized(box_convert([box], "xyxy", "cxcywh"), size, size)[0]
            if wide <= 0 or high <= 0 or not (0 <= x <= 1 and 0 <= y <= 1):
                raise ValueError(
                    f"targets: box {box.tolist()} of image {k} has no area or its centre lies "
                    f"outside the {size} pixels; cut it off first (clip_boxes_to_image), or drop it"
                )
            found[k] = 1, x, y, high, wide, kind
    return found


def localization_parts(nn, everywhere=False):
    """Make the parts of the loss; `nn` is ``companion.nn`` or ``torch.nn``.

    Parameters
    ----------
    nn : module
        The engine.
    everywhere : bool
        A mistake to look at: punish the box also where there is no object.

    Returns
    -------
    callable
        ``parts(output, target)`` with output (N, 5 + C) and target (N, 6) of `targets`. It returns
        a dictionary: *present*, the binary cross-entropy, mean over all images; *box*, the squared
        errors of the four numbers, and *kind*, the cross-entropy of the class, both mean over the
        images with an object, and 0 where none has one.

    Notes
    -----
    Derived in the chapter :ref:`localization`.
    """
    present = nn.BCEWithLogitsLoss(reduction="sum")
    kind = nn.CrossEntropyLoss(reduction="none")

    def parts(output, target):
        own = target[:, 0]
        count = max(float(own.sum()), 1.0)
        apart = ((output[:, 1:5] - target[:, 1:5]) ** 2).sum(1)
        classes = target[:, 5].long() if hasattr(target, "long") else target[:, 5].astype(int)
        return {
            "present": present(output[:, 0], own) / len(output),
            "box": apart.sum() / len(output) if everywhere else (apart * own).sum() / count,
            "kind": (kind(output[:, 5:], classes) * own).sum() / count,
        }

    return parts


def localization_loss(nn, weights=WEIGHTS, everywhere=False):
    """Make the loss: the weighted sum of its parts, as `companion.training.fit` takes it.

    Parameters
    ----------
    nn, everywhere
        As for `localization_parts`.
    weights : dict
        Weight of each part.

    Returns
    -------
    callable
        ``loss(output, target)``, a scalar.

    Raises
    ------
    ValueError
        If a part has no weight, or a weight no part.
    """
    return weighted(localization_parts(nn, everywhere), weights, WEIGHTS)


def located(output, size):
    """Read presence, box and class out of what a network says.

    Parameters
    ----------
    output : array_like
        (N, 5 + C): logit of an object; centre x, centre y, height, width as shares of the image; C
        class scores.
    size : float
        Side of the images in pixels.

    Returns
    -------
    Located
        A negative height or width becomes 0.

    Raises
    ------
    ValueError
        If the shape is another, or a number is not finite.

    Notes
    -----
    Chapter :ref:`localization`.
    """
    output = np.asarray(output, dtype=np.float64)
    if output.ndim != 2 or output.shape[1] < 6:
        raise ValueError(f"located: shape {output.shape}; expected (N, 5 + classes)")
    if not np.isfinite(output).all():
        raise ValueError("located: the output is not finite; did training diverge?")
    centres, sides = output[:, 1:3], np.maximum(output[:, [4, 3]], 0)
    boxes = box_convert(in_pixels(np.hstack([centres, sides]), size, size), "cxcywh", "xyxy")
    present = 1 / (1 + np.exp(-np.clip(output[:, 0], -60, 60)))
    return Located(present, boxes, output[:, 5:].argmax(axis=1))


def overlaps(found, truths):
    """Return the IoU of the box said and the true one, NaN where there is no object.

    Parameters
    ----------
    found : Located
        About N images.
    truths : sequence of (array_like, array_like)
        As for `targets`.

    Returns
    -------
    numpy.ndarray
        (N,) float64.

    Raises
    ------
    ValueError
        If there are not as many truths as images.
    """
    pairs = zip(found.boxes, truths, strict=True)
    return np.array([box_iou([b], t)[0, 0] if len(t) else np.nan for b, (t, _) in pairs])


def hit_rates(found, truths, thresholds, least=0.5):
    """Return the share of objects that were hit, for each IoU asked for.

    Parameters
    ----------
    found, truths
        As for `overlaps`.
    thresholds : sequence of float
        IoU that counts as a hit.
    least : float
        Least probability that counts as "there is something".

    Returns
    -------
    numpy.ndarray
        One share for each threshold. An object is hit if it was said to be there, the class is
        right and the box overlaps enough. NaN where no image has an object.

    Raises
    ------
    ValueError
        As for `overlaps`.
    """
    overlap = overlaps(found, truths)
    pairs = zip(found.classes, truths, strict=True)
    named = [kind == true[0] if len(true) else False for kind, (_, true) in pairs]
    objects = ~np.isnan(overlap)
    if not objects.any():
        return np.full(len(thresholds), np.nan)
    said = (np.array(named) & (found.present >= least))[objects]
    return np.array([(said & (overlap[objects] >= t)).mean() for t in thresholds])
