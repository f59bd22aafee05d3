"""Boxes: four numbers each, and the ways to write them."""

import numpy as np

FORMATS = ("xyxy", "xywh", "cxcywh")
"""Two corners; the upper left corner with width and height; the centre with width and height."""


def as_boxes(boxes, what="boxes"):
    """Read boxes given by two corners, or say which of them is none.

    Parameters
    ----------
    boxes : array_like
        Upper left and lower right corner of each box, (N, 4): x₁, y₁, x₂, y₂. No boxes may also be
        given as an empty list.
    what : str
        Their name in messages.

    Returns
    -------
    numpy.ndarray
        (N, 4), float64 unless they were float32.

    Raises
    ------
    ValueError
        If the shape is another, a number is not finite, or a corner lies on the wrong side.

    Notes
    -----
    A box of width or height 0 is allowed: its area is 0. Chapter :ref:`overlap`.
    """
    boxes = numbers(boxes, what)
    wrong = np.flatnonzero((boxes[:, 2:] < boxes[:, :2]).any(axis=1))
    if len(wrong):
        raise ValueError(
            f"{what}: number {wrong[0]} is {boxes[wrong[0]].tolist()}, whose second corner is not "
            "right of and below the first; boxes in another format go through box_convert first"
        )
    return boxes


def numbers(boxes, what="boxes"):
    """Read four finite numbers a box, in any format, as (N, 4); errors as for `as_boxes`."""
    boxes = np.asarray(boxes)
    boxes = boxes if boxes.dtype == np.float32 else boxes.astype(np.float64)
    boxes = boxes.reshape(0, 4) if boxes.shape == (0,) else boxes
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(f"{what}: shape {boxes.shape}; expected (N, 4), four numbers a box")
    wrong = np.flatnonzero(~np.isfinite(boxes).all(axis=1))
    if len(wrong):
        raise ValueError(f"{what}: number {wrong[0]} is {boxes[wrong[0]].tolist()}, not finite")
    return boxes


def box_convert(boxes, in_fmt, out_fmt):
    """Write boxes in another format.

    Parameters
    ----------
    boxes : array_like
        (N, 4), as `in_fmt` says.
    in_fmt, out_fmt : str
        ``"xyxy"`` two corners, ``"xywh"`` upper left corner and size, ``"cxcywh"`` centre and size.

    Returns
    -------
    numpy.ndarray
        (N, 4), as `out_fmt` says.

    Raises
    ------
    ValueError
        If a format is unknown, a number is not finite, or a width or height is negative.

    Notes
    -----
    Formats as in torchvision. Chapter :ref:`localization`.
    """
    for name in (in_fmt, out_fmt):
        if name not in FORMATS:
            raise ValueError(f"box_convert: there is no format {name!r}; take one of {FORMATS}")
    boxes = numbers(boxes)
    first, second = boxes[:, :2], boxes[:, 2:]
    if in_fmt == "cxcywh":
        corners = np.hstack([first - second / 2, first + second / 2])
    else:
        corners = np.hstack([first, first + second]) if in_fmt == "xywh" else boxes
    low, high = np.split(as_boxes(corners), 2, axis=1)
    if out_fmt == "cxcywh":
        return np.hstack([(low + high) / 2, high - low])
    return np.hstack([low, high - low]) if out_fmt == "xywh" else corners


def normalized(boxes, width, height):
    """Divide the numbers of boxes by the size of their image: from pixels to shares.

    Parameters
    ----------
    boxes : array_like
        (N, 4) in pixels, in any format.
    width, height : float
        Of the image, in pixels.

    Returns
    -------
    numpy.ndarray
        (N, 4), from 0 to 1 where a box lies within the image.

    Raises
    ------
    ValueError
        If the image has no area, or the boxes are not boxes.
    """
    return numbers(boxes) / _sides("normalized", width, height)


def in_pixels(boxes, width, height):
    """Multiply the numbers of normalized boxes by the size of their image; see `normalized`."""
    return numbers(boxes) * _sides("in_pixels", width, height)


def _sides(name, width, height):
    if not (width > 0 and height > 0):
        raise ValueError(f"{name}: an image of {width} × {height} pixels has no area")
    return np.array([width, height, width, height], dtype=np.float32)


def box_area(boxes):
    """Return the area of each box, (N,) in square pixels; boxes are (N, 4), two corners each."""
    boxes = as_boxes(boxes)
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def clip_boxes_to_image(boxes, width, height):
    """Cut boxes off at the edges of their image.

    Parameters
    ----------
    boxes : array_like
        (N, 4), two corners each.
    width, height : float
        Of the image, in pixels.

    Returns
    -------
    numpy.ndarray
        (N, 4). A box that lies outside keeps no area: the caller decides what becomes of it.
    """
    boxes = as_boxes(boxes)
    return np.clip(boxes, 0, _sides("clip_boxes_to_image", width, height).astype(boxes.dtype))
