"""Spoken letters and a few words in eight synthetic voices, and recordings joined from them."""

from functools import cache
from pathlib import Path
from string import ascii_lowercase
from typing import NamedTuple

import numpy as np

FILE = Path(__file__).with_name("spoken.npz")
RATE = 8000
LETTERS = tuple(ascii_lowercase)
TRIGGER = "computer"  # said in the chapter on trigger words
WORDS = (TRIGGER, "commuter", "compute", "concert", "tutor")
VOICES = (
    "en-us",
    "en-us+m3",
    "en-us+f2",
    "en-us+steph",
    "en-us+f4",
    "en-us+john",
    "en-us+belinda",
    "en-us+Reed",
)
HEARD, UNHEARD, TAKES = tuple(range(7)), 7, 2
MU = 255


class Recording(NamedTuple):
    """A sound and what is said in it.

    Attributes
    ----------
    signal : numpy.ndarray
        (samples,), float32, pressures as numbers of about −1 to 1.
    rate : int
        Samples a second.
    text : str
        What is said: the letters of a spelled word, or words with a space between.
    starts, ends : numpy.ndarray
        (pieces,), int64: sample at which each letter or word begins, and the one after its last.
    """

    signal: np.ndarray
    rate: int
    text: str
    starts: np.ndarray
    ends: np.ndarray


def to_mu_law(signal):
    """Write numbers of −1 to 1 in 8 bits, fine steps near zero, as digital telephones do.

    Parameters
    ----------
    signal : numpy.ndarray
        Numbers; those outside −1 … 1 are clipped.

    Returns
    -------
    numpy.ndarray
        Of the same shape, uint8; zero becomes 128.

    Notes
    -----
    ITU-T Recommendation G.711, its curve with μ = 255 (not its table of segments).
    """
    bent = np.log1p(MU * np.abs(np.clip(signal, -1, 1))) / np.log1p(MU)
    return np.round(128 + 127 * np.copysign(bent, signal)).astype(np.uint8)


def from_mu_law(codes):
    """Read numbers that `to_mu_law` wrote: uint8 of any shape → float32 of −1 to 1."""
    bent = (np.asarray(codes, np.float32) - 128) / 127
    return np.copysign(np.expm1(np.abs(bent) * np.log1p(np.float32(MU))) / MU, bent)


@cache
def stored():
    """Load every recording: a dict from (text, voice, take) to its signal, which is read-only."""
    with np.load(FILE) as kept:
        signal = from_mu_law(np.cumsum(kept["steps"], dtype=np.uint8))
        ends = np.cumsum(kept["lengths"], dtype=np.int64)
    signal.flags.writeable = False
    pieces = np.split(signal, ends[:-1])
    return dict(zip(everything(), pieces, strict=True))


def everything():
    """List what is stored, in order: triples of text, voice (0 … 7) and take (0 or 1)."""
    return [
        (text, voice, take)
        for voice in range(len(VOICES))
        for take in range(TAKES)
        for text in LETTERS + WORDS
    ]


def said(text, voice=0, take=0):
    """Return one letter or one word as it is spoken.

    Parameters
    ----------
    text : str
        One of `LETTERS` or `WORDS`.
    voice : int
        0 … 7; by agreement the networks of this course train on `HEARD` and never on `UNHEARD`.
    take : int
        0 is slow, 1 is faster and higher.

    Returns
    -------
    numpy.ndarray
        (samples,), float32, largest absolute value about 0.9, silence cut off; 8,000 samples a
        second.

    Raises
    ------
    ValueError
        If there is no such recording.

    Notes
    -----
    Nobody spoke: the sound was made by the synthesizer eSpeak NG and is kept in this package, at
    8 bits a sample; ``companion/rnn/experiments/recordings.py`` makes it anew. Used first in the
    chapter :ref:`spectrogram`.
    """
    if (text, voice, take) not in stored():
        raise ValueError(
            f"said: no recording of {text!r} by voice {voice}, take {take}; there are the letters "
            f"a … z and {', '.join(WORDS)} by voices 0 … {len(VOICES) - 1}, takes 0 and 1"
        )
    return stored()[text, voice, take]


def joined(texts, voice, seed=0, *, gap=(0.03, 0.12), noise=0.01, between=" "):
    """Say several things one after the other, with random gaps, over white noise.

    Parameters
    ----------
    texts : sequence of str
        Each one of `LETTERS` or `WORDS`; at least one.
    voice : int
        0 … 7.
    seed : int or numpy.random.Generator
        Of takes, loudness, gaps and noise.
    gap : pair of float
        Shortest and longest pause in seconds, also before the first and after the last.
    noise : float
        Standard deviation of the noise.
    between : str
        Stands between the texts in the recording's text.

    Returns
    -------
    Recording
        Signal, rate, text, and where each piece begins and ends.

    Raises
    ------
    ValueError
        If nothing is to be said, there is no such recording, or gap or noise is negative.
    """
    if not len(texts):
        raise ValueError("joined: nothing to say; give at least one letter or word")
    if not (0 <= gap[0] <= gap[1] and noise >= 0):
        raise ValueError(f"joined: gap={gap}, noise={noise}; expected 0 ≤ shortest ≤ longest, ≥ 0")
    rng = np.random.default_rng(seed)
    pieces, starts, ends, place = [], [], [], 0
    for text in [*texts, None]:
        pieces.append(np.zeros(round(rng.uniform(*gap) * RATE), np.float32))
        place += len(pieces[-1])
        if text is not None:
            sound = said(text, voice, int(rng.integers(TAKES)))
            pieces.append(sound * np.float32(rng.uniform(0.5, 1)))
            starts.append(place)
            place += len(sound)
            ends.append(place)
    signal = np.concatenate(pieces)
    signal += noise * rng.standard_normal(len(signal), np.float32)
    return Recording(signal, RATE, between.join(texts), np.array(starts), np.array(ends))


def spelled_recording(word, voice, seed=0, *, gap=(0.03, 0.12), noise=0.01):
    """Spell a word aloud: its letters by their names, one after the other; see `joined`.

    Parameters
    ----------
    word : str
        Of the letters a to z; at least one.
    voice, seed, gap, noise
        As in `joined`.

    Returns
    -------
    Recording
        Its text is the word.

    Raises
    ------
    ValueError
        If the word is empty or has other characters.
    """
    wrong = sorted(set(word) - set(LETTERS))
    if wrong or not word:
        raise ValueError(f"spelled_recording: {word!r}; expected letters a … z, found {wrong}")
    return joined(list(word), voice, seed, gap=gap, noise=noise, between="")


def spelled_recordings(words, voices=HEARD, seed=0, *, gap=(0.03, 0.12), noise=0.01):
    """Spell many words aloud, each in a voice drawn at random.

    Parameters
    ----------
    words : sequence of str
        The words.
    voices : sequence of int
        Which voices may speak: `HEARD` for training, ``[UNHEARD]`` for a test with a new voice.
    seed : int
        Of everything that is drawn.
    gap, noise
        As in `joined`.

    Returns
    -------
    list of Recording
        In the order of the words.

    Raises
    ------
    ValueError
        If a word cannot be spelled or there is no voice.
    """
    if not len(voices):
        raise ValueError("spelled_recordings: no voices; give at least one of 0 … 7")
    rng = np.random.default_rng(seed)
    return [
        spelled_recording(word, voices[rng.integers(len(voices))], rng, gap=gap, noise=noise)
        for word in words
    ]
