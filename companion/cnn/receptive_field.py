"""What one output of a network sees: the part of the image that its layers let through to it."""

from math import inf
from typing import NamedTuple

from companion.cnn.geometry import borders, per_axis
from companion.tables import table

CONVOLUTIONS = {"Conv1d", "Conv2d", "Conv3d"}
POOLS = {"MaxPool1d", "MaxPool2d", "AvgPool1d", "AvgPool2d"}
ADAPTIVE = {"AdaptiveAvgPool1d", "AdaptiveAvgPool2d"}
STACKS, BRANCHES = {"Sequential"}, {"Added", "Joined"}
WHOLE = {"Linear", "GroupNorm", "LayerNorm", "InstanceNorm1d", "InstanceNorm2d"}
"""Their outputs depend on all places of the map that comes in."""
ENTRYWISE = {
    *("Identity", "Flatten", "BatchNorm1d", "BatchNorm2d", "BatchNorm3d"),
    *("Dropout", "Dropout1d", "Dropout2d", "AlphaDropout"),
    *("ReLU", "ReLU6", "LeakyReLU", "PReLU", "ELU", "SELU", "GELU", "SiLU"),
    *("Sigmoid", "Tanh", "Softplus"),
}


class Field(NamedTuple):
    """What the numbers of a map see, a number for each spatial axis of the input.

    Attributes
    ----------
    size : tuple of int
        Pixels from the first to the last that one number sees; infinity for a whole input of
        unknown size.
    jump : tuple of int
        Pixels from the first that a number sees to the first that its neighbour sees.
    start : tuple of int
        The first pixel that the first number sees; below 0 it lies in the border.
    places : tuple of int or None
        Size of the map, if the size of the input is known.
    """

    size: tuple
    jump: tuple
    start: tuple
    places: tuple | None = None

    def at(self, *place):
        """Slices of the input, border left out, between which the number at `place` sees."""
        ends = zip(place, self.size, self.jump, self.start, strict=True)
        return tuple(
            slice(max(0, a + i * j), None if r == inf else max(0, a + i * j + r))
            for i, r, j, a in ends
        )


class Window(NamedTuple):
    """Kernel, stride, dilation and border before each axis, in tuples."""

    kernel: tuple
    stride: tuple
    dilation: tuple
    padding: tuple


class Row(NamedTuple):
    """A layer: its name and kind, its window or None, and what is seen before and after it."""

    name: str
    kind: str
    window: Window | None
    before: Field
    after: Field


class Fields(list):
    """A `Row` for each layer; printed, a table that works out every line of it."""

    @property
    def field(self):
        """What one number at the end of the network sees."""
        return self[-1].after

    def __repr__(self):
        header = ("layer", "", "k", "s", "d", "p", "sees", "jump", "from")
        return table([header, *map(_explained, self)])


def receptive_field(model, axes=2, size=None):
    """Work out, layer by layer, what one number sees of the input.

    Parameters
    ----------
    model : Module
        A layer, a ``Sequential``, or what `companion.cnn.networks.combining.added` and `joined`
        make, nested at will; of this engine or of torch.
    axes : int
        Spatial axes of the input: 2 for images, 1 for sequences.
    size : int or tuple of int, optional
        Size of the input; needed for adaptive pooling to more than one place.

    Returns
    -------
    Fields
        A row for each layer. ``[…].field`` is the `Field` of the last.

    Raises
    ------
    TypeError
        If there is no rule for a layer.
    ValueError
        If branches that meet have different jumps, a size is missing, or an adaptive window has no
        single width.

    Notes
    -----
    r ← r + d (k - 1) j, start ← start - p j, then j ← s j. Branches that meet see together what
    each of them sees. The size is an extent: a dilated kernel leaves holes in it, and so does a
    step longer than the kernel before it. See Araujo, Norris & Sim (2019),
    doi:10.23915/distill.00021. Derived in the chapter :ref:`receptive_field`.
    """
    places = None if size is None else per_axis("receptive_field: size", size, axes)
    one = (1,) * axes
    return Fields(_rows(model, "", Field(one, one, (0,) * axes, places)))


def _rows(layer, name, field):
    """List the rows of a layer and of all within it."""
    kind = type(layer).__name__
    if kind in STACKS:
        rows = []
        for k, child in enumerate(layer):
            before = rows[-1].after if rows else field
            rows += _rows(child, _joined(name, k), before)
        return rows or [Row(name, kind, None, field, field)]
    if kind in BRANCHES:
        parts = [_rows(child, _joined(name, k), field) for k, child in enumerate(layer)]
        ends = [part[-1].after for part in parts]
        rows = [row for part in parts for row in part]
        return [*rows, Row(name, kind, None, field, _together(name or kind, ends))]
    window = None if field.size == (inf,) * len(field.size) else _window(layer, name, field)
    return [Row(name, kind, window, field, field if window is None else behind(field, window))]


