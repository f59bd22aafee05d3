"""How often two words stand near each other: the counts that GloVe learns from.

Derived on the page :ref:`glove`.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_matrix

from companion.rnn.words.windows import window_pairs


class Cooccurrence(NamedTuple):
    """The counts that are not zero.

    Attributes
    ----------
    rows, columns : numpy.ndarray
        (P,) int64: word and neighbour.
    counts : numpy.ndarray
        (P,) float64: X of that pair, above 0.
    """

    rows: np.ndarray
    columns: np.ndarray
    counts: np.ndarray

    def dense(self, count):
        """Return the (count, count) matrix X."""
        return coo_matrix((self.counts, (self.rows, self.columns)), (count, count)).toarray()


def cooccurrence(corpus, window=10, weigh=True):
    """Count neighbours, near ones more.

    Parameters
    ----------
    corpus : Corpus
        The text.
    window : int
        How many words to either side count as near.
    weigh : bool
        Whether a neighbour d words away counts 1/d; otherwise each counts 1.

    Returns
    -------
    Cooccurrence
        Symmetric, sorted by row and column.
    """
    centres, neighbours, distances = window_pairs(corpus.tokens, corpus.texts, window)
    amounts = 1 / distances if weigh else np.ones(len(distances))
    size = len(corpus.words)
    pairs, places = np.unique(centres * size + neighbours, return_inverse=True)
    counts = np.bincount(places, amounts, len(pairs))
    return Cooccurrence(pairs // size, pairs % size, counts)
