"""Many small grey images at once, each by a map of its own: what a training step can afford."""

import numpy as np

from companion.regularization.transforms.sampling import bilinear

AT_ONCE = 40_000
"""Pixels in one go: so many fit into a processor's cache with all that is computed for them."""


def warped(images, matrices, fill=0.0):
    """Move each image of a batch by its own affine map.

    Parameters
    ----------
    images : array_like
        (M, H, W) of floats.
    matrices : array_like
        Where points go, (M, 2, 3), as `companion.regularization.transforms.moves.matrices` gives
        them.
    fill : float
        Value of what enters from outside.

    Returns
    -------
    numpy.ndarray
        (M, H, W), new.

    Raises
    ------
    TypeError
        If the images do not hold floats.
    ValueError
        If shapes do not fit or a matrix has no inverse.
    """
    images, matrices = np.asarray(images), np.asarray(matrices, dtype=float)
    if images.dtype.kind != "f":
        raise TypeError(f"the images are of type {images.dtype}; divide whole numbers by 255")
    if images.ndim != 3 or matrices.shape != (len(images), 2, 3):
        raise ValueError(
            f"images have shape {images.shape}, matrices {matrices.shape}; "
            "expected (M, H, W) and (M, 2, 3)"
        )
    A, b = matrices[..., :2], matrices[..., 2:]
    if not (np.abs(np.linalg.det(A)) > 1e-12).all():
        raise ValueError("a matrix has no inverse; scales must not be 0")
    back = np.linalg.inv(A)
    maps = np.concatenate([back, -back @ b], axis=-1).astype(images.dtype)
    M, H, W = images.shape
    u, v = (np.arange(n, dtype=images.dtype) + images.dtype.type(0.5) for n in (W, H))
    found, many = np.empty_like(images), max(1, AT_ONCE // max(1, H * W))
    for start in range(0, M, many):
        part = slice(start, start + many)
        m = maps[part, :, :, None, None]
        x = m[:, 0, 0] * u + (m[:, 0, 1] * v[:, None] + m[:, 0, 2])
        y = m[:, 1, 0] * u + (m[:, 1, 1] * v[:, None] + m[:, 1, 2])
        found[part] = bilinear(images[part], x, y, fill)
    return found


def augmenter(transform, side=28):
    """Make an ``augment`` for `companion.experiments.regularization.small_sets.learn`.

    Parameters
    ----------
    transform : RandomAffine
        What to draw for each image.
    side : int
        Height and width of the images.

    Returns
    -------
    callable
        ``augment(x, labels, rng)`` maps rows (M, side²) to moved ones; labels stay as they are.
    """

    def augment(x, labels, rng):
        images = np.reshape(x, (-1, side, side))
        found = warped(images, transform.draw((side, side), rng, len(images)), transform.fill)
        return found.reshape(len(images), -1), labels

    return augment
