"""Unfolding writes out what a sliding window meets; folding adds it back to where it came from."""

from math import prod

import numpy as np

from companion.cnn.geometry import geometry, per_axis
from companion.gradients.module import Module
from companion.gradients.tape import primitive


@primitive
def unfolded(x, *, how):
    """Write every window out as a column. x: ``(N, C, *size)`` → (N, C · K, places).

    Pullback: each number added back at the place it came from (`folded`).
    """
    return _unfold(x, how), lambda dout: _fold(dout, how)


@primitive
def folded(columns, *, how):
    """Add every number at its place. columns: (N, C · K, places) → ``(N, C, *size)``.

    Pullback: each window of dout as a column (`unfolded`).
    """
    return _fold(columns, how), lambda dout: _unfold(dout, how)


def _unfold(x, how):
    inner = np.zeros((*x.shape[:2], *how.padded), x.dtype)
    inner[:, :, *how.inside] = x
    out = np.empty((*x.shape[:2], prod(how.kernel), *how.out), x.dtype)
    for k, place in enumerate(how.places()):
        out[:, :, k] = inner[:, :, *place]
    return out.reshape(len(x), x.shape[1] * prod(how.kernel), prod(how.out))


def _fold(columns, how):
    N, K = len(columns), prod(how.kernel)
    table = columns.reshape(N, columns.shape[1] // K, K, *how.out)
    inner = np.zeros((*table.shape[:2], *how.padded), columns.dtype)
    for k, place in enumerate(how.places()):
        inner[:, :, *place] += table[:, :, k]
    return inner[:, :, *how.inside]


def _windows(name, size, kernel_size, dilation, padding, stride):
    try:
        kernel = per_axis("kernel_size", kernel_size, 2)
        stride, dilation = per_axis("stride", stride, 2), per_axis("dilation", dilation, 2)
        both = tuple((p, p) for p in per_axis("padding", padding, 2, least=0))
        return geometry(size, kernel, stride, both, dilation)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    """Write every window of images out as a column.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, H, W), or (C, H, W) for a single image.
    kernel_size, dilation, stride : int or tuple of int
        Size of the window, distance of its entries, step from window to window.
    padding : int or tuple of int
        Border of zeros.

    Returns
    -------
    Tensor
        (N, C · K · K, places) or (C · K · K, places): channel by channel, row by row.

    Raises
    ------
    ValueError
        If the input has other axes or the window does not fit.

    Notes
    -----
    Known as im2col. Derived in the chapter :ref:`kinds_of_convolution`.
    """
    shape = np.shape(input)
    if len(shape) not in (3, 4):
        raise ValueError(f"unfold: input {shape} has {len(shape)} axes; expected (N, C, H, W)")
    how = _windows("unfold", shape[-2:], kernel_size, dilation, padding, stride)
    if len(shape) == 3:
        return unfolded(input.reshape(1, *shape), how=how)[0]
    return unfolded(input, how=how)


def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """Add columns up to images, each number at the place from which `unfold` would take it.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C · K · K, places), or (C · K · K, places) for a single image.
    output_size : int or tuple of int
        H and W of the images.
    kernel_size, dilation, stride, padding
        As for `unfold`.

    Returns
    -------
    Tensor
        (N, C, H, W) or (C, H, W). Where windows overlap the numbers are added, not averaged.

    Raises
    ------
    ValueError
        If the numbers of rows or columns do not fit size and window.

    Notes
    -----
    Known as col2im. Derived in the chapter :ref:`kinds_of_convolution`.
    """
    shape = np.shape(input)
    if len(shape) not in (2, 3):
        raise ValueError(f"fold: input {shape} has {len(shape)} axes; expected (N, C·K·K, places)")
    size = per_axis("fold: output_size", output_size, 2)
    how = _windows("fold", size, kernel_size, dilation, padding, stride)
    K, P = prod(how.kernel), prod(how.out)
    if shape[-2] % K:
        raise ValueError(f"fold: {shape[-2]} rows; a window of {how.kernel} needs {K} per channel")
    if shape[-1] != P:
        raise ValueError(
            f"fold: {shape[-1]} columns; an image of {size} has {' × '.join(map(str, how.out))} = "
            f"{P} windows"
        )
    if len(shape) == 2:
        return folded(input.reshape(1, *shape), how=how)[0]
    return folded(input, how=how)


class Unfold(Module):
    """Every window as a column, (N, C, H, W) → (N, C · K · K, places); see `unfold`.

    Parameters
    ----------
    kernel_size, dilation, padding, stride : int or tuple of int
        As for `unfold`.
    """

    def __init__(self, kernel_size, dilation=1, padding=0, stride=1):
        self.options = {"kernel_size": kernel_size, "dilation": dilation}
        self.options |= {"padding": padding, "stride": stride}

    def forward(self, x):
        """Map x: (N, C, H, W) to its windows."""
        return unfold(x, **self.options)

    def extra_repr(self):
        """Return the options."""
        return ", ".join(f"{name}={value}" for name, value in self.options.items())


class Fold(Unfold):
    """Columns added up to images, (N, C · K · K, places) → (N, C, H, W); see `fold`.

    Parameters
    ----------
    output_size : int or tuple of int
        H and W of the images.
    kernel_size, dilation, padding, stride : int or tuple of int
        As for `unfold`.
    """

    def __init__(self, output_size, kernel_size, dilation=1, padding=0, stride=1):
        super().__init__(kernel_size, dilation, padding, stride)
        self.options = {"output_size": output_size, **self.options}

    def forward(self, x):
        """Map the columns x to images."""
        return fold(x, **self.options)
