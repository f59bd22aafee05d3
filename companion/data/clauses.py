"""Clauses of the Psalms, written without spaces, and where their words begin."""

import re
from typing import NamedTuple

import numpy as np

from companion.data.text_split import split_texts
from companion.data.verses import verses

BLANK = 26
"""Number that stands for no letter: behind the end of a clause."""
UNKNOWN_STARTS = -1
"""Label of a place behind the end."""


class RunTogether(NamedTuple):
    """Clauses as rows of letters, and where their words begin.

    Attributes
    ----------
    letters : numpy.ndarray
        (N, T) int64: 0 for a … 25 for z, `BLANK` behind the end.
    starts : numpy.ndarray
        (N, T) int64: 1 where a word begins, 0 inside of one, -1 behind the end.
    """

    letters: np.ndarray
    starts: np.ndarray

    @property
    def lengths(self):
        """Letters of each clause, (N,) int64."""
        return (self.letters != BLANK).sum(axis=1)

    def texts(self):
        """Return the clauses as text, with spaces."""
        return [
            "".join(
                (" " if place and start else "") + chr(97 + letter)
                for place, (letter, start) in enumerate(zip(row, begin, strict=True))
                if letter != BLANK
            )
            for row, begin in zip(self.letters, self.starts, strict=True)
        ]


def clauses(book="Psalms", shortest=12, longest=48):
    """Cut a book of the King James Bible at its punctuation.

    Parameters
    ----------
    book : str
        English name, as for `companion.data.verses.verses`.
    shortest, longest : int
        Letters of a clause, without spaces; others are left out.

    Returns
    -------
    list of str
        In lower case, letters and single spaces only, each once, in the order of the alphabet.

    Raises
    ------
    ModuleNotFoundError
        If the package with the verses is not installed.
    ValueError
        If there is no such book.

    Notes
    -----
    Used in the chapter :ref:`both_ways`.
    """
    found = set()
    for verse in verses(book):
        for piece in re.split(r"[^A-Za-z' -]+", verse.lower()):
            words = [re.sub("[^a-z]", "", word) for word in re.split("[ -]+", piece)]
            found.add(" ".join(filter(None, words)))
    sizes = {clause: len(clause.replace(" ", "")) for clause in found}
    return sorted(clause for clause, size in sizes.items() if shortest <= size <= longest)


def run_together(texts):
    """Leave out the spaces and keep where they were.

    Parameters
    ----------
    texts : list of str
        Words of the letters a to z with single spaces between them.

    Returns
    -------
    RunTogether
        As wide as the longest text has letters.

    Raises
    ------
    ValueError
        If there is no text, or one is not of that kind.
    """
    for text in texts:
        if not re.fullmatch("[a-z]+( [a-z]+)*", text):
            raise ValueError(
                f"run_together: {text!r}; expected words of a to z with single spaces between"
            )
    if not texts:
        raise ValueError("run_together: no text; expected at least one")
    wide = max(len(text.replace(" ", "")) for text in texts)
    letters = np.full((len(texts), wide), BLANK)
    starts = np.full((len(texts), wide), UNKNOWN_STARTS)
    for place, text in enumerate(texts):
        row = [ord(letter) - 97 for letter in text.replace(" ", "")]
        letters[place, : len(row)] = row
        begin = [[1] + [0] * (len(word) - 1) for word in text.split()]
        starts[place, : len(row)] = np.concatenate(begin)
    return RunTogether(letters, starts)


def split_clauses(texts=None, seed=0):
    """Split clauses at random into eight, one and one tenths.

    Parameters
    ----------
    texts : list of str, optional
        By default all `clauses` of the Psalms.
    seed : int
        Of the order.

    Returns
    -------
    train, val, test : RunTogether
        To learn from, to choose by, to judge by.

    Raises
    ------
    ValueError
        If there are fewer than ten, or one stands there twice.
    """
    parts = split_texts(clauses() if texts is None else list(texts), seed)
    return tuple(run_together(part) for part in parts)
