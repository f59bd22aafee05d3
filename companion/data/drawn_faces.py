"""Drawn faces: schematic faces in random pose over real surfaces, with five points marked."""

from typing import NamedTuple

import numpy as np

from companion.data.scenes import PARTS, SURFACES, ground, window

NAMES = ("left eye", "right eye", "nose", "left mouth corner", "right mouth corner")
"""The points in their order; left and right as one sees them on an upright face."""
SWAP = (1, 0, 2, 4, 3)
"""Order of the points of a mirrored face, as `RandomHorizontalFlip` takes it."""
POINTS = np.array([[-0.4, -0.2], [0.4, -0.2], [0.0, 0.15], [-0.3, 0.5], [0.3, 0.5]])
"""Where they are in a face that looks straight ahead, in half widths of the face; y points down."""
HIGH = 1.3
"""Half height of a face in half widths."""


class DrawnFaces(NamedTuple):
    """Images and the points in them.

    Attributes
    ----------
    images : numpy.ndarray
        (N, 1, S, S) float32, grey from 0 to 1.
    points : numpy.ndarray
        (N, 5, 2) float64: x, y in pixels from the upper left corner, in the order of `NAMES`.
    """

    images: np.ndarray
    points: np.ndarray


def drawn_faces(count, part="train", *, seed=0, size=48, radius=(11, 16), turn=25.0, look=0.25):
    """Draw faces; the same arguments give the same ones on every machine.

    Parameters
    ----------
    count : int
        Number of faces.
    part : str
        ``"train"``, ``"dev"`` or ``"test"``: they do not share a pixel of a surface.
    seed : int
        Seed of all choices.
    size : int
        Height and width of the images in pixels.
    radius : tuple of float
        Least and largest half width of a face in pixels.
    turn : float
        Largest angle in degrees by which a face leans to a side.
    look : float
        How far eyes, nose and mouth move to a side when a face looks there, in half widths.

    Returns
    -------
    DrawnFaces
        All points lie within the image.

    Raises
    ------
    ModuleNotFoundError
        If the package that ships the surfaces is missing.
    ValueError
        If an argument is out of range, or a face would not fit into the image.

    Notes
    -----
    A face is an oval of some grey with brows, eyes, nose and mouth, each a little different in
    place and size. Chapter :ref:`landmarks`.
    """
    if part not in PARTS:
        raise ValueError(f"drawn_faces: there is no part {part!r}; take one of {sorted(PARTS)}")
    if not 0 < radius[0] <= radius[1] or 2 * HIGH * radius[1] > size:
        raise ValueError(
            f"drawn_faces: half widths {radius} in an image of {size} pixels; expected the least "
            f"and the largest, up to {size / 2 / HIGH:.1f}"
        )
    if not (0 <= turn <= 180 and 0 <= look <= 0.4):
        raise ValueError(f"drawn_faces: turn {turn}, look {look}; expected up to 180 and 0.4")
    rng = np.random.default_rng([seed, list(PARTS).index(part), 2])
    grounds = [ground(name, part, size) for name in SURFACES]
    images, points = np.empty((count, 1, size, size), np.float32), np.empty((count, 5, 2))
    for k in range(count):
        surface = window(grounds[rng.integers(len(grounds))], size, rng)
        half = rng.uniform(*radius)
        angle = np.radians(rng.uniform(-turn, turn))
        matrix = half * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        middle = rng.uniform(HIGH * half, size - HIGH * half, 2)
        images[k, 0], inside = face(surface, matrix, middle, rng, look)
        points[k] = inside @ matrix.T + middle
    return DrawnFaces(images, points)


def face(surface, matrix, middle, rng, look=0.25):
    """Draw one face over a surface.

    Parameters
    ----------
    surface : numpy.ndarray
        (S, S), grey from 0 to 1.
    matrix : numpy.ndarray
        (2, 2), from half widths of the face to pixels.
    middle : numpy.ndarray
        (2,) x, y of the middle of the face in pixels.
    rng : numpy.random.Generator
        Source of chance for what the face looks like.
    look : float
        As for `drawn_faces`.

    Returns
    -------
    image : numpy.ndarray
        (S, S).
    points : numpy.ndarray
        (5, 2) in half widths of the face, from its middle.
    """
    side = rng.uniform(-look, look)
    points = POINTS + rng.uniform(-0.06, 0.06, POINTS.shape)
    points[:, 0] = points[:, 0] * (1 - 0.5 * abs(side)) + side * np.array([1, 1, 1.4, 1, 1])
    skin, dark = rng.uniform(0.55, 0.95), rng.uniform(0.0, 0.2)
    place = np.indices(surface.shape)[::-1].transpose(1, 2, 0) + 0.5 - middle
    place = place @ np.linalg.inv(matrix).T
    blur = 1 / np.sqrt(np.linalg.det(matrix))
    image = np.array(surface, dtype=float)

    def paint(centre, radii, grey):
        """Lay an ellipse over the image, its edge one pixel soft."""
        far = np.hypot(*np.moveaxis((place - centre) / radii, -1, 0))
        share = np.clip(0.5 + (1 - far) * min(radii) / blur, 0, 1)
        image[:] = image + share * (grey - image)

    paint(np.zeros(2), (1, HIGH), skin)
    eye, brow = rng.uniform(0.1, 0.16), rng.uniform(0.18, 0.3)
    for centre in points[:2]:
        paint(centre, (1.5 * eye, eye), 1.0)
        paint((centre[0] + side / 4, centre[1]), (0.8 * eye, 0.8 * eye), dark)
        paint(centre - [0, brow], (0.2, 0.05), dark)
    paint(points[2] - [0, 0.12], (0.05, 0.17), skin - 0.3)
    paint(points[2], (0.13, 0.06), skin - 0.3)
    bend = rng.uniform(0.0, 0.12)
    for share in np.linspace(0, 1, 9):
        x, y = points[3] + share * (points[4] - points[3])
        paint((x, y + 4 * bend * share * (1 - share)), (0.07, 0.06), dark)
    return image, points
