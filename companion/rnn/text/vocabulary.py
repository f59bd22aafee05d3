"""Tokens and their numbers, there and back, kept in a file.

Told on the page :ref:`language_models`, and in depth on :ref:`tokens`.
"""

import json
from collections import Counter
from pathlib import Path

import numpy as np

PAD, START, END, UNKNOWN = "<pad>", "<start>", "<end>", "<unknown>"
SPECIAL = (PAD, START, END, UNKNOWN)


class Vocabulary:
    """A number for each token: the four special ones first, then those given.

    Parameters
    ----------
    tokens : iterable of str
        Each once, in the order of their numbers.

    Attributes
    ----------
    tokens : tuple of str
        All tokens; its first four are ``<pad>``, ``<start>``, ``<end>``, ``<unknown>``.

    Raises
    ------
    ValueError
        If a token stands there twice, or is no text.
    """

    def __init__(self, tokens):
        given = tuple(tokens)
        wrong = [token for token in given if not isinstance(token, str) or not token]
        if wrong:
            raise ValueError(f"Vocabulary: {wrong[0]!r} is no token; expected texts")
        self.tokens = (*SPECIAL, *given)
        twice = [token for token, n in Counter(self.tokens).items() if n > 1]
        if twice:
            raise ValueError(f"Vocabulary: {twice[0]!r} stands there twice")
        self._numbers = {token: number for number, token in enumerate(self.tokens)}

    @classmethod
    def of(cls, texts, rarest=1, most=None):
        """Make the vocabulary of tokenized texts.

        Parameters
        ----------
        texts : iterable of iterable of str
            Tokens of each text; a text of one-letter tokens may be a str.
        rarest : int
            Tokens that occur less often are left out.
        most : int, optional
            How many of the most frequent to keep.

        Returns
        -------
        Vocabulary
            Most frequent first; equally frequent ones in the order of the alphabet.
        """
        counts = Counter(token for text in texts for token in text)
        kept = [token for token, n in counts.items() if n >= rarest and token not in SPECIAL]
        return cls(sorted(kept, key=lambda token: (-counts[token], token))[:most])

    def __len__(self):
        return len(self.tokens)

    def __contains__(self, token):
        return token in self._numbers

    def encode(self, text, strict=True):
        """Return the numbers of the tokens of a text.

        Parameters
        ----------
        text : iterable of str
            Tokens; a str counts as its letters.
        strict : bool
            Whether a token that is not known is an error; otherwise it becomes ``<unknown>``.

        Returns
        -------
        numpy.ndarray
            (T,) int64.

        Raises
        ------
        ValueError
            If `strict` and a token is not known.
        """
        tokens = list(text)
        if strict:
            for place, token in enumerate(tokens):
                if token not in self._numbers:
                    raise ValueError(
                        f"Vocabulary: {token!r} at place {place} is not among the "
                        f"{len(self)} tokens; pass strict=False to make it {UNKNOWN}"
                    )
        unknown = self._numbers[UNKNOWN]
        return np.array([self._numbers.get(token, unknown) for token in tokens], dtype=np.int64)

    def decode(self, numbers):
        """Return the tokens of numbers, as a list of str.

        Parameters
        ----------
        numbers : array_like of int
            (T,), each from 0 to the last token.

        Returns
        -------
        list of str
            The tokens, special ones included.

        Raises
        ------
        ValueError
            If a number has no token.
        """
        numbers = np.asarray(numbers, dtype=np.int64).ravel()
        wrong = numbers[(numbers < 0) | (numbers >= len(self))]
        if len(wrong):
            raise ValueError(f"Vocabulary: number {wrong[0]}; expected 0 … {len(self) - 1}")
        return [self.tokens[number] for number in numbers]

    def number(self, token):
        """Return the number of one token, as `encode` does."""
        return int(self.encode([token])[0])

    def save(self, path):
        """Write the tokens to a JSON file, which `load` reads.

        Parameters
        ----------
        path : path-like
            The file; one that exists is replaced.
        """
        rest = self.tokens[len(SPECIAL) :]
        text = json.dumps({"tokens": rest}, ensure_ascii=False, indent=0)
        Path(path).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path):
        """Read what `save` wrote.

        Parameters
        ----------
        path : path-like
            The file.

        Returns
        -------
        Vocabulary
            With the same numbers.

        Raises
        ------
        ValueError
            If the file is not UTF-8, no JSON, or holds no tokens.
        """
        try:
            found = json.loads(Path(path).read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"Vocabulary: {path} is not what save() writes: {error}") from error
        if not isinstance(found, dict) or not isinstance(found.get("tokens"), list):
            raise ValueError(f"Vocabulary: {path} has no list of tokens; expected save()'s file")
        return cls(found["tokens"])
