"""Convolution in one, two and three dimensions: a kernel slides, at each place one dot product.

The input, shifted as the kernel asks, is written out as a table (`companion.cnn.columns`). Then the
convolution is a matrix product of kernels and table (`companion.cnn.correlation`).
"""

import numpy as np

from companion.cnn.correlation import correlate, for_bias, for_input, for_kernels
from companion.cnn.geometry import borders, check_axes, geometry, per_axis
from companion.gradients.tape import primitive


@primitive
def convolve(x, w, *b, stride, padding, dilation, groups=1):
    """Correlate x with each kernel. x: (N, C, …), w: (O, C/G, …), b: (O,) → (N, O, …).

    With X̂ the columns of x: out = W X̂ + b. Pullbacks: dx from dout and the kernels turned over
    (`companion.cnn.correlation`), dW = dout X̂ᵀ, and db, the sum of dout over images and places.
    """
    how = geometry(x.shape[2:], w.shape[2:], stride, padding, dilation)
    out = correlate(x, w, how, groups).astype(np.result_type(x, w, *b), copy=False)
    for bias in b:
        out += bias.reshape(-1, *[1] * len(how.out))

    return (
        out,
        lambda dout: for_input(dout, w, how, groups, x.shape[1]),
        lambda dout: for_kernels(dout, x, w.shape, how, groups),
        *[for_bias] * len(b),
    )


def _conv(axes, input, weight, bias, stride, padding, dilation, groups):
    name = f"conv{axes}d"
    input, weight = (v if hasattr(v, "ndim") else np.asarray(v) for v in (input, weight))
    try:
        if input.ndim == axes + 1:
            _check(axes, (1, *input.shape), weight.shape, bias, groups)
        else:
            _check(axes, input.shape, weight.shape, bias, groups)
        stride = per_axis("stride", stride, axes)
        dilation = per_axis("dilation", dilation, axes)
        padding = borders(padding, weight.shape[2:], stride, dilation)
        geometry(input.shape[-axes:], weight.shape[2:], stride, padding, dilation)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}: {error}") from None
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    inputs = (weight,) if bias is None else (weight, bias)
    slide = convolve if axes > 1 else _along
    if input.ndim == axes + 1:
        return slide(input.reshape(1, *input.shape), *inputs, **options)[0]
    return slide(input, *inputs, **options)


def _along(input, weight, *bias, stride, padding, dilation, groups):
    """Treat sequences as images of height 1."""
    image = input.reshape(*input.shape[:2], 1, input.shape[2])
    kernels = weight.reshape(*weight.shape[:2], 1, weight.shape[2])
    stride, padding, dilation = (1, *stride), ((0, 0), *padding), (1, *dilation)
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    return convolve(image, kernels, *bias, **options)[:, :, 0]


def _check(axes, shape, kernels, bias, groups):
    if len(kernels) != axes + 2:
        raise ValueError(
            f"weight {kernels} has {len(kernels)} axes; expected {axes + 2}: kernels, channels, "
            "and the size of a kernel"
        )
    if min(kernels) < 1:
        raise ValueError(f"weight {kernels} is empty; expected at least 1 along each axis")
    check_axes(shape, axes)
    channels, (outputs, each) = shape[1], kernels[:2]
    check_groups(groups, channels, outputs)
    if channels != each * groups:
        raise ValueError(
            f"input {shape} has {channels} channels, weight {kernels} expects {each * groups}"
            f"{_advice(shape, each * groups)}"
        )
    if bias is not None and np.shape(bias) != (outputs,):
        raise ValueError(
            f"bias {np.shape(bias)}; expected ({outputs},), one number for each kernel"
        )


def check_groups(groups, channels, outputs):
    """Complain if groups do not divide the channels and the kernels.

    Parameters
    ----------
    groups : int
        Number of groups.
    channels, outputs : int
        Numbers of channels and of kernels.

    Raises
    ------
    ValueError
        If they do not.
    TypeError
        If `groups` is not a whole number.
    """
    if not hasattr(groups, "__index__"):
        raise TypeError(f"groups {groups!r}: expected a whole number")
    if groups < 1 or channels % groups or outputs % groups:
        raise ValueError(
            f"{groups} groups do not divide {channels} channels and {outputs} kernels; "
            "take a number that divides both"
        )


def _advice(shape, expected):
    """Say what to do about channels that do not fit."""
    if shape[-1] == expected:
        return "; the channels seem to stand last: move them behind the images"
    return "; the axes are images, channels, then the size"


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Slide kernels along sequences; see `conv2d`.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, L) or (C, L).
    weight : Tensor or array_like
        (O, C / groups, K).
    bias : Tensor or array_like, optional
        (O,).
    stride, padding, dilation, groups
        As for `conv2d`.

    Returns
    -------
    Tensor
        (N, O, L′) or (O, L′).
    """
    return _conv(1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Slide kernels over images: at each place the dot product of kernel and image, plus a bias.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, H, W), or (C, H, W) for a single image.
    weight : Tensor or array_like
        The kernels, (O, C / groups, K, K).
    bias : Tensor or array_like, optional
        (O,).
    stride : int or tuple of int
        Pixels from place to place.
    padding : {"valid", "same"} or int or tuple of int
        Border of zeros around the image; "same" keeps its size and needs an odd kernel.
    dilation : int or tuple of int
        Pixels between the entries of the kernel.
    groups : int
        The channels and the kernels are dealt into as many groups; each kernel sees its own only.

    Returns
    -------
    Tensor
        (N, O, H′, W′) or (O, H′, W′), with H′ = ⌊(H + 2p - d (K - 1) - 1) / s⌋ + 1.

    Raises
    ------
    ValueError
        If shapes do not fit, groups do not divide, or the kernel is larger than the image.
    TypeError
        If an option is not made of whole numbers.

    Notes
    -----
    As in all libraries the kernel is not turned over: mathematicians call this cross-correlation.
    Derived in the chapter :ref:`convolution`.
    """
    return _conv(2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Slide kernels through volumes; see `conv2d`.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, D, H, W) or (C, D, H, W).
    weight : Tensor or array_like
        (O, C / groups, K, K, K).
    bias : Tensor or array_like, optional
        (O,).
    stride, padding, dilation, groups
        As for `conv2d`.

    Returns
    -------
    Tensor
        (N, O, D′, H′, W′) or (O, D′, H′, W′).
    """
    return _conv(3, input, weight, bias, stride, padding, dilation, groups)
