"""Spoken letters and words, made by the synthesizer eSpeak NG.

It takes a few seconds; what it made is kept beside `companion.data.spoken`, which reads it and
needs no synthesizer. To make it anew, from the top of the repository::

    pip install 'deep-learning-companion[speech]'
    python -m companion.rnn.experiments.recordings

eSpeak NG is free software under the GPL, version 3 or later; only this script calls it, and a GPL
does not as a rule extend to what a program puts out (see the FAQ of the GNU licences). Its hiss
is drawn at random and its voices remember what they said before, so two runs make the same sounds,
but not the same numbers.
"""

import ctypes
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from companion.data.spoken import FILE, RATE, VOICES, everything, to_mu_law

TAKES = ((185, 40), (240, 60))
RETRIEVAL, WORDS_A_MINUTE, PITCH, BY_CHARACTER, UTF8 = 2, 1, 3, 1, 1
ON_SOUND = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class Synthesizer:
    """The library eSpeak NG, called through `ctypes`.

    Raises
    ------
    ModuleNotFoundError
        If the package espeakng-loader is not installed.
    RuntimeError
        If the library does not start.
    """

    def __init__(self):
        if find_spec("espeakng_loader") is None:
            raise ModuleNotFoundError(
                "speech is synthesized with the package 'espeakng-loader', which is not installed; "
                "run: pip install 'deep-learning-companion[speech]'"
            )
        import espeakng_loader

        self.library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = Path(espeakng_loader.get_data_path()).parent
        self.rate = self.library.espeak_Initialize(RETRIEVAL, 0, str(data).encode(), 0)
        if self.rate <= 0:
            raise RuntimeError(f"eSpeak NG did not start: its answer was {self.rate}")
        self.pieces = []
        self.heard = ON_SOUND(self._hear)  # kept, or Python would throw it away too early
        self.library.espeak_SetSynthCallback(self.heard)

    def _hear(self, wave, count, _events):
        if wave and count > 0:
            self.pieces.append(np.ctypeslib.as_array(wave, (count,)).copy())
        return 0

    def say(self, text, voice, speed=185, pitch=50):
        """Speak.

        Parameters
        ----------
        text : str
            English; a single letter is spoken as its name.
        voice : str
            Language and variant, such as ``"en-us+f2"``.
        speed : int
            Words a minute.
        pitch : int
            0 … 100.

        Returns
        -------
        numpy.ndarray
            (samples,), float64, −1 … 1, `rate` samples a second.

        Raises
        ------
        ValueError
            If there is no such voice.
        """
        if self.library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"say: eSpeak NG has no voice {voice!r}")
        self.library.espeak_SetParameter(WORDS_A_MINUTE, speed, 0)
        self.library.espeak_SetParameter(PITCH, pitch, 0)
        self.pieces.clear()
        written = text.encode()
        size = ctypes.c_size_t(len(written) + 1)
        self.library.espeak_Synth(written, size, 0, BY_CHARACTER, 0, UTF8, None, None)
        self.library.espeak_Synchronize()
        return np.concatenate(self.pieces) / 32768


def trimmed(signal, level=0.02, width=80):
    """Cut silence off both ends: where the loudness around is below a part of its largest."""
    loudness = np.sqrt(np.convolve(signal**2, np.ones(width) / width, "same"))
    heard = np.flatnonzero(loudness > level * loudness.max())
    return signal[max(0, heard[0] - width // 2) : heard[-1] + width // 2]


def recorded(synthesizer, text, voice, take):
    """Speak one text as it is stored.

    Parameters
    ----------
    synthesizer : Synthesizer
        It speaks.
    text : str
        What to say.
    voice, take : int
        As in `companion.data.spoken.said`.

    Returns
    -------
    numpy.ndarray
        (samples,), float64, 8,000 a second, silence cut off, largest absolute value 0.9.
    """
    loud = synthesizer.say(text, VOICES[voice], *TAKES[take])
    short = trimmed(resample_poly(loud, RATE, synthesizer.rate))
    return 0.9 * short / np.abs(short).max()


def make():
    """Speak everything that is stored, and write it to `companion.data.spoken.FILE`."""
    synthesizer = Synthesizer()
    codes = [to_mu_law(recorded(synthesizer, *which)) for which in everything()]
    steps = np.diff(np.concatenate(codes), prepend=np.uint8(0))
    lengths = np.array([len(code) for code in codes], np.uint16)
    np.savez_compressed(FILE, steps=steps, lengths=lengths)
    print(f"{len(codes)} recordings, {len(steps) / RATE:.0f} s, {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    make()
