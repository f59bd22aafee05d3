"""Transposed convolution: what sends gradients back through a convolution, used to go forward.

A convolution is a matrix product, out = A x. Its pullback multiplies by Aᵀ and takes arrays of the
size of the output to arrays of the size of the input: it enlarges. Here that map goes forward, so
forward and pullback of `companion.cnn.convolution` change places.
"""

import numpy as np

from companion.cnn import correlation
from companion.cnn.geometry import check_axes, geometry, per_axis
from companion.gradients.tape import primitive


@primitive
def convolve_transposed(x, w, *b, size, stride, padding, dilation, groups=1):
    """Spread each number of x by the kernels. x: (N, C, …), w: (C, O/G, …), b: (O,) → (N, O, …).

    With X the numbers of x, a row for each channel: out = Wᵀ X, each row added at its place.
    Pullbacks, with D̂ the columns of dout: dx = W D̂; dW = X D̂ᵀ; and db, the sum of dout over images
    and places.
    """
    outputs = w.shape[1] * groups
    how = geometry(size, w.shape[2:], stride, padding, dilation)._replace(out=x.shape[2:])
    out = correlation.for_input(x, w, how, groups, outputs)
    for bias in b:
        out = out + bias.reshape(-1, *[1] * len(size))

    return (
        out,
        lambda dout: correlation.correlate(dout, w, how, groups),
        lambda dout: correlation.for_kernels(x, dout, w.shape, how, groups),
        *[correlation.for_bias] * len(b),
    )


def enlarged(name, size, kernel, stride, padding, output_padding, dilation):
    """Work out the size of the output: (n - 1) s - 2p + d (k - 1) + 1 + extra along each axis.

    Parameters
    ----------
    name : str
        Of the layer, for the error.
    size, kernel, stride, padding, output_padding, dilation : tuple of int
        One number for each spatial axis.

    Returns
    -------
    tuple of int
        Size of the output.

    Raises
    ------
    ValueError
        If nothing is left, or the extra is as large as both stride and dilation.

    Notes
    -----
    Derived in the chapter :ref:`kinds_of_convolution`.
    """
    each = zip(size, kernel, stride, padding, output_padding, dilation, strict=True)
    if any(e >= max(s, d) for e, s, d in zip(output_padding, stride, dilation, strict=True)):
        raise ValueError(
            f"{name}: output_padding {output_padding} with stride {stride} and dilation {dilation};"
            " it chooses among the sizes that a stride makes one, so it must be smaller than either"
        )
    out = tuple((n - 1) * s - 2 * p + d * (k - 1) + 1 + e for n, k, s, p, e, d in each)
    if min(out) < 1:
        raise ValueError(
            f"{name}: an input of {size} would give an output of {out}; take less padding"
        )
    return out


def _conv_transpose(axes, input, weight, bias, stride, padding, output_padding, groups, dilation):
    name = f"conv_transpose{axes}d"
    shape, kernels = np.shape(input), np.shape(weight)
    if len(kernels) != axes + 2:
        raise ValueError(f"{name}: weight {kernels} has {len(kernels)} axes; expected {axes + 2}")
    try:
        check_axes(shape, axes)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    if len(shape) == axes + 1:
        options = stride, padding, output_padding, groups, dilation
        return _conv_transpose(axes, input.reshape(1, *shape), weight, bias, *options)[0]
    if shape[1] != kernels[0] or groups < 1 or shape[1] % groups:
        raise ValueError(
            f"{name}: input {shape} has {shape[1]} channels, weight {kernels} expects {kernels[0]}"
            f" in {groups} groups; the first axis of the weight is that of the input's channels"
        )
    if bias is not None and np.shape(bias) != (kernels[1] * groups,):
        raise ValueError(f"{name}: bias {np.shape(bias)}; expected ({kernels[1] * groups},)")
    try:
        stride = per_axis("stride", stride, axes)
        padding = per_axis("padding", padding, axes, least=0)
        dilation = per_axis("dilation", dilation, axes)
        extra = per_axis("output_padding", output_padding, axes, least=0)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    size = enlarged(name, shape[2:], kernels[2:], stride, padding, extra, dilation)
    both = tuple((p, p) for p in padding)
    inputs = (input, weight) if bias is None else (input, weight, bias)
    options = {"stride": stride, "padding": both, "dilation": dilation, "groups": groups}
    return convolve_transposed(*inputs, size=size, **options)


def conv_transpose1d(
    input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1
):
    """Spread kernels along sequences; see `conv_transpose2d`.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, L) or (C, L).
    weight : Tensor or array_like
        (C, O / groups, K).
    bias : Tensor or array_like, optional
        (O,).
    stride, padding, output_padding, groups, dilation
        As for `conv_transpose2d`.

    Returns
    -------
    Tensor
        (N, O, L′) or (O, L′).
    """
    options = stride, padding, output_padding, groups, dilation
    return _conv_transpose(1, input, weight, bias, *options)


def conv_transpose2d(
    input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1
):
    """Put a kernel, times the number there, at every place of images, and add where they overlap.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, H, W), or (C, H, W) for a single image.
    weight : Tensor or array_like
        The kernels, (C, O / groups, K, K): those of the convolution from O to C channels that this
        is the transpose of.
    bias : Tensor or array_like, optional
        (O,).
    stride : int or tuple of int
        Pixels of the output from kernel to kernel.
    padding : int or tuple of int
        Pixels cut away all around.
    output_padding : int or tuple of int
        Rows and columns more at the far border, fewer than `stride` or `dilation`.
    groups : int
        Groups of channels that do not mix.
    dilation : int or tuple of int
        Pixels between the entries of the kernel.

    Returns
    -------
    Tensor
        (N, O, H′, W′) or (O, H′, W′), with H′ = (H - 1) s - 2p + d (K - 1) + 1 + output_padding.

    Raises
    ------
    ValueError
        If shapes or options do not fit.

    Notes
    -----
    Derived in the chapter :ref:`kinds_of_convolution`.
    """
    options = stride, padding, output_padding, groups, dilation
    return _conv_transpose(2, input, weight, bias, *options)
