"""From a wave to a picture of its frequencies over time.

Derived in the chapter :ref:`spectrogram`.
"""

import numpy as np


def dft(signal):
    """Discrete Fourier transform of real numbers, by its definition.

    X[k] = Σ_n x[n] (cos(2πkn/N) − i sin(2πkn/N)) for k = 0 … N/2: a product with a matrix, so its
    cost grows as N². `numpy.fft.rfft` finds the same numbers much faster.

    Parameters
    ----------
    signal : array_like
        (..., N) real numbers, N ≥ 1.

    Returns
    -------
    numpy.ndarray
        (..., N // 2 + 1) complex.

    Raises
    ------
    ValueError
        If there are no numbers, or they are not real.

    Notes
    -----
    Derived in the chapter :ref:`spectrogram`.
    """
    signal = np.asarray(signal)
    if signal.ndim == 0 or 0 in signal.shape:
        raise ValueError(f"dft: shape {signal.shape}; there is nothing to transform")
    if signal.dtype.kind not in "biuf":
        raise ValueError(f"dft: {signal.dtype}; expected real numbers")
    n = np.arange(signal.shape[-1])
    turns = np.outer(n, np.arange(len(n) // 2 + 1)) % len(n) / len(n)  # whole turns change nothing
    return signal @ np.cos(2 * np.pi * turns) - 1j * (signal @ np.sin(2 * np.pi * turns))


def hann(size):
    """Window of Hann: ½ − ½ cos(2πn/N), from 0 up to 1 and down again; its period is N.

    Parameters
    ----------
    size : int
        How many numbers, at least 1.

    Returns
    -------
    numpy.ndarray
        (size,), float64. A window of one number is 1.

    Raises
    ------
    ValueError
        If the size is below 1.
    """
    if not size >= 1 or size % 1:
        raise ValueError(f"hann: size={size}; a window has at least one number, and a whole number")
    if size == 1:
        return np.ones(1)
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)


def framed(signal, size, hop):
    """Cut a signal into frames that overlap; what is left at its end is dropped.

    Parameters
    ----------
    signal : array_like
        (samples,).
    size : int
        Samples in a frame.
    hop : int
        Samples from the start of a frame to the start of the next.

    Returns
    -------
    numpy.ndarray
        (1 + (samples − size) // hop, size), a read-only view.

    Raises
    ------
    ValueError
        If the signal is no row of numbers or shorter than a frame, or size or hop is below 1.

    Notes
    -----
    Frame t ends before sample t · hop + size: it knows nothing of what comes later.
    """
    signal = np.asarray(signal)
    if signal.ndim != 1:
        raise ValueError(f"framed: signal of shape {signal.shape}; expected one row of numbers")
    if not (size >= 1 and hop >= 1) or size % 1 or hop % 1:
        raise ValueError(f"framed: size={size}, hop={hop}; both must be at least 1, and whole")
    size, hop = int(size), int(hop)
    if len(signal) < size:
        raise ValueError(
            f"framed: {len(signal)} samples are shorter than a frame of {size}; "
            "pad the signal with zeros or take shorter frames"
        )
    return np.lib.stride_tricks.sliding_window_view(signal, size)[::hop]


def spectrogram(signal, size=200, hop=80, *, window=hann, bins=None):
    """Power of each frequency in each frame.

    Parameters
    ----------
    signal : array_like
        (samples,).
    size, hop : int
        As in `framed`; 25 and 10 milliseconds at 8,000 samples a second.
    window : callable
        From a size to the numbers that multiply a frame: `hann`, or `numpy.ones` for none.
    bins : int, optional
        Length of the transform, at least `size` (the frame is followed by zeros); by default the
        next power of two.

    Returns
    -------
    numpy.ndarray
        (frames, bins // 2 + 1): squared absolute values; column k stands for the frequency
        k · rate / bins.

    Raises
    ------
    ValueError
        If no frame fits into the signal, a sample is NaN or infinite, `bins` is below `size`, or
        the window has another length.

    Notes
    -----
    Derived in the chapter :ref:`spectrogram`.
    """
    frames = framed(signal, size, hop)
    if frames.dtype.kind not in "biuf" or not np.isfinite(signal).all():
        raise ValueError(
            f"spectrogram: signal of {frames.dtype}; expected real numbers, none of them NaN or "
            "infinite; np.nan_to_num puts 0 in the place of NaN"
        )
    size = frames.shape[1]
    bins = 1 << (size - 1).bit_length() if bins is None else bins
    if bins < size or bins % 1:
        raise ValueError(
            f"spectrogram: bins={bins} is below size={size} or not whole; a frame would be cut"
        )
    bins, weights = int(bins), np.asarray(window(size))
    if weights.shape != (size,):
        raise ValueError(f"spectrogram: window of shape {weights.shape}; expected ({size},)")
    frames = frames * weights.astype(np.result_type(frames.dtype, np.float32))
    found = np.fft.rfft(frames, bins, axis=-1)
    return found.real**2 + found.imag**2


def decibels(power, reference=1.0, lowest=-100.0):
    """Write powers as the ear hears them: 10 log₁₀(power / reference), cut off below.

    Parameters
    ----------
    power : array_like
        Powers, not negative.
    reference : float
        The power that is 0 decibels, positive.
    lowest : float
        Smaller values, also that of silence, become this one.

    Returns
    -------
    numpy.ndarray
        Of the same shape.

    Raises
    ------
    ValueError
        If a power is negative or not a number, or the reference is not positive.
    """
    power = np.asarray(power)
    if power.dtype.kind not in "biuf" or np.isnan(power).any():
        raise ValueError(f"decibels: {power.dtype}; powers are real, not negative and not NaN")
    if not (power >= 0).all():
        raise ValueError("decibels: powers must not be negative; did you pass amplitudes?")
    if np.isnan(lowest):
        raise ValueError(f"decibels: lowest={lowest}; expected a number of decibels")
    if not reference > 0:
        raise ValueError(f"decibels: reference={reference}; expected a positive power")
    return 10 * np.log10(np.maximum(power / reference, 10 ** (lowest / 10)))
