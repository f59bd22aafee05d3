"""First names from the US census of 1990, as the package ``names`` ships them."""

from companion.data.text_files import text_file
from companion.data.text_split import split_texts

FILES = {
    "names/dist.female.first": "bd2f310fc4e5d5e5ea122c9d4342c9821145823118eb20db1647f305ec77b358",
    "names/dist.male.first": "0a5078ef6effe3b483d15b0f7f95047662126c9bfb624ecd5e5b978fc0f2470b",
}


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
    companion.data.text_split.Split
        To learn from, to choose by, to judge by.

    Raises
    ------
    ValueError
        If there are fewer than ten, or one stands there twice.
    """
    return split_texts(first_names() if names is None else list(names), seed)
