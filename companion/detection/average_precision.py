"""How good is a detector: precision and recall of what it finds, and the area below their curve."""

from typing import NamedTuple

import numpy as np

from companion.detection.boxes.formats import as_boxes, box_area
from companion.detection.boxes.overlap import box_iou

COCO_THRESHOLDS = tuple(np.linspace(0.5, 0.95, 10))
"""IoU thresholds over which the COCO benchmark averages."""


class Detections(NamedTuple):
    """What a detector found in one image.

    Attributes
    ----------
    boxes : numpy.ndarray
        (K, 4), two corners each.
    scores : numpy.ndarray
        (K,), higher is surer.
    classes : numpy.ndarray
        (K,) int.
    """

    boxes: np.ndarray
    scores: np.ndarray
    classes: np.ndarray


class Judged(NamedTuple):
    """All detections of one class in all images, judged, by falling score.

    Attributes
    ----------
    scores : numpy.ndarray
        (K,).
    hits : numpy.ndarray
        (K,) bool: whether each found an object that no better one had found.
    objects : int
        How many objects there are to find.
    """

    scores: np.ndarray
    hits: np.ndarray
    objects: int


def match(boxes, scores, truths, iou_threshold, ignored=None):
    """Give each box of an image, best score first, the object it overlaps most and still free.

    Parameters
    ----------
    boxes, scores : array_like
        Found boxes, (K, 4), and their scores, (K,).
    truths : array_like
        Boxes of the objects, (M, 4).
    iou_threshold : float
        Least IoU of a box and its object.
    ignored : array_like, optional
        (M,) bool: objects that count neither as found nor as missed; taken only by boxes for which
        there is no other.

    Returns
    -------
    numpy.ndarray
        Number of each box's object, or −1, (K,) int64.

    Raises
    ------
    ValueError
        If boxes are not boxes or lengths differ.

    Notes
    -----
    The rule of the COCO benchmark (Lin et al., 2014). Chapter :ref:`average_precision`.
    """
    boxes, truths = as_boxes(boxes), as_boxes(truths, "truths")
    scores = np.asarray(scores)
    if scores.shape != (len(boxes),):
        raise ValueError(f"match: scores {scores.shape} for {len(boxes)} boxes; expected one each")
    ignored = np.zeros(len(truths), dtype=bool) if ignored is None else np.asarray(ignored, bool)
    owner = np.full(len(boxes), -1, dtype=np.int64)
    free = np.ones(len(truths), dtype=bool)
    overlaps = box_iou(boxes, truths)
    for k in np.argsort(-scores, kind="stable"):
        for group in (free & ~ignored, free & ignored):
            near = np.flatnonzero(group & (overlaps[k] >= iou_threshold))
            if len(near):
                owner[k] = near[np.argmax(overlaps[k, near])]
                free[owner[k]] = False
                break
    return owner


def judge(detections, truths, class_number, iou_threshold, area=(0, np.inf), most=100):
    """Judge all that was found of one class.

    Parameters
    ----------
    detections : list of Detections
        One for each image.
    truths : list of (boxes, classes)
        The objects of each image: (M, 4) and (M,) int.
    class_number : int
        The class in question.
    iou_threshold : float
        Least IoU of a hit.
    area : tuple of float
        Only objects whose area lies between these two count, ends included.
    most : int
        Boxes an image that are looked at, the surest ones.

    Returns
    -------
    Judged
        Scores and hits, and the number of objects.

    Raises
    ------
    ValueError
        If there are not as many detections as images, or boxes are not boxes.
    """
    if len(detections) != len(truths):
        raise ValueError(f"judge: detections of {len(detections)} images, but {len(truths)} truths")
    scores, hits, objects = [np.empty(0)], [np.empty(0, dtype=bool)], 0
    for found, (boxes, classes) in zip(detections, truths, strict=True):
        boxes = as_boxes(boxes, "truths")[np.asarray(classes) == class_number]
        outside = ~_within(boxes, area)
        mine = np.flatnonzero(np.asarray(found.classes) == class_number)
        mine = mine[np.argsort(-np.asarray(found.scores)[mine], kind="stable")][:most]
        own = as_boxes(found.boxes)[mine]
        owner = match(own, np.asarray(found.scores)[mine], boxes, iou_threshold, outside)
        hit = owner >= 0
        counts = np.where(hit, ~outside[owner], _within(own, area)) if len(boxes) else (
            _within(own, area)
        )
        scores.append(np.asarray(found.scores)[mine][counts])
        hits.append(hit[counts])
        objects += int((~outside).sum())
    scores, hits = np.concatenate(scores), np.concatenate(hits)
    order = np.argsort(-scores, kind="stable")
    return Judged(scores[order], hits[order], objects)


