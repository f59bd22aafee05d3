"""Pooling: a window slides over each channel and keeps its largest value, or the average.

The largest of a rectangle is the largest of its rows' largest, so all is done axis by axis.
"""

from functools import reduce

import numpy as np

from companion.cnn.geometry import Geometry, check_axes, geometry, per_axis
from companion.gradients.shaping import pad
from companion.gradients.tape import primitive


@primitive
def max_pool(x, *, axis, window):
    """Keep the largest value of each window along one axis.

    Pullback: dout goes to the place that won, the first of equals, and nothing to the others.
    """
    places = _places(axis, window)
    out = reduce(np.maximum, (x[place] for place in places))

    def pullback(dout):
        dx, free = np.zeros(x.shape, x.dtype), np.ones(out.shape, bool)
        for place in places[:-1]:
            won = x[place] == out
            won |= x[place] != x[place]
            won &= free
            dx[place] += dout * won
            free ^= won
        dx[places[-1]] += dout * free
        return dx

    return out, pullback


@primitive
def sum_pool(x, *, axis, window):
    """Add up each window along one axis. Pullback: dout goes to every place of its window."""
    places = _places(axis, window)

    def pullback(dout):
        dx = np.zeros(x.shape, x.dtype)
        for place in places:
            dx[place] += dout
        return dx

    return reduce(np.add, (x[place] for place in places)), pullback


def _places(axis, window):
    """Return the slices of x that the first, second, … entry of all windows meets."""
    return [(*[slice(None)] * axis, *place) for place in window.places()]


def _pooled(pool, input, how, border):
    """Pool along each axis, the last one first, so that the first of equals is so in row order."""
    if how.padded != how.size:
        widths = [width for pair in reversed(how.padding) for width in pair]
        input = pad(input, pad=widths, value=border)
    for axis in reversed(range(len(how.size))):
        window = Geometry(*(value[axis : axis + 1] for value in how))
        input = pool(input, axis=axis - len(how.size) + input.ndim, window=window)
    return input


