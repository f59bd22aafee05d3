"""Does a highlighted region matter? Blur it, and see how far the score of the class falls."""

import numpy as np
from scipy.ndimage import gaussian_filter


def blurred(images, width):
    """Blur images so that shapes smaller than the width are gone and colours stay.

    Parameters
    ----------
    images : array_like
        (N, C, H, W).
    width : float
        Standard deviation of the blur, in pixels.

    Returns
    -------
    numpy.ndarray
        Same shape and type.
    """
    return gaussian_filter(np.asarray(images), (0, 0, width, width))


def blotted(images, maps, share, fill):
    """Replace the pixels of each image that its map ranks highest.

    Parameters
    ----------
    images, fill : array_like
        (N, C, H, W): the images, and what takes the place of the pixels.
    maps : array_like
        (N, H, W): any numbers that rank the pixels.
    share : float
        Share of the pixels, from 0 to 1.

    Returns
    -------
    numpy.ndarray
        (N, C, H, W), new.

    Raises
    ------
    ValueError
        If shapes differ, or the share is none.
    """
    images, maps, fill = (np.asarray(a) for a in (images, maps, fill))
    if not 0 <= share <= 1:
        raise ValueError(f"blotted: share {share}; expected 0 to 1")
    if maps.shape != (len(images), *images.shape[2:]) or fill.shape != images.shape:
        raise ValueError(
            f"blotted: images {images.shape}, maps {maps.shape}, fill {fill.shape}; expected maps "
            f"{(len(images), *images.shape[2:])} and a fill like the images"
        )
    pixels = maps[0].size if len(maps) else 0
    order = np.argsort(-maps.reshape(len(maps), pixels), axis=1, kind="stable")
    chosen = np.zeros((len(maps), pixels), bool)
    np.put_along_axis(chosen, order[:, : round(share * pixels)], True, axis=1)
    return np.where(chosen.reshape(maps.shape)[:, None], fill, images)


def score_drops(scores_of, classes, images, rankings, share, fill):
    """Measure how far the score of each image's class falls when a part of it is replaced.

    Parameters
    ----------
    scores_of : callable
        Maps images to scores, an array (N, K).
    classes : array_like of int
        The class of each image, (N,).
    images, share, fill
        As for `blotted`.
    rankings : dict
        Name → maps (N, H, W); or (draws, N, H, W), of which the mean drop is taken.

    Returns
    -------
    dict
        Name → score of the whole image minus score without its part, (N,).
    """
    classes = np.asarray(classes)
    each = np.arange(len(classes))

    def own(x):
        return np.asarray(scores_of(x))[each, classes]

    whole = own(images)
    return {
        name: np.mean(
            [
                whole - own(blotted(images, one, share, fill))
                for one in np.reshape(maps, (-1, *np.shape(maps)[-3:]))
            ],
            axis=0,
        )
        for name, maps in rankings.items()
    }
