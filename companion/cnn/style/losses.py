"""Costs of style transfer, each with its gradient, derived by hand."""

import numpy as np

from companion.cnn.style.gram import gram, gram_pullback


def content_loss(maps, wanted):
    """Say how far feature maps are from others, place by place.

    Parameters
    ----------
    maps, wanted : array_like
        (C, H, W), of the picture and of the photograph whose content it should have.

    Returns
    -------
    tuple
        ‖F - F*‖² / ‖F*‖² as a float, and its gradient for the maps, (C, H, W). 0 means equal, 1 is
        what maps of zeros get.

    Raises
    ------
    ValueError
        If the shapes differ or all that is wanted is 0.

    Notes
    -----
    Gatys, Ecker and Bethge (2016), equation 1, up to the constant. Chapter :ref:`style`.
    """
    maps, wanted = np.asarray(maps), np.asarray(wanted)
    return _relative("content_loss", maps, wanted)


def style_loss(maps, wanted):
    """Say how far the Gram matrix of feature maps is from another.

    Parameters
    ----------
    maps : array_like
        (C, H, W), of the picture.
    wanted : array_like
        (C, C), the `gram` of the picture whose style it should have; of any size.

    Returns
    -------
    tuple
        ‖G - A‖² / ‖A‖² as a float, and its gradient for the maps, (C, H, W).

    Raises
    ------
    ValueError
        If the shapes do not fit or all that is wanted is 0.

    Notes
    -----
    Gatys, Ecker and Bethge (2016), equations 4 and 6, up to the constant: they divide by
    4 C² instead, for Gram matrices that are means. Chapter :ref:`style`.
    """
    loss, dG = _relative("style_loss", gram(maps), np.asarray(wanted))
    return loss, gram_pullback(maps, dG)


def _relative(name, values, wanted):
    if values.shape != wanted.shape:
        raise ValueError(
            f"{name}: got {values.shape}, wanted is {wanted.shape}; compare the same layer"
        )
    size = float(np.sum(np.square(wanted, dtype=float)))
    if size == 0:
        raise ValueError(f"{name}: all that is wanted is 0, so nothing can be measured by its size")
    difference = values - wanted
    return float(np.sum(np.square(difference, dtype=float))) / size, 2 / size * difference


def total_variation(image):
    """Say how rough an image is: the mean square of the differences between neighbours.

    Parameters
    ----------
    image : array_like
        (C, H, W).

    Returns
    -------
    tuple
        The sum of the squares of all differences, one step down or one to the right, divided by
        C·H·W, as a float; and its gradient, (C, H, W).

    Raises
    ------
    ValueError
        If the axes are others.

    Notes
    -----
    Rudin, Osher and Fatemi (1992) take sizes in place of squares; with squares the gradient exists
    everywhere (Mahendran and Vedaldi, 2015, with β = 2). Chapter :ref:`style`.
    """
    image = np.asarray(image)
    if image.ndim != 3 or image.size == 0:
        raise ValueError(f"total_variation: image is {image.shape}; expected (C, H, W), not empty")
    total, gradient = 0.0, np.zeros_like(image)
    for axis in (1, 2):
        steps = np.diff(image, axis=axis)
        total += float(np.sum(np.square(steps, dtype=float)))
        # A step is the later pixel minus the earlier one.
        lower, upper = _ends(axis)
        gradient[upper] += 2 * steps
        gradient[lower] -= 2 * steps
    return total / image.size, gradient / image.size


def _ends(axis):
    """Index of all but the last and of all but the first along an axis of three."""
    both = [[slice(None)] * 3 for _ in range(2)]
    both[0][axis], both[1][axis] = slice(None, -1), slice(1, None)
    return tuple(both[0]), tuple(both[1])
