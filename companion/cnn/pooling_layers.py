"""Pooling as layers, under torch's names."""

from companion.cnn import pooling
from companion.gradients.module import Module


class Pool(Module):
    """Base of the pooling layers: keeps the options, calls the function.

    Parameters
    ----------
    kernel_size : int or tuple of int
        Size of the window.
    stride : int or tuple of int, optional
        Step from window to window; by default the size of the window.
    padding : int or tuple of int
        Border, at most half a window.

    Notes
    -----
    The options are those of `companion.cnn.pooling.max_pool2d` and `avg_pool2d`. Derived in the
    chapter :ref:`padding_and_stride`.
    """

    function = None

    def forward(self, x):
        """Map x: ``(N, C, *size)`` to ``(N, C, *out)``."""
        return type(self).function(x, **self.options)

    def extra_repr(self):
        """Return the options."""
        return ", ".join(f"{name}={value}" for name, value in self.options.items())


class MaxPool(Pool):
    """Base of `MaxPool1d` and `MaxPool2d`."""

    def __init__(self, kernel_size, stride=None, padding=0, dilation=1, *, ceil_mode=False):
        stride = kernel_size if stride is None else stride
        self.options = {"kernel_size": kernel_size, "stride": stride, "padding": padding}
        self.options |= {"dilation": dilation, "ceil_mode": ceil_mode}


class MaxPool1d(MaxPool):
    """The largest value of each window, (N, C, L) → (N, C, L′)."""

    function = staticmethod(pooling.max_pool1d)


class MaxPool2d(MaxPool):
    """The largest value of each window, (N, C, H, W) → (N, C, H′, W′)."""

    function = staticmethod(pooling.max_pool2d)


class AvgPool(Pool):
    """Base of `AvgPool1d` and `AvgPool2d`."""

    def __init__(
        self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True
    ):
        stride = kernel_size if stride is None else stride
        self.options = {"kernel_size": kernel_size, "stride": stride, "padding": padding}
        self.options |= {"ceil_mode": ceil_mode, "count_include_pad": count_include_pad}


class AvgPool1d(AvgPool):
    """The average of each window, (N, C, L) → (N, C, L′)."""

    function = staticmethod(pooling.avg_pool1d)


class AvgPool2d(AvgPool):
    """The average of each window, (N, C, H, W) → (N, C, H′, W′)."""

    function = staticmethod(pooling.avg_pool2d)


class AdaptiveAvgPool(Pool):
    """Base of `AdaptiveAvgPool1d` and `AdaptiveAvgPool2d`.

    Parameters
    ----------
    output_size : int or tuple of int
        Size of the result.
    """

    def __init__(self, output_size):
        self.options = {"output_size": output_size}


class AdaptiveAvgPool1d(AdaptiveAvgPool):
    """Averages over windows that fill a sequence, (N, C, L) → (N, C, output_size)."""

    function = staticmethod(pooling.adaptive_avg_pool1d)


class AdaptiveAvgPool2d(AdaptiveAvgPool):
    """Averages over windows that fill an image, (N, C, H, W) → ``(N, C, *output_size)``."""

    function = staticmethod(pooling.adaptive_avg_pool2d)
