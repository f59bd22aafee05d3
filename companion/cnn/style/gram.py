"""Gram matrices of feature maps: which channels answer together, wherever that is."""

import numpy as np


def flattened(maps):
    """Write feature maps as a matrix with one row for each channel, one column for each place.

    Parameters
    ----------
    maps : array_like
        (C, H, W), floating point.

    Returns
    -------
    numpy.ndarray
        (C, H·W).

    Raises
    ------
    ValueError
        If there are other axes, or no channels or places.
    """
    maps = np.asarray(maps)
    if maps.ndim != 3 or 0 in maps.shape:
        raise ValueError(
            f"flattened: maps are {maps.shape}; expected (C, H, W) of one image, none of them 0"
        )
    return maps.reshape(len(maps), -1)


def gram(maps):
    """Return the mean over all places of the product of each two channels.

    Parameters
    ----------
    maps : array_like
        (C, H, W).

    Returns
    -------
    numpy.ndarray
        (C, C), symmetric: G = F Fᵀ / P for the P = H·W columns of F. As a mean it can be compared
        between images of different sizes.

    Raises
    ------
    ValueError
        If the axes are others.

    Notes
    -----
    Gatys, Ecker and Bethge (2016), equation 3, where it is a sum over the places. Chapter
    :ref:`style`.
    """
    F = flattened(maps)
    return F @ F.T / F.shape[1]


def gram_pullback(maps, dG):
    """Carry a gradient for the Gram matrix back to the maps.

    Parameters
    ----------
    maps : array_like
        (C, H, W).
    dG : array_like
        (C, C), the gradient of a cost for `gram` of the maps; need not be symmetric.

    Returns
    -------
    numpy.ndarray
        (C, H, W): dF = (dG + dGᵀ) F / P, since each product holds two values of F.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    Derived in the chapter :ref:`style`.
    """
    F, dG = flattened(maps), np.asarray(dG)
    if dG.shape != (len(F), len(F)):
        raise ValueError(
            f"gram_pullback: dG is {dG.shape}, maps are {np.shape(maps)}; "
            f"expected dG ({len(F)}, {len(F)})"
        )
    return ((dG + dG.T) @ F / F.shape[1]).reshape(np.shape(maps))


def moments(maps):
    """Return the mean vector and the covariance matrix of the columns of feature maps.

    Parameters
    ----------
    maps : array_like
        (C, H, W).

    Returns
    -------
    tuple of numpy.ndarray
        μ (C,) and Σ (C, C), over the places. The Gram matrix is Σ + μ μᵀ.

    Raises
    ------
    ValueError
        If the axes are others.

    Notes
    -----
    Chapter :ref:`style_layers`.
    """
    F = flattened(maps)
    mean = F.mean(axis=1)
    return mean, (F - mean[:, None]) @ (F - mean[:, None]).T / F.shape[1]
