"""Sliding windows: cut them out, know where they lay, do it at several sizes."""

import numpy as np
from PIL import Image

from companion.detection.average_precision import Detections
from companion.detection.boxes.suppression import nms
from companion.training import predict


def counts(shape, side, step):
    """Say how many windows fit into an image.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the image.
    side : int
        Height and width of a window.
    step : int
        Pixels from one window to the next, in both directions.

    Returns
    -------
    rows, columns : int
        Windows from top to bottom and from left to right; 0 where the image is too small.

    Raises
    ------
    ValueError
        If `side` or `step` is below 1.

    Notes
    -----
    Chapter :ref:`sliding_windows`.
    """
    if side < 1 or step < 1:
        raise ValueError(f"windows: side {side}, step {step}; expected both from 1 on")
    return tuple(max(0, (n - side) // step + 1) for n in shape)


def crops(image, side, step):
    """Cut all windows out of an image.

    Parameters
    ----------
    image : array_like
        (C, H, W).
    side, step : int
        As for `counts`.

    Returns
    -------
    numpy.ndarray
        (N, C, side, side), row by row, a copy: it takes (side / step)² times the memory of the
        image.

    Raises
    ------
    ValueError
        If the image is not (C, H, W), or `side` or `step` is below 1.
    """
    image = np.asarray(image)
    if image.ndim != 3:
        raise ValueError(f"crops: image of shape {image.shape}; expected (C, H, W)")
    rows, columns = counts(image.shape[1:], side, step)
    if not rows * columns:
        return np.empty((0, len(image), side, side), dtype=image.dtype)
    every = np.lib.stride_tricks.sliding_window_view(image, (side, side), axis=(1, 2))
    chosen = np.moveaxis(every[:, ::step, ::step], 0, 2)
    return chosen.reshape(-1, len(image), side, side)


def window_boxes(rows, columns, side, step):
    """Say where windows lie.

    Parameters
    ----------
    rows, columns : int
        How many, as `counts` says or a map of scores has.
    side, step : int
        As for `counts`.

    Returns
    -------
    numpy.ndarray
        (rows · columns, 4) float64, two corners each in pixels, row by row.
    """
    i, j = np.indices((rows, columns)).reshape(2, -1) * float(step)
    return np.stack([j, i, j + side, i + side], axis=1)


def pyramid(image, ratio=2**0.25, smallest=24, first=1.0):
    """Make smaller and smaller copies of an image, so that one size of window meets all objects.

    Parameters
    ----------
    image : array_like
        (C, H, W).
    ratio : float
        How much smaller each copy is than the one before, above 1.
    smallest : int
        Side that a copy has at least, that of a window.
    first : float
        How much smaller the first copy is than the image, at least 1.

    Returns
    -------
    list of numpy.ndarray
        (C, h, w) float32, the largest first; empty if the image is too small.

    Raises
    ------
    ValueError
        If the image is not (C, H, W) or not finite, or a number is out of range.

    Notes
    -----
    Each is made from the image itself, averaging over the pixels that become one. Together they
    have at most 1 / (1 − 1 / ratio²) times the pixels of the first. Adelson et al. (1984). Chapter
    :ref:`sliding_windows`.
    """
    image = np.asarray(image, dtype=np.float32)
    if image.ndim != 3 or not np.isfinite(image).all():
        raise ValueError(f"pyramid: image of shape {image.shape}; expected (C, H, W), all finite")
    if not ratio > 1 or not first >= 1 or smallest < 1:
        raise ValueError(
            f"pyramid: ratio {ratio}, first {first}, smallest {smallest}; "
            "expected above 1, at least 1, at least 1"
        )
    levels, scale = [], first
    while min(size := [round(n / scale) for n in image.shape[1:]]) >= smallest:
        levels.append(np.stack([_resized(channel, size) for channel in image]))
        scale *= ratio
    return levels


def scan(network, image, side, step, *, ratio=2**0.25, first=1.0, score_threshold=0.0):
    """Let a network that is all convolutions look at each level of a pyramid, in one pass each.

    Parameters
    ----------
    network : Module
        Of either engine: (1, C, h, w) to (1, 1, rows, columns), one score for each window, as
        `companion.detection.windows.dense_as_convolution.as_convolution` makes it.
    image : array_like
        (C, H, W).
    side, step : int
        Of the network's windows.
    ratio, first : float
        Of the `pyramid`.
    score_threshold : float
        Only windows with a higher score are returned.

    Returns
    -------
    Detections
        Boxes in pixels of `image`, scores, and the number of the level as class; nothing is
        suppressed.

    Raises
    ------
    ValueError
        If the network gives more than one score a window, or not as many as there are windows.
    """
    boxes, scores, levels = [np.empty((0, 4))], [np.empty(0)], [np.empty(0, np.int64)]
    high, wide = np.shape(image)[1:]
    for k, level in enumerate(pyramid(image, ratio, side, first)):
        found = predict(network, level[None])[0]
        expected = (1, *counts(level.shape[1:], side, step))
        if found.shape != expected:
            raise ValueError(
                f"scan: the network gives {found.shape} for an image of {level.shape}; windows of "
                f"{side} in steps of {step} need {expected}"
            )
        sizes = np.array([wide / level.shape[2], high / level.shape[1]] * 2)
        sure = found.ravel() > score_threshold
        boxes.append((window_boxes(*found.shape[1:], side, step) * sizes)[sure])
        scores.append(found.ravel()[sure])
        levels.append(np.full(sure.sum(), k))
    return Detections(np.concatenate(boxes), np.concatenate(scores), np.concatenate(levels))


def best_of(found, iou_threshold=0.3):
    """Of windows on one object keep the best, whatever their size; see `suppression.nms`."""
    kept = nms(found.boxes, found.scores, iou_threshold)
    return Detections(*(values[kept] for values in found))


def cut_out(image, boxes, side):
    """Cut boxes out of an image and scale them to squares, as a network learns from them.

    Parameters
    ----------
    image : array_like
        (C, H, W).
    boxes : array_like
        (N, 4) in pixels; what lies outside is cut off first.
    side : int
        Of the squares.

    Returns
    -------
    numpy.ndarray
        (N, C, side, side) float32.

    Raises
    ------
    ValueError
        If a box has no area within the image.
    """
    image = np.asarray(image, dtype=np.float32)
    wide, high = image.shape[2], image.shape[1]
    boxes = np.clip(np.reshape(boxes, (-1, 4)), 0, [wide, high, wide, high])
    flat = np.flatnonzero((boxes[:, 2:] <= boxes[:, :2]).any(axis=1))
    if len(flat):
        raise ValueError(f"cut_out: box {flat[0]} has no area within {wide} × {high} pixels")
    parts = [[_resized(c, (side, side), tuple(box)) for c in image] for box in boxes]
    return np.array(parts, dtype=np.float32).reshape(-1, len(image), side, side)


def _resized(channel, size, box=None):
    picture = Image.fromarray(channel)
    return np.asarray(picture.resize(size[::-1], Image.Resampling.BILINEAR, box=box))
