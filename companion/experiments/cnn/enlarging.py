"""Ways to enlarge images that are linear in a kernel: the best kernel, and patterns they leave."""

from math import prod

import numpy as np


def best_kernel(enlarge, small, large, shape):
    """Find the kernel with which small images come nearest to the large ones: least squares.

    Parameters
    ----------
    enlarge : callable
        ``enlarge(small, kernel)`` → images of the large size; linear in the kernel.
    small, large : numpy.ndarray
        (N, 1, h, w) and (N, 1, H, W).
    shape : tuple of int
        Of the kernel.

    Returns
    -------
    numpy.ndarray
        The kernel.

    Notes
    -----
    Used on the page :ref:`kinds_of_convolution`.
    """
    units = np.eye(prod(shape), dtype=small.dtype).reshape(-1, *shape)
    columns = np.stack([enlarge(small, unit).ravel() for unit in units], axis=1)
    columns = columns.astype(np.float64)
    solved = np.linalg.lstsq(columns.T @ columns, columns.T @ large.ravel(), rcond=None)[0]
    return solved.reshape(shape).astype(small.dtype)


def unevenness(image, factor):
    """Tell how unlike the pixels of an image are that should be alike.

    Parameters
    ----------
    image : numpy.ndarray
        (…, H, W): a constant image after it was enlarged; both sizes multiples of the factor.
    factor : int
        How many times it was enlarged along each axis.

    Returns
    -------
    float
        Standard deviation of the means over each of the factor² kinds of pixels, as a share of
        their root mean square.
    """
    H, W = image.shape[-2:]
    cells = image.reshape(-1, H // factor, factor, W // factor, factor)
    means = cells.mean(axis=(0, 1, 3))
    return float(means.std() / np.sqrt(np.mean(means**2)))
