"""What all readers return, and the errors that they share."""

import json
import math
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Annotated(NamedTuple):
    """An image's annotations.

    Attributes
    ----------
    image : str
        Name of the image file, as it is written; for YOLO's text that of the text file.
    width, height : int
        Of the image in pixels.
    boxes : numpy.ndarray
        (K, 4) float64: x₁, y₁, x₂, y₂ in pixels, the pixel in row i and column j being the square
        from (j, i) to (j + 1, i + 1).
    names : list of str
        Class of each box.
    flags : list of dict
        What else is said of each box, such as ``{"difficult": True}`` or ``{"iscrowd": True}``.
    """

    image: str
    width: int
    height: int
    boxes: np.ndarray
    names: list
    flags: list


def annotated(image, width, height, rows, where):
    """Put the rows of a file together and check them.

    Parameters
    ----------
    image : str
        Name of the image.
    width, height : int
        In pixels.
    rows : list of (str, list of float, str, dict)
        Where it stands, two corners, class and flags of each box.
    where : str
        File, for messages.

    Returns
    -------
    Annotated
        The image.

    Raises
    ------
    ValueError
        If the size is not positive or a box is not finite or upside down. Boxes that reach over the
        edge are returned as they are.
    """
    if not (width > 0 and height > 0):
        raise ValueError(f"{where}: an image of {width} × {height} pixels")
    for place, box, _, _ in rows:
        if not all(map(math.isfinite, box)) or box[2] < box[0] or box[3] < box[1]:
            raise ValueError(
                f"{where}, {place}: corners {box}; expected finite numbers and the second corner "
                "right of and below the first"
            )
    boxes = np.array([box for _, box, _, _ in rows], dtype=np.float64).reshape(-1, 4)
    names, flags = ([row[k] for row in rows] for k in (2, 3))
    return Annotated(image, width, height, boxes, names, flags)


def number(value, where, what):
    """Read a number, or say in which file and field there is none.

    Parameters
    ----------
    value : object
        Text or number; true and false are none.
    where, what : str
        File and field, for messages.

    Returns
    -------
    float
        It may be infinite or NaN.

    Raises
    ------
    ValueError
        If it is no number.
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{where}, {what}: {value!r} is no number") from None


def side(value, where, what):
    """Read a width or height of an image: a whole number, as an int; otherwise as `number`."""
    found = number(value, where, what)
    if not found.is_integer():
        raise ValueError(f"{where}, {what}: {value!r} is no whole number of pixels")
    return int(found)


def field(entry, name, where, what):
    """Look a field up, or say in which entry of which file it is missing.

    Parameters
    ----------
    entry : dict
        An object of a JSON file.
    name, where, what : str
        The field, the file and the place of the entry in it.

    Returns
    -------
    object
        Its value.

    Raises
    ------
    ValueError
        If the entry is no object, or lacks the field.
    """
    if not isinstance(entry, dict):
        raise ValueError(f"{where}, {what}: expected an object, got {entry!r:.60}")
    if name not in entry:
        raise ValueError(f"{where}, {what}: the field {name!r} is missing")
    return entry[name]


def read_json(path):
    """Read a JSON file, or say in which line it is none.

    Parameters
    ----------
    path : str or pathlib.Path
        The file.

    Returns
    -------
    object
        What it holds.

    Raises
    ------
    ValueError
        If it is not JSON.
    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}, line {error.lineno}: no JSON, {error.msg}") from None
