"""What comes out of every layer of a network, and why: sizes worked out without running it.

A model is read as it is, of `companion.nn` or of torch: stacks, stacks in stacks, and the branches
of `companion.cnn.networks.combining`. A layer is known by its class name and read by its
attributes.
"""

from typing import NamedTuple

from companion.cnn import size_rules as rules
from companion.tables import table

RULES = {
    "ConvTranspose": rules.conv_transpose,
    "Conv": rules.conv,
    "AdaptiveAvgPool": rules.adaptive,
    "AdaptiveMaxPool": rules.adaptive,
    "MaxPool": rules.pool,
    "AvgPool": rules.pool,
    "Upsample": rules.upsample,
    "Linear": rules.linear,
    "Flatten": rules.flatten,
    "BatchNorm": rules.channels("num_features"),
    "GroupNorm": rules.channels("num_channels"),
}
"""How the name of a layer begins → the rule for its sizes."""

KEEPS = (
    *("ReLU", "LeakyReLU", "PReLU", "ELU", "SELU", "GELU", "SiLU", "Sigmoid", "Tanh", "Softplus"),
    *("Hard", "Dropout", "AlphaDropout", "FeatureAlphaDropout", "LayerNorm", "InstanceNorm"),
    *("LocalResponseNorm", "Softmax", "LogSoftmax", "Identity", "StochasticDepth"),
)
"""How the names of layers begin that keep the shape."""

LARGEST = 512
"""Sizes of images up to which the error looks for one that would fit."""


class Row(NamedTuple):
    """One layer.

    Attributes
    ----------
    name : str
        Its name in the model's state dict, such as ``"0.2"``.
    layer : str
        Its class.
    formula : str
        How the size came about, with the numbers filled in.
    shape : tuple of int
        What comes out, without the axis of images.
    """

    name: str
    layer: str
    formula: str
    shape: tuple


class Shapes(tuple):
    """The rows of a model; printed as a table."""

    __slots__ = ()

    def __repr__(self):
        rows = [(r.name, r.layer, " × ".join(map(str, r.shape)), r.formula) for r in self]
        return table([("name", "layer", "comes out", "because"), *rows])


def shapes(model, size):
    """Work out what comes out of each layer.

    Parameters
    ----------
    model : Module
        Of `companion.nn` or of torch.
    size : tuple of int
        Shape of one input: (C, L), (C, H, W) or (C, D, H, W).

    Returns
    -------
    Shapes
        The input, and a `Row` for every layer; a module of branches comes after its branches.

    Raises
    ------
    ValueError
        If something does not fit: with the layer, what it gets, and what would fit. Also for a
        module that is not known.

    Notes
    -----
    Derived in the chapter :ref:`padding_and_stride`.
    """
    rows = [Row("", "input", "", tuple(size))]
    try:
        _walk(model, "", tuple(size), rows)
    except rules.Misfit as error:
        raise ValueError(f"shapes: {error}{_inputs_that_fit(model, size, error)}") from None
    return Shapes(rows)


def _walk(module, name, shape, rows):
    """Append the rows of a module and return its output's shape."""
    kind, dot = type(module).__name__, f"{name}." if name else ""
    children = _children(module)
    if kind in ("Added", "Joined"):
        outs = [_walk(child, dot + key, shape, rows) for key, child in children]
        formula, shape = _combined(kind, name, outs)
        rows.append(Row(name, kind, formula, shape))
    elif children and any(base.__name__ == "Sequential" for base in type(module).__mro__):
        for key, child in children:
            shape = _walk(child, dot + key, shape, rows)
    else:
        formula, shape = _rule_of(module, name)(module, shape, f"{name} ({kind})".strip())
        rows.append(Row(name, kind, formula, shape))
    return shape


def _children(module):
    named = getattr(module, "named_children", None) or getattr(module, "_named_children", None)
    return list(named()) if named else []


def _rule_of(module, name):
    for base in type(module).__mro__:
        for start, rule in RULES.items():
            if base.__name__.startswith(start):
                return rule
        if base.__name__.startswith(KEEPS):
            return rules.keeps
    raise ValueError(
        f"shapes: {name} ({type(module).__name__}) is not known; write it with Sequential, added "
        "and joined, or give a layer that keeps the shape one of the names in KEEPS"
    )


def _combined(kind, name, outs):
    if kind == "Added":
        if len(set(outs)) > 1:
            given = " and ".join(str(out) for out in dict.fromkeys(outs))
            raise rules.Misfit(
                f"{name} (Added): branches give {given}; they need one shape, for example by a 1×1 "
                "convolution with the same stride in the shortcut"
            )
        return "branches of one shape", outs[0]
    if len({out[1:] for out in outs}) > 1:
        given = ", ".join(" × ".join(map(str, out[1:])) for out in outs)
        raise rules.Misfit(
            f"{name} (Joined): branches give images of {given}; they need one size: pad each "
            "kernel of k by (k - 1)/2, and give all the same stride"
        )
    total = sum(out[0] for out in outs)
    return f"{' + '.join(str(out[0]) for out in outs)} = {total} channels", (total, *outs[0][1:])


def _inputs_that_fit(model, size, error):
    """Tell for which square images a dense layer would get what it expects."""
    if not error.by_size or len(size) < 2 or len(set(size[1:])) > 1:
        return ""
    good = [n for n in range(1, LARGEST + 1) if _fits(model, (size[0], *[n] * (len(size) - 1)))]
    if not good:
        return ""
    span = str(good[0]) if len(good) == 1 else f"{good[0]} to {good[-1]}"
    span = f"at least {good[0]}" if good[-1] == LARGEST else span
    return f"; as it is, it fits inputs of {span} pixels a side"


def _fits(model, size):
    try:
        _walk(model, "", size, [])
    except rules.Misfit:
        return False
    return True
