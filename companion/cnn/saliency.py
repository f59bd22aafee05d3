"""Which pixels a score depends on: gradients for the pixels, Grad-CAM, covering one part at a time.

All of them ask one network about one class. They say what the score reacts to, not whether that is
a good reason.
"""

import numpy as np
from PIL import Image

from companion.cnn.feature_maps import asked
from companion.gradients.tensor import Tensor, no_grad


def pixel_gradients(network, images, classes):
    """Return the gradient of a class's score for every number of the image.

    Parameters
    ----------
    network : Module
        Maps images to scores (N, K), each image by itself.
    images : array_like
        (N, C, H, W), floating point.
    classes : array_like of int
        Class of each image, (N,).

    Returns
    -------
    numpy.ndarray
        (N, C, H, W).

    Raises
    ------
    ValueError
        If the classes do not fit the images or the scores.

    Notes
    -----
    Simonyan, Vedaldi and Zisserman (2014). Chapter :ref:`seeing`.
    """
    with asked(network):
        pixels = Tensor(np.asarray(images), requires_grad=True)
        _chosen("pixel_gradients", network(pixels), classes).backward()
    return pixels.grad


def saliency(network, images, classes):
    """Return how strongly a class's score reacts to each pixel.

    Parameters
    ----------
    network, images, classes
        As for `pixel_gradients`.

    Returns
    -------
    numpy.ndarray
        (N, H, W): the largest size of the gradient among the channels, not negative.

    Notes
    -----
    Simonyan, Vedaldi and Zisserman (2014), section 3.1. Chapter :ref:`seeing`.
    """
    return np.abs(pixel_gradients(network, images, classes)).max(axis=1)


def grad_cam(network, layer, images, classes, relu=True):
    """Weigh the maps of a layer by how much a class's score gains from each, and add them up.

    Parameters
    ----------
    network : Module
        Maps images to scores (N, K), each image by itself.
    layer : Module
        Inside the network, called once; its output is (N, M, h, w).
    images : array_like
        (N, C, H, W).
    classes : array_like of int
        Class of each image, (N,).
    relu : bool
        Whether to set to 0 what speaks against the class, as in the paper.

    Returns
    -------
    numpy.ndarray
        (N, h, w), as coarse as the layer; see `enlarged`.

    Raises
    ------
    ValueError
        If the classes do not fit, or the layer was not called once or makes no maps.

    Notes
    -----
    Selvaraju et al. (2017), equations 1 and 2. The hook puts a fresh tensor in place of the maps,
    so the backward pass ends there. Chapter :ref:`seeing`.
    """
    kept = []

    def cut(module, inputs, output):
        kept.append(Tensor(output.data, requires_grad=True))
        return kept[-1]

    with asked(network), layer.register_forward_hook(cut):
        score = _chosen("grad_cam", network(Tensor(np.asarray(images))), classes)
        if len(kept) != 1 or kept[0].ndim != 4:
            shapes = [maps.shape for maps in kept]
            raise ValueError(f"grad_cam: the layer put out {shapes}; expected one (N, M, h, w)")
        score.backward()
    maps, weights = kept[0].numpy(), kept[0].grad.mean(axis=(2, 3))
    summed = np.einsum("nm,nmij->nij", weights, maps)
    return np.maximum(summed, 0) if relu else summed


def occlusion(network, image, label, window, step, fill=0.0, batch=16):
    """Cover a square of an image, one place after another, and see how far a score falls.

    Parameters
    ----------
    network : Module
        Maps images to scores (N, K).
    image : array_like
        (C, H, W).
    label : int
        The class.
    window, step : int
        Side of the square and distance between places, in pixels.
    fill : float
        What stands in the square.
    batch : int
        Images in one forward pass.

    Returns
    -------
    numpy.ndarray
        (rows, columns): score of the whole image minus score with the square covered. Positive
        where the square holds what speaks for the class.

    Raises
    ------
    ValueError
        If the square is larger than the image, or there is no such class.

    Notes
    -----
    Zeiler and Fergus (2014), section 4.2. Chapter :ref:`seeing`.
    """
    image = np.asarray(image)
    height, width = image.shape[1:]
    if not 1 <= window <= min(height, width) or step < 1:
        raise ValueError(
            f"occlusion: a window of {window}, step {step}, on {height} × {width} pixels; "
            "both are at least 1, and the window is no larger than the image"
        )
    rows, columns = range(0, height - window + 1, step), range(0, width - window + 1, step)
    places = [(i, j) for i in rows for j in columns]
    scores = [_score(network, image[None], label)]
    for start in range(0, len(places), batch):
        some = places[start : start + batch]
        covered = np.repeat(image[None], len(some), axis=0)
        for copy, (i, j) in zip(covered, some, strict=True):
            copy[:, i : i + window, j : j + window] = fill
        scores.append(_score(network, covered, label))
    whole, covered = scores[0], np.concatenate(scores[1:])
    return (whole - covered).reshape(len(rows), len(columns))


def enlarged(maps, size):
    """Scale coarse maps to the size of the image, by bilinear interpolation.

    Parameters
    ----------
    maps : array_like
        (N, h, w).
    size : int
        Height and width of the results.

    Returns
    -------
    numpy.ndarray
        (N, size, size) float32.
    """
    return np.stack(
        [
            np.asarray(
                Image.fromarray(np.asarray(one, np.float32)).resize(
                    (size, size), Image.Resampling.BILINEAR
                )
            )
            for one in maps
        ]
    )


def _score(network, images, label):
    with no_grad(), asked(network):
        scores = network(Tensor(images)).numpy()
    if not 0 <= label < scores.shape[1]:
        raise ValueError(f"occlusion: class {label}, but the scores are {scores.shape}")
    return scores[:, label]


def _chosen(name, scores, classes):
    """Add up the score of its class for each image: one number to go back from."""
    classes, (images, count) = np.asarray(classes), scores.shape
    if classes.shape != (images,) or classes.dtype.kind not in "iu":
        raise ValueError(
            f"{name}: classes {classes.shape} {classes.dtype}; expected ({images},), "
            "a whole number for each image"
        )
    if images and not 0 <= classes.min() <= classes.max() < count:
        raise ValueError(f"{name}: class {classes.max()}, but there are {count} scores")
    return scores[np.arange(images), classes].sum()
