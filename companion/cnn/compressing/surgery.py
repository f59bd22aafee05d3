"""Weights of either engine read, written and put into layers of another size."""

from companion.training import engines

NORMALIZED = ("weight", "bias", "running_mean", "running_var")
"""What a batch normalization keeps for each channel."""


def kind(layer):
    """Name of a layer's class, the same in both engines."""
    return type(layer).__name__


def values(tensor):
    """Copy of a parameter or buffer, as a NumPy array; None stays None."""
    return None if tensor is None else engines.to_numpy(tensor).copy()


def put(layer, **arrays):
    """Write arrays into parameters and buffers of a layer, whatever their shapes were.

    Parameters
    ----------
    layer : Module
        Of either engine.
    **arrays : numpy.ndarray or None
        Name of the attribute → its new values; None is passed over.

    Returns
    -------
    Module
        The layer.
    """
    for name, array in arrays.items():
        if array is not None:
            (getattr(layer, name).data,) = engines.adapt(layer, array)
    return layer


def dense(like, weight, bias):
    """Make a dense layer of the engine of `like`, with weight (out, in) and bias (out,) or None."""
    return put(type(like)(*weight.shape[::-1], bias=bias is not None), weight=weight, bias=bias)


def convolution(like, weight, bias, *, stride=None, padding=None):
    """Make a convolution of the engine of `like`; weight (O, C, H, W), bias (O,) or None.

    Stride and padding are those of `like`, if they are not given; the rest always is.
    """
    made = type(like)(
        weight.shape[1],
        weight.shape[0],
        weight.shape[2:],
        stride=like.stride if stride is None else stride,
        padding=like.padding if padding is None else padding,
        bias=bias is not None,
    )
    return put(made, weight=weight, bias=bias)


def plain(name, layer):
    """See that a convolution is one that can be taken apart.

    Raises
    ------
    ValueError
        If it has groups, dilation or another border than zeros.
    """
    dilated = any(d != 1 for d in layer.dilation)
    if layer.groups != 1 or dilated or layer.padding_mode != "zeros":
        raise ValueError(
            f"{name}: a convolution with groups {layer.groups}, dilation {layer.dilation} and "
            f"border {layer.padding_mode!r}; expected groups 1, dilation 1 and 'zeros'"
        )


def steps(name, model):
    """List the layers of a `Sequential`, name → layer, in their order.

    Raises
    ------
    TypeError
        If the model is something else.
    """
    if kind(model) != "Sequential":
        raise TypeError(f"{name}: a {kind(model)}; expected a Sequential of layers")
    return {n: layer for n, layer in model.named_modules() if n.isdigit()}


def rebuilt(model, layers):
    """Make a `Sequential` of the engine of `model`, in the same mode of training."""
    return type(model)(*layers).train(model.training)
