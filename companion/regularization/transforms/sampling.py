"""Reading an image between its pixels: bilinear for colours, nearest for classes."""

import numpy as np


def centres(size):
    """Centres of all pixels, (H, W, 2): x and y of pixel (i, j) are j + ½ and i + ½."""
    H, W = size
    x, y = np.meshgrid(np.arange(W) + 0.5, np.arange(H) + 0.5)
    return np.stack([x, y], axis=-1)


def bilinear(images, x, y, fill=0.0):
    """Read M images at points of each, weighing the four pixels around a point by their nearness.

    Parameters
    ----------
    images : numpy.ndarray
        (M, H, W) of floats.
    x, y : numpy.ndarray
        Points, (M, …), in the coordinates of `Sample`.
    fill : float
        Value of what lies outside; within half a pixel of the border it mixes in.

    Returns
    -------
    numpy.ndarray
        (M, …), of the type of the images.

    Notes
    -----
    Equal to ``scipy.ndimage.map_coordinates(..., order=1, mode="grid-constant")`` at x − ½, y − ½.
    Chapter :ref:`augmentation_measured`.
    """
    M, H, W = images.shape
    kind = images.dtype.type
    around = np.full((M, H + 2, W + 2), fill, dtype=kind)
    around[:, 1:-1, 1:-1] = images
    values, stride = around.ravel(), W + 2
    # From here on 0 is the centre of the first pixel of the frame of fill.
    x = np.clip(np.asarray(x, dtype=kind) + kind(0.5), 0, np.nextafter(kind(W + 1), kind(0)))
    y = np.clip(np.asarray(y, dtype=kind) + kind(0.5), 0, np.nextafter(kind(H + 1), kind(0)))
    column, row = np.floor(x), np.floor(y)
    x -= column
    y -= row
    at = row.astype(np.intp) * stride + column.astype(np.intp)
    at += (np.arange(M) * (H + 2) * stride).reshape(-1, *[1] * (x.ndim - 1))
    above, below = (_between(values.take(k), values.take(k + 1), x) for k in (at, at + stride))
    return _between(above, below, y)


def _between(a, b, share):
    b -= a
    b *= share
    b += a
    return b


def nearest(mask, x, y):
    """Read a mask (H, W) of integers at points (…): the pixel a point is in, and 0 outside."""
    H, W = mask.shape
    j, i = np.floor(x).astype(int), np.floor(y).astype(int)
    inside = (i >= 0) & (i < H) & (j >= 0) & (j < W)
    return np.where(inside, mask[np.clip(i, 0, H - 1), np.clip(j, 0, W - 1)], 0).astype(mask.dtype)
