"""Huffman's tree: frequent words near the root, so that a word takes few steps on average.

Derived on the page :ref:`many_words`.
"""

import heapq
from typing import NamedTuple

import numpy as np


class Paths(NamedTuple):
    """The way from the root to each word.

    Attributes
    ----------
    nodes : numpy.ndarray
        (V, L) int64: inner nodes on the way, the root first; −1 behind the end.
    turns : numpy.ndarray
        (V, L) int64: 1 where the way turns left, −1 where it turns right, 0 behind the end.
    """

    nodes: np.ndarray
    turns: np.ndarray

    @property
    def lengths(self):
        """How many turns lead to each word, (V,)."""
        return (self.nodes >= 0).sum(axis=1)

    def codes(self):
        """Return each way as a text, 0 for left and 1 for right."""
        return ["".join("0" if turn > 0 else "1" for turn in row if turn) for row in self.turns]


def huffman(counts):
    """Join the two rarest again and again, until one tree is left.

    Parameters
    ----------
    counts : array_like
        (V,) how often each word occurs; at least two words.

    Returns
    -------
    Paths
        Of V − 1 inner nodes, numbered in the order in which they were made, so that the root is the
        last. Of equally rare ones the one with the lower number is taken first, words before inner
        nodes; the first of the two becomes the left child.

    Raises
    ------
    ValueError
        If there are fewer than two words, or a count is not above 0.

    Notes
    -----
    Huffman (1952): no other tree has a smaller Σ count · length.
    """
    counts = np.asarray(counts)
    words = len(counts)
    if words < 2 or not (counts > 0).all():
        raise ValueError(f"huffman: {words} counts; expected at least two, all above 0")
    heap = [(count.item(), node) for node, count in enumerate(counts)]
    heapq.heapify(heap)
    parent, turn = np.empty(2 * words - 1, np.int64), np.empty(2 * words - 1, np.int64)
    for node in range(words, 2 * words - 1):
        (a, left), (b, right) = heapq.heappop(heap), heapq.heappop(heap)
        parent[[left, right]], turn[[left, right]] = node, (1, -1)
        heapq.heappush(heap, (a + b, node))
    return _paths(words, parent, turn)


def balanced(words):
    """Return the paths of the tree that halves the words again and again, whatever they are."""
    return huffman(np.ones(words, np.int64))


def _paths(words, parent, turn):
    """Climb from each word to the root, 2·words − 2, and write the way down."""
    root, ways = 2 * words - 2, []
    for word in range(words):
        way, node = [], word
        while node != root:
            way.append((parent[node] - words, turn[node]))
            node = parent[node]
        ways.append(way[::-1])
    longest = max(map(len, ways))
    nodes = np.full((words, longest), -1)
    turns = np.zeros((words, longest), np.int64)
    for word, way in enumerate(ways):
        nodes[word, : len(way)], turns[word, : len(way)] = zip(*way, strict=True)
    return Paths(nodes, turns)
