"""How each kind of layer changes the shape of what passes through, as a formula with its numbers.

A rule takes a layer, the shape of its input without the axis of images, and what to call the layer
in an error; it returns a formula and the shape that comes out.
"""

from math import floor, prod

from companion.cnn.geometry import borders, per_axis


class Misfit(ValueError):
    """A layer that cannot take what it gets.

    Parameters
    ----------
    text : str
        The layer, what it gets, and what would fit.
    by_size : bool
        Whether another size of the images could help.
    """

    def __init__(self, text, by_size=False):
        super().__init__(text)
        self.by_size = by_size


def keeps(layer, shape, where):
    """Return the shape as it is: activations, dropout, normalization."""
    return "keeps the shape", shape


def channels(name):
    """Make the rule of a layer that keeps the shape but expects a number of channels.

    Parameters
    ----------
    name : str
        Attribute that holds the number.

    Returns
    -------
    callable
        The rule.
    """

    def rule(layer, shape, where):
        expected = getattr(layer, name)
        if shape[0] != expected:
            raise Misfit(f"{where} gets {shape[0]} channels and expects {expected}; change {name}")
        return "keeps the shape", shape

    return rule


def conv(layer, shape, where):
    """Slide kernels: ⌊(n + 2p - d (k - 1) - 1) / s⌋ + 1 along each axis."""
    kernel, stride, dilation = layer.kernel_size, layer.stride, layer.dilation
    _check(shape, len(kernel), where)
    _check_channels(layer, shape, where)
    if layer.padding == "same":
        return "padding 'same' keeps the size", (layer.out_channels, *shape[1:])
    border = [before for before, _ in borders(layer.padding, kernel, stride, dilation)]
    formula, out = _slid(shape[1:], kernel, stride, border, dilation, where)
    return formula, (layer.out_channels, *out)


def pool(layer, shape, where):
    """Slide a window over each channel; with ceil_mode the last one may hang over the border."""
    axes = int(next(letter for letter in type(layer).__name__ if letter.isdigit()))
    _check(shape, axes, where)
    defaults = {"kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1}
    options = [
        per_axis(name, _option(layer, name, default), axes, least=0)
        for name, default in defaults.items()
    ]
    formula, out = _slid(shape[1:], *options, where, _option(layer, "ceil_mode", False))
    return formula, (shape[0], *out)


def _slid(size, kernel, stride, border, dilation, where, ceil=False):
    texts, out = [], []
    for n, k, s, p, d in zip(size, kernel, stride, border, dilation, strict=True):
        reach = d * (k - 1) + 1
        room = n + 2 * p - reach
        m = (-(room // -s) if ceil else room // s) + 1
        if m < 1:
            widest, least = (n + 2 * p - 1) // d + 1, (reach - n + 1) // 2
            raise Misfit(
                f"{where} gets {' × '.join(map(str, size))}, {n + 2 * p} with its border, but its "
                f"kernel reaches over {reach}; a kernel of at most {widest} would fit, or a "
                f"padding of at least {least}",
                by_size=True,
            )
        if ceil and (m - 1) * s >= n + p:
            m -= 1  # the last window would begin in the border
        text = f"{n} + 2·{p}" if p else f"{n}"
        text += f" − {k}" if d == 1 else f" − {d}·({k} − 1) − 1"
        texts.append(f"⌈({text})/{s}⌉ + 1 → {m}" if ceil else f"⌊({text})/{s}⌋ + 1 = {m}")
        out.append(m)
    return ", ".join(dict.fromkeys(texts)), out


def conv_transpose(layer, shape, where):
    """Spread kernels out: (n - 1) s - 2p + d (k - 1) + 1 + output_padding along each axis."""
    _check(shape, len(layer.kernel_size), where)
    _check_channels(layer, shape, where)
    each = zip(
        shape[1:],
        *(layer.kernel_size, layer.stride, layer.padding, layer.output_padding, layer.dilation),
        strict=True,
    )
    texts, out = [], []
    for n, k, s, p, extra, d in each:
        m = (n - 1) * s - 2 * p + d * (k - 1) + 1 + extra
        if m < 1:
            raise Misfit(f"{where} would give {m} pixels; take less padding", by_size=True)
        text = f"({n} − 1)·{s}" + (f" − 2·{p}" if p else "")
        text += f" + {k}" if d == 1 else f" + {d}·({k} − 1) + 1"
        texts.append(text + (f" + {extra}" if extra else "") + f" = {m}")
        out.append(m)
    return ", ".join(dict.fromkeys(texts)), (layer.out_channels, *out)


def adaptive(layer, shape, where):
    """Pool into as many windows as are asked for."""
    axes = int(next(letter for letter in type(layer).__name__ if letter.isdigit()))
    _check(shape, axes, where)
    asked = _option(layer, "output_size", 1)
    asked = asked if isinstance(asked, (tuple, list)) else (asked,) * axes
    out = tuple(n if m is None else m for n, m in zip(shape[1:], asked, strict=True))
    return "as many windows as asked for", (shape[0], *out)


def upsample(layer, shape, where):
    """Enlarge by a factor, rounded down, or to a size."""
    size, factor = _option(layer, "size", None), _option(layer, "scale_factor", None)
    given, axes = (factor if size is None else size), len(shape) - 1
    given = given if isinstance(given, (tuple, list)) else (given,) * axes
    if size is not None:
        return "the size asked for", (shape[0], *given)
    out = [floor(n * s) for n, s in zip(shape[1:], given, strict=True)]
    texts = [f"⌊{n} · {s:g}⌋ = {m}" for n, s, m in zip(shape[1:], given, out, strict=True)]
    return ", ".join(dict.fromkeys(texts)), (shape[0], *out)


def flatten(layer, shape, where):
    """Put all axes into one."""
    first, last = _option(layer, "start_dim", 1), _option(layer, "end_dim", -1)
    axes = len(shape) + 1
    first, last = first % axes - 1, last % axes
    if first < 0:
        raise Misfit(f"{where} would mix images with each other; take start_dim=1")
    inner = shape[first:last]
    text = " · ".join(map(str, inner)) + f" = {prod(inner)}"
    return text, (*shape[:first], prod(inner), *shape[last:])


def linear(layer, shape, where):
    """Take the last axis to as many numbers as the layer has outputs."""
    if shape[-1] != layer.in_features:
        how = f"make it Linear({shape[-1]}, {layer.out_features})"
        if len(shape) > 1:
            how = "it acts on the last axis alone: put Flatten before it"
        raise Misfit(
            f"{where} gets {' × '.join(map(str, shape))} numbers and expects {layer.in_features}; "
            f"{how}",
            by_size=len(shape) == 1,
        )
    return f"{layer.in_features} → {layer.out_features}", (*shape[:-1], layer.out_features)


def _option(layer, name, default):
    """Read an option: ours keep some in a dictionary, torch's layers are all attributes."""
    return getattr(layer, "options", {}).get(name, getattr(layer, name, default))


def _check(shape, axes, where):
    if len(shape) != axes + 1:
        raise Misfit(
            f"{where} gets the shape {shape} and expects {axes + 1} axes, channels and "
            f"{axes} for its kernel"
        )


def _check_channels(layer, shape, where):
    if shape[0] != layer.in_channels:
        raise Misfit(
            f"{where} gets {shape[0]} channels and expects {layer.in_channels}; make its "
            f"in_channels {shape[0]}, or let the layer before it have {layer.in_channels}"
        )
