"""Scenes: handwritten digits lying about on real surfaces, with box, class and mask of each."""

from typing import NamedTuple

import numpy as np
from PIL import Image

from companion.data.digits import train_dev_test
from companion.data.photographs import photograph

SURFACES = ("brick", "grass", "gravel")
"""Textures that scenes are laid out on, unless others are asked for."""
PARTS = {"train": (0.0, 0.6), "dev": (0.6, 0.8), "test": (0.8, 1.0)}
"""Share of each photograph's columns that the scenes of a part may show."""
BORDER = 0.25
"""Grey from which a pixel of a digit counts as ink."""
TRIES = 100


class Scenes(NamedTuple):
    """Images with what is in them.

    Attributes
    ----------
    images : numpy.ndarray
        (N, 1, S, S) float32, grey from 0 to 1.
    boxes : list of numpy.ndarray
        For each image (K, 4) float32: corners x₁, y₁, x₂, y₂ in pixels from the upper left.
    classes : list of numpy.ndarray
        For each image (K,) int64: which digit.
    masks : list of numpy.ndarray
        For each image (K, S, S) bool: the visible ink of each object.
    """

    images: np.ndarray
    boxes: list
    classes: list
    masks: list

    def part(self, chosen):
        """Return the scenes that a slice or an array of numbers chooses."""
        numbers = np.arange(len(self.images))[chosen]
        lists = ([values[k] for k in numbers] for values in self[1:])
        return Scenes(self.images[numbers], *lists)

    @property
    def truths(self):
        """Pairs of boxes and classes, one for each image."""
        return list(zip(self.boxes, self.classes, strict=True))


def scenes(
    count,
    part="train",
    *,
    seed=0,
    size=64,
    objects=(1, 3),
    height=(16, 28),
    contrast=(0.8, 1.0),
    overlap=0.1,
    surfaces=SURFACES,
):
    """Make scenes; the same arguments give the same ones on every machine.

    Parameters
    ----------
    count : int
        Number of scenes.
    part : str
        ``"train"``, ``"dev"`` or ``"test"``: they share neither a digit nor a pixel of a surface.
    seed : int
        Seed of all choices.
    size : int
        Height and width of the images in pixels.
    objects : tuple of int
        Fewest and most objects a scene. It may have fewer where no place is left for the last.
    height : tuple of int
        Least and largest height of an object in pixels; its width follows the digit.
    contrast : tuple of float
        Least and largest opacity of the ink.
    overlap : float
        Largest IoU of two boxes of a scene.
    surfaces : tuple of str
        Names for `companion.data.photographs.photograph`.

    Returns
    -------
    Scenes
        Images, boxes, classes and masks.

    Raises
    ------
    ModuleNotFoundError
        If a package that ships digits or photographs is missing.
    ValueError
        If an argument is out of range, or an object would not fit into the image.

    Notes
    -----
    Real digits of MNIST (see `companion.data.digits.digits`) in white or black ink, whichever the
    surface makes visible, over real photographs. Used first in the chapter :ref:`localization`.
    """
    if part not in PARTS:
        raise ValueError(f"scenes: there is no part {part!r}; take one of {sorted(PARTS)}")
    if not 0 < height[0] <= height[1] <= size:
        raise ValueError(f"scenes: heights {height} do not fit an image of {size} pixels")
    if not 0 <= objects[0] <= objects[1]:
        raise ValueError(f"scenes: {objects} objects; expected the fewest and the most")
    if not 0 <= contrast[0] <= contrast[1] <= 1 or not 0 <= overlap <= 1:
        raise ValueError(f"scenes: contrast {contrast}, overlap {overlap}; expected from 0 to 1")
    glyphs, names = digits_of(part)
    grounds = [ground(name, part, size) for name in surfaces]
    rng = np.random.default_rng([seed, list(PARTS).index(part)])
    made = []
    for _ in range(count):
        surface = window(grounds[rng.integers(len(grounds))], size, rng)
        chosen = rng.integers(len(glyphs), size=rng.integers(objects[0], objects[1] + 1))
        shapes = [shape_of(glyphs[k], rng.integers(height[0], height[1] + 1)) for k in chosen]
        boxes = places(shapes, size, overlap, rng)
        inks = rng.uniform(*contrast, size=len(chosen))
        kept = [k for k, box in enumerate(boxes) if box is not None]
        placed = [boxes[k] for k in kept]
        image, masks = painted(surface, [glyphs[chosen[k]] for k in kept], placed, inks[kept])
        made.append((image[None], np.float32(placed).reshape(-1, 4), names[chosen[kept]], masks))
    if not made:
        empty = np.empty((0, 1, size, size), dtype=np.float32)
        return Scenes(empty, [], [], [])
    images, *lists = zip(*made, strict=True)
    return Scenes(np.stack(images), *map(list, lists))


