"""A text as numbers: which words occur, how often, and in which order.

Used in the chapter :ref:`word2vec`.
"""

from collections import Counter
from typing import NamedTuple

import numpy as np


class Corpus(NamedTuple):
    """Words of many texts in their order, without those that are not in the vocabulary.

    Attributes
    ----------
    words : tuple of str
        The vocabulary, most frequent first.
    counts : numpy.ndarray
        (V,) int64: how often each word occurs.
    tokens : numpy.ndarray
        (N,) int64: number of each word of the texts, one text after the other.
    texts : numpy.ndarray
        (N,) int64: the text in which each stands.
    """

    words: tuple
    counts: np.ndarray
    tokens: np.ndarray
    texts: np.ndarray

    def numbers(self):
        """Return word → number, as a new dict."""
        return {word: number for number, word in enumerate(self.words)}

    def only(self, kept):
        """Return the corpus with some of its tokens, (N,) bool; words and counts stay."""
        return self._replace(tokens=self.tokens[kept], texts=self.texts[kept])


def words_of(text):
    """Return the words of a text in lower case, without punctuation around them."""
    words = (word.strip(".,;:!?()[]'\"").lower() for word in text.split())
    return [word for word in words if word]


def corpus_of(texts, most=None, rarest=1):
    """Count the words of texts and number them.

    Parameters
    ----------
    texts : iterable of str
        Windows never reach from one text into another.
    most : int, optional
        How many of the most frequent words to keep.
    rarest : int
        Words that occur less often are left out.

    Returns
    -------
    Corpus
        Equally frequent words stand in the order of the alphabet.

    Raises
    ------
    ValueError
        If no word is left.
    """
    texts = [words_of(text) for text in texts]
    counts = Counter(word for text in texts for word in text)
    found = sorted((w for w, n in counts.items() if n >= rarest), key=lambda w: (-counts[w], w))
    words = tuple(found[:most])
    if not words:
        raise ValueError(
            f"corpus_of: of {len(counts)} words none is left with most={most}, rarest={rarest}"
        )
    number = {word: k for k, word in enumerate(words)}
    kept = [[number[word] for word in text if word in number] for text in texts]
    lengths = [len(text) for text in kept]
    tokens = np.array([k for text in kept for k in text], np.int64)
    each = np.array([counts[word] for word in words], np.int64)
    return Corpus(words, each, tokens, np.repeat(np.arange(len(kept)), lengths))
