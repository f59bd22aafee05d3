"""Anchors: several shapes wait in each cell, and an object goes to the one most like it."""

import numpy as np

from companion.detection.average_precision import Detections
from companion.detection.boxes.formats import as_boxes, box_area
from companion.detection.boxes.overlap import box_iou
from companion.detection.grids.anchor_shapes import as_sizes, size_iou, sizes_of
from companion.detection.grids.grid import Grid, decode, encode

BACKGROUND, IGNORED = -1, -2
"""What `assign_by_overlap` says of anchors that belong to no object."""


def anchor_grids(anchors, size=64, cells=8):
    """Make a grid of cells for each anchor: a `Grid` whose unit is the anchor's width and height.

    Parameters
    ----------
    anchors : array_like
        (A, 2) widths and heights in pixels.
    size : int
        Side of the image.
    cells : int or sequence of int
        Cells along a side; with several levels, one number for each anchor.

    Returns
    -------
    list of Grid
        In the order of the anchors.

    Raises
    ------
    ValueError
        If there are not as many numbers of cells as anchors, or anchors are none.
    """
    anchors = as_sizes(anchors, "anchors")
    cells = [cells] * len(anchors) if np.ndim(cells) == 0 else list(cells)
    if len(cells) != len(anchors):
        raise ValueError(f"anchor_grids: {len(cells)} numbers of cells for {len(anchors)} anchors")
    return [Grid(size, n, unit) for n, unit in zip(cells, anchors, strict=True)]


def best_anchors(boxes, grids):
    """Return the number of the anchor whose shape each box overlaps most, (K,) int64."""
    return size_iou(sizes_of(boxes), [grid.unit for grid in grids]).argmax(axis=1)


def encode_anchors(boxes, classes, grids):
    """Write what a network with anchors should say about an image.

    Each object goes to one slot: the cell of its centre, in the grid of its best anchor.

    Parameters
    ----------
    boxes, classes : array_like
        Objects of an image, (K, 4) and (K,) int.
    grids : list of Grid
        One for each anchor, from `anchor_grids`.

    Returns
    -------
    numpy.ndarray
        (6, M) float32 with M = Σ cells² slots, grid after grid and row by row; rows as in
        `companion.detection.grids.grid.encode`, sizes as logarithms of width and height over
        those of the anchor. Of two objects that share cell *and* anchor the larger stays.

    Raises
    ------
    ValueError
        As for `companion.detection.grids.grid.encode`.

    Notes
    -----
    Redmon and Farhadi (2017, 2018). Chapter :ref:`anchors`.
    """
    boxes, classes = as_boxes(boxes), np.asarray(classes)
    if len(classes) != len(boxes) or (len(boxes) and box_area(boxes).min() == 0):
        encode(boxes, classes, grids[0])  # says what is wrong
    best = best_anchors(boxes, grids) if len(boxes) else np.empty(0, dtype=int)
    mine = [best == a for a in range(len(grids))]
    parts = [encode(boxes[m], classes[m], g) for m, g in zip(mine, grids, strict=True)]
    return np.hstack([part.reshape(6, -1) for part in parts])


def decode_anchors(output, grids):
    """Read a box, a score and a class out of each slot.

    Parameters
    ----------
    output : array_like
        What the network says about an image, (5 + C, M).
    grids : list of Grid
        One for each anchor.

    Returns
    -------
    Detections
        M boxes in pixels; see `companion.detection.grids.grid.decode`. Then `suppressed`.

    Raises
    ------
    ValueError
        If there are not M = Σ cells² slots, or a number is NaN.
    """
    output = np.asarray(output, dtype=np.float64)
    slots = np.cumsum([grid.cells**2 for grid in grids])
    if output.ndim != 2 or output.shape[1] != slots[-1]:
        raise ValueError(
            f"decode_anchors: shape {output.shape}; expected (5 + classes, {slots[-1]})"
        )
    parts = zip(np.split(output, slots[:-1], axis=1), grids, strict=True)
    found = [decode(part.reshape(-1, grid.cells, grid.cells), grid) for part, grid in parts]
    return Detections(*map(np.concatenate, zip(*found, strict=True)))


def anchor_boxes(grids):
    """Return the anchors themselves, each at the middle of its cell, (M, 4) in pixels."""
    still = [np.pad(np.zeros((4, grid.cells**2)), ((1, 1), (0, 0))) for grid in grids]
    return decode_anchors(np.hstack(still), grids).boxes


def assign_by_overlap(anchors, boxes, high=0.5, low=0.4):
    """Give each anchor an object by their overlap, as SSD, Faster R-CNN and RetinaNet do.

    Parameters
    ----------
    anchors : array_like
        (M, 4), from `anchor_boxes`.
    boxes : array_like
        Objects of the image, (K, 4).
    high, low : float
        An anchor gets the object it overlaps most if their IoU is at least `high`, is background
        below `low`, and is ignored between them.

    Returns
    -------
    numpy.ndarray
        (M,) int64: number of the object, `BACKGROUND` or `IGNORED`. Each object also gets the
        anchors that overlap it most, however little (but more than nothing); of two objects that
        want one anchor the one with the larger overlap.

    Raises
    ------
    ValueError
        If the thresholds are not 0 ≤ low ≤ high ≤ 1, or boxes are not boxes.

    Notes
    -----
    Ren et al. (2015), with `high` 0.7 and `low` 0.3; RetinaNet (Lin et al., 2017) with 0.5 and 0.4.
    Memory for six arrays (K, M). Chapter :ref:`anchors`.
    """
    if not 0 <= low <= high <= 1:
        raise ValueError(f"assign_by_overlap: low {low}, high {high}; expected 0 ≤ low ≤ high ≤ 1")
    overlaps = box_iou(boxes, anchors)
    if not len(overlaps):
        return np.full(overlaps.shape[1], BACKGROUND, dtype=np.int64)
    best, most = overlaps.argmax(axis=0), overlaps.max(axis=0)
    owner = np.where(most >= high, best, np.where(most < low, BACKGROUND, IGNORED))
    for k in np.argsort(overlaps.max(axis=1, initial=0), kind="stable"):
        owner[(overlaps[k] == overlaps[k].max(initial=0)) & (overlaps[k] > 0)] = k
    return owner
