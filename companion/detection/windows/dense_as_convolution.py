"""A classifier for one window turned into a network that reads all windows of an image at once."""

import numpy as np

from companion.training import predict

WHOLE = ("AdaptiveAvgPool", "BatchNorm1d", "GroupNorm", "InstanceNorm", "LayerNorm", "Unflatten")
"""Layers that look at a window as a whole, or need its flat form."""


def as_convolution(model, side):
    """Turn the dense layers of a classifier into convolutions.

    Parameters
    ----------
    model : Sequential
        Of either engine, for images (N, C, side, side): convolutions, poolings, activations, then
        `Flatten` and dense layers. Layers before `Flatten` are shared with the result, and so are
        the weights of the dense ones where the engine allows it.
    side : int
        Height and width of the windows it was made for.

    Returns
    -------
    Sequential
        (N, C, H, W) to (N, K, rows, columns): for each window what `model` says about it alone, if
        no layer pads. Windows lie `effective_step` pixels apart.

    Raises
    ------
    TypeError
        If the model is not a Sequential that begins with a convolution.
    ValueError
        If it has no `Flatten`, a layer that looks at a window as a whole, or a dense layer that
        does not fit windows of that side.

    Notes
    -----
    The first dense layer becomes a convolution whose kernel is as large as the maps it reads, the
    others are 1 × 1. Where a layer before pads its input, a window cut out has zeros at its edge
    and one within an image its neighbours: the two then differ. Sermanet et al. (2014), Long et
    al. (2015). Chapter :ref:`sliding_windows`.
    """
    layers = _layers_of(model)
    names = [type(layer).__name__ for layer in layers]
    wrong = [name for name in names if name.startswith(WHOLE)]
    if wrong:
        raise ValueError(f"as_convolution: {wrong[0]} looks at a window as a whole; leave it out")
    if "Flatten" not in names:
        raise ValueError("as_convolution: the model has no Flatten, so no dense layers to turn")
    cut = names.index("Flatten")
    made, shape = list(layers[:cut]), _shape_of_maps(model[:cut], layers, side)
    for layer in layers[cut + 1 :]:
        if type(layer).__name__ != "Linear":
            made.append(layer)
            continue
        out, inputs = layer.weight.shape
        if inputs != np.prod(shape):
            raise ValueError(
                f"as_convolution: a dense layer reads {inputs} numbers, but windows of {side} give "
                f"{' × '.join(map(str, shape))}; check side"
            )
        made.append(_turned(layer, layers[0], shape))
        shape = (out, 1, 1)
    return type(model)(*made).train(model.training)


def effective_step(model):
    """Say how many pixels of the image lie between neighbours of the last map.

    Parameters
    ----------
    model : Sequential
        Of either engine.

    Returns
    -------
    int
        The product of the strides of its convolutions and poolings.

    Raises
    ------
    ValueError
        If a stride differs between the two directions.
    """
    step = 1
    for layer in model.children():
        options = getattr(layer, "options", {})
        stride = getattr(layer, "stride", options.get("stride", 1))
        pair = stride if isinstance(stride, tuple) else (stride, stride)
        if len(set(pair)) > 1:
            raise ValueError(f"effective_step: stride {pair} differs between height and width")
        step *= pair[0]
    return step


def all_offsets(network, images, side, step):
    """Score the windows at every pixel: one pass for each shift of the images below the step.

    Parameters
    ----------
    network : Module
        From `as_convolution`, with one score a window.
    images : array_like
        (N, C, H, W).
    side, step : int
        Side of its windows and its effective step.

    Returns
    -------
    numpy.ndarray
        (N, H − side + 1, W − side + 1) scores, as in steps of one pixel.

    Raises
    ------
    ValueError
        If the images are smaller than a window.

    Notes
    -----
    "Shift and stitch" of Sermanet et al. (2014) and Long et al. (2015): step² passes. Chapter
    :ref:`windows_measured`.
    """
    images = np.asarray(images)
    high, wide = (n - side + 1 for n in images.shape[2:])
    if min(high, wide) < 1:
        raise ValueError(f"all_offsets: images of {images.shape[2:]} have no window of {side}")
    scores = np.empty((len(images), high, wide), dtype=images.dtype)
    for i in range(min(step, high)):
        for j in range(min(step, wide)):
            part = scores[:, i::step, j::step]
            found = predict(network, images[:, :, i:, j:], batch_size=64)[:, 0]
            part[:] = found[:, : part.shape[1], : part.shape[2]]
    return scores


def _layers_of(model):
    layers = list(model.children())
    if not type(model).__name__ == "Sequential" or not layers or not hasattr(
        layers[0], "in_channels"
    ):
        raise TypeError(
            f"as_convolution: got {type(model).__name__}; expected a Sequential whose first layer "
            "is a convolution"
        )
    return layers


def _shape_of_maps(body, layers, side):
    """Run an empty window through the layers before Flatten: (C, h, w)."""
    dtype = str(layers[0].weight.dtype).removeprefix("torch.")
    window = np.zeros((1, layers[0].in_channels, side, side), dtype=dtype)
    return predict(body, window).shape[1:]


def _turned(layer, convolution, shape):
    """Make the convolution that a dense layer is; classes are those of the first layer's engine."""
    weight = layer.weight.data.reshape(layer.weight.shape[0], *shape)
    sizes = shape[0], weight.shape[0], tuple(shape[1:])
    made = type(convolution)(*sizes, bias=layer.bias is not None)
    made.weight = type(layer.weight)(weight)
    if layer.bias is not None:
        made.bias = type(layer.bias)(layer.bias.data)
    return made
