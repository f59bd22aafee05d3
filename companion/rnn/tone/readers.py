"""Two ways from the vectors of words to the tone of a sentence: their average, or in order.

Told in the chapter :ref:`sentiment`. Both get rows of word vectors (N, T, D); behind the end of a
sentence all numbers of a step are 0.
"""

from functools import cache

import numpy as np

from companion.training.engines import adapt, to_numpy


def vectors_of(sentences, vectors):
    """Look up the words of sentences.

    Parameters
    ----------
    sentences : list of sequence of str
        Words of each.
    vectors : WordVectors
        Words without a vector are left out, as if they did not stand there.

    Returns
    -------
    numpy.ndarray
        (N, T, D) float32, zeros behind the end; T is that of the longest.

    Raises
    ------
    ValueError
        If there is no sentence, or one without any known word.
    """
    number = vectors.numbers()
    rows = [[number[word] for word in words if word in number] for words in sentences]
    for row, words in zip(rows, sentences, strict=True):
        if not row:
            raise ValueError(
                f"vectors_of: no word of {' '.join(words)!r} has a vector; leave it out"
            )
    if not rows:
        raise ValueError("vectors_of: no sentence; expected at least one")
    found = np.zeros((len(rows), max(map(len, rows)), vectors.vectors.shape[1]), np.float32)
    for place, row in enumerate(rows):
        found[place, : len(row)] = vectors.vectors[row]
    return found


def lengths_of(x):
    """Return how many steps each row of (N, T, D) has before the zeros behind its end, (N,)."""
    filled = (to_numpy(x) != 0).any(axis=2)
    return filled.shape[1] - filled[:, ::-1].argmax(axis=1)


def averager(nn, size=50, hidden=0):
    """Make a network that scores the average of the words' vectors.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    size : int
        Length D of a vector.
    hidden : int
        Units between; 0 for softmax regression.

    Returns
    -------
    Module
        (N, T, D) to (N, 2) scores: bad, good.
    """
    return _averager(nn)(size, hidden)


def reader(nn, kind="LSTM", size=50, hidden=16):
    """Make a network that reads the words in order and scores its last state.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``.
    kind : {"RNN", "GRU", "LSTM"}
        The recurrence.
    size : int
        Length D of a vector.
    hidden : int
        Length of the state.

    Returns
    -------
    Module
        (N, T, D) to (N, 2) scores: bad, good.
    """
    return _reader(nn)(kind, size, hidden)


@cache
def _averager(nn):
    class Averager(nn.Module):
        """Scores of the average over the words that are there."""

        def __init__(self, size, hidden):
            super().__init__()
            between = (nn.Linear(size, hidden), nn.ReLU()) if hidden else ()
            self.head = nn.Sequential(*between, nn.Linear(hidden or size, 2))

        def forward(self, x):
            """Map (N, T, D) to (N, 2)."""
            (lengths,) = adapt(self, lengths_of(x)[:, None].astype(np.float32))
            return self.head(x.sum(1) / lengths)

    return Averager


@cache
def _reader(nn):
    class Reader(nn.Module):
        """Scores of the state after the last word."""

        def __init__(self, kind, size, hidden):
            super().__init__()
            self.recurrence = getattr(nn, kind)(size, hidden, batch_first=True)
            self.head = nn.Linear(hidden, 2)

        def forward(self, x):
            """Map (N, T, D) to (N, 2)."""
            states, _ = self.recurrence(x)
            return self.head(states[np.arange(len(x)), lengths_of(x) - 1])

    return Reader