def precision_recall(judged):
    """Lower the threshold from hit to hit: how pure is what was found, how much of all is it.

    Parameters
    ----------
    judged : Judged
        From `judge`.

    Returns
    -------
    precision, recall : numpy.ndarray
        (K,) each: hits among the first k, over k, and over the number of objects.

    Raises
    ------
    ValueError
        If there are no objects: recall would be 0 / 0.

    Notes
    -----
    Chapter :ref:`average_precision`.
    """
    if judged.objects < 1:
        raise ValueError("precision_recall: there are no objects of this class, so no recall")
    hits = np.cumsum(judged.hits)
    return hits / np.arange(1, len(hits) + 1), hits / judged.objects


def average_precision(precision, recall, points=101):
    """Average the precision over recall.

    Parameters
    ----------
    precision, recall : array_like
        (K,) each, from `precision_recall`.
    points : int or None
        101 equally spaced recalls as in COCO, 11 as in Pascal VOC until 2009; None: the whole area
        under the curve, as in VOC since 2010.

    Returns
    -------
    float
        From 0 to 1. At each recall, the best precision that is reached there or further on counts.

    Raises
    ------
    ValueError
        If the lengths differ, or `points` is below 2.

    Notes
    -----
    Everingham et al. (2010), Lin et al. (2014). Chapter :ref:`average_precision`.
    """
    precision, recall = np.asarray(precision, dtype=float), np.asarray(recall, dtype=float)
    if precision.shape != recall.shape or precision.ndim != 1:
        raise ValueError(
            f"average_precision: precision {precision.shape} and recall {recall.shape}; "
            "expected two rows of equal length"
        )
    best = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)
    if points is None:
        return float((np.diff(recall, prepend=0.0) * best[:-1]).sum())
    if points < 2:
        raise ValueError(f"average_precision: {points} points; expected at least 2, or None")
    at = np.searchsorted(recall, np.linspace(0, 1, points), side="left")
    return float(best[at].mean())


def mean_average_precision(detections, truths, iou_thresholds=(0.5,), points=101, **limits):
    """Average the precision over recall, classes and thresholds: mAP.

    Parameters
    ----------
    detections : list of Detections
        One for each image.
    truths : list of (boxes, classes)
        The objects of each image.
    iou_thresholds : sequence of float
        Least IoU of a hit; `COCO_THRESHOLDS` for the measure of that benchmark.
    points : int or None
        As for `average_precision`.
    **limits
        `area` and `most` of `judge`.

    Returns
    -------
    float
        From 0 to 1. Classes without objects are left out.

    Raises
    ------
    ValueError
        If no image has an object, or boxes are not boxes.

    Notes
    -----
    Equals pycocotools, whose crowd regions are left out here. Chapter :ref:`average_precision`.
    """
    present = np.unique(np.concatenate([np.asarray(c, dtype=int) for _, c in truths] or [[]]))
    judged = [
        judge(detections, truths, name, threshold, **limits)
        for name in present
        for threshold in iou_thresholds
    ]
    curves = [precision_recall(one) for one in judged if one.objects]
    if not curves:
        raise ValueError("mean_average_precision: no image has an object, so nothing can be found")
    return float(np.mean([average_precision(*curve, points) for curve in curves]))


def _within(boxes, area):
    areas = box_area(boxes)
    return (areas >= area[0]) & (areas <= area[1])
