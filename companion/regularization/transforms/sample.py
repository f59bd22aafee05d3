"""A picture and what is known about it: the unit that every transform takes and returns."""

from typing import NamedTuple

import numpy as np

SLACK = 1e-6
"""How far rounding may push a pixel out of the range from 0 to 1."""


class Sample(NamedTuple):
    """An image with what is marked in it, all in one system of coordinates.

    The pixel in row i and column j is the square from (j, i) to (j + 1, i + 1), so that its centre
    is at (j + ½, i + ½) and the whole image reaches from (0, 0) to (W, H). x points right, y down.

    Attributes
    ----------
    image : numpy.ndarray
        (H, W) or (H, W, C) of floats between 0 and 1.
    label : object
        Class of the image, or classes of the boxes, (N,). No transform of one image changes it.
    boxes : numpy.ndarray, optional
        x1, y1, x2, y2 of each box in pixels, (N, 4).
    landmarks : numpy.ndarray, optional
        x, y of each point in pixels, (K, 2); a point may lie outside the image.
    mask : numpy.ndarray, optional
        Class number of each pixel, (H, W) of integers.

    Notes
    -----
    Chapter :ref:`augmentation`.
    """

    image: np.ndarray
    label: object = None
    boxes: np.ndarray | None = None
    landmarks: np.ndarray | None = None
    mask: np.ndarray | None = None

    @property
    def size(self):
        """Height and width."""
        return self.image.shape[:2]


def checked(sample):
    """Return a sample whose parts are arrays that fit together.

    Parameters
    ----------
    sample : Sample
        With arrays or what becomes one.

    Returns
    -------
    Sample
        Boxes and landmarks are float64.

    Raises
    ------
    TypeError
        If the image does not hold floats or the mask does not hold integers.
    ValueError
        If a shape does not fit, a pixel is not between 0 and 1, or a box is upside down.
    """
    image, (H, W) = _image(sample.image), np.shape(sample.image)[:2]
    boxes, landmarks, mask = sample.boxes, sample.landmarks, sample.mask
    if boxes is not None:
        boxes = _points(boxes, 4, "boxes", "x1, y1, x2, y2")
        if not (boxes[:, :2] <= boxes[:, 2:]).all():
            k = np.flatnonzero(~(boxes[:, :2] <= boxes[:, 2:]).all(axis=1))[0]
            raise ValueError(
                f"box {k} is {boxes[k].tolist()}; expected x1 ≤ x2 and y1 ≤ y2, "
                "so give two corners, not a corner and a size"
            )
    if landmarks is not None:
        landmarks = _points(landmarks, 2, "landmarks", "x, y")
    if mask is not None:
        mask = np.asarray(mask)
        if mask.dtype.kind not in "iu":
            raise TypeError(f"the mask is of type {mask.dtype}; expected whole class numbers")
        if mask.shape != (H, W):
            raise ValueError(f"the mask has shape {mask.shape}, the image {H} × {W} pixels")
    return Sample(image, sample.label, boxes, landmarks, mask)


def _image(image):
    image = np.asarray(image)
    if image.dtype.kind != "f":
        raise TypeError(
            f"the image is of type {image.dtype}; expected floats between 0 and 1, "
            "so divide whole numbers by 255"
        )
    if image.ndim not in (2, 3) or 0 in image.shape:
        raise ValueError(
            f"the image has shape {image.shape}; expected (H, W) or (H, W, C), channels last"
        )
    if not (image.min() >= -SLACK and image.max() <= 1 + SLACK):
        raise ValueError(
            f"pixels lie between {image.min():g} and {image.max():g}; expected 0 to 1: "
            "transform before you standardize"
        )
    return image


def _points(values, columns, what, names):
    values = np.asarray(values, dtype=float)
    if values.ndim != 2 or values.shape[1] != columns:
        raise ValueError(
            f"{what} have shape {values.shape}; expected (N, {columns}): {names} in pixels"
        )
    return values
