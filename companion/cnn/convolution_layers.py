"""Convolution as layers with weights, under torch's names."""

from math import prod

from companion.cnn.convolution import check_groups, conv1d, conv2d, conv3d
from companion.cnn.geometry import borders, per_axis
from companion.gradients.initialization import fan_in_uniform
from companion.gradients.module import Module, Parameter
from companion.gradients.shaping import pad

MODES = {"zeros", "reflect", "replicate", "circular"}


class Conv(Module):
    """Base of `Conv1d`, `Conv2d` and `Conv3d`, which say how many axes the kernel slides along.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels C of the input, and number O of kernels.
    kernel_size, stride, dilation : int or tuple of int
        Size of the kernel, step from place to place, distance between its entries.
    padding : {"valid", "same"} or int or tuple of int
        Border; "same" keeps the size and needs an odd kernel.
    groups : int
        Groups of channels; each kernel sees its own only.
    bias : bool
        Whether to add a number for each kernel.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the border is made of.

    Raises
    ------
    ValueError
        If the groups do not divide both numbers of channels, or an option makes no sense.
    TypeError
        If a number is not whole.

    Notes
    -----
    ``weight`` is ``(O, C / groups, *kernel)``, ``bias`` is (O,); both start uniform in ±1/√D with D
    the inputs of one output, as in torch. Derived in the chapter :ref:`convolution`.
    """

    axes, function = 0, None

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        bias=True,
        padding_mode="zeros",
    ):
        name = type(self).__name__
        if padding_mode not in MODES:
            raise ValueError(
                f"{name}: padding_mode {padding_mode!r}; choose one of {sorted(MODES)}"
            )
        try:
            (in_channels,) = per_axis("in_channels", in_channels, 1)
            (out_channels,) = per_axis("out_channels", out_channels, 1)
            check_groups(groups, in_channels, out_channels)
            self.kernel_size = per_axis("kernel_size", kernel_size, self.axes)
            self.stride = per_axis("stride", stride, self.axes)
            self.dilation = per_axis("dilation", dilation, self.axes)
            self.borders = borders(padding, self.kernel_size, self.stride, self.dilation)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{name}: {error}") from None
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.padding, self.padding_mode = padding, padding_mode
        shape = (out_channels, in_channels // groups, *self.kernel_size)
        self.weight = Parameter(fan_in_uniform(shape, prod(shape[1:])))
        self.bias = Parameter(fan_in_uniform(out_channels, prod(shape[1:]))) if bias else None

    def forward(self, x):
        """Map x: ``(N, C, *size)`` to ``(N, O, *out)``."""
        padding = tuple(before for before, _ in self.borders)
        if self.padding_mode != "zeros":
            widths = [w for pair in reversed(self.borders) for w in pair]
            x, padding = pad(x, pad=widths, mode=self.padding_mode), 0
        options = padding, self.dilation, self.groups
        return type(self).function(x, self.weight, self.bias, self.stride, *options)

    def extra_repr(self):
        """Return the sizes."""
        return (
            f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, "
            f"stride={self.stride}, padding={self.padding}, dilation={self.dilation}, "
            f"groups={self.groups}"
        )


class Conv1d(Conv):
    """Kernels that slide along sequences, (N, C, L) → (N, O, L′); see `Conv`."""

    axes, function = 1, staticmethod(conv1d)


class Conv2d(Conv):
    """Kernels that slide over images, (N, C, H, W) → (N, O, H′, W′); see `Conv`."""

    axes, function = 2, staticmethod(conv2d)


class Conv3d(Conv):
    """Kernels that slide through volumes, (N, C, D, H, W) → (N, O, D′, H′, W′); see `Conv`."""

    axes, function = 3, staticmethod(conv3d)
