"""Batches of small images that are turned, pushed, zoomed and bent at random, each by itself."""

import numpy as np

from companion.regularization.transforms.geometry import RandomAffine
from companion.regularization.transforms.sampling import bilinear


def bent(images, labels, rng, *, move=None, bend=1.0, knots=5):
    """Move each image by an affine map of its own and bend it; a ``transform`` of `Batches`.

    Parameters
    ----------
    images : array_like
        (N, 1, H, W) of floats.
    labels : array_like
        Returned as they are.
    rng : numpy.random.Generator
        Draws the maps, then the bends.
    move : RandomAffine, optional
        Which maps; by default up to 10° of rotation, 0.07 of the sides of shift, a tenth of zoom.
    bend : float
        Standard deviation, in pixels, by which each knot of a grid is pushed right and down.
        Between the knots the push is interpolated.
    knots : int
        Knots along each axis, at least 2, the first and last on the outermost pixels.

    Returns
    -------
    images : numpy.ndarray
        New ones, (N, 1, H, W); what enters is 0.
    labels : array_like
        Those that were given.

    Raises
    ------
    ValueError
        If the images are not (N, 1, H, W), or there are fewer than two knots.

    Notes
    -----
    Elastic distortions of digits: P. Simard, D. Steinkraus, J. Platt, *Best practices for
    convolutional neural networks applied to visual document analysis*, 2003; here with a grid of
    knots instead of a blur, which is quicker. Used in the chapter :ref:`lenet_in_torch`.
    """
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[1] != 1:
        raise ValueError(f"bent: images {images.shape}; expected one channel, (N, 1, H, W)")
    if knots < 2:
        raise ValueError(f"bent: {knots} knots along an axis; expected at least 2")
    N, _, H, W = images.shape
    move = move or RandomAffine(10, translate=(0.07, 0.07), scale=(0.9, 1.1))
    maps, dtype = move.draw((H, W), rng, N), images.dtype
    pushes = rng.normal(0, bend, (2, N, knots, knots))
    right, down = (_between(H, knots) @ pushes @ _between(W, knots).T).astype(dtype)
    back = np.linalg.inv(maps[..., :2])
    A, b = back.astype(dtype)[..., None, None], -(back @ maps[..., 2:]).astype(dtype)[..., None]
    u, v = np.arange(W, dtype=dtype) + 0.5, (np.arange(H, dtype=dtype) + 0.5)[:, None]
    x = A[:, 0, 0] * u + A[:, 0, 1] * v + b[:, 0] + right
    y = A[:, 1, 0] * u + A[:, 1, 1] * v + b[:, 1] + down
    return bilinear(images[:, 0], x.astype(dtype), y.astype(dtype), 0.0)[:, None], labels


def _between(length, knots):
    """Weights (length, knots) that interpolate along a line between values at the knots."""
    places = np.linspace(0, knots - 1, length)[:, None]
    return np.maximum(0, 1 - np.abs(places - np.arange(knots)))
