"""What a sliding kernel meets, written out as a table, so that a convolution is a matrix product.

Each entry of the kernel would want a row of its own in the table: the input, shifted by that entry.
But a shift along the *first* spatial axis is a later start in the same memory, so the table holds
one row only for each entry of the kernel's other axes, and the kernel's rows read it from different
starts on. The table is made for a few images at a time: it stays in the processor's cache, and
memory does not grow with the batch.
"""

from math import prod
from typing import NamedTuple

import numpy as np

CACHE = 2**18  # numbers in the table of one block of images


class Table(NamedTuple):
    """A table for n images, and what each row of the kernel reads of it.

    Attributes
    ----------
    images : slice
        Which images.
    numbers : numpy.ndarray
        ``(n, C, K′, s, R, *rest)``: for each of the K′ entries of the kernel's other axes the R · s
        rows of the image, sorted by their remainder for the step s.
    rows : list of numpy.ndarray
        For each row of the kernel the part that it meets, (n, G, C/G · K′, places), which shares
        memory with `numbers`.
    """

    images: slice
    numbers: np.ndarray
    rows: list


def ranges(N, numbers):
    """Split N images into blocks.

    Parameters
    ----------
    N : int
        Images.
    numbers : int
        Numbers that one image needs in the cache.

    Returns
    -------
    list of slice
        The images of each block, at least one.
    """
    step = max(1, CACHE // max(1, numbers))
    return [slice(start, min(start + step, N)) for start in range(0, N, step)]


def tables(N, channels, how, groups, dtype):
    """Yield an empty table for each block of images; the next one overwrites it.

    Parameters
    ----------
    N, channels, groups : int
        Images, channels C and groups G.
    how : companion.cnn.geometry.Geometry
        Where the kernel goes, with at least two axes.
    dtype : numpy.dtype
        Type of the numbers.

    Yields
    ------
    Table
        With numbers that are anything.
    """
    shape = (channels, prod(how.kernel[1:]), how.stride[0], _turns(how), *how.out[1:])
    images = ranges(N, prod(shape))
    memory = np.empty((images[0].stop if images else 0, *shape), dtype)
    for some in images:
        numbers = memory[: some.stop - some.start]
        yield Table(some, numbers, _rows(numbers, how, groups))


def filled(x, how, groups):
    """Yield the tables of the input.

    Parameters
    ----------
    x : numpy.ndarray
        ``(N, C, *size)``.
    how : companion.cnn.geometry.Geometry
        Where the kernel goes, with at least two axes.
    groups : int
        Groups G of channels.

    Yields
    ------
    Table
        The next one overwrites it.
    """
    if is_plain(how):
        rows = x.reshape(len(x), groups, x.shape[1] // groups, prod(how.size))
        yield Table(slice(None), x, [rows])
        return
    border = None
    for table in tables(len(x), x.shape[1], how, groups, x.dtype):
        if border is None:
            border = np.zeros((*table.numbers.shape[:2], *_padded(how)), x.dtype)
        inner = border[: len(table.numbers)]
        inner[:, :, *how.inside] = x[table.images]
        for k, place in enumerate(_others(how)):
            table.numbers[:, :, k] = _by_remainder(inner[:, :, :, *place], how.stride[0])
        yield table


def emptied(table, how):
    """Add every row of a table at the place of the input that it stands for.

    Parameters
    ----------
    table : Table
        As of `tables`, with numbers.
    how : companion.cnn.geometry.Geometry
        Where the kernel goes.

    Returns
    -------
    numpy.ndarray
        ``(n, C, *size)``.
    """
    numbers = table.numbers
    inner = np.zeros((*numbers.shape[:2], *_padded(how)), numbers.dtype)
    for k, place in enumerate(_others(how)):
        part = _by_remainder(inner[:, :, :, *place], how.stride[0])
        part += numbers[:, :, k]
    return inner[:, :, *how.inside]


def is_plain(how):
    """Whether the table is the input itself: one entry, step 1, no border."""
    return prod(how.kernel) == 1 and how.out == how.size == how.padded


def _turns(how):
    """Return how many steps of the first axis its rows with the border fill."""
    return -(-how.padded[0] // how.stride[0])


def _padded(how):
    return _turns(how) * how.stride[0], *how.padded[1:]


def _others(how):
    """Return the slices of the other axes that each entry of the kernel meets there."""
    return list(how._replace(**{name: value[1:] for name, value in how._asdict().items()}).places())


def _by_remainder(a, step):
    """Sort rows by remainder: (n, C, R · s, …) → (n, C, s, R, …), the same memory."""
    return a.reshape(*a.shape[:2], -1, step, *a.shape[3:]).swapaxes(2, 3)


def _rows(numbers, how, groups):
    n, C, K = numbers.shape[:3]
    found = []
    for k in range(how.kernel[0]):
        start, remainder = divmod(k * how.dilation[0], how.stride[0])
        part = numbers[:, :, :, remainder, start : start + how.out[0]]
        found.append(part.reshape(n, groups, C // groups * K, prod(how.out)))
    return found
