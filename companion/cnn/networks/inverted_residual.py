"""The inverted residual: widen, filter each channel by itself, narrow again, and add the input."""

from functools import cache

from companion.cnn.networks.combining import added
from companion.cnn.networks.normalized import normalized


def inverted_residual(nn, channels, out, *, widening=6, kernel=3, stride=1, **norm):
    """Make an inverted residual.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels, out : int
        Channels C of the input and O of the output, both narrow.
    widening : int
        The depthwise convolution in the middle works on t · C channels; with 1 there is no
        convolution before it.
    kernel, stride : int
        Of the depthwise convolution; the kernel is odd.
    **norm
        ``eps`` and ``momentum`` of the batch normalizations.

    Returns
    -------
    Module
        (N, C, H, W) → (N, O, ⌈H / stride⌉, ⌈W / stride⌉). The input is added where the shapes allow
        it. The last convolution has no activation.

    Raises
    ------
    ValueError
        If the widening is below 1 or the kernel is even.

    Notes
    -----
    Sandler et al. (2018), table 1. Derived in the chapter :ref:`compact`.
    """
    if widening < 1 or kernel % 2 == 0:
        raise ValueError(
            f"inverted_residual: widening {widening}, kernel {kernel}; expected a widening of at "
            "least 1 and an odd kernel"
        )
    wide = channels * widening
    widen = filtered(nn, channels, wide, 1, **norm) if widening > 1 else []
    block = nn.Sequential(
        *widen,
        *filtered(nn, wide, wide, kernel, stride, groups=wide, **norm),
        *normalized(nn, wide, out, **norm),  # narrow, without an activation
    )
    return added(nn, nn.Identity(), block) if stride == 1 and channels == out else block


def filtered(nn, channels, out, kernel, stride=1, groups=1, **norm):
    """Make a convolution, its batch normalization and the activation `relu6`.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    channels, out, kernel, stride, groups : int
        Of the convolution, which has no bias and half a kernel as border.
    **norm
        ``eps`` and ``momentum`` of the batch normalization.

    Returns
    -------
    list of Module
        The three layers.
    """
    return [*normalized(nn, channels, out, kernel, stride, groups, **norm), relu6(nn)]


def relu6(nn):
    """Make the activation min(max(z, 0), 6), which keeps numbers small for 8-bit arithmetic.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.

    Returns
    -------
    Module
        Elementwise; same shape.
    """
    return _relu6(nn)()


@cache
def _relu6(nn):
    class ReLU6(nn.Module):
        """Elementwise min(max(z, 0), 6)."""

        def forward(self, z):
            """Apply to each value; same shape."""
            return z.clip(0, 6)

    return ReLU6
