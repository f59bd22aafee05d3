"""Proposals out of a network: at each cell a few boxes are tried, and the likeliest are kept."""

import numpy as np

from companion.detection.average_precision import Detections
from companion.detection.boxes.formats import clip_boxes_to_image
from companion.detection.boxes.offsets import BETWEEN, NOTHING, UNITS, matched, moved, offsets
from companion.detection.boxes.overlap import box_iou

SHAPES = ((22.0, 17.0), (22.0, 8.0))
"""Height and width in pixels of the boxes that are tried at each cell."""


def anchor_boxes(size=64, stride=4, shapes=SHAPES):
    """Lay the same few boxes around the middle of each cell.

    Parameters
    ----------
    size : int
        Side of the image in pixels.
    stride : int
        Side of a cell in pixels.
    shapes : sequence of (float, float)
        Height and width of each box.

    Returns
    -------
    numpy.ndarray
        (cells² · A, 4): cells row by row, the boxes of a cell one after the other. They may reach
        beyond the image.

    Raises
    ------
    ValueError
        If the image is no whole number of cells, or a shape has no area.

    Notes
    -----
    Ren et al. (2015), section 3.1. Chapter :ref:`proposals`.
    """
    if stride < 1 or size % stride:
        raise ValueError(f"anchor_boxes: {size} pixels are no whole number of cells of {stride}")
    shapes = np.asarray(shapes, dtype=np.float64).reshape(-1, 2)
    if not (shapes > 0).all():
        raise ValueError(f"anchor_boxes: shapes {shapes.tolist()}; expected sides above 0")
    middle = (np.arange(size // stride) + 0.5) * stride
    y, x = (place.reshape(-1, 1) for place in np.meshgrid(middle, middle, indexing="ij"))
    high, wide = shapes.T / 2
    return np.stack([x - wide, y - high, x + wide, y + high], axis=2).reshape(-1, 4)


def outlook_targets(boxes, anchors, cells, low=0.3, high=0.6):
    """Write what the network should say about each anchor of an image.

    Parameters
    ----------
    boxes : array_like
        Objects of the image, (M, 4).
    anchors : numpy.ndarray
        (cells² · A, 4), from `anchor_boxes`.
    cells : int
        Along a side.
    low, high : float
        As for `companion.detection.boxes.offsets.matched`; the best anchors of an object are
        its own in any case.

    Returns
    -------
    numpy.ndarray
        (6, A, cells, cells) float32: 1 for an object, else 0; whether this counts; four offsets
        in `companion.detection.boxes.offsets.UNITS`, 0 where there is no object.

    Raises
    ------
    ValueError
        If boxes are not boxes, or the anchors do not fit the cells.
    """
    if len(anchors) % cells**2:
        raise ValueError(f"outlook_targets: {len(anchors)} anchors for {cells} × {cells} cells")
    owner = matched(anchors, boxes, low, high, best=True)
    own = np.flatnonzero(owner > NOTHING)
    target = np.zeros((len(anchors), 6), dtype=np.float32)
    target[own, 0] = 1
    target[:, 1] = owner != BETWEEN
    if len(own):
        target[own, 2:] = offsets(np.asarray(boxes)[owner[own]], anchors[own]) / UNITS
    return target.reshape(cells, cells, -1, 6).transpose(3, 2, 0, 1)


def propose(outlook, anchors, size=64, most=20, iou_threshold=0.7, before=80):
    """Read proposals out of what the network says about the anchors of an image.

    Parameters
    ----------
    outlook : array_like
        (5 · A, cells, cells): for each anchor the logit of an object and four offsets.
    anchors : numpy.ndarray
        (cells² · A, 4), from `anchor_boxes`.
    size : int
        Side of the image in pixels; boxes are cut off at its edges.
    most : int
        Proposals that are kept.
    iou_threshold : float
        As for `companion.detection.boxes.suppression.nms`, whose result this is.
    before : int
        Anchors that are looked at, the likeliest ones.

    Returns
    -------
    Detections
        Boxes (K, 4) and the probability of an object (K,), highest first; classes are all 0.

    Raises
    ------
    ValueError
        If shapes do not fit, or a number is NaN.

    Notes
    -----
    Ren et al. (2015). Chapter :ref:`proposals`.
    """
    outlook = np.asarray(outlook, dtype=np.float64)
    if outlook.ndim != 3 or outlook.size != 5 * len(anchors):
        raise ValueError(f"propose: outlook {outlook.shape} for {len(anchors)} anchors")
    if np.isnan(outlook).any():
        raise ValueError("propose: the outlook has NaN; did training diverge?")
    said = outlook.reshape(-1, 5, *outlook.shape[1:]).transpose(2, 3, 0, 1).reshape(-1, 5)
    first = np.argsort(-said[:, 0], kind="stable")[:before]
    boxes = clip_boxes_to_image(moved(anchors[first], said[first, 1:] * UNITS), size, size)
    scores = 1 / (1 + np.exp(-np.clip(said[first, 0], -60, 60)))
    solid = (boxes[:, 2:] - boxes[:, :2] >= 1).all(axis=1)
    boxes, scores = boxes[solid], scores[solid]
    kept = _thinned(box_iou(boxes, boxes), iou_threshold, most)
    return Detections(boxes[kept], scores[kept], np.zeros(len(kept), dtype=np.int64))


def _thinned(overlaps, threshold, most):
    """Suppress boxes that are sorted by falling score: few enough to compare all at once."""
    left, kept = np.ones(len(overlaps), dtype=bool), []
    for k, row in enumerate(overlaps > threshold):
        if left[k]:
            kept.append(k)
            left &= ~row
            if len(kept) == most:
                break
    return np.array(kept, dtype=np.int64)
