"""Byte-pair encoding: begin with bytes, and join the most frequent pair again and again.

Derived on the page :ref:`tokens`.
"""

import json
import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np

PIECE = re.compile(r" ?\w+| ?[^\w\s]+|\s+")
"""Where a text is cut first, so that no pair reaches across words; a space belongs to its word."""


class BytePairs:
    """A tokenizer for any text: 256 bytes, and pairs that were joined, in their order.

    Parameters
    ----------
    merges : iterable of (int, int)
        Pairs of tokens. The first becomes token 256, the next 257, and so on; a pair may only use
        tokens that are there before it.

    Attributes
    ----------
    merges : tuple of (int, int)
        The pairs.
    bytes : tuple of bytes
        What each token stands for.

    Raises
    ------
    ValueError
        If a pair stands there twice or uses a token that is not there yet.

    Notes
    -----
    Gage (1994); for words, Sennrich, Haddow and Birch (2016). Derived on the page :ref:`tokens`.
    """

    def __init__(self, merges=()):
        self.merges = tuple((int(a), int(b)) for a, b in merges)
        meanings = [bytes([value]) for value in range(256)]
        for a, b in self.merges:
            if not (0 <= a < len(meanings) and 0 <= b < len(meanings)):
                raise ValueError(
                    f"BytePairs: pair ({a}, {b}) uses a token that is not there yet; at this place "
                    f"there are 0 … {len(meanings) - 1}"
                )
            meanings.append(meanings[a] + meanings[b])
        self.bytes = tuple(meanings)
        self._numbers = {pair: 256 + place for place, pair in enumerate(self.merges)}
        if len(self._numbers) < len(self.merges):
            twice = Counter(self.merges).most_common(1)[0][0]
            raise ValueError(f"BytePairs: pair {twice} stands there twice")
        self._known = {}

    @classmethod
    def of(cls, texts, merges):
        """Learn pairs from texts.

        Parameters
        ----------
        texts : iterable of str
            What to learn from; at least one that is not empty.
        merges : int
            How many pairs at most; fewer if no pair stands there twice any more.

        Returns
        -------
        BytePairs
            The most frequent pair of all texts is joined everywhere, then the most frequent pair
            of what is there now, and so on. Of equally frequent pairs the smallest is taken.

        Raises
        ------
        ValueError
            If there is no text, or the number of merges is negative.
        """
        pieces = Counter(piece for text in texts for piece in PIECE.findall(text))
        if not pieces or merges < 0:
            raise ValueError(
                f"BytePairs.of: {len(pieces)} pieces of text, {merges} merges; expected some text "
                "and 0 merges or more"
            )
        return cls(_learned(pieces, merges))

    def __len__(self):
        return len(self.bytes)

    def encode(self, text):
        """Return the tokens of a text, as numbers.

        Parameters
        ----------
        text : str
            Any text without lone surrogates.

        Returns
        -------
        numpy.ndarray
            (T,) int64.
        """
        tokens = [token for piece in PIECE.findall(text) for token in self._of_piece(piece)]
        return np.array(tokens, dtype=np.int64)

    def decode(self, numbers):
        """Return the text of tokens.

        Parameters
        ----------
        numbers : array_like of int
            (T,).

        Returns
        -------
        str
            The text that was encoded.

        Raises
        ------
        ValueError
            If a number has no token, or the bytes are no UTF-8.
        """
        numbers = np.asarray(numbers, dtype=np.int64).ravel()
        wrong = numbers[(numbers < 0) | (numbers >= len(self))]
        if len(wrong):
            raise ValueError(f"BytePairs: number {wrong[0]}; expected 0 … {len(self) - 1}")
        found = b"".join(self.bytes[number] for number in numbers)
        try:
            return found.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(
                f"BytePairs: the bytes of these tokens are no UTF-8: {error}; tokens may be cut in "
                "the middle of a character"
            ) from error

    def tokens(self, text):
        """Return the tokens of a text, as texts.

        Parameters
        ----------
        text : str
            As for `encode`.

        Returns
        -------
        list of str
            Each byte is written as the character with its number (Latin-1), so that the list can be
            read and fits a `companion.rnn.text.vocabulary.Vocabulary`.
        """
        return [self.bytes[number].decode("latin-1") for number in self.encode(text)]

    def _of_piece(self, piece):
        """Join the pairs of one piece in the order in which they were learned."""
        if piece not in self._known:
            tokens = list(piece.encode("utf-8"))
            while found := [p for p in pairwise(tokens) if p in self._numbers]:
                pair = min(found, key=self._numbers.get)
                tokens = merged(tokens, pair, self._numbers[pair])
            self._known[piece] = tokens
        return self._known[piece]

    def save(self, path):
        """Write the pairs to a JSON file, which `load` reads; one that exists is replaced."""
        Path(path).write_text(json.dumps({"merges": self.merges}) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path):
        """Read what `save` wrote.

        Parameters
        ----------
        path : path-like
            The file.

        Returns
        -------
        BytePairs
            The same tokenizer.

        Raises
        ------
        ValueError
            If the file is not UTF-8, no JSON, or holds no pairs.
        """
        try:
            return cls(json.loads(Path(path).read_text(encoding="utf-8"))["merges"])
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"BytePairs: {path} is not what save() writes: {error!r}") from error


def merged(tokens, pair, new):
    """Replace each occurrence of a pair by one new token, from left to right.

    Parameters
    ----------
    tokens : list of int
        Is not changed.
    pair : (int, int)
        Two tokens in a row.
    new : int
        The token that stands for them.

    Returns
    -------
    list of int
        The shorter list.
    """
    found, place = [], 0
    while place < len(tokens):
        here = tuple(tokens[place : place + 2]) == pair
        found.append(new if here else tokens[place])
        place += 2 if here else 1
    return found


def _learned(pieces, merges):
    """Return the pairs to join: counts are kept, and only pieces that hold a pair are redone."""
    rows = [list(piece.encode("utf-8")) for piece in pieces]
    times = list(pieces.values())
    counts, holders = Counter(), defaultdict(set)

    def count(row, sign):
        for pair in pairwise(rows[row]):
            counts[pair] += sign * times[row]
            holders[pair].add(row)

    for row in range(len(rows)):
        count(row, 1)
    found = []
    while len(found) < merges:
        best = min(counts, key=lambda pair: (-counts[pair], pair), default=None)
        if best is None or counts[best] < 2:
            break
        for row in holders.pop(best):
            count(row, -1)
            rows[row] = merged(rows[row], best, 256 + len(found))
            count(row, 1)
        del counts[best]
        found.append(best)
    return found
