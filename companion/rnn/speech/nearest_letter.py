"""How far does a picture of sound get by itself? Letters in a new voice, by nearest neighbour.

Used in the chapter :ref:`spectrogram`.
"""

import numpy as np

from companion.data.spoken import LETTERS, RATE, TAKES, VOICES, said
from companion.rnn.speech.mel import log_mel, mfcc
from companion.rnn.speech.spectrogram import decibels, framed, spectrogram

VIEWS = {
    "wave": lambda x: framed(x, 200, 80),
    "power": spectrogram,
    "decibels": lambda x: decibels(spectrogram(x), lowest=-40),
    "log-mel": lambda x: log_mel(x, RATE),
    "MFCC": lambda x: mfcc(log_mel(x, RATE)),
}
"""Ways to see a signal: from (samples,) to (frames, numbers)."""


def stretched(picture, frames=16):
    """Bring a picture to a fixed number of frames, by taking some more than once or not at all."""
    return picture[np.linspace(0, len(picture) - 1, frames).round().astype(int)]


def by_voice(view):
    """Recognize the letters of each voice by the nearest ones of all other voices.

    Parameters
    ----------
    view : callable
        From a signal to its picture, such as one of `VIEWS`.

    Returns
    -------
    numpy.ndarray
        (8,): for each voice the share of its 52 recordings whose nearest neighbour, in Euclidean
        distance, is the same letter.

    Notes
    -----
    Guessing would find one of 26.
    """
    who = [(x, v, t) for x in LETTERS for v in range(len(VOICES)) for t in range(TAKES)]
    seen = np.stack([stretched(view(said(*which))).ravel() for which in who]).astype(float)
    letter, voice = (np.array([which[k] for which in who]) for k in (0, 1))
    squares = (seen**2).sum(axis=1)
    far = squares[:, None] - 2 * seen @ seen.T + squares
    far[voice[:, None] == voice] = np.inf
    right = letter[far.argmin(axis=1)] == letter
    return np.array([right[voice == v].mean() for v in range(len(VOICES))])
