"""Minutes of sound to listen to: noise, letters, words, and now and then the trigger word.

Used in the chapter :ref:`trigger_word`.
"""

from typing import NamedTuple

import numpy as np

from companion.data.spoken import LETTERS, RATE, TRIGGER, WORDS, said

OTHERS = tuple(word for word in WORDS if word != TRIGGER)


class Mixture(NamedTuple):
    """A stretch of sound, and what is said in it.

    Attributes
    ----------
    signal : numpy.ndarray
        (samples,), float32, 8,000 a second.
    texts : list of str
        Letters and words in order.
    starts, ends : numpy.ndarray
        (texts,), int64: sample at which each begins, and the one after its last.
    """

    signal: np.ndarray
    texts: list
    starts: np.ndarray
    ends: np.ndarray

    def times_of(self, text=TRIGGER):
        """Return the samples at which a word begins and those at which it is over."""
        chosen = np.array([t == text for t in self.texts], bool)
        return self.starts[chosen], self.ends[chosen]


def background(samples, rng):
    """Make noise of a random loudness and colour: some hiss, some rumble, and a hum of the mains.

    Parameters
    ----------
    samples : int
        How long.
    rng : numpy.random.Generator
        Of everything.

    Returns
    -------
    numpy.ndarray
        (samples,), float32, standard deviation 0.003 … 0.03.
    """
    white = rng.normal(size=samples)
    spectrum = np.fft.rfft(white)
    colour = rng.uniform(0, 0.7)  # 0 is white; larger ones weaken high frequencies
    spectrum *= np.arange(1, len(spectrum) + 1) ** -colour
    noise = np.fft.irfft(spectrum, samples)
    noise /= noise.std() + 1e-12
    hum = np.sin(2 * np.pi * (50 * np.arange(samples) / RATE + rng.random()))
    level = np.exp(rng.uniform(np.log(0.003), np.log(0.03)))
    return (level * (noise + rng.uniform(0, 1) * hum) / np.sqrt(1.25)).astype(np.float32)


def faster(sound, factor):
    """Play a sound faster (and higher) by a factor, or slower: linear between samples."""
    at = np.arange(0, len(sound) - 1, factor)
    return np.interp(at, np.arange(len(sound)), sound).astype(np.float32)


def mixture(voice, seed=0, *, seconds=5.0, often=0.25, alike=0.3):
    """Let a voice say letters and words at random times over noise.

    Parameters
    ----------
    voice : int
        0 … 7; see `companion.data.spoken`.
    seed : int or numpy.random.Generator
        Of everything.
    seconds : float
        How long, at least 1.
    often, alike : float
        Probability that a piece is the trigger word, and that it is one of the other words; the
        rest are letters.

    Returns
    -------
    Mixture
        Signal, texts and times.

    Raises
    ------
    ValueError
        If it is shorter than a second, or the probabilities are none.
    """
    if seconds < 1 or not (often >= 0 and alike >= 0 and often + alike <= 1):
        raise ValueError(
            f"mixture: seconds={seconds}, often={often}, alike={alike}; expected at least 1 "
            "second, and probabilities that add up to no more than 1"
        )
    rng = np.random.default_rng(seed)
    signal = background(round(seconds * RATE), rng)
    texts, starts, ends = [], [], []
    place = round(rng.uniform(0, 1) * RATE)
    while True:
        drawn = rng.random()
        few = (TRIGGER,) if drawn < often else OTHERS if drawn < often + alike else LETTERS
        text = few[rng.integers(len(few))]
        sound = faster(said(text, voice, int(rng.integers(2))), rng.uniform(0.8, 1.25))
        if place + len(sound) > len(signal):
            break
        signal[place : place + len(sound)] += np.float32(rng.uniform(0.3, 1)) * sound
        texts.append(text)
        starts.append(place)
        ends.append(place + len(sound))
        place = ends[-1] + round(rng.exponential(0.5) * RATE) + 400
    return Mixture(signal, texts, np.array(starts, int), np.array(ends, int))
