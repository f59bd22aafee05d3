"""Frequencies as the ear tells them apart: mel scale, filter bank, cepstrum.

Derived in the chapter :ref:`spectrogram`.
"""

import numpy as np

from companion.rnn.speech.spectrogram import spectrogram

FLOOR = 1e-6
"""Added to powers before the logarithm, so that silence has one."""


def to_mel(hertz):
    """Return the mel of frequencies: 2595 log₁₀(1 + f / 700), about linear at first, then log.

    Parameters
    ----------
    hertz : array_like
        Frequencies, not negative.

    Returns
    -------
    numpy.ndarray or float
        Of the same shape; 1000 Hz are 1000 mel.

    Raises
    ------
    ValueError
        If a frequency is negative or not a number.

    Notes
    -----
    The formula of O'Shaughnessy (1987), the most common of several. Derived in the chapter
    :ref:`spectrogram`.
    """
    hertz = np.asarray(hertz)
    if hertz.dtype.kind not in "biuf" or not (hertz >= 0).all():
        raise ValueError(f"to_mel: {hertz}; expected frequencies in hertz, none below 0")
    return 2595 * np.log10(1 + hertz / 700)


def to_hertz(mel):
    """Return the frequencies of mels, the way back of `to_mel`."""
    return 700 * (10 ** (np.asarray(mel) / 2595) - 1)


def mel_filters(count, bins, rate, low=0.0, high=None):
    """Triangles over frequency, their corners evenly spaced in mel.

    Filter j rises from 0 at corner j to 1 at corner j + 1 and falls to 0 at corner j + 2.

    Parameters
    ----------
    count : int
        Number of filters.
    bins : int
        Length of the Fourier transform, as in `spectrogram`.
    rate : int
        Samples a second.
    low, high : float
        First and last corner in hertz; `high` is half the rate by default.

    Returns
    -------
    numpy.ndarray
        (count, bins // 2 + 1), 0 … 1.

    Raises
    ------
    ValueError
        If the corners are not 0 ≤ low < high ≤ rate / 2, or a filter is so narrow that no
        frequency of the transform lies within it.

    Notes
    -----
    Davis and Mermelstein (1980). Derived in the chapter :ref:`spectrogram`.
    """
    if bins < 1 or bins % 1:
        raise ValueError(f"mel_filters: bins={bins}; expected the whole length of a transform, ≥ 1")
    high = rate / 2 if high is None else high
    if count < 1 or not 0 <= low < high <= rate / 2:
        raise ValueError(
            f"mel_filters: {count} filters from {low} to {high} Hz; expected at least one, and "
            f"0 ≤ low < high ≤ {rate / 2:g}, half the rate"
        )
    corners = to_hertz(np.linspace(to_mel(low), to_mel(high), count + 2))[:, None]
    at = np.arange(bins // 2 + 1) * rate / bins
    up = (at - corners[:-2]) / (corners[1:-1] - corners[:-2])
    down = (corners[2:] - at) / (corners[2:] - corners[1:-1])
    filters = np.maximum(np.minimum(up, down), 0)
    empty = np.flatnonzero(filters.sum(axis=1) == 0)
    if len(empty):
        raise ValueError(
            f"mel_filters: no frequency of a transform of {bins} lies within filter {empty[0]}; "
            f"take fewer filters than {count}, or a longer transform"
        )
    return filters


def log_mel(signal, rate, count=24, size=200, hop=80):
    """Logarithms of the powers in mel bands: what most recognizers of speech read.

    Parameters
    ----------
    signal : array_like
        (samples,).
    rate : int
        Samples a second.
    count : int
        Bands.
    size, hop : int
        Samples of a frame, and from one to the next.

    Returns
    -------
    numpy.ndarray
        (frames, count), natural logarithms, never below that of `FLOOR`; float32 for a signal in
        float32.

    Raises
    ------
    ValueError
        If the signal is shorter than a frame; see `spectrogram` and `mel_filters`.

    Notes
    -----
    Derived in the chapter :ref:`spectrogram`.
    """
    power = spectrogram(signal, size, hop)
    filters = mel_filters(count, 2 * (power.shape[1] - 1), rate).astype(power.dtype)
    return np.log(power @ filters.T + power.dtype.type(FLOOR))


def cosines(count, bands):
    """First rows of the orthonormal cosine transform (DCT-II): (count, bands)."""
    if not 1 <= count <= bands or count % 1:
        raise ValueError(f"cosines: count={count}; expected 1 … {bands}, the number of bands")
    rows = np.cos(np.pi * np.outer(np.arange(count), np.arange(bands) + 0.5) / bands)
    rows *= np.sqrt(2 / bands)
    rows[0] *= np.sqrt(0.5)
    return rows


def mfcc(bands, count=13):
    """Mel-frequency cepstral coefficients: the coarse shape of each frame's spectrum.

    Parameters
    ----------
    bands : array_like
        (..., bands): logarithms of the powers in mel bands.
    count : int
        How many coefficients to keep, at most as many as there are bands.

    Returns
    -------
    numpy.ndarray
        (..., count): the first one tells the loudness, the next the tilt, and so on.

    Raises
    ------
    ValueError
        If there are no bands, or `count` is no whole number of 1 … bands.

    Notes
    -----
    Davis and Mermelstein (1980). Derived in the chapter :ref:`spectrogram`.
    """
    bands = np.asarray(bands)
    if bands.ndim == 0 or bands.dtype.kind not in "biuf":
        raise ValueError(
            f"mfcc: {bands.dtype} of shape {bands.shape}; expected (..., bands) numbers"
        )
    bands = bands.astype(np.result_type(bands.dtype, np.float32), copy=False)
    return bands @ cosines(count, bands.shape[-1]).T.astype(bands.dtype)
