"""Landmarks: points as shares of an image, how far off they are, and maps that are hot at them."""

import numpy as np


def as_points(points, what="points"):
    """Read points, or say what is wrong with them.

    Parameters
    ----------
    points : array_like
        x, y of K points in each of N images, (N, K, 2).
    what : str
        Their name in messages.

    Returns
    -------
    numpy.ndarray
        (N, K, 2) float64.

    Raises
    ------
    ValueError
        If the shape is another or a number is not finite.
    """
    points = np.asarray(points, dtype=np.float64)
    if points.ndim != 3 or points.shape[2] != 2:
        raise ValueError(f"{what}: shape {points.shape}; expected (N, K, 2), x and y of each point")
    wrong = np.flatnonzero(~np.isfinite(points).all(axis=(1, 2)))
    if len(wrong):
        raise ValueError(f"{what}: those of image {wrong[0]} are not finite")
    return points


def to_shares(points, size):
    """Write points in pixels, (N, K, 2), as the 2 K numbers a network gives: (N, 2 K) float32."""
    points = as_points(points)
    return (points / size - 0.5).reshape(len(points), 2 * points.shape[1]).astype(np.float32)


def to_pixels(output, size):
    """Read the 2 K numbers of a network, (N, 2 K), as points in pixels, (N, K, 2)."""
    output = np.asarray(output, dtype=np.float64)
    if output.ndim != 2 or output.shape[1] % 2:
        raise ValueError(f"to_pixels: shape {output.shape}; expected (N, 2 K)")
    return (output.reshape(len(output), output.shape[1] // 2, 2) + 0.5) * size


def point_errors(points, truth):
    """Return the distance of each point from where it should be, in pixels.

    Parameters
    ----------
    points, truth : array_like
        (N, K, 2).

    Returns
    -------
    numpy.ndarray
        (N, K).

    Raises
    ------
    ValueError
        If the shapes differ or are others.
    """
    points, truth = as_points(points), as_points(truth, "truth")
    if points.shape != truth.shape:
        raise ValueError(f"point_errors: {points.shape} and {truth.shape}; expected one shape")
    return np.hypot(*np.moveaxis(points - truth, -1, 0))


def normalized_errors(points, truth, pair=(0, 1)):
    """Return the mean error of each face, in distances of its eyes.

    Parameters
    ----------
    points, truth : array_like
        (N, K, 2).
    pair : (int, int)
        Numbers of the two points whose true distance is the unit.

    Returns
    -------
    numpy.ndarray
        (N,).

    Raises
    ------
    ValueError
        As for `point_errors`; if the two points of a face coincide, so that there is no unit.

    Notes
    -----
    The usual measure of faces, as in Sagonas et al. (2013). Chapter :ref:`landmarks`.
    """
    errors, truth = point_errors(points, truth), as_points(truth, "truth")
    unit = np.hypot(*(truth[:, pair[0]] - truth[:, pair[1]]).T)
    flat = np.flatnonzero(unit == 0)
    if len(flat):
        raise ValueError(f"normalized_errors: points {pair} of image {flat[0]} coincide: no unit")
    return errors.mean(axis=1) / unit


def heat_maps(points, size, sigma=1.5):
    """Draw a map for each point, 1 at the point and falling off around it.

    Parameters
    ----------
    points : array_like
        (N, K, 2) in pixels.
    size : int
        Height and width of the maps.
    sigma : float
        Standard deviation of the bump in pixels, above 0.

    Returns
    -------
    numpy.ndarray
        (N, K, size, size) float32; the centre of the pixel in row i, column j is (j + ½, i + ½).

    Raises
    ------
    ValueError
        If `sigma` is not above 0, or the points are none.

    Notes
    -----
    Tompson et al. (2014). Chapter :ref:`landmarks`.
    """
    if not sigma > 0:
        raise ValueError(f"heat_maps: sigma is {sigma}; expected above 0")
    points = as_points(points)[..., None]
    at = np.arange(size) + 0.5
    across, down = (np.exp(-((at - points[:, :, k]) ** 2) / 2 / sigma**2) for k in (0, 1))
    return (down[..., :, None] * across[..., None, :]).astype(np.float32)


def centres_of_mass(maps):
    """Read points out of heat maps: the centre of mass of each.

    Parameters
    ----------
    maps : array_like
        (N, K, S, T), not negative.

    Returns
    -------
    numpy.ndarray
        (N, K, 2) x, y in pixels. A map of zeros has its middle.

    Raises
    ------
    ValueError
        If a value is negative or not finite, or the shape is another.
    """
    maps = np.asarray(maps, dtype=np.float64)
    if maps.ndim != 4 or not np.isfinite(maps).all() or (maps < 0).any():
        raise ValueError("centres_of_mass: expected (N, K, S, T) of finite numbers, none negative")
    maps = np.where(maps.sum(axis=(2, 3), keepdims=True) > 0, maps, 1.0)
    weights = maps / maps.sum(axis=(2, 3), keepdims=True)
    down, across = (np.arange(n) + 0.5 for n in maps.shape[2:])
    return np.stack([weights.sum(axis=2) @ across, weights.sum(axis=3) @ down], axis=-1)
