"""What people say of words: analogies, likeness of pairs, and how good or bad a word sounds."""

from typing import NamedTuple

import numpy as np

from companion.data.text_files import text_file

ANALOGIES = (
    "gensim",
    "test/test_data/questions-words.txt",
    "8c29b3332afc46f3fb8be04cb5297bf96f39aa7131272dff57869b4485b22a36",
)
LIKENESS = (
    "gensim",
    "test/test_data/simlex999.txt",
    "d5e0501971478a511430ee880bd0121e94ac701ba86d90544d83e6d2ba3db05d",
)
RATINGS = (
    "vaderSentiment",
    "vader_lexicon.txt",
    "1ec9c6e9ee19aade328f8beb393a6afa71a5bb3acf7d3cc22d4ef568df374bf5",
)


class Ratings(NamedTuple):
    """Words and how ten people rated each, from -4 (very negative) to 4 (very positive).

    Attributes
    ----------
    words : list of str
        In the order of the file, each once.
    given : numpy.ndarray
        (N, 10) int64: the ratings of ten people.
    """

    words: list
    given: np.ndarray

    @property
    def mean(self):
        """Mean of the ten ratings of each word, (N,)."""
        return self.given.mean(axis=1)


def analogies():
    """Load the questions "a is to b as c is to …" of Mikolov et al. (2013).

    Returns
    -------
    dict of str to list of tuple
        Kind of relation → tuples (a, b, c, d) of words in lower case; 19,544 in 14 kinds.

    Raises
    ------
    ModuleNotFoundError
        If the package gensim is not installed.

    Notes
    -----
    Used in the chapter :ref:`embeddings`.
    """
    found, kind = {}, None
    for line in text_file(*ANALOGIES).read_text("utf-8").splitlines():
        if line.startswith(":"):
            kind = found.setdefault(line[1:].strip(), [])
        elif line.strip():
            kind.append(tuple(line.lower().split()))
    return found


def likeness():
    """Load SimLex-999: how alike people find two words.

    Returns
    -------
    list of tuple
        (word, word, mean rating from 0 to 10), 999 of them.

    Raises
    ------
    ModuleNotFoundError
        If the package gensim is not installed.

    Notes
    -----
    Hill, Reichart and Korhonen (2015). Used in the chapter :ref:`embeddings`.
    """
    lines = text_file(*LIKENESS).read_text("utf-8").splitlines()
    rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return [(one, other, float(rating)) for one, other, rating in rows]


def word_ratings():
    """Load how good or bad people find single words.

    Returns
    -------
    Ratings
        Words of letters only, in lower case, with ten ratings each.

    Raises
    ------
    ModuleNotFoundError
        If the package vaderSentiment is not installed.

    Notes
    -----
    The lexicon of VADER, Hutto and Gilbert (2014), MIT. Used first in the chapter :ref:`sentiment`.
    """
    lines = text_file(*RATINGS).read_text("utf-8").splitlines()
    found = {}
    for line in lines:
        word, _, _, given = line.split("\t")
        if word.isalpha() and word.isascii() and word not in found:
            found[word] = [int(n) for n in given.strip("[] ").split(",")]
    return Ratings(list(found), np.array(list(found.values()), dtype=np.int64))