def _windows(name, axes, input, kernel_size, stride, padding, dilation, ceil_mode):
    """Where the window goes; with ceil_mode the last one may hang over the far border."""
    shape = np.shape(input)
    try:
        check_axes(shape, axes)
        kernel = per_axis("kernel_size", kernel_size, axes)
        stride = kernel if stride is None else per_axis("stride", stride, axes)
        padding = per_axis("padding", padding, axes, least=0)
        dilation = per_axis("dilation", dilation, axes)
        if any(2 * p > k for p, k in zip(padding, kernel, strict=True)):
            raise ValueError(f"padding {padding} is more than half of the window {kernel}")
        both = [(p, p) for p in padding]
        if ceil_mode:
            every = zip(shape[-axes:], kernel, stride, padding, dilation, strict=True)
            both = [(p, p + _hang(n, k, s, p, d)) for n, k, s, p, d in every]
        return geometry(shape[-axes:], kernel, stride, tuple(both), dilation)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _hang(n, k, s, p, d):
    """How far the last window reaches over the border, if it starts before the far border."""
    reach = d * (k - 1) + 1
    last = -((n + 2 * p - reach) // -s) * s  # start of the last window, rounded up
    if last >= n + p:
        last -= s
    return max(0, last + reach - n - 2 * p)


def max_pool1d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Keep the largest value of each window of sequences; see `max_pool2d`.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, L) or (C, L).
    kernel_size, stride, padding, dilation, ceil_mode
        As for `max_pool2d`.

    Returns
    -------
    Tensor
        (N, C, L′) or (C, L′).
    """
    how = _windows("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode)
    return _pooled(max_pool, input, how, -np.inf)


def max_pool2d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Keep the largest value of each window of each channel.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, H, W) or (C, H, W).
    kernel_size : int or tuple of int
        Size of the window.
    stride : int or tuple of int, optional
        Step from window to window; by default the size of the window.
    padding : int or tuple of int
        Border of -∞, at most half a window.
    dilation : int or tuple of int
        Distance of the entries of a window.
    ceil_mode : bool
        Whether a last window may hang over the far border.

    Returns
    -------
    Tensor
        (N, C, H′, W′) or (C, H′, W′).

    Raises
    ------
    ValueError
        If the window does not fit, or the border is more than half of it.

    Notes
    -----
    Derived in the chapter :ref:`padding_and_stride`.
    """
    how = _windows("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode)
    return _pooled(max_pool, input, how, -np.inf)


def avg_pool1d(
    input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True
):
    """Average each window of sequences; see `avg_pool2d`.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, L) or (C, L).
    kernel_size, stride, padding, ceil_mode, count_include_pad
        As for `avg_pool2d`.

    Returns
    -------
    Tensor
        (N, C, L′) or (C, L′).
    """
    how = _windows("avg_pool1d", 1, input, kernel_size, stride, padding, 1, ceil_mode)
    return _averaged(input, how, padding, count_include_pad)


def avg_pool2d(
    input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True
):
    """Average each window of each channel.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, H, W) or (C, H, W).
    kernel_size, stride, padding, ceil_mode
        As for `max_pool2d`; the border is of zeros.
    count_include_pad : bool
        Whether the zeros of the border count in the average.

    Returns
    -------
    Tensor
        (N, C, H′, W′) or (C, H′, W′).

    Raises
    ------
    ValueError
        As for `max_pool2d`.

    Notes
    -----
    Derived in the chapter :ref:`padding_and_stride`.
    """
    how = _windows("avg_pool2d", 2, input, kernel_size, stride, padding, 1, ceil_mode)
    return _averaged(input, how, padding, count_include_pad)


def _averaged(input, how, padding, count_include_pad):
    """Average over what lies in the image, or in its border too, but not what hangs over it."""
    axes = len(how.size)
    counts = np.ones((1,) * axes)
    for axis, border in enumerate(per_axis("padding", padding, axes, least=0)):
        counted = np.zeros(how.padded[axis])
        edge = 0 if count_include_pad else border
        counted[edge : how.size[axis] + 2 * border - edge] = 1
        starts = np.arange(how.out[axis]) * how.stride[axis]
        sums = [counted[start : start + how.kernel[axis]].sum() for start in starts]
        counts = counts * np.reshape(sums, [-1 if a == axis else 1 for a in range(axes)])
    total = _pooled(sum_pool, input, how, 0)
    return total * (1 / counts).astype(total.dtype)


def adaptive_avg_pool1d(input, output_size):
    """Average sequences in `output_size` windows; see `adaptive_avg_pool2d`.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, L) or (C, L).
    output_size : int
        Length of the result.

    Returns
    -------
    Tensor
        (N, C, output_size) or (C, output_size).
    """
    (size,) = per_axis("adaptive_avg_pool1d: output_size", output_size, 1)
    return input @ _averages(np.shape(input)[-1], size, input.dtype).T


def adaptive_avg_pool2d(input, output_size):
    """Average each channel in windows that fill it, as many as `output_size` says.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, H, W) or (C, H, W).
    output_size : int or tuple of int
        Size of the result.

    Returns
    -------
    Tensor
        ``(N, C, *output_size)`` or ``(C, *output_size)``. Window i of n over a length of L goes
        from ⌊i L / n⌋ to ⌈(i + 1) L / n⌉.

    Raises
    ------
    ValueError
        If `output_size` is not one or two numbers of at least 1.
    """
    rows, columns = per_axis("adaptive_avg_pool2d: output_size", output_size, 2)
    H, W = np.shape(input)[-2:]
    return _averages(H, rows, input.dtype) @ input @ _averages(W, columns, input.dtype).T


def _averages(length, windows, dtype):
    """Make the matrix (windows, length) whose rows average one window each."""
    places, i = np.arange(length), np.arange(windows)[:, None]
    inside = (places >= i * length // windows) & (places < -((i + 1) * length // -windows))
    return (inside / inside.sum(axis=1, keepdims=True)).astype(dtype)
