"""Fourier transform, frames, spectrogram and decibels, against NumPy and SciPy."""

import numpy as np
import pytest
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

from companion.rnn.speech.spectrogram import decibels, dft, framed, hann, spectrogram


@given(st.integers(1, 70), st.integers(0, 10))
def test_the_definition_is_what_the_fast_transform_computes(size, seed):
    x = np.random.default_rng(seed).normal(size=(3, size))
    np.testing.assert_allclose(dft(x), np.fft.rfft(x), atol=1e-11)


def test_nothing_to_transform():
    for wrong in ([], 3.0, np.zeros((0, 4))):
        with pytest.raises(ValueError, match="nothing to transform"):
            dft(wrong)


@pytest.mark.parametrize("size", [1, 2, 5, 8, 200])
def test_window(size):
    np.testing.assert_allclose(hann(size), scipy.signal.get_window("hann", size), atol=1e-15)


def test_windows_that_overlap_by_half_add_up_to_one():
    np.testing.assert_allclose(hann(64)[:32] + hann(64)[32:], 1)
    with pytest.raises(ValueError, match="at least one number"):
        hann(0)


@given(st.integers(1, 40), st.integers(1, 12), st.integers(0, 90))
def test_frames(size, hop, more):
    x = np.arange(size + more)
    starts = [s for s in range(0, len(x), hop) if s + size <= len(x)]
    np.testing.assert_array_equal(framed(x, size, hop), [x[s : s + size] for s in starts])


def test_frames_that_cannot_be():
    with pytest.raises(ValueError, match="9 samples are shorter than a frame of 10"):
        framed(np.zeros(9), 10, 1)
    with pytest.raises(ValueError, match="one row of numbers"):
        framed(np.zeros((2, 9)), 3, 1)
    for size, hop in [(0, 1), (1, 0)]:
        with pytest.raises(ValueError, match="must be at least 1"):
            framed(np.zeros(9), size, hop)


@pytest.mark.parametrize(
    ("size", "hop", "bins", "more"),
    [(8, 3, 8, 40), (200, 80, 256, 1000), (7, 7, 9, 30), (64, 1, 64, 20), (1, 1, 2, 5)],
)
def test_spectrogram(size, hop, bins, more):
    x = np.random.default_rng(size).normal(size=size + more)
    window = scipy.signal.get_window("hann", size)
    oracle = scipy.signal.ShortTimeFFT(window, hop, fs=1, mfft=bins, fft_mode="onesided")
    frames = 1 + more // hop
    # scipy's slice p is centred at sample p · hop of what follows `k_offset`; ours begins there
    expected = oracle.stft(x, p0=0, p1=frames, k_offset=oracle.m_num_mid)
    got = spectrogram(x, size, hop, bins=bins)
    assert got.shape == (frames, bins // 2 + 1)
    np.testing.assert_allclose(got, np.abs(expected.T) ** 2, rtol=1e-10, atol=1e-12)


def test_as_in_a_spectrogram_of_scipy():
    x = np.random.default_rng(3).normal(size=3000)
    _, _, expected = scipy.signal.spectrogram(
        x, 8000, "hann", 200, 120, nfft=256, detrend=False, scaling="density", mode="complex"
    )
    scale = 8000 * (hann(200) ** 2).sum()
    np.testing.assert_allclose(spectrogram(x), np.abs(expected).T ** 2 * scale, rtol=1e-10)


def test_without_a_window_no_energy_is_lost():
    x = np.random.default_rng(4).normal(size=256)
    power = spectrogram(x, 256, 1, window=np.ones)[0]
    whole = power[0] + power[-1] + 2 * power[1:-1].sum()
    np.testing.assert_allclose(whole / 256, (x**2).sum())


def test_float32_stays():
    x = np.random.default_rng(4).normal(size=400).astype(np.float32)
    got = spectrogram(x)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, spectrogram(x.astype(float)), rtol=1e-3, atol=1e-4)


def test_whole_numbers_are_a_signal_too():
    x = np.arange(300) % 7
    np.testing.assert_allclose(spectrogram(x), spectrogram(x.astype(float)))


def test_a_transform_shorter_than_the_frame():
    with pytest.raises(ValueError, match="a frame would be cut"):
        spectrogram(np.zeros(300), 200, 80, bins=128)


def test_a_tone_stands_in_its_row():
    tone = np.sin(2 * np.pi * 1000 * np.arange(4000) / 8000)
    assert (spectrogram(tone).argmax(axis=1) == 1000 * 256 // 8000).all()


def test_decibels():
    np.testing.assert_allclose(decibels([1, 10, 100, 0.001]), [0, 10, 20, -30], atol=1e-12)
    np.testing.assert_allclose(decibels([0.0, 5.0], reference=5.0, lowest=-80), [-80, 0])
    for wrong, match in [([-1.0], "negative"), ([np.nan], "negative")]:
        with pytest.raises(ValueError, match=match):
            decibels(wrong)
    with pytest.raises(ValueError, match="positive power"):
        decibels([1.0], reference=0)
