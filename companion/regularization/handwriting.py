"""What can be measured on a handwritten digit without knowing it: ink, slant and loops."""

import numpy as np
from scipy import ndimage

SIDE = 28


def _pictures(X, name):
    X = np.asarray(X)
    if X.ndim != 2 or X.shape[1] != SIDE * SIDE:
        raise ValueError(f"{name}: X has shape {X.shape}; expected (N, {SIDE * SIDE})")
    return X.reshape(-1, SIDE, SIDE).astype(float)


def _moments(pictures):
    """Total ink, mean row, second moments of rows, and of rows with columns; each (N,)."""
    total = pictures.sum(axis=(1, 2))
    total = np.where(total > 0, total, 1.0)
    at = np.arange(SIDE)
    rows, columns = pictures.sum(axis=2), pictures.sum(axis=1)
    row, column = rows @ at / total, columns @ at / total
    spread = rows @ at**2 / total - row**2
    mixed = np.einsum("nij,i,j->n", pictures, at, at) / total - row * column
    return row, spread, mixed


def _lean(spread, mixed):
    """Columns to the right for each row upwards, by least squares, (N,)."""
    return -mixed / np.where(spread > 1e-9, spread, np.inf)


def ink(X):
    """Mean grey value of each digit: small for thin strokes, large for thick ones.

    Parameters
    ----------
    X : array_like
        Digits, (N, 784), 0 is paper and 1 ink.

    Returns
    -------
    numpy.ndarray
        Share of the ink that would fill the picture, (N,).

    Raises
    ------
    ValueError
        If `X` is not (N, 784).

    Notes
    -----
    Used first in the chapter :ref:`error_analysis`.
    """
    return _pictures(X, "ink").mean(axis=(1, 2))


def slant(X):
    """How far each digit leans: pixels to the right for each pixel upwards.

    The line through the middle of the ink about which each row's ink lies, by least squares.

    Parameters
    ----------
    X : array_like
        Digits, (N, 784).

    Returns
    -------
    numpy.ndarray
        (N,); 0 is upright, negative leans to the left. 0 where all ink is in one row, or none.

    Raises
    ------
    ValueError
        If `X` is not (N, 784).

    Notes
    -----
    The second central moment of rows with columns divided by that of the rows. Derived in the
    chapter :ref:`error_analysis`.
    """
    _, spread, mixed = _moments(_pictures(X, "slant"))
    return _lean(spread, mixed)


def straightened(X):
    """Shift the rows of each digit sideways until it does not lean.

    Parameters
    ----------
    X : array_like
        Digits, (N, 784).

    Returns
    -------
    numpy.ndarray
        Digits with a slant of about 0, (N, 784) float32. Between pixels a value is a weighted mean
        of both; what is shifted beyond the edge is lost.

    Raises
    ------
    ValueError
        If `X` is not (N, 784).

    Notes
    -----
    Used first in the chapter :ref:`error_analysis`.
    """
    pictures = _pictures(X, "straightened")
    row, spread, mixed = _moments(pictures)
    at = np.arange(SIDE)
    # How far right the ink of each row stands.
    shift = _lean(spread, mixed)[:, None] * (row[:, None] - at)
    source = at + shift[:, :, None]
    left = np.floor(source).astype(int)
    part = source - left

    def values(columns):
        found = np.take_along_axis(pictures, np.clip(columns, 0, SIDE - 1), axis=2)
        return np.where((columns >= 0) & (columns < SIDE), found, 0.0)

    moved = (1 - part) * values(left) + part * values(left + 1)
    return moved.reshape(len(pictures), -1).astype(np.float32)


def loops(X, threshold=0.4, smallest=2):
    """Count the closed loops of each digit: patches of paper with ink all around.

    Parameters
    ----------
    X : array_like
        Digits, (N, 784).
    threshold : float
        Grey value above which a pixel counts as ink.
    smallest : int
        Pixels of the smallest patch that counts.

    Returns
    -------
    numpy.ndarray
        Whole numbers, (N,): 0 for a usual 7, 1 for a usual 9, 2 for a usual 8.

    Raises
    ------
    ValueError
        If `X` is not (N, 784).

    Notes
    -----
    Pixels of paper belong together when they share a side. Used first in the chapter
    :ref:`error_analysis`.
    """
    counts = []
    for picture in _pictures(X, "loops"):
        paper, n = ndimage.label(np.pad(picture <= threshold, 1, constant_values=True))
        sizes = np.bincount(paper.ravel(), minlength=n + 1)[1:]
        counts.append(np.sum(sizes >= smallest) - 1)  # without the paper around the digit
    return np.array(counts, dtype=int)
