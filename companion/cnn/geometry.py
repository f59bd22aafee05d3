"""Where a kernel goes: the sizes of input, border, kernel and output, and every place it meets."""

from itertools import product
from operator import index
from typing import NamedTuple


class Geometry(NamedTuple):
    """Sizes, steps and borders of a sliding kernel, a number for each spatial axis.

    Attributes
    ----------
    size, kernel, out : tuple of int
        Of the input without border, of the kernel, and of the output.
    stride, dilation : tuple of int
        Steps from place to place, and between the entries of the kernel.
    padding : tuple of (int, int)
        Border before and after each axis.
    """

    size: tuple
    kernel: tuple
    out: tuple
    stride: tuple
    dilation: tuple
    padding: tuple

    def places(self):
        """Yield, for each entry of the kernel, the slices of the padded input that it meets."""
        for at in product(*map(range, self.kernel)):
            starts = [k * d for k, d in zip(at, self.dilation, strict=True)]
            yield tuple(
                slice(first, first + s * (n - 1) + 1, s)
                for first, s, n in zip(starts, self.stride, self.out, strict=True)
            )

    @property
    def padded(self):
        """Size of the input with its border."""
        return tuple(n + a + b for n, (a, b) in zip(self.size, self.padding, strict=True))

    @property
    def inside(self):
        """Where the input lies within its border."""
        return tuple(slice(a, a + n) for n, (a, _) in zip(self.size, self.padding, strict=True))


def per_axis(name, value, axes, least=1):
    """Write an option out for each spatial axis: 3 → (3, 3).

    Parameters
    ----------
    name : str
        Of the option, for the error.
    value : int or sequence of int
        One number for all axes, or one for each.
    axes : int
        Number of spatial axes.
    least : int
        The smallest number that makes sense.

    Returns
    -------
    tuple of int
        One number for each axis.

    Raises
    ------
    ValueError
        If there are not as many numbers as axes, or one is too small.
    TypeError
        If they are not whole numbers.
    """
    try:
        values = (index(value),)
    except TypeError:
        try:
            values = tuple(index(v) for v in value)
        except TypeError:
            many = f", or {axes} of them, one for each axis" if axes > 1 else ""
            raise TypeError(f"{name} {value!r}: expected a whole number{many}") from None
    if len(values) == 1:
        values *= axes
    if len(values) != axes:
        raise ValueError(f"{name} {value} has {len(values)} numbers; expected 1 or {axes}")
    if min(values) < least:
        raise ValueError(f"{name} {value}: expected numbers of at least {least}")
    return values


def check_axes(shape, axes):
    """Complain if an input has other axes than images, channels and those of the kernel.

    Parameters
    ----------
    shape : tuple of int
        Of the input.
    axes : int
        Number of spatial axes.

    Raises
    ------
    ValueError
        If there are not `axes` + 2, or one fewer for a single image.
    """
    if len(shape) not in (axes + 1, axes + 2):
        raise ValueError(
            f"input {shape} has {len(shape)} axes; expected {axes + 2}, images and channels first, "
            f"or {axes + 1} for a single one"
        )


def borders(padding, kernel, stride, dilation):
    """Write a padding out as numbers before and after each axis.

    Parameters
    ----------
    padding : {"valid", "same"} or int or sequence of int
        No border; one that keeps the size; or its width at both ends of each axis.
    kernel, stride, dilation : tuple of int
        One number for each axis.

    Returns
    -------
    tuple of (int, int)
        Widths before and after each axis.

    Raises
    ------
    ValueError
        If the padding is unknown or negative, or if ``"same"`` meets a stride other than 1 or a
        kernel that has no middle.
    """
    if not isinstance(padding, str):
        return tuple((p, p) for p in per_axis("padding", padding, len(kernel), least=0))
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if padding != "same":
        raise ValueError(f"padding {padding!r}: expected 'valid', 'same' or numbers")
    if any(s != 1 for s in stride):
        raise ValueError(
            f"padding 'same' with stride {stride}: only stride 1 keeps the size; give the border as"
            " a number"
        )
    reach = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    if any(r % 2 for r in reach):
        raise ValueError(
            f"padding 'same' with a kernel of {kernel}: an even kernel has no middle; take an odd "
            "one, or make the border with pad"
        )
    return tuple((r // 2, r // 2) for r in reach)


def geometry(size, kernel, stride, padding, dilation):
    """Work out the size of the output: ⌊(n + a + b - d (k - 1) - 1) / s⌋ + 1 along each axis.

    Parameters
    ----------
    size, kernel, stride, dilation : tuple of int
        One number for each spatial axis.
    padding : tuple of (int, int)
        Border before and after each axis.

    Returns
    -------
    Geometry
        All of it.

    Raises
    ------
    ValueError
        If the kernel does not fit into the input with its border.

    Notes
    -----
    Derived in the chapter :ref:`padding_and_stride`.
    """
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    room = [n + a + b for n, (a, b) in zip(size, padding, strict=True)]
    if any(r > n for r, n in zip(reach, room, strict=True)):
        raise ValueError(
            f"a kernel that reaches over {tuple(reach)} does not fit into an input of {tuple(room)}"
            ", border included; take a smaller kernel, less dilation or more padding"
        )
    out = tuple((n - r) // s + 1 for n, r, s in zip(room, reach, stride, strict=True))
    return Geometry(tuple(size), tuple(kernel), out, tuple(stride), tuple(dilation), padding)
