"""Lists of pairs in the format of LFW's ``pairs.txt``: folds of pairs, same and different."""

from pathlib import Path
from typing import NamedTuple

import numpy as np


class Pairs(NamedTuple):
    """Pairs of pictures, in folds.

    Attributes
    ----------
    first, second : numpy.ndarray
        (K,) int64, places of the pictures in a `FaceFiles`.
    same : numpy.ndarray
        (K,) bool, whether they show one person.
    fold : numpy.ndarray
        (K,) int64, from 0.
    """

    first: np.ndarray
    second: np.ndarray
    same: np.ndarray
    fold: np.ndarray


def read_pairs(path, files):
    """Read a list of pairs.

    Parameters
    ----------
    path : str or pathlib.Path
        A text file. Its first line says how many folds there are and how many pairs of each kind a
        fold has (a single number: one fold). Then, fold by fold, the same pairs, as *name, number,
        number*, and as many different ones, as *name, number, name, number*, separated by tabs.
    files : companion.data.face_folders.FaceFiles
        The pictures that it speaks of.

    Returns
    -------
    Pairs
        In the order of the file.

    Raises
    ------
    ValueError
        If a line cannot be read, names a picture that is not there, or is no pair of its kind, or
        if there are too few or too many lines; with file and line.

    Notes
    -----
    Huang et al. (2007): 10 folds of 300 + 300 pairs. Chapter :ref:`face_folders`.
    """
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    folds, each = _header(lines[0] if lines else "", path)
    if len(lines) - 1 != folds * 2 * each:
        raise ValueError(
            f"{path}: {len(lines) - 1} lines below the first, which promises {folds} folds of "
            f"{each} + {each} pairs, {folds * 2 * each} lines"
        )
    place = {key: k for k, key in enumerate(zip(files.names, files.numbers, strict=True))}
    known, found = set(files.names), []
    for row, line in enumerate(lines[1:]):
        where, same = f"{path}, line {row + 2}", row // each % 2 == 0
        ends = _ends(line, same, where)
        for name, number in ends:
            if name not in known:
                raise ValueError(f"{where}: there is nobody named {name!r}")
            if (name, number) not in place:
                raise ValueError(f"{where}: there is no picture {number} of {name}")
        if ends[0] == ends[1]:
            raise ValueError(f"{where}: a picture paired with itself")
        if not same and ends[0][0] == ends[1][0]:
            raise ValueError(f"{where}: {ends[0][0]} twice in a pair that should differ")
        found.append([place[ends[0]], place[ends[1]], same, row // (2 * each)])
    first, second, same, fold = np.array(found, dtype=np.int64).reshape(-1, 4).T
    return Pairs(first, second, same.astype(bool), fold)


def write_pairs(path, pairs, files):
    """Write a list of pairs.

    Parameters
    ----------
    path : str or pathlib.Path
        Where.
    pairs : Pairs
        In each fold as many same as different ones, and in each equally many.
    files : companion.data.face_folders.FaceFiles
        The pictures.

    Raises
    ------
    ValueError
        If the folds are not alike, or a pair is not what it says.
    """
    folds = int(pairs.fold.max()) + 1 if len(pairs.fold) else 0
    kinds = [[np.flatnonzero((pairs.fold == f) & (pairs.same == kind)) for kind in (True, False)]
             for f in range(folds)]  # fmt: skip
    each = len(kinds[0][0]) if folds else 0
    if not each or any(len(rows) != each for fold in kinds for rows in fold):
        raise ValueError(
            f"write_pairs: same and different pairs of the folds are "
            f"{[[len(rows) for rows in fold] for fold in kinds]}; expected equally many, and some"
        )
    lines = [f"{folds}\t{each}"]
    for fold in kinds:
        for rows, same in zip(fold, (True, False), strict=True):
            for a, b in zip(pairs.first[rows], pairs.second[rows], strict=True):
                lines.append(_line(files, a, b, same))
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _header(line, path):
    try:
        numbers = [int(text) for text in line.split()]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 2) or min(numbers) < 1:
        raise ValueError(
            f"{path}, line 1: {line!r}; expected the number of folds and of pairs of each kind, "
            "such as 10 and 300, or one number"
        )
    return (1, *numbers) if len(numbers) == 1 else tuple(numbers)


def _ends(line, same, where):
    fields = line.split("\t")
    try:
        if same:
            name, *numbers = fields
            a, b = map(int, numbers)
            return (name, a), (name, b)
        name, a, other, b = fields
        return (name, int(a)), (other, int(b))
    except ValueError:
        wanted = "name, number, number" if same else "name, number, name, number"
        kind = "same" if same else "different"
        raise ValueError(
            f"{where}: {line!r}; expected a pair of the kind {kind!r}: {wanted}, separated by tabs"
        ) from None


def _line(files, a, b, same):
    name, other = files.names[a], files.names[b]
    if (name == other) != same:
        raise ValueError(f"write_pairs: {name} and {other} in a pair that says same is {same}")
    ends = (name, files.numbers[a], files.numbers[b])
    return "\t".join(map(str, ends if same else (*ends[:2], other, ends[2])))
