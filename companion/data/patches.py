"""Small colour images: patches cut from six photographs, whose label is the photograph."""

import numpy as np

from companion.data.digits import Split
from companion.data.photographs import photograph

NAMES = ("china", "flower", "astronaut", "cat", "coffee", "rocket")
"""Names of the classes 0, 1, …, as `companion.data.photographs.photograph` takes them."""
SIDE = 32
"""Height and width of a patch in pixels."""
TRAIN, TEST = 120, 40
"""Patches of each photograph to learn from, and held out."""
LEFT, GAP = 0.6, SIDE
"""Share of the width to learn from, and the columns right of it that belong to no part."""


def columns(width):
    """Divide the columns of a photograph: to learn from on the left, held out on the right.

    Parameters
    ----------
    width : int
        Of the photograph, in pixels.

    Returns
    -------
    train, test : slice
        Columns of the two parts; between them lie `GAP` columns that no patch touches.

    Raises
    ------
    ValueError
        If a part is too narrow for a patch.
    """
    edge = int(LEFT * width)
    if min(edge, width - edge - GAP) < SIDE:
        raise ValueError(
            f"columns: a photograph {width} pixels wide is too narrow for two parts with a gap; "
            f"each needs at least {SIDE}"
        )
    return slice(0, edge), slice(edge + GAP, width)


def corners(height, width, many):
    """Choose where patches are cut: many places of a regular grid, evenly spread over it.

    Parameters
    ----------
    height, width : int
        Of the part, in pixels.
    many : int
        Number of patches.

    Returns
    -------
    numpy.ndarray
        Row and column of each upper left corner, (many, 2) int64, all different.

    Raises
    ------
    ValueError
        If the part has too few places.
    """
    down, across = height - SIDE, width - SIDE
    if down < 0 or across < 0 or (down + 1) * (across + 1) < many:
        raise ValueError(
            f"corners: {many} patches do not find different places in {height} × {width} pixels"
        )
    rows = max(1, min(down + 1, round((many * (down + 1) / (across + 1)) ** 0.5)))
    places = -(-many // rows)
    if places > across + 1:
        places, rows = across + 1, -(-many // (across + 1))
    i = np.linspace(0, down, rows).round().astype(np.int64)
    j = np.linspace(0, across, places).round().astype(np.int64)
    grid = np.stack(np.meshgrid(i, j, indexing="ij"), axis=-1).reshape(-1, 2)
    return grid[np.linspace(0, len(grid) - 1, many).round().astype(int)]


def cut(image, at):
    """Cut patches out of an image.

    Parameters
    ----------
    image : array_like
        (H, W, 3).
    at : array_like
        Upper left corners, (N, 2).

    Returns
    -------
    numpy.ndarray
        (N, 3, 32, 32), of the type of `image`.
    """
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(image), (SIDE, SIDE), axis=(0, 1))
    i, j = np.asarray(at, dtype=np.int64).reshape(-1, 2).T
    return np.ascontiguousarray(windows[i, j])


def patches():
    """Load 960 patches of the six photographs; the class is the photograph, in order of `NAMES`.

    Returns
    -------
    Split
        720 patches to learn from, 120 of each photograph, all from its left part, and 240 held out,
        40 of each, all from its right part; between the parts lies a gap. Always the same ones, in
        mixed order. ``X`` is (N, 3, 32, 32) float32: red, green and blue from 0 to 1. ``y`` is (N,)
        int64: the place of the photograph in `NAMES`.

    Raises
    ------
    ModuleNotFoundError, ValueError
        As for `companion.data.photographs.photograph`.

    Notes
    -----
    Patches of one part overlap, those of different parts share no pixel. The right part of a
    photograph shows other things than the left: an orange suit and a flag there, a dark hall here.
    So this is harder than telling new patches of the same part apart.
    Sources and licences: see `companion.data.photographs.photograph`. Used first in the chapter
    :ref:`alexnet_and_vgg`.
    """
    parts = {"train": ([], TRAIN), "test": ([], TEST)}
    for name in NAMES:
        image = photograph(name)
        sides = columns(image.shape[1])
        for (found, many), side in zip(parts.values(), sides, strict=True):
            part = image[:, side]
            found.append(cut(part, corners(*part.shape[:2], many)))
    rng = np.random.default_rng(0)
    arrays = []
    for found, many in parts.values():
        order = rng.permutation(len(NAMES) * many)
        arrays += [np.concatenate(found)[order], np.repeat(np.arange(len(NAMES)), many)[order]]
    return Split(*arrays)
