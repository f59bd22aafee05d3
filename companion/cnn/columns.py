"""What a sliding kernel meets, written out as a table with one row for each of its entries.

The table has K times as many numbers as the input, so it is made for a few images at a time: it
stays in the processor's cache, and memory does not grow with the batch.
"""

from math import prod

import numpy as np

CACHE = 2**18  # numbers in the table of one block of images


def blocks(x, how, groups):
    """Yield blocks of images with their table.

    Parameters
    ----------
    x : numpy.ndarray
        (N, C, *size).
    how : companion.cnn.geometry.Geometry
        Where the kernel goes.
    groups : int
        Groups G of channels.

    Yields
    ------
    tuple of slice and numpy.ndarray
        Which images, n of them, and their columns (G, C/G · K, n · places).
    """
    C, K = x.shape[1], prod(how.kernel)
    for images in _ranges(len(x), how, C):
        part = x[images].swapaxes(0, 1)
        n = part.shape[1]
        if _plain(how):
            yield images, np.ascontiguousarray(part).reshape(groups, C // groups, -1)
            continue
        inner = np.zeros((C, n, *how.padded), x.dtype)
        inner[:, :, *how.inside] = part
        columns = np.empty((C, K, n, *how.out), x.dtype)
        for k, place in enumerate(how.places()):
            columns[:, k] = inner[:, :, *place]
        yield images, columns.reshape(groups, C // groups * K, n * prod(how.out))


def rows_of(dout, how, channels, groups):
    """Yield the same blocks of images with what came back for them.

    Parameters
    ----------
    dout : numpy.ndarray
        Gradient of the output, (N, O, *out).
    how : companion.cnn.geometry.Geometry
        Where the kernel goes.
    channels, groups : int
        Of the input.

    Yields
    ------
    tuple of slice and numpy.ndarray
        Which images, n of them, and their rows (G, O/G, n · places).
    """
    outputs = dout.shape[1]
    for images in _ranges(len(dout), how, channels):
        rows = np.ascontiguousarray(dout[images].swapaxes(0, 1))
        yield images, rows.reshape(groups, outputs // groups, rows[0].size)


def added_back(columns, how, channels):
    """Add every row of a table at the place of the input that it came from.

    Parameters
    ----------
    columns : numpy.ndarray
        (G, C/G · K, n · places).
    how : companion.cnn.geometry.Geometry
        Where the kernel goes.
    channels : int
        Channels C of the input.

    Returns
    -------
    numpy.ndarray
        (C, n, *size).
    """
    K, P = prod(how.kernel), prod(how.out)
    columns = columns.reshape(channels, K, columns.shape[-1] // P, *how.out)
    if _plain(how):
        return columns[:, 0]
    inner = np.zeros((channels, columns.shape[2], *how.padded), columns.dtype)
    for k, place in enumerate(how.places()):
        inner[:, :, *place] += columns[:, k]
    return inner[:, :, *how.inside]


def _ranges(N, how, channels):
    step = max(1, CACHE // max(1, channels * prod(how.kernel) * prod(how.out)))
    return [slice(start, min(start + step, N)) for start in range(0, N, step)]


def _plain(how):
    """Whether the table is the input itself: one entry, step 1, no border."""
    return prod(how.kernel) == 1 and how.out == how.size == how.padded
