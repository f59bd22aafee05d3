"""How much features change when the image moves by a pixel or two, by how they are made small."""

import numpy as np


def changes(maps, smaller, pushes):
    """Push maps of features to the right and compare what is left of them after making them small.

    A map of a convolution moves along with its image, pixel by pixel, so the maps are pushed.

    Parameters
    ----------
    maps : numpy.ndarray
        Features of N images at full size, (N, C, H, W); the last columns, as many as the largest
        push, are 0.
    smaller : callable
        Maps (N, C, H, W) → (N, C, H′, W′).
    pushes : sequence of int
        P numbers of pixels.

    Returns
    -------
    numpy.ndarray
        (P,): the distance between the features of a pushed image and those it had, as a share of
        the distance between two different images; medians over the images and over pairs of them.

    Raises
    ------
    ValueError
        If a push would move something out.

    Notes
    -----
    Of a share of 1 the push has changed as much as another image would. Any scale of the features
    cancels. Used in the chapter :ref:`padding_and_stride`.
    """
    if max(pushes) > 0 and maps[..., maps.shape[-1] - max(pushes) :].any():
        raise ValueError(
            f"changes: a push by {max(pushes)} moves features out of maps {maps.shape}; "
            "give the images a wider border"
        )
    before = smaller(maps)
    others = np.roll(before, 1, axis=0)
    moved = (smaller(np.roll(maps, push, axis=3)) for push in pushes)
    return np.array([_distance(after, before) for after in moved]) / _distance(others, before)


def _distance(a, b):
    return np.median(np.linalg.norm((a - b).reshape(len(a), -1), axis=1))
