"""Pruning whole channels: what is left is a smaller network of ordinary layers."""

import numpy as np

from companion.cnn.compressing.pruning import largest, share_of
from companion.cnn.compressing.surgery import (
    NORMALIZED,
    convolution,
    dense,
    kind,
    plain,
    put,
    rebuilt,
    steps,
    values,
)

WEIGHTED = ("Conv2d", "Linear")
PASSES = ("ReLU", "MaxPool2d", "AvgPool2d", "Flatten", "Dropout", "Identity", "AdaptiveAvgPool2d")
"""Layers that keep channels apart and turn a channel of zeros into zeros."""


def channel_sizes(model):
    """Add up the sizes of the weights that lead to each channel.

    Parameters
    ----------
    model : Sequential
        Of either engine: convolutions and dense layers, with batch normalization, ReLU, pooling
        and flattening between them.

    Returns
    -------
    dict
        Name of the layer → (O,). The last layer is left out: its outputs are the answer.

    Raises
    ------
    TypeError
        If the model is no `Sequential`, or holds other layers.
    ValueError
        If a convolution has groups or dilation, or a normalization no scale.

    Notes
    -----
    Li et al. (2017). Chapter :ref:`pruning`.
    """
    found = {}
    for name, layer in steps("channel_sizes", model).items():
        if kind(layer) in WEIGHTED:
            weight = values(layer.weight)
            found[name] = np.abs(weight.reshape(len(weight), -1)).sum(axis=1)
        _known("channel_sizes", name, layer)
    return dict(list(found.items())[:-1])


def largest_channels(model, keep):
    """Choose in each layer the channels with the largest weights.

    Parameters
    ----------
    model : Sequential
        As for `channel_sizes`.
    keep : float or dict
        Share of the channels that stay in each layer, or name of a layer → share, where layers that
        are not named keep all. At least one channel stays.

    Returns
    -------
    dict
        Name of the layer → numbers of the channels that stay, rising.

    Raises
    ------
    KeyError
        If `keep` names a layer whose channels cannot go.
    ValueError
        If a share is not between 0 and 1.
    """
    sizes = channel_sizes(model)
    shares = keep if isinstance(keep, dict) else dict.fromkeys(sizes, keep)
    unknown = sorted(shares.keys() - sizes.keys())
    if unknown:
        raise KeyError(f"largest_channels: no layers {unknown}; choose among {sorted(sizes)}")
    kept = {}
    for name, share in shares.items():
        count = max(1, share_of(sizes[name].size, share))
        mask = largest({name: sizes[name]}, count / sizes[name].size)[name]
        kept[name] = np.flatnonzero(mask)
    return kept


def silence(model, kept):
    """Set all that leads to the other channels to 0, the numbers of their normalization too.

    Parameters
    ----------
    model : Sequential
        As for `channel_sizes`; changed in place.
    kept : dict
        Name of the layer → numbers of the channels that stay.

    Returns
    -------
    Sequential
        The model: same layers, and zeros in every channel that went.

    Raises
    ------
    KeyError, IndexError
        If a layer or a channel does not exist.
    """
    stay = None
    for name, layer in _checked("silence", model, kept).items():
        if kind(layer) in WEIGHTED:
            stay = kept.get(name)
        names = NORMALIZED[:2] if kind(layer) == "BatchNorm2d" else ("weight", "bias")
        if stay is not None and kind(layer) in (*WEIGHTED, "BatchNorm2d", "BatchNorm1d"):
            put(layer, **{n: _others_zero(values(getattr(layer, n)), stay) for n in names})
    return model


def slimmed(model, kept):
    """Build the network that has only the channels that stay.

    Parameters
    ----------
    model : Sequential
        As for `channel_sizes`; left as it is.
    kept : dict
        Name of the layer → numbers of the channels that stay.

    Returns
    -------
    Sequential
        Smaller layers with copies of the weights. In evaluation it computes what `silence` leaves
        of the model.

    Raises
    ------
    KeyError, IndexError
        If a layer or a channel does not exist.

    Notes
    -----
    The next convolution loses the slices of its kernels that read the channels that went, a
    dense layer behind `Flatten` all columns of their places. Chapter :ref:`pruning`.
    """
    layers, into, all_in = [], None, None
    for name, layer in _checked("slimmed", model, kept).items():
        if kind(layer) in WEIGHTED:
            weight, bias = values(layer.weight), values(layer.bias)
            if into is not None:
                weight = weight[:, _inputs(into, all_in, weight.shape[1])]
            into, all_in = kept.get(name), len(weight)
            if into is not None:
                weight, bias = weight[into], None if bias is None else bias[into]
            make = dense if kind(layer) == "Linear" else convolution
            layer = make(layer, weight, bias)
        elif kind(layer).startswith("BatchNorm"):
            layer = _normalization(layer, into)
        layers.append(layer)
    return rebuilt(model, layers)


def _inputs(stay, channels, columns):
    """Return the numbers of the inputs that read the channels that stay, some for each."""
    each = columns // channels
    return (np.asarray(stay)[:, None] * each + np.arange(each)).ravel()


def _normalization(layer, stay):
    arrays = {name: values(getattr(layer, name)) for name in NORMALIZED}
    if stay is not None:
        arrays = {name: array[stay] for name, array in arrays.items()}
    count = len(arrays["running_mean"])
    made = type(layer)(count, eps=layer.eps, momentum=layer.momentum)
    return put(made, **arrays)


def _others_zero(array, stay):
    if array is None:
        return None
    left = np.zeros_like(array)
    left[stay] = array[stay]
    return left


def _known(what, name, layer):
    known = (*WEIGHTED, *PASSES, "BatchNorm1d", "BatchNorm2d")
    if kind(layer) not in known:
        raise TypeError(f"{what}: layer {name} is a {kind(layer)}; expected one of {known}")
    if kind(layer) == "Conv2d":
        plain(f"{what}: layer {name}", layer)
    if kind(layer).startswith("BatchNorm") and layer.weight is None:
        raise ValueError(f"{what}: layer {name} has no scale to set to 0; make it with affine=True")


def _checked(what, model, kept):
    layers, sizes = steps(what, model), channel_sizes(model)
    for name, stay in kept.items():
        if name not in sizes:
            raise KeyError(f"{what}: no layer {name!r}; choose among {sorted(sizes)}")
        stay, last = np.asarray(stay), sizes[name].size - 1
        rising = np.all(np.diff(stay) > 0)
        if stay.size == 0 or not rising or stay.min() < 0 or stay.max() > last:
            raise IndexError(
                f"{what}: channels {stay.tolist()} of layer {name}; expected at least one, rising, "
                f"from 0 to {last}"
            )
    return layers
