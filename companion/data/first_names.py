"""First names from the US census of 1990, as the package ``names`` ships them."""

from typing import NamedTuple

import numpy as np

from companion.data.text_files import text_file

FILES = {
    "names/dist.female.first": "bd2f310fc4e5d5e5ea122c9d4342c9821145823118eb20db1647f305ec77b358",
    "names/dist.male.first": "0a5078ef6effe3b483d15b0f7f95047662126c9bfb624ecd5e5b978fc0f2470b",
}


class Split(NamedTuple):
    """Texts to learn from, to choose by, and to judge by.

    Attributes
    ----------
    train, val, test : list of str
        No text stands in two of them.
    """

    train: list
    val: list
    test: list


def first_names():
    """Load first names from the US census.

    Returns
    -------
    list of str
        5,163 names in lower case, in alphabetical order, each once: those of women and of men that
        occurred often enough in 1990 not to point to a person.

    Raises
    ------
    ModuleNotFoundError
        If the package names is not installed.

    Notes
    -----
    US Census Bureau, public domain. Used first in the chapter :ref:`recurrent`.
    """
    found = set()
    for inside, digest in FILES.items():
        text = text_file("names", inside.split("/")[1], digest).read_text("ascii")
        found |= {line.split()[0].lower() for line in text.splitlines() if line.strip()}
    return sorted(found)


def split_names(names=None, seed=0):
    """Split names at random into eight, one and one tenths.

    Parameters
    ----------
    names : list of str, optional
        By default all `first_names`.
    seed : int
        Of the order.

    Returns
    -------
    Split
        To learn from, to choose by, to judge by.

    Raises
    ------
    ValueError
        If there are fewer than ten, or one stands there twice.
    """
    names = first_names() if names is None else list(names)
    if len(names) < 10 or len(set(names)) < len(names):
        raise ValueError(
            f"split_names: {len(names)} names, {len(set(names))} different; expected at least ten, "
            "each once"
        )
    order = np.random.default_rng(seed).permutation(len(names))
    tenth = len(names) // 10
    parts = order[2 * tenth :], order[:tenth], order[tenth : 2 * tenth]
    return Split(*([names[i] for i in part] for part in parts))
