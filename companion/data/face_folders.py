"""Folders of faces as they are published: one folder a person, as in LFW and in ORL.

Nothing is skipped silently: what does not fit the layout is an error that names it.
"""

import os
import re
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, UnidentifiedImageError

from companion.data.people import People

VARIABLE = "COMPANION_DATA"


class FaceFiles(NamedTuple):
    """Pictures in files, and who is on them.

    Attributes
    ----------
    paths : list of pathlib.Path
        (N,) sorted by person and number.
    names : list of str
        (N,) who is on each.
    numbers : list of int
        (N,) the number of the picture among those of its person, as the file's name says.
    """

    paths: list
    names: list
    numbers: list


def data_folder(name=""):
    """Find the folder in which the reader of the course keeps data that no package brings.

    Parameters
    ----------
    name : str
        A folder or file inside, such as ``"lfw"``.

    Returns
    -------
    pathlib.Path
        It exists.

    Raises
    ------
    FileNotFoundError
        If the variable ``COMPANION_DATA`` is not set, or what it leads to is not there.
    """
    top = os.environ.get(VARIABLE)
    if not top:
        raise FileNotFoundError(
            f"{VARIABLE} is not set; set it to the folder that holds {name or 'your data'}"
        )
    path = Path(top) / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there; {VARIABLE} is {top!r}")
    return path


def read_lfw(folder, ignore=()):
    """List a folder in the layout of Labeled Faces in the Wild: ``Name/Name_0001.jpg``.

    Parameters
    ----------
    folder : str or pathlib.Path
        It holds one folder a person.
    ignore : sequence of str
        Names of files and folders to pass over, such as ``".DS_Store"``.

    Returns
    -------
    FaceFiles
        All pictures.

    Raises
    ------
    FileNotFoundError
        If the folder is not there.
    ValueError
        If there is anything else in it, somebody has no picture or a number occurs twice.

    Notes
    -----
    Huang et al. (2007): four digits or more, counted from 1. Chapter :ref:`face_folders`.
    """

    def number(path):
        found = re.fullmatch(re.escape(path.parent.name) + r"_(\d{4,})\.jpg", path.name)
        if not found:
            wanted = f"{path.parent.name}_0001.jpg"
            raise ValueError(f"{path}: expected a picture named like {wanted}")
        return int(found[1])

    return _listed(folder, number, ignore)


def read_orl(folder, ignore=("README",)):
    """List a folder in the layout of AT&T's database (ORL): ``s1/1.pgm``.

    Parameters
    ----------
    folder : str or pathlib.Path
        It holds one folder a person.
    ignore : sequence of str
        Names of files and folders to pass over.

    Returns
    -------
    FaceFiles
        All pictures; s2 stands before s10.

    Raises
    ------
    FileNotFoundError
        If the folder is not there.
    ValueError
        If there is anything else in it, somebody has no picture or a number occurs twice.

    Notes
    -----
    Samaria and Harter (1994). Chapter :ref:`face_folders`.
    """

    def number(path):
        found = re.fullmatch(r"(\d+)\.pgm", path.name)
        if not found or not re.fullmatch(r"s\d+", path.parent.name):
            raise ValueError(f"{path}: expected a picture named like s1/1.pgm")
        return int(found[1])

    return _listed(folder, number, ignore)


def load(files, height=None, width=None):
    """Read the pictures: grey, all of one size.

    Parameters
    ----------
    files : FaceFiles
        Which.
    height, width : int, optional
        To scale each picture to; as they are by default.

    Returns
    -------
    People
        Pictures (N, 1, H, W) from 0 to 1, and numbers (N,) of the people in the order in which they
        stand in `files`, from 0.

    Raises
    ------
    ValueError
        If there is no picture, one cannot be read, or sizes differ and none is given.
    """
    if not files.paths:
        raise ValueError("load: no pictures")
    if (height is None) != (width is None):
        raise ValueError(f"load: height {height}, width {width}; give both or neither")
    pictures = [_grey(path, height, width) for path in files.paths]
    for path, picture in zip(files.paths, pictures, strict=True):
        if picture.shape != pictures[0].shape:
            raise ValueError(
                f"{path}: {picture.shape} pixels, but {files.paths[0]} has {pictures[0].shape}; "
                "give height and width"
            )
    order = {name: k for k, name in enumerate(dict.fromkeys(files.names))}
    return People(np.stack(pictures)[:, None], np.array([order[name] for name in files.names]))


def _listed(folder, number, ignore):
    """Walk one folder a person; `number` reads a path or says what is wrong with it."""
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is no folder; expected one that holds a folder a person")
    rows = []
    for person in sorted(folder.iterdir()):
        if person.name in ignore:
            continue
        if not person.is_dir():
            raise ValueError(f"{person}: expected folders of people only; else name it in `ignore`")
        inside = [path for path in person.iterdir() if path.name not in ignore]
        if not inside:
            raise ValueError(f"{person}: no picture in this folder")
        numbered = sorted((number(path), path) for path in inside)
        for (a, first), (b, second) in pairwise(numbered):
            if a == b:
                raise ValueError(f"{second}: number {b} twice, also {first.name}")
        rows += [(_natural(person.name), k, path) for k, path in numbered]
    if not rows:
        raise ValueError(f"{folder}: nobody in this folder")
    rows.sort(key=lambda row: row[:2])
    paths = [path for _, _, path in rows]
    return FaceFiles(paths, [p.parent.name for p in paths], [k for _, k, _ in rows])


def _natural(name):
    """Order in which s2 stands before s10."""
    pieces = re.split(r"(\d+)", name)
    return [int(one) if k % 2 else one for k, one in enumerate(pieces)], name


def _grey(path, height, width):
    try:
        with Image.open(path) as image:
            image = image.convert("L")
            if height is not None:
                image = image.resize((width, height), Image.Resampling.BOX)
            return np.asarray(image, dtype=np.float32) / 255
    except (UnidentifiedImageError, OSError) as error:
        raise ValueError(f"{path}: no picture that can be read ({error})") from None
