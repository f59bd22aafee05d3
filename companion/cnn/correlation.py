"""Correlation of arrays with kernels, and the ways back to the kernels and to the input.

Derived on the page :ref:`convolution_backward`.
"""

from math import prod

import numpy as np

from companion.cnn import depthwise
from companion.cnn.columns import emptied, filled, tables
from companion.cnn.geometry import Geometry


def correlate(x, w, how, groups):
    """Multiply kernels with the columns of the input.

    Parameters
    ----------
    x, w : numpy.ndarray
        ``(N, C, *size)`` and ``(O, C/G, *kernel)``.
    how : companion.cnn.geometry.Geometry
        Where the kernel goes.
    groups : int
        Groups G of channels.

    Returns
    -------
    numpy.ndarray
        ``(N, O, *out)``.
    """
    if depthwise.fits(how, groups, x.shape[1], len(w)):
        return depthwise.correlate(x, w, how)
    W = _by_rows(w, groups)
    out = np.empty((len(x), groups, W.shape[2], prod(how.out)), np.result_type(x, w))
    for table in filled(x, how, groups):
        part = out[table.images]
        part[...] = W[0] @ table.rows[0]
        for k in range(1, len(W)):
            part += W[k] @ table.rows[k]
    return out.reshape(len(x), len(w), *how.out)


def for_kernels(dout, x, shape, how, groups):
    """Bring the gradient of the output back to the kernels: dW = dout X̂ᵀ, summed over the images.

    Parameters
    ----------
    dout, x : numpy.ndarray
        ``(N, O, *out)`` and ``(N, C, *size)``.
    shape : tuple of int
        Of the kernels, ``(O, C/G, *kernel)``.
    how : companion.cnn.geometry.Geometry
        Where the kernel goes.
    groups : int
        Groups G of channels.

    Returns
    -------
    numpy.ndarray
        Gradient of the kernels, of their shape.
    """
    if depthwise.fits(how, groups, x.shape[1], shape[0]):
        return depthwise.for_kernels(dout, x, how).reshape(shape)
    rows = dout.reshape(len(dout), groups, shape[0] // groups, prod(how.out))
    dW = _by_rows(np.zeros(shape, dout.dtype), groups)
    for table in filled(x, how, groups):
        for k, columns in enumerate(table.rows):
            dW[k] += (rows[table.images] @ columns.swapaxes(2, 3)).sum(axis=0)
    return _from_rows(dW, shape)


def for_input(dout, w, how, groups, channels):
    """Bring the gradient of the output back to the input.

    Parameters
    ----------
    dout, w : numpy.ndarray
        ``(N, O, *out)`` and ``(O, C/G, *kernel)``.
    how : companion.cnn.geometry.Geometry
        Where the kernel goes.
    groups, channels : int
        G and C.

    Returns
    -------
    numpy.ndarray
        ``(N, C, *size)``. With steps of 1 it is the correlation of dout with the kernels turned
        over, channels and outputs exchanged; otherwise, or where that takes longer, Wᵀ dout gives
        the gradient of the columns, whose rows are added back where they came from.
    """
    back = _turned(how)
    if back and len(w) * prod(back.out) <= 2 * channels * prod(how.out):
        return correlate(dout, _exchanged(w, groups), back, groups)
    W = _by_rows(w, groups).swapaxes(2, 3)
    rows = dout.reshape(len(dout), groups, len(w) // groups, prod(how.out))
    dx = np.empty((len(dout), channels, *how.size), dout.dtype)
    for table in tables(len(dout), channels, how, groups, dout.dtype):
        table.numbers[...] = 0
        for k, columns in enumerate(table.rows):
            columns += W[k] @ rows[table.images]
        dx[table.images] = emptied(table, how)
    return dx


def for_bias(dout):
    """Bring the gradient of the output back to the biases: the sum over images and places, (O,)."""
    return dout.sum(axis=(0, *range(2, dout.ndim)))


def _by_rows(w, groups):
    """Make one matrix for each row of the kernel: (O, C/G, k, …) → (k, G, O/G, C/G · K′)."""
    rows = np.ascontiguousarray(np.moveaxis(w, 2, 0))
    return rows.reshape(len(rows), groups, len(w) // groups, prod(rows.shape[2:]))


def _from_rows(W, shape):
    """Undo `_by_rows`."""
    rows = W.reshape(shape[2], *shape[:2], *shape[3:])
    return np.ascontiguousarray(np.moveaxis(rows, 0, 2))


def _turned(how):
    """Say where the kernel turned over goes over the output, to end on the input; or None.

    An output that the kernel reached from a place of the input is reached back from there.
    """
    reach = [d * (k - 1) for k, d in zip(how.kernel, how.dilation, strict=True)]
    border = tuple((r - a, r - b) for r, (a, b) in zip(reach, how.padding, strict=True))
    full = tuple(n + a + b - r for n, (a, b), r in zip(how.out, border, reach, strict=True))
    if any(s > 1 for s in how.stride) or min(map(min, border)) < 0 or full != how.size:
        return None
    return Geometry(how.out, how.kernel, how.size, how.stride, how.dilation, border)


def _exchanged(w, groups):
    """Turn kernels over and exchange outputs and channels: (O, C/G, ...) → (C, O/G, ...)."""
    axes = tuple(range(2, w.ndim))
    turned = np.flip(w, axes).reshape(groups, len(w) // groups, *w.shape[1:]).swapaxes(1, 2)
    return np.ascontiguousarray(turned.reshape(-1, len(w) // groups, *w.shape[2:]))
