"""Of several boxes on one object, keep the best: non-maximum suppression."""

import numpy as np

from companion.detection.boxes.formats import as_boxes
from companion.detection.boxes.overlap import box_iou


def nms(boxes, scores, iou_threshold):
    """Keep the box with the highest score, drop those that overlap it much, and so on.

    Parameters
    ----------
    boxes : array_like
        (N, 4), two corners each.
    scores : array_like
        (N,). Of equal scores the first goes first.
    iou_threshold : float
        From 0 to 1: a box is dropped if its IoU with a kept one is *larger*.

    Returns
    -------
    numpy.ndarray
        Numbers of the boxes that are kept, (K,) int64, by falling score.

    Raises
    ------
    ValueError
        If lengths differ, a score is not a number, or the threshold is not from 0 to 1.

    Notes
    -----
    Each kept box is compared with those still in question: memory for N numbers, at most N² / 2
    comparisons. Chapter :ref:`overlap`.
    """
    boxes, scores = _checked("nms", boxes, scores)
    _share("nms", "iou_threshold", iou_threshold)
    left = np.argsort(-scores, kind="stable")
    kept = []
    while len(left):
        best, left = left[0], left[1:]
        kept.append(best)
        left = left[box_iou(boxes[[best]], boxes[left])[0] <= iou_threshold]
    return np.array(kept, dtype=np.int64)


def batched_nms(boxes, scores, classes, iou_threshold):
    """Suppress within each class alone, so that a cat does not hide the sofa it lies on.

    Parameters
    ----------
    boxes, scores, iou_threshold
        As for `nms`.
    classes : array_like
        Class of each box, (N,) int.

    Returns
    -------
    numpy.ndarray
        Numbers of the boxes that are kept, (K,) int64, by falling score.

    Raises
    ------
    ValueError
        As for `nms`.

    Notes
    -----
    Chapter :ref:`overlap`.
    """
    boxes, scores = _checked("batched_nms", boxes, scores)
    classes = np.asarray(classes)
    if classes.shape != scores.shape:
        raise ValueError(f"batched_nms: {classes.shape} classes for {len(boxes)} boxes")
    members = [np.flatnonzero(classes == name) for name in np.unique(classes)]
    kept = [one[nms(boxes[one], scores[one], iou_threshold)] for one in members]
    kept = np.sort(np.concatenate([np.empty(0, dtype=np.int64), *kept]))
    return kept[np.argsort(-scores[kept], kind="stable")]


def soft_nms(boxes, scores, sigma=0.5, score_threshold=0.001):
    """Lower the scores of boxes that overlap a better one, in place of dropping them.

    Parameters
    ----------
    boxes, scores
        As for `nms`; scores are at least 0.
    sigma : float
        Each score is multiplied by exp(−IoU² / sigma) for each better box.
    score_threshold : float
        Boxes whose score falls below are dropped.

    Returns
    -------
    kept : numpy.ndarray
        Numbers of the boxes that are left, (K,) int64, by falling new score.
    scores : numpy.ndarray
        Their new scores, (K,).

    Raises
    ------
    ValueError
        As for `nms`; if `sigma` is not above 0, or a score is negative.

    Notes
    -----
    Gaussian form of Bodla et al. (2017). Chapter :ref:`overlap`.
    """
    boxes, scores = _checked("soft_nms", boxes, scores)
    if not sigma > 0:
        raise ValueError(f"soft_nms: sigma is {sigma}; expected above 0")
    if (scores < 0).any():
        raise ValueError(f"soft_nms: a score is {scores.min()}; expected at least 0")
    left, scores = np.arange(len(boxes)), scores.astype(np.float64)
    kept = []
    while len(left := left[scores[left] >= score_threshold]):
        best = left[np.argmax(scores[left])]
        kept.append(best)
        left = left[left != best]
        scores[left] *= np.exp(-(box_iou(boxes[[best]], boxes[left])[0] ** 2) / sigma)
    kept = np.array(kept, dtype=np.int64)
    return kept, scores[kept]


def _checked(name, boxes, scores):
    boxes, scores = as_boxes(boxes), np.asarray(scores)
    if scores.shape != (len(boxes),):
        raise ValueError(f"{name}: scores {scores.shape} for {len(boxes)} boxes; expected one each")
    if np.isnan(scores).any():
        raise ValueError(f"{name}: score {np.flatnonzero(np.isnan(scores))[0]} is not a number")
    return boxes, scores


def _share(name, what, value):
    if not 0 <= value <= 1:
        raise ValueError(f"{name}: {what} is {value}; expected from 0 to 1")
