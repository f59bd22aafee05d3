"""Boxes that move with their picture: cut off at its edges, dropped when too little is left."""

from typing import NamedTuple

import numpy as np

from companion.detection.boxes.formats import as_boxes
from companion.regularization.transforms.sample import Sample

POINTS = 32
"""Points looked at on each side of a box, as bent maps need."""


class Moved(NamedTuple):
    """A picture after a transform, and the boxes that stayed.

    Attributes
    ----------
    image : numpy.ndarray
        (H, W) or (H, W, C).
    boxes : numpy.ndarray
        (M, 4) float64, within the image.
    kept : numpy.ndarray
        (M,) int64: their numbers before, so that ``classes[kept]`` are their classes.
    visible : numpy.ndarray
        (N,) share of each box's area that lies within the new image.
    mask : numpy.ndarray or None
        The mask after the same transform.
    """

    image: np.ndarray
    boxes: np.ndarray
    kept: np.ndarray
    visible: np.ndarray
    mask: np.ndarray | None


def with_boxes(transform, image, boxes, rng, *, least=0.25, mask=None):
    """Transform a picture together with its boxes.

    Parameters
    ----------
    transform : Transform
        One of `companion.regularization.transforms`, or a `Compose` of them.
    image : array_like
        (H, W) or (H, W, C), from 0 to 1.
    boxes : array_like
        (N, 4) in pixels, two corners each. What lies outside the image is cut off first.
    rng : numpy.random.Generator, int or sequence of int
        Source of chance, as for the transform.
    least : float
        Least share of a box's area that must stay visible, from 0 to 1.
    mask : array_like, optional
        (H, W) of integers, moved along.

    Returns
    -------
    Moved
        With boxes around what became of the old ones' outlines. A box without area is dropped.

    Raises
    ------
    ValueError
        If `least` is out of range, boxes are none, or the transform renames points (`swap`), since
        outlines travel as points.

    Notes
    -----
    Erased rectangles leave boxes alone: the thing is still there, only hidden. Chapter
    :ref:`annotation_files`.
    """
    if not 0 <= least <= 1:
        raise ValueError(f"with_boxes: least is {least}; expected a share from 0 to 1")
    image = np.asarray(image)
    high, wide = image.shape[:2]
    boxes = np.clip(as_boxes(boxes).astype(np.float64), 0, [wide, high] * 2)
    sample = Sample(image, landmarks=_outlines(boxes).reshape(-1, 2), mask=mask)
    try:
        seen = transform(sample, rng)
    except ValueError as error:
        if "swap" in str(error):
            raise ValueError(
                "with_boxes: a transform has swap, which renames landmarks; boxes need none"
            ) from error
        raise
    if len(boxes) == 0:
        empty = np.empty(0, dtype=np.int64)
        return Moved(seen.image, np.empty((0, 4)), empty, np.empty(0), seen.mask)
    points = seen.landmarks.reshape(len(boxes), -1, 2)
    whole = np.hstack([points.min(axis=1), points.max(axis=1)])
    high, wide = seen.image.shape[:2]
    cut = np.clip(whole, 0, [wide, high] * 2)
    areas = [np.prod(b[:, 2:] - b[:, :2], axis=1) for b in (cut, whole)]
    visible = np.divide(*areas, out=np.zeros(len(boxes)), where=areas[1] > 0)
    kept = np.flatnonzero((visible >= least) & (visible > 0))
    return Moved(seen.image, cut[kept], kept, visible, seen.mask)


def bounds(mask):
    """Return the smallest box around the pixels of a mask.

    Parameters
    ----------
    mask : array_like
        (H, W) bool.

    Returns
    -------
    numpy.ndarray or None
        (4,) x₁, y₁, x₂, y₂ with the pixel in row i and column j as the square from (j, i) to
        (j + 1, i + 1); None where the mask is empty.
    """
    rows, columns = np.nonzero(np.asarray(mask, dtype=bool))
    if len(rows) == 0:
        return None
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], dtype=float)


def _outlines(boxes):
    """Points on the sides of each box, (N, 4 · (POINTS + 1), 2)."""
    share = np.linspace(0, 1, POINTS + 1)
    zero, one = np.zeros_like(share), np.ones_like(share)
    sides = [(share, zero), (share, one), (zero, share), (one, share)]
    sides = np.concatenate([np.stack(side, axis=1) for side in sides])
    return boxes[:, None, :2] + sides * (boxes[:, None, 2:] - boxes[:, None, :2])
