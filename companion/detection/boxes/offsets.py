"""From one box to another: a move in sizes of the box, and logarithms of how it stretches."""

import numpy as np

from companion.detection.boxes.formats import as_boxes, box_area
from companion.detection.boxes.overlap import box_iou

MOST = 4.0
"""Largest logarithm of a stretch that is applied: boxes stay finite."""
UNITS = (0.1, 0.1, 0.2, 0.2)
"""What networks count offsets in: usual ones are then about 1, like the other parts of a loss."""
NOTHING, BETWEEN = -1, -2
"""What `matched` says of boxes that have no object, and of those that lie between."""


def offsets(boxes, references):
    """Write boxes as seen from others.

    Parameters
    ----------
    boxes, references : array_like
        (K, 4) each, two corners.

    Returns
    -------
    numpy.ndarray
        (K, 4): how far the centre moves, as a share of the width and height of the reference, and
        the logarithms of width and height over those of the reference.

    Raises
    ------
    ValueError
        If there are not equally many, or one has no width or height.

    Notes
    -----
    Girshick et al. (2014), appendix C. Chapter :ref:`proposals`.
    """
    boxes, references = as_boxes(boxes), as_boxes(references, "references")
    if len(boxes) != len(references):
        raise ValueError(f"offsets: {len(boxes)} boxes, but {len(references)} references")
    for name, those in (("box", boxes), ("reference", references)):
        flat = np.flatnonzero(box_area(those) == 0)
        if len(flat):
            raise ValueError(f"offsets: {name} {flat[0]} has no area: {those[flat[0]].tolist()}")
    (centre, size), (middle, unit) = _centred(boxes), _centred(references)
    return np.hstack([(centre - middle) / unit, np.log(size / unit)])


def moved(references, by):
    """Move and stretch boxes: the way back from `offsets`.

    Parameters
    ----------
    references : array_like
        (K, 4), two corners each.
    by : array_like
        (K, 4), as from `offsets`.

    Returns
    -------
    numpy.ndarray
        (K, 4), two corners each.

    Raises
    ------
    ValueError
        If there are not equally many, or an offset is not a number.
    """
    references, by = as_boxes(references, "references"), np.asarray(by)
    if by.shape != references.shape:
        raise ValueError(f"moved: offsets {by.shape} for references {references.shape}")
    if np.isnan(by).any():
        raise ValueError("moved: the offsets have NaN; did training diverge?")
    middle, unit = _centred(references)
    centre = middle + by[:, :2] * unit
    half = unit * np.exp(np.minimum(by[:, 2:], MOST)) / 2
    return np.hstack([centre - half, centre + half])


def matched(boxes, truths, low=0.5, high=0.5, best=False):
    """Say of each box which object it is to find.

    Parameters
    ----------
    boxes, truths : array_like
        (K, 4) and (M, 4), two corners each.
    low, high : float
        A box whose largest IoU is at least `high` gets that object; one below `low` gets none.
    best : bool
        Whether each object also gets the boxes that overlap it most, however little.

    Returns
    -------
    numpy.ndarray
        (K,) int64: number of the object, `NOTHING` or, from `low` to `high`, `BETWEEN`.

    Raises
    ------
    ValueError
        If `low` is above `high`, or boxes are not boxes.

    Notes
    -----
    Ren et al. (2015), section 3.1.2, with 0.3 and 0.7. Chapter :ref:`proposals`.
    """
    if not low <= high:
        raise ValueError(f"matched: low is {low} and high {high}; expected low ≤ high")
    overlaps = box_iou(boxes, truths)
    if not overlaps.size:
        return np.full(len(overlaps), NOTHING, dtype=np.int64)
    largest, owner = overlaps.max(axis=1), overlaps.argmax(axis=1)
    found = np.where(largest >= high, owner, np.where(largest < low, NOTHING, BETWEEN))
    if best:
        most = overlaps.max(axis=0)
        rows, objects = np.nonzero((overlaps == most) & (most > 0))
        found[rows] = objects
    return found


def _centred(boxes):
    return (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]