def digits_of(part):
    """Return the digits of one part, cut out at the ends of their ink, and their classes."""
    data = train_dev_test()
    X, y = getattr(data, f"X_{part}"), getattr(data, f"y_{part}")
    return [cut_out(x.reshape(28, 28)) for x in X], y


def cut_out(glyph):
    """Cut a drawing off at the ends of its ink: (H, W) to (h, w)."""
    rows, columns = (np.flatnonzero((glyph > BORDER).any(axis=k)) for k in (1, 0))
    return glyph[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def ground(name, part, size):
    """Return the columns of a photograph that belong to one part, in grey, (H, W) float32."""
    grey = photograph(name).mean(axis=2)
    low, high = (round(share * grey.shape[1]) for share in PARTS[part])
    if min(high - low, grey.shape[0]) < size:
        raise ValueError(
            f"scenes: the {part} part of {name!r} has {grey.shape[0]} × {high - low} pixels; "
            f"images of {size} do not fit"
        )
    return grey[:, low:high]


def window(surface, size, rng):
    """Cut a square out of a surface at a random place, mirrored in half of the cases."""
    i, j = (rng.integers(n - size + 1) for n in surface.shape)
    square = surface[i : i + size, j : j + size]
    return square[:, ::-1] if rng.random() < 0.5 else square


def shape_of(glyph, height):
    """Return height and width in pixels of a glyph that is drawn that high."""
    return int(height), max(1, round(height * glyph.shape[1] / glyph.shape[0]))


def places(shapes, size, overlap, rng):
    """Find a place for each shape such that no two boxes overlap more; None where there is none.

    Parameters
    ----------
    shapes : list of (int, int)
        Height and width of each object.
    size : int
        Side of the image.
    overlap : float
        Largest IoU.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    list
        Box x₁, y₁, x₂, y₂ in whole pixels, or None, for each shape.

    Raises
    ------
    ValueError
        If a shape is larger than the image.
    """
    boxes = []
    for high, wide in shapes:
        if max(high, wide) > size:
            raise ValueError(f"scenes: an object of {high} × {wide} does not fit {size} pixels")
        boxes.append(None)
        for _ in range(TRIES):
            y, x = rng.integers(size - high + 1), rng.integers(size - wide + 1)
            box = (int(x), int(y), int(x) + wide, int(y) + high)
            if all(_iou(box, other) <= overlap for other in boxes[:-1] if other is not None):
                boxes[-1] = box
                break
    return boxes


def painted(surface, glyphs, boxes, inks):
    """Paint glyphs into boxes over a surface, the first at the bottom.

    Parameters
    ----------
    surface : numpy.ndarray
        (S, S), grey from 0 to 1.
    glyphs : list of numpy.ndarray
        Drawings, 0 is paper and 1 ink; each is stretched to its box.
    boxes : list of (int, int, int, int)
        x₁, y₁, x₂, y₂ in whole pixels, within the image.
    inks : sequence of float
        Opacity of each: 0 is invisible, 1 covers the surface.

    Returns
    -------
    image : numpy.ndarray
        (S, S) float32.
    masks : numpy.ndarray
        (K, S, S) bool: the ink of each object that is not covered by a later one.

    Notes
    -----
    Ink is white where the surface under the box is darker than middle grey, else black.
    """
    image = np.array(surface, dtype=np.float32)
    masks = np.zeros((len(glyphs), *image.shape), dtype=bool)
    for k, (glyph, (x1, y1, x2, y2), ink) in enumerate(zip(glyphs, boxes, inks, strict=True)):
        drawn = Image.fromarray(np.asarray(glyph, dtype=np.float32))
        drawn = np.asarray(drawn.resize((x2 - x1, y2 - y1), Image.Resampling.BILINEAR))
        under = image[y1:y2, x1:x2]
        colour = 1.0 if surface[y1:y2, x1:x2].mean() < 0.5 else 0.0
        under += np.float32(ink) * drawn * (np.float32(colour) - under)
        masks[:, y1:y2, x1:x2] &= drawn <= BORDER
        masks[k, y1:y2, x1:x2] = drawn > BORDER
    return image, masks


def semantic(scenes, classes=10):
    """Return the class of each pixel: 0 is ground, 1 + c the ink of class c.

    Parameters
    ----------
    scenes : Scenes
        From `scenes`.
    classes : int
        Number of classes.

    Returns
    -------
    numpy.ndarray
        (N, S, S) int64.

    Raises
    ------
    ValueError
        If an object has a class that is not below `classes`.
    """
    labels = np.zeros((len(scenes.images), *scenes.images.shape[2:]), dtype=np.int64)
    for label, names, masks in zip(labels, scenes.classes, scenes.masks, strict=True):
        if len(names) and max(names) >= classes:
            raise ValueError(f"semantic: there is a class {max(names)}; expected below {classes}")
        for name, mask in zip(names, masks, strict=True):
            label[mask] = 1 + name
    return labels


def _iou(a, b):
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(wide, 0) * max(high, 0)
    areas = ((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return both / (sum(areas) - both)
