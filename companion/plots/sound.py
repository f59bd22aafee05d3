"""Sound inside a page: players whose sound is part of the page itself."""

import base64
import io
import wave
from html import escape

import numpy as np


def wav(signal, rate):
    """Write a sound as the bytes of a WAV file, 16 bits a sample.

    Parameters
    ----------
    signal : array_like
        (samples,), −1 … 1; what is outside is clipped.
    rate : int
        Samples a second.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    ValueError
        If the signal is not one row of finite numbers.
    """
    signal = np.asarray(signal, float)
    if signal.ndim != 1 or not len(signal) or not np.isfinite(signal).all():
        raise ValueError(f"wav: shape {signal.shape}; expected a row of finite numbers")
    numbers = np.round(32767 * np.clip(signal, -1, 1)).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(numbers.tobytes())
    return file.getvalue()


class Players:
    """Players in a row, each with its label; a page shows it as HTML."""

    def __init__(self, html, text):
        self.html, self.text = html, text

    def _repr_html_(self):
        return self.html

    def __repr__(self):
        return self.text


def listen(sounds, rate=8000):
    """Show players for sounds; nothing is fetched, each sound is a part of the page.

    Parameters
    ----------
    sounds : dict of str to array_like
        Label → (samples,), −1 … 1. Keep them short: a second at 8,000 samples a second takes
        about 21 kB of the page.
    rate : int
        Samples a second.

    Returns
    -------
    Players
        What a cell that ends in it displays.

    Raises
    ------
    ValueError
        If there is no sound, or one is not a row of finite numbers.
    """
    if not sounds:
        raise ValueError("listen: no sounds; pass a dict from labels to signals")
    players = []
    for label, signal in sounds.items():
        source = "data:audio/wav;base64," + base64.b64encode(wav(signal, rate)).decode()
        name = escape(label, quote=True)
        players.append(
            '<div style="display: inline-block; margin: 0 1em 0.7em 0">'
            f'<div>{name}</div><audio controls aria-label="{name}" src="{source}"></audio></div>'
        )
    return Players("".join(players), f"players: {', '.join(sounds)}")
