"""One kernel for each channel, with steps of 1: nothing is summed over channels.

The image with its border is one long row of numbers. A step of the kernel to the next row or column
of the image is then a shift of the whole row, so that the table of a channel is made of K long
copies. Places that hang over the right edge are computed too, and thrown away.
"""

from math import prod

import numpy as np

from companion.cnn.columns import ranges


def fits(how, groups, channels, kernels):
    """Whether each channel has one kernel of its own that takes steps of 1."""
    single = groups == channels == kernels > 1
    return single and all(s == 1 for s in how.stride) and prod(how.out) > 0


def correlate(x, w, how):
    """Correlate each channel with its kernel.

    Parameters
    ----------
    x, w : numpy.ndarray
        ``(N, C, *size)`` and ``(C, 1, *kernel)``.
    how : companion.cnn.geometry.Geometry
        Where the kernel goes; steps of 1.

    Returns
    -------
    numpy.ndarray
        ``(N, C, *out)``.
    """
    out = np.empty((*x.shape[:2], *how.out), np.result_type(x, w))
    kept = tuple(slice(n) for n in how.out)
    for part, table in _tables(x, how):
        C, K, n, length = table.shape
        found = np.empty((C, n, prod(how.padded)), out.dtype)
        weights = w[part[1]].reshape(C, 1, K)
        found[:, :, :length] = (weights @ table.reshape(C, K, -1)).reshape(C, n, length)
        out[part] = found.reshape(C, n, *how.padded)[:, :, *kept].swapaxes(0, 1)
    return out


def for_kernels(dout, x, how):
    """Bring the gradient of the output back to the kernels.

    Parameters
    ----------
    dout, x : numpy.ndarray
        ``(N, C, *out)`` and ``(N, C, *size)``.
    how : companion.cnn.geometry.Geometry
        Where the kernel goes; steps of 1.

    Returns
    -------
    numpy.ndarray
        (C, K): for each entry of the kernel the sum of dout times the shifted input.
    """
    dW = np.zeros((x.shape[1], prod(how.kernel)), dout.dtype)
    kept = tuple(slice(n) for n in how.out)
    for part, table in _tables(x, how):
        C, K, n, length = table.shape
        spread = np.zeros((C, n, *how.padded), dout.dtype)
        spread[:, :, *kept] = dout[part].swapaxes(0, 1)
        rows = spread.reshape(C, n, -1)[:, :, :length].reshape(C, n * length, 1)
        dW[part[1]] += (table.reshape(C, K, -1) @ rows)[:, :, 0]
    return dW


def _tables(x, how):
    """Yield blocks of images and channels, and K shifted copies of each row, (C, K, n, L)."""
    steps = [prod(how.padded[axis + 1 :]) for axis in range(len(how.padded))]
    shifts = [
        sum(step * place.start for step, place in zip(steps, slices, strict=True))
        for slices in how.places()
    ]
    length = prod(how.padded) - max(shifts)
    for channels in ranges(x.shape[1], len(shifts) * length):
        for images in ranges(len(x), x[:1, channels].shape[1] * len(shifts) * length):
            part = x[images, channels].swapaxes(0, 1)
            inner = np.zeros((*part.shape[:2], *how.padded), x.dtype)
            inner[:, :, *how.inside] = part
            rows = inner.reshape(*part.shape[:2], -1)
            table = np.empty((len(part), len(shifts), part.shape[1], length), x.dtype)
            for k, shift in enumerate(shifts):
                table[:, k] = rows[:, :, shift : shift + length]
            yield (images, channels), table
