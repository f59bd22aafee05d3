"""Softmax on the sphere: classes are directions, and the own one has to win by an angle."""

import math
from functools import cache

import numpy as np

from companion.cnn.networks.combining import cat
from companion.faces.distances import EPS, cosine_similarities
from companion.training.engines import to_numpy


def cosine_head(nn, size, classes):
    """Make a head that compares an encoding with one direction for each class.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    size : int
        D, numbers of an encoding.
    classes : int
        C, people to learn from.

    Returns
    -------
    Module
        (N, D) to cosines (N, C). The directions are the rows of ``directions.weight`` (C, D);
        their lengths do not matter.

    Notes
    -----
    Wang et al. (2017), NormFace. Chapter :ref:`margin_softmax`.
    """
    return _head(nn)(size, classes)


@cache
def _head(nn):
    class CosineHead(nn.Module):
        """Cosines between encodings and the directions of the classes."""

        def __init__(self, size, classes):
            super().__init__()
            self.directions = nn.Linear(size, classes, bias=False)

        def forward(self, z):
            """Map (N, D) to (N, C)."""
            return cosine_similarities(z, self.directions.weight)

    return CosineHead


def margin_softmax(nn, scale=16.0, margin=0.3):
    """Make the loss of cosines: softmax, after the angle to the own class was made larger.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    scale : float
        s, what cosines are multiplied by: one over a temperature. Above 0.
    margin : float
        m, radians from 0 to π/2 that are added to the angle between an encoding and its own class;
        with 0 it is the softmax of scaled cosines.

    Returns
    -------
    callable
        ``loss(cosines, labels)`` for (B, C) of the engine and (B,) from 0 to C − 1: a scalar.

    Raises
    ------
    ValueError
        If scale or margin is out of range; by the loss, if shapes do not fit or a label is none.

    Notes
    -----
    Deng et al. (2019), ArcFace. Chapter :ref:`margin_softmax`.
    """
    if not 0 < scale < math.inf:
        raise ValueError(f"margin_softmax: scale is {scale}; expected above 0")
    cross_entropy = nn.CrossEntropyLoss()

    def loss(cosines, labels):
        own, others = _parted(cosines, to_numpy(labels))
        logits = scale * cat([with_margin(own, margin)[:, None], others])
        return cross_entropy(logits, labels * 0)

    with_margin(np.zeros(1), margin)  # complains at once about a margin out of range
    return loss


def with_margin(cosines, margin):
    """Turn cos θ into cos(θ + m); beyond θ = π − m, where that would rise, into a line that falls.

    Parameters
    ----------
    cosines : Tensor or numpy.ndarray
        Of any shape, from −1 to 1.
    margin : float
        m, from 0 to π/2.

    Returns
    -------
    Tensor or numpy.ndarray
        Same shape; continuous and rising with the cosine.

    Raises
    ------
    ValueError
        If the margin is out of range.

    Notes
    -----
    cos(θ + m) = cos θ cos m − sin θ sin m; no angle is computed, since the slope of the arc cosine
    is infinite at ±1. Many programs take the line cos θ − m sin m, which jumps at π − m. Chapter
    :ref:`margin_softmax`.
    """
    if not 0 <= margin <= math.pi / 2:
        raise ValueError(f"with_margin: margin is {margin}; expected radians from 0 to π/2")
    if margin == 0:
        return cosines
    sines = (1 - cosines**2).clip(min=EPS) ** 0.5
    turned = cosines * math.cos(margin) - sines * math.sin(margin)
    line = cosines + math.cos(margin) - 1
    near = cosines > -math.cos(margin)
    return turned * near + line * (cosines <= -math.cos(margin))


def _parted(cosines, labels):
    """Cosines of the own class (B,) and of the others (B, C − 1)."""
    if len(cosines.shape) != 2 or labels.shape != (len(cosines),):
        raise ValueError(
            f"margin_softmax: cosines {tuple(cosines.shape)}, labels {labels.shape}; "
            "expected (B, C) and (B,)"
        )
    classes = cosines.shape[1]
    if classes < 2:
        raise ValueError("margin_softmax: one class; expected at least 2, or nothing is learned")
    if len(labels) and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"margin_softmax: labels from {labels.min()} to {labels.max()} for {classes} classes; "
            "number the people from 0, as np.unique(names, return_inverse=True) does"
        )
    rows = np.arange(len(labels))
    step = 1 + np.arange(classes - 1)
    return cosines[rows, labels], cosines[rows[:, None], (labels[:, None] + step) % classes]
