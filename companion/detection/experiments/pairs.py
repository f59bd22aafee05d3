"""Scenes with two objects whose centres lie in one cell: crossed, or two tall ones."""

import numpy as np

from companion.data.scenes import PARTS, SURFACES, Scenes, digits_of, ground, painted, window

LONG, THIN, NEAR = (24, 33), (8, 13), 4
"""Ends of the sides in pixels, and how far two tall objects lie apart at least."""


def pair_scenes(count, part="train", *, seed=0, alike=False, alone=0.3, size=64, cells=8):
    """Make scenes with one pair each; the same arguments give the same ones on every machine.

    Parameters
    ----------
    count : int
        Number of scenes.
    part : str
        ``"train"``, ``"dev"`` or ``"test"``, as for `companion.data.scenes.scenes`.
    seed : int
        Seed of all choices.
    alike : bool
        False: a wide digit and a tall one, crossed. True: two tall ones side by side.
    alone : float
        Share of scenes in which one of the two is left out.
    size, cells : int
        Side of the images in pixels, and cells along it: both centres lie in one of them.

    Returns
    -------
    Scenes
        Every class is 0: what counts here is where things are.

    Raises
    ------
    ValueError
        If there is no such part, or `size` is below 48, too small for the pairs.

    Notes
    -----
    Chapter :ref:`anchors`.
    """
    if part not in PARTS:
        raise ValueError(f"pair_scenes: there is no part {part!r}; take one of {sorted(PARTS)}")
    if size < 48:
        raise ValueError(f"pair_scenes: images of {size} pixels; expected at least 48")
    glyphs, _ = digits_of(part)
    grounds = [ground(name, part, size) for name in SURFACES]
    rng = np.random.default_rng([seed, list(PARTS).index(part), alike])
    made = []
    for _ in range(count):
        surface = window(grounds[rng.integers(len(grounds))], size, rng)
        boxes = _pair(rng, alike, size, size / cells)
        if rng.random() < alone:
            boxes = [boxes[rng.integers(2)]]
        drawn = [glyphs[k] for k in rng.integers(len(glyphs), size=len(boxes))]
        image, masks = painted(surface, drawn, boxes, rng.uniform(0.8, 1.0, len(boxes)))
        made.append((image[None], np.float32(boxes), np.zeros(len(boxes), dtype=np.int64), masks))
    if not made:
        return Scenes(np.empty((0, 1, size, size), dtype=np.float32), [], [], [])
    images, *lists = zip(*made, strict=True)
    return Scenes(np.stack(images), *map(list, lists))


def _pair(rng, alike, size, cell):
    """Two boxes whose centres lie in one cell, far enough from the edges to fit."""
    reach = int(np.ceil((LONG[1] - 1) / 2 / cell))
    corner = cell * rng.integers(reach, int(size / cell) - reach, size=2)
    while True:
        sizes = np.stack([rng.integers(*THIN, size=2), rng.integers(*LONG, size=2)], axis=1)
        if not alike:
            sizes[0] = sizes[0, ::-1]
        # Whole upper left corners that put the centre into the cell.
        low = np.ceil(corner - sizes / 2).astype(int)
        high = np.ceil(corner + cell - sizes / 2).astype(int)
        first = rng.integers(low, high)
        boxes = np.hstack([first, first + sizes])
        apart = np.abs(np.diff(boxes[:, 0] + boxes[:, 2])) / 2
        if not alike or apart >= NEAR:
            return [tuple(map(int, box)) for box in boxes]
