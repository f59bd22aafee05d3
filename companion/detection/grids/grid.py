"""One box a cell: which cell is responsible for which object, and the way back to boxes."""

from typing import NamedTuple

import numpy as np

from companion.detection.average_precision import Detections
from companion.detection.boxes.formats import as_boxes, box_area
from companion.detection.boxes.suppression import batched_nms

MOST = 6.0
"""Largest logarithm of a side over its unit that is decoded: sides stay finite."""


class Grid(NamedTuple):
    """A square image cut into cells.

    Attributes
    ----------
    size : int
        Side of the image in pixels.
    cells : int
        Cells along a side.
    unit : float
        Side of a usual object in pixels, from which heights and widths are counted.
    """

    size: int = 64
    cells: int = 8
    unit: float = 20.0


def owners(boxes, grid):
    """Find the object that each cell is responsible for: the one whose centre lies in it.

    Parameters
    ----------
    boxes : array_like
        Objects of an image, (K, 4), two corners each.
    grid : Grid
        The cells.

    Returns
    -------
    numpy.ndarray
        (cells, cells) int64, row by column: number of the object, or −1. Where two centres share a
        cell, the larger object gets it, and the other is nobody's.

    Raises
    ------
    ValueError
        If a centre lies outside the image, or boxes are not boxes.

    Notes
    -----
    Redmon et al. (2016). Chapter :ref:`yolo`.
    """
    boxes = as_boxes(boxes)
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    outside = np.flatnonzero(((centres < 0) | (centres >= grid.size)).any(axis=1))
    if len(outside):
        raise ValueError(
            f"owners: the centre of box {outside[0]}, {centres[outside[0]].tolist()}, lies outside "
            f"the image of {grid.size} pixels; cut boxes off first (clip_boxes_to_image) and drop "
            "what is left of those outside"
        )
    columns, rows = (centres * grid.cells / grid.size).astype(int).T
    owner = np.full((grid.cells, grid.cells), -1, dtype=np.int64)
    # The largest is written last; of equal ones the first.
    for k in np.argsort(box_area(boxes)[::-1], kind="stable"):
        k = len(boxes) - 1 - k
        owner[rows[k], columns[k]] = k
    return owner


def encode(boxes, classes, grid):
    """Write what the network should say about an image.

    Parameters
    ----------
    boxes, classes : array_like
        Objects of an image, (K, 4) and (K,) int.
    grid : Grid
        The cells.

    Returns
    -------
    numpy.ndarray
        (6, cells, cells) float32: whether the cell has an object; where in the cell its centre lies
        (from the left, from above, 0 to 1); logarithms of width and height over `grid.unit`; class.
        All 0 where there is none.

    Raises
    ------
    ValueError
        As for `owners`; if a box has no width or height, which has no logarithm.

    Notes
    -----
    Chapter :ref:`yolo`.
    """
    boxes, classes = as_boxes(boxes), np.asarray(classes)
    if classes.shape != (len(boxes),):
        raise ValueError(f"encode: classes {classes.shape} for {len(boxes)} boxes; one each")
    flat = np.flatnonzero(box_area(boxes) == 0)
    if len(flat):
        raise ValueError(f"encode: box {flat[0]} has no area: {boxes[flat[0]].tolist()}")
    target = np.zeros((6, grid.cells, grid.cells), dtype=np.float32)
    owner = owners(boxes, grid)
    rows, columns = np.nonzero(owner >= 0)
    mine = owner[rows, columns]
    centres = (boxes[mine, :2] + boxes[mine, 2:]) / 2 * grid.cells / grid.size
    target[0, rows, columns] = 1
    target[1:3, rows, columns] = (centres - np.stack([columns, rows], axis=1)).T
    target[3:5, rows, columns] = np.log((boxes[mine, 2:] - boxes[mine, :2]) / grid.unit).T
    target[5, rows, columns] = classes[mine]
    return target


def encode_all(scenes, grid):
    """Encode all scenes: (N, 6, cells, cells) float32; see `encode`."""
    return np.stack([encode(*truth, grid) for truth in scenes.truths])


def decode(output, grid):
    """Read a box, a score and a class out of each cell.

    Parameters
    ----------
    output : array_like
        What the network says about an image, (5 + C, cells, cells): logit of an object, logits of
        the centre's place in the cell, logarithms of width and height over the unit, C class
        scores.
    grid : Grid
        The cells.

    Returns
    -------
    Detections
        cells² boxes in pixels; the score is the probability of an object times that of its class.

    Raises
    ------
    ValueError
        If the shape does not fit the grid, or a number is NaN.

    Notes
    -----
    Chapter :ref:`yolo`.
    """
    output = np.asarray(output, dtype=np.float64)
    if output.ndim != 3 or output.shape[0] < 6 or output.shape[1:] != (grid.cells, grid.cells):
        raise ValueError(
            f"decode: shape {output.shape}; expected (5 + classes, {grid.cells}, {grid.cells})"
        )
    if np.isnan(output).any():
        raise ValueError("decode: the output has NaN; did training diverge?")
    cells = output.reshape(len(output), -1).T
    rows, columns = np.divmod(np.arange(grid.cells**2), grid.cells)
    corner = np.stack([columns, rows], axis=1)
    centre = (corner + _sigmoid(cells[:, 1:3])) * grid.size / grid.cells
    half = grid.unit * np.exp(np.minimum(cells[:, 3:5], MOST)) / 2
    kinds = _softmax(cells[:, 5:])
    scores = _sigmoid(cells[:, 0]) * kinds.max(axis=1)
    return Detections(np.hstack([centre - half, centre + half]), scores, kinds.argmax(axis=1))


def detect(output, grid, score_threshold=0.05, iou_threshold=0.5):
    """Decode, drop what is unsure, suppress what was found twice.

    Parameters
    ----------
    output, grid
        As for `decode`.
    score_threshold : float
        Least score.
    iou_threshold : float
        For `batched_nms`.

    Returns
    -------
    Detections
        By falling score.

    Raises
    ------
    ValueError
        As for `decode`.
    """
    return suppressed(decode(output, grid), score_threshold, iou_threshold)


def suppressed(found, score_threshold=0.05, iou_threshold=0.5):
    """Drop detections that are unsure, and those found twice; by falling score."""
    found = Detections(*(values[found.scores >= score_threshold] for values in found))
    kept = batched_nms(*found, iou_threshold)
    return Detections(*(values[kept] for values in found))


def _sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -60, 60)))


def _softmax(z):
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
