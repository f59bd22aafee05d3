"""Pairs of texts as batches: what is read, what has been said, what should come next.

Derived in the chapter :ref:`seq2seq`.
"""

from typing import NamedTuple

import numpy as np

from companion.data.batches import Batches
from companion.rnn.language.next_token import next_token_pairs
from companion.rnn.text.vocabulary import PAD, SPECIAL

PADDING = SPECIAL.index(PAD)


class Pairs(NamedTuple):
    """What a translator gets while it learns: a text to read, and the other, told step by step.

    Attributes
    ----------
    source : numpy.ndarray
        (N, S) int64: tokens to read, ``<pad>`` behind the end.
    said : numpy.ndarray
        (N, T) int64: ``<start>`` and the right tokens so far (*teacher forcing*).
    """

    source: np.ndarray
    said: np.ndarray


def padded(texts, vocabulary):
    """Turn texts into one array of numbers.

    Parameters
    ----------
    texts : list
        Tokens of each text; a str counts as its letters.
    vocabulary : Vocabulary
        That knows them.

    Returns
    -------
    numpy.ndarray
        (N, S) int64, ``<pad>`` behind the end of each; S is the length of the longest.

    Raises
    ------
    ValueError
        If there is no text, or one is empty or holds an unknown token.
    """
    rows = [vocabulary.encode(text) for text in texts]
    if not rows or min(map(len, rows)) < 1:
        raise ValueError("padded: no text, or an empty one; leave empty texts out")
    found = np.full((len(rows), max(map(len, rows))), PADDING)
    for place, row in enumerate(rows):
        found[place, : len(row)] = row
    return found


def lengths_of(source):
    """Count the tokens of each row before its padding.

    Parameters
    ----------
    source : array_like of int
        (N, S), as `padded` makes it.

    Returns
    -------
    numpy.ndarray
        (N,) int64.

    Raises
    ------
    ValueError
        If it is no such array, a row is empty, or padding stands before a token.
    """
    source = np.asarray(source)
    if source.ndim != 2 or not len(source) or source.dtype.kind not in "iu":
        raise ValueError(
            f"lengths_of: source {source.dtype} {source.shape}; expected whole numbers of tokens, "
            "(N, S) with at least one text, as padded makes them"
        )
    here = source != PADDING
    lengths = here.sum(axis=1)
    if not lengths.all() or (here != (np.arange(here.shape[1]) < lengths[:, None])).any():
        raise ValueError(
            f"lengths_of: source {here.shape}; expected rows of at least one token, with padding "
            "behind the end only"
        )
    return lengths


def translation_batches(sources, targets, source_tokens, target_tokens, batch_size=64, seed=0):
    """Cut pairs of texts into shuffled batches, for `companion.training.fit`.

    Parameters
    ----------
    sources, targets : list
        Tokens of each text, as many of the one as of the other.
    source_tokens, target_tokens : Vocabulary
        That know them.
    batch_size : int
        Pairs in a batch.
    seed : int
        Of the order.

    Returns
    -------
    Batches
        Of `Pairs` and what should come next, (N, T) int64 with ``<end>`` last.

    Raises
    ------
    ValueError
        If the numbers of texts differ, or a text is empty or holds an unknown token.
    """
    if len(sources) != len(targets):
        raise ValueError(f"translation_batches: {len(sources)} sources, {len(targets)} targets")
    said, following = next_token_pairs(targets, target_tokens)
    return Batches(
        padded(sources, source_tokens),
        said,
        following,
        batch_size=batch_size,
        seed=seed,
        transform=_as_pairs,
    )


def _as_pairs(source, said, following, rng):
    """Leave out the padding that no text of the batch needs."""
    read, told = (source != PADDING).any(axis=0), (following != PADDING).any(axis=0)
    return Pairs(source[:, read], said[:, told]), following[:, told]
