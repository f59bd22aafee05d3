"""Mel scale, filter bank and cepstrum, against closed forms and SciPy."""

import numpy as np
import pytest
import scipy.fft

from companion.data.spoken import RATE, said
from companion.rnn.speech.mel import FLOOR, cosines, log_mel, mel_filters, mfcc, to_hertz, to_mel
from companion.rnn.speech.spectrogram import spectrogram


def test_mel_scale():
    hertz = np.array([0.0, 100, 700, 1000, 8000])
    # 2595 log10(y) = 1127.01… ln(y), another way to write the same scale
    np.testing.assert_allclose(to_mel(hertz), 2595 / np.log(10) * np.log1p(hertz / 700))
    np.testing.assert_allclose(to_mel(700), 2595 * np.log10(2))
    assert abs(to_mel(1000) - 1000) < 0.1
    np.testing.assert_allclose(to_hertz(to_mel(hertz)), hertz, atol=1e-9)


@pytest.mark.parametrize(
    ("count", "bins", "rate", "low", "high"),
    [(24, 256, 8000, 0, None), (10, 512, 16000, 100, 7000), (1, 64, 8000, 0, 4000)],
)
def test_filters_are_triangles(count, bins, rate, low, high):
    got = mel_filters(count, bins, rate, low, high)
    top = rate / 2 if high is None else high
    corners = to_hertz(np.linspace(to_mel(low), to_mel(top), count + 2))
    at = np.arange(bins // 2 + 1) * rate / bins
    for j in range(count):
        np.testing.assert_allclose(got[j], np.interp(at, corners[j : j + 3], [0, 1, 0], 0, 0),
                                   atol=1e-12)  # fmt: skip


def test_neighbours_share_each_frequency():
    total = mel_filters(24, 256, RATE).sum(axis=0)
    corners = to_hertz(np.linspace(0, to_mel(RATE / 2), 26))
    at = np.arange(129) * RATE / 256
    inside = (at >= corners[1]) & (at <= corners[-2])
    np.testing.assert_allclose(total[inside], 1)


def test_filters_that_cannot_be():
    for low, high in [(-1, 100), (100, 100), (0, 4001)]:
        with pytest.raises(ValueError, match="half the rate"):
            mel_filters(4, 256, 8000, low, high)
    with pytest.raises(ValueError, match="at least one"):
        mel_filters(0, 256, 8000)
    with pytest.raises(ValueError, match="take fewer filters"):
        mel_filters(60, 128, 8000)


def test_log_mel():
    sound = said("a")
    got = log_mel(sound, RATE)
    power = spectrogram(sound.astype(float))
    expected = np.log(np.einsum("tf,mf->tm", power, mel_filters(24, 256, RATE)) + FLOOR)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, expected, rtol=1e-3, atol=1e-3)


def test_silence_has_a_logarithm():
    np.testing.assert_allclose(log_mel(np.zeros(400), RATE), np.log(FLOOR))
    with pytest.raises(ValueError, match="shorter than a frame"):
        log_mel(np.zeros(100), RATE)


@pytest.mark.parametrize(("bands", "count"), [(24, 13), (5, 5), (1, 1)])
def test_cepstrum(bands, count):
    x = np.random.default_rng(bands).normal(size=(2, 7, bands))
    expected = scipy.fft.dct(x, type=2, norm="ortho", axis=-1)[..., :count]
    np.testing.assert_allclose(mfcc(x, count), expected, atol=1e-12)


def test_all_coefficients_hold_everything():
    rows = cosines(24, 24)
    np.testing.assert_allclose(rows @ rows.T, np.eye(24), atol=1e-12)
    for count in (0, 25):
        with pytest.raises(ValueError, match="expected 1 … 24"):
            cosines(count, 24)
