"""A label for each letter: letter → vector → states → scores, in one direction or both.

Told in the chapter :ref:`both_ways`.
"""

from functools import cache

import numpy as np

from companion.data.clauses import BLANK, UNKNOWN_STARTS
from companion.training.engines import to_numpy


def tagger(nn, hidden_size=64, num_layers=1, bidirectional=False, *, embedding_dim=12, labels=2):
    """Make a network that scores labels of each letter.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    hidden_size, num_layers, bidirectional
        Of its GRU.
    embedding_dim : int
        Length of a letter's vector.
    labels : int
        Scores of a letter.

    Returns
    -------
    Module
        ``model(letters)``: (N, T) integers, `companion.data.clauses.BLANK` behind the end, to
        (N, T, labels). ``model.scores(vectors, lengths)`` begins behind the table of vectors. In
        both directions it packs its batch; in one direction nothing needs to be masked.

    Notes
    -----
    Schuster and Paliwal (1997). Chapter :ref:`both_ways`.
    """
    return _tagger(nn)(hidden_size, num_layers, bidirectional, embedding_dim, labels)


@cache
def _tagger(nn):
    pack, unpack = nn.utils.rnn.pack_padded_sequence, nn.utils.rnn.pad_packed_sequence

    class Tagger(nn.Module):
        """Scores of the labels of each letter."""

        def __init__(self, hidden, layers, both, dim, labels):
            super().__init__()
            self.both = both
            self.embedding = nn.Embedding(BLANK + 1, dim)
            self.recurrence = nn.GRU(dim, hidden, layers, batch_first=True, bidirectional=both)
            self.head = nn.Linear((1 + both) * hidden, labels)

        def forward(self, letters):
            """Map (N, T) letters to (N, T, labels) scores."""
            lengths = (to_numpy(letters) != BLANK).sum(axis=1)
            return self.scores(self.embedding(letters), lengths)

        def scores(self, vectors, lengths):
            """Map (N, T, D) vectors of letters to (N, T, labels) scores."""
            if not self.both:
                return self.head(self.recurrence(vectors)[0])
            packed = pack(vectors, list(lengths), batch_first=True, enforce_sorted=False)
            states, _ = unpack(self.recurrence(packed)[0], batch_first=True,
                               total_length=vectors.shape[1])  # fmt: skip
            return self.head(states)

    return Tagger


def tagging_loss(nn):
    """Make the mean cross-entropy over all letters: (N, T, C) scores, (N, T) labels.

    Labels of -1, behind the end, do not count.
    """
    entropy = nn.CrossEntropyLoss(ignore_index=UNKNOWN_STARTS)
    return lambda scores, labels: entropy(scores.reshape(-1, scores.shape[2]), labels.reshape(-1))


def delayed(data, steps):
    """Ask for each label some steps later, so that a network in one direction can look ahead.

    Parameters
    ----------
    data : RunTogether
        Letters and labels (N, T).
    steps : int
        How much later, at least 0.

    Returns
    -------
    letters, labels : numpy.ndarray
        (N, T + steps): blanks behind the letters; no label for the first `steps` places.

    Raises
    ------
    ValueError
        If `steps` is negative.
    """
    if steps < 0:
        raise ValueError(f"delayed: {steps} steps; a label from the past needs no delay")
    letters = np.pad(data.letters, ((0, 0), (0, steps)), constant_values=BLANK)
    labels = np.pad(data.starts, ((0, 0), (steps, 0)), constant_values=UNKNOWN_STARTS)
    return letters, labels
