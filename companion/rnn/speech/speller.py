"""A small recognizer of spelled words: it hears letters and learns without being told their times.

Derived in the chapter :ref:`ctc`.
"""

from typing import NamedTuple

import numpy as np

from companion.data.spoken import LETTERS, RATE
from companion.gradients.activations import log_softmax
from companion.gradients.layers import Linear
from companion.gradients.module import Module
from companion.gradients.tensor import no_grad
from companion.rnn.recurrence.layers import GRU
from companion.rnn.recurrence.packing import pack_padded_sequence, pad_packed_sequence
from companion.rnn.speech.ctc_decoding import greedy_decode
from companion.rnn.speech.trigger import BANDS, heard

BLANK = 0
SIGNS = ("-", *LETTERS)
"""What each output stands for; the blank is written as a dash."""


class Spelled(NamedTuple):
    """Some recordings as a batch; see `spelled_batch`.

    Attributes
    ----------
    frames : numpy.ndarray
        (N, T, 24), float32: log-mel features, zeros behind the end.
    lengths : numpy.ndarray
        (N,) int64: frames of each recording.
    targets : numpy.ndarray
        (N, S) int64: numbers of the letters, from 1; zeros behind the end.
    target_lengths : numpy.ndarray
        (N,) int64: letters of each word.
    """

    frames: np.ndarray
    lengths: np.ndarray
    targets: np.ndarray
    target_lengths: np.ndarray


def letters_of(numbers):
    """Write numbers of labels as text: (1, 3, 0) → "ac-"."""
    wrong = [n for n in numbers if n not in range(len(SIGNS))]
    if wrong:
        raise ValueError(f"letters_of: {wrong[0]}; expected labels of 0 … {len(SIGNS) - 1}")
    return "".join(SIGNS[int(number)] for number in numbers)


def spelled_batch(recordings):
    """Turn recordings into what a `Speller` and the loss read.

    Parameters
    ----------
    recordings : sequence of companion.data.spoken.Recording
        Spelled words; at least one.

    Returns
    -------
    Spelled
        In the order of the recordings.

    Raises
    ------
    ValueError
        If there is no recording, or one is shorter than a frame or not of letters.
    """
    if not len(recordings):
        raise ValueError("spelled_batch: no recordings; give at least one")
    for r in recordings:
        if r.rate != RATE or not set(r.text) <= set(LETTERS):
            raise ValueError(
                f"spelled_batch: {r.text!r} at {r.rate} samples a second; expected letters a … z "
                f"at {RATE}"
            )
    pictures = [heard(r.signal) for r in recordings]
    lengths = np.array([len(p) for p in pictures])
    said = np.array([len(r.text) for r in recordings])
    frames = np.zeros((len(pictures), lengths.max(), BANDS), np.float32)
    targets = np.zeros((len(pictures), said.max()), np.int64)
    for row, (picture, recording) in enumerate(zip(pictures, recordings, strict=True)):
        frames[row, : len(picture)] = picture
        targets[row, : said[row]] = [SIGNS.index(letter) for letter in recording.text]
    return Spelled(frames, lengths, targets, said)


class Speller(Module):
    """A GRU that reads frames in both directions, and at each frame a softmax over 27 labels.

    Parameters
    ----------
    hidden_size : int
        Length of the state of each direction.
    """

    def __init__(self, hidden_size=64):
        self.layer = GRU(BANDS, hidden_size, bidirectional=True)
        self.head = Linear(2 * hidden_size, len(SIGNS))

    def forward(self, frames, lengths):
        """Return log-probabilities of the labels: (N, T, 24), (N,) → (T, N, 27)."""
        packed = pack_padded_sequence(frames, lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.layer(packed)[0])
        return log_softmax(self.head(states), dim=2)

    def transcribe(self, recordings):
        """Write what is spelled, by greedy decoding: recordings → list of str."""
        batch = spelled_batch(recordings)
        with no_grad():
            log_probs = self(batch.frames, batch.lengths)
        return [letters_of(text) for text in greedy_decode(log_probs, batch.lengths, BLANK)]
