"""Who keeps company with whom: the pairs of a word and its neighbours.

Derived in the chapter :ref:`word2vec`.
"""

from typing import NamedTuple

import numpy as np


class Pairs(NamedTuple):
    """Pairs of words that stand near each other.

    Attributes
    ----------
    centres, neighbours : numpy.ndarray
        (P,) int64: the word in the middle of a window, and one beside it.
    distances : numpy.ndarray
        (P,) int64: how many words apart, from 1.
    """

    centres: np.ndarray
    neighbours: np.ndarray
    distances: np.ndarray


def window_pairs(tokens, texts, window, rng=None):
    """List the pairs of each word and its neighbours in the same text.

    Parameters
    ----------
    tokens, texts : numpy.ndarray
        (N,) numbers of the words, and the text in which each stands, as in a `Corpus`.
    window : int
        How many words to either side count as neighbours.
    rng : numpy.random.Generator, optional
        Draws a window of its own for each centre, from 1 to `window`, all alike, so that near
        neighbours come more often; without it all windows are full.

    Returns
    -------
    Pairs
        Sorted by distance; with full windows each pair comes both ways.

    Raises
    ------
    ValueError
        If the window is below 1 or tokens and texts differ in length.
    """
    own = _windows("window_pairs", tokens, texts, window, rng)
    centres, neighbours, distances = [], [], []
    for k in range(1, min(window, len(tokens) - 1) + 1):
        one = texts[k:] == texts[:-k]
        left, right = tokens[:-k], tokens[k:]
        for centre, other, own_window in ((left, right, own[:-k]), (right, left, own[k:])):
            near = one & (own_window >= k)
            centres.append(centre[near])
            neighbours.append(other[near])
            distances.append(np.full(near.sum(), k))
    none = np.empty(0, np.int64)
    return Pairs(*(np.concatenate([none, *p]) for p in (centres, neighbours, distances)))


def window_bags(tokens, texts, window, rng=None):
    """List for each word all its neighbours in the same text.

    Parameters
    ----------
    tokens, texts, window, rng
        As for `window_pairs`.

    Returns
    -------
    bags : numpy.ndarray
        (B, 2·window) int64: neighbours of each word that has any, from left to right; −1 where
        there is none.
    centres : numpy.ndarray
        (B,) the word in the middle.

    Raises
    ------
    ValueError
        As for `window_pairs`.
    """
    own = _windows("window_bags", tokens, texts, window, rng)
    places = np.arange(len(tokens))
    bags = np.full((len(tokens), 2 * window), -1)
    for column, offset in enumerate(k for k in range(-window, window + 1) if k):
        other = places + offset
        inside = (other >= 0) & (other < len(tokens))
        other = np.where(inside, other, places)
        near = inside & (texts[other] == texts) & (own >= abs(offset))
        bags[near, column] = tokens[other[near]]
    some = (bags >= 0).any(axis=1)
    return bags[some], tokens[some]


def _windows(who, tokens, texts, window, rng):
    if window < 1:
        raise ValueError(f"{who}: window={window}; expected at least 1")
    if tokens.shape != texts.shape:
        raise ValueError(f"{who}: {tokens.shape} tokens in {texts.shape} texts; expected as many")
    full = np.full(len(tokens), window)
    return full if rng is None else rng.integers(1, window + 1, len(tokens))
