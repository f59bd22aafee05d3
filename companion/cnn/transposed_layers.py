"""Transposed convolution as layers with weights, under torch's names."""

from math import prod

from companion.cnn.convolution import check_groups
from companion.cnn.geometry import per_axis
from companion.cnn.transposed import conv_transpose1d, conv_transpose2d
from companion.gradients.initialization import fan_in_uniform
from companion.gradients.module import Module, Parameter


class ConvTranspose(Module):
    """Base of `ConvTranspose1d` and `ConvTranspose2d`, which say along how many axes they enlarge.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels C of the input and O of the output.
    kernel_size, stride, dilation : int or tuple of int
        Size of the kernel, step from kernel to kernel in the output, distance of its entries.
    padding, output_padding : int or tuple of int
        Pixels cut away all around, and pixels more at the far border.
    groups : int
        Groups of channels that do not mix.
    bias : bool
        Whether to add a number for each output channel.

    Raises
    ------
    ValueError
        If the groups do not divide both numbers of channels, or an option makes no sense.

    Notes
    -----
    ``weight`` is ``(C, O / groups, *kernel)``, ``bias`` is (O,); both start uniform in ±1/√D with D
    the number of entries of ``weight[0]``, as in torch. Derived in the chapter
    :ref:`kinds_of_convolution`.
    """

    axes, function = 0, None

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        output_padding=0,
        groups=1,
        bias=True,
        dilation=1,
    ):
        name = type(self).__name__
        try:
            check_groups(groups, in_channels, out_channels)
            self.kernel_size = per_axis("kernel_size", kernel_size, self.axes)
            self.stride = per_axis("stride", stride, self.axes)
            self.dilation = per_axis("dilation", dilation, self.axes)
            self.padding = per_axis("padding", padding, self.axes, least=0)
            self.output_padding = per_axis("output_padding", output_padding, self.axes, least=0)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        shape = (in_channels, out_channels // groups, *self.kernel_size)
        self.weight = Parameter(fan_in_uniform(shape, prod(shape[1:])))
        self.bias = Parameter(fan_in_uniform(out_channels, prod(shape[1:]))) if bias else None

    def forward(self, x):
        """Map x: ``(N, C, *size)`` to ``(N, O, *out)``."""
        options = self.padding, self.output_padding, self.groups, self.dilation
        return type(self).function(x, self.weight, self.bias, self.stride, *options)

    def extra_repr(self):
        """Return the sizes."""
        return (
            f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, "
            f"stride={self.stride}, padding={self.padding}, output_padding={self.output_padding}, "
            f"groups={self.groups}"
        )


class ConvTranspose1d(ConvTranspose):
    """Kernels spread along sequences, (N, C, L) → (N, O, L′); see `ConvTranspose`."""

    axes, function = 1, staticmethod(conv_transpose1d)


class ConvTranspose2d(ConvTranspose):
    """Kernels spread over images, (N, C, H, W) → (N, O, H′, W′); see `ConvTranspose`."""

    axes, function = 2, staticmethod(conv_transpose2d)