def _joined(name, k):
    return f"{name}.{k}" if name else str(k)


def behind(field, window):
    """Go one layer further: what the numbers behind a window see.

    Parameters
    ----------
    field : Field
        What the numbers before it see.
    window : Window
        Kernel, stride, dilation, padding; a kernel of infinity covers the whole map.

    Returns
    -------
    Field
        r + d (k - 1) j, s j and start - p j along each axis.
    """
    each = list(zip(*field[:3], *window, strict=True))
    size = tuple(inf if k == inf else r + d * (k - 1) * j for r, j, _, k, _, d, _ in each)
    jump = tuple(j if s == inf else s * j for _, j, _, _, s, _, _ in each)
    start = tuple(0 if k == inf else a - p * j for _, j, a, k, _, _, p in each)
    places = None
    if field.places is not None:
        rest = zip(field.places, *window, strict=True)
        places = tuple((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, d, p in rest)
    return Field(size, jump, start, places)


def _window(layer, name, field):
    """Read the window of a layer, or None for one that goes number by number."""
    kind, axes = type(layer).__name__, len(field.size)
    one, none = (1,) * axes, (0,) * axes
    if kind in ENTRYWISE:
        return None
    if kind in WHOLE:
        everything = field.places or (inf,) * axes
        return Window(everything, one, one, none)
    if kind in ADAPTIVE:
        return _adaptive(per_axis(kind, _option(layer, "output_size"), axes), name or kind, field)
    if kind not in CONVOLUTIONS | POOLS:
        raise TypeError(
            f"receptive_field: no rule for {name or 'the model'}, a {kind}; build it of layers with"
            " Sequential, added and joined, or look at its parts"
        )
    if _option(layer, "ceil_mode", False) and field.places is not None:
        raise ValueError(f"receptive_field: {name or kind} rounds up; leave size out")
    kernel, stride, dilation = (
        per_axis(what, _option(layer, what, 1), axes)
        for what in ("kernel_size", "stride", "dilation")
    )
    border = borders(_option(layer, "padding"), kernel, stride, dilation)
    return Window(kernel, stride, dilation, tuple(before for before, _ in border))


def _option(layer, name, default=None):
    """Read an option of a layer of either engine."""
    return getattr(layer, "options", {}).get(name, getattr(layer, name, default))


def _adaptive(output, name, field):
    one, none = (1,) * len(output), (0,) * len(output)
    if field.places is None:
        if output != one:
            raise ValueError(f"receptive_field: the windows of {name} depend on the size; give it")
        return Window((inf,) * len(output), one, one, none)
    if any(n % o for n, o in zip(field.places, output, strict=True)):
        raise ValueError(
            f"receptive_field: {name} puts {field.places} places into {output} windows that are "
            "not equal; choose a size that they divide"
        )
    kernel = tuple(n // o for n, o in zip(field.places, output, strict=True))
    return Window(kernel, kernel, one, none)


def _together(name, fields):
    """Unite what branches see that meet."""
    if len({field.jump for field in fields}) > 1:
        jumps = ", ".join(str(field.jump) for field in fields)
        raise ValueError(f"receptive_field: the branches of {name} have jumps {jumps}; not equal")
    start = tuple(map(min, zip(*(f.start for f in fields), strict=True)))
    ends = [tuple(a + r for a, r in zip(f.start, f.size, strict=True)) for f in fields]
    size = tuple(max(e) - a for e, a in zip(zip(*ends, strict=True), start, strict=True))
    return Field(size, fields[0].jump, start, fields[0].places)


def _explained(row):
    """Write a row of the table: options, and each number with how it comes about."""
    (r, j, a, _), (new, ahead, first, _) = row.before, row.after
    if row.window is None:
        return (row.name, row.kind, *[""] * 4, _text(new), _text(ahead), _text(first))
    k, s, d, p = row.window
    axes = range(len(new))
    sees = [
        "all" if new[i] == inf else f"{r[i]} + {f'{d[i]}·' if d[i] > 1 else ''}({k[i]}-1)·{j[i]}"
        f" = {new[i]}"
        for i in axes
    ]
    jump = [f"{s[i]}·{j[i]} = {ahead[i]}" if s[i] > 1 else str(j[i]) for i in axes]
    start = [f"{a[i]} - {p[i]}·{j[i]} = {first[i]}" if p[i] else str(first[i]) for i in axes]
    options = [_text(numbers) for numbers in row.window]
    return (row.name, row.kind, *options, *map(_text, (sees, jump, start)))


def _text(values):
    """Write one value if all axes have the same, otherwise all of them."""
    values = ["all" if v == inf else str(v) for v in values]
    return values[0] if len(set(values)) == 1 else ", ".join(values)
