"""Stored speech: its codes, what is joined from it, and that the script still makes it."""

from importlib.util import find_spec

import numpy as np
import pytest
from scipy.signal import spectrogram

from companion.data import spoken
from companion.data.spoken import (
    LETTERS,
    RATE,
    WORDS,
    from_mu_law,
    joined,
    said,
    spelled_recording,
    spelled_recordings,
    to_mu_law,
)


def test_codes_follow_the_mu_law():
    x = np.linspace(-1, 1, 2001)
    expected = 128 + 127 * np.sign(x) * np.log(1 + 255 * np.abs(x)) / np.log(256)
    assert np.abs(to_mu_law(x) - expected).max() <= 0.5 + 1e-9
    assert to_mu_law(np.array([0.0]))[0] == 128


def test_codes_come_back():
    codes = np.arange(1, 256)
    np.testing.assert_array_equal(to_mu_law(from_mu_law(codes)), codes)
    x = np.random.default_rng(0).uniform(-1, 1, 5000)
    wrong = np.abs(from_mu_law(to_mu_law(x)) - x)  # a step is ln(256)/127 · (|x| + 1/255)
    assert (wrong <= 0.55 * np.log(256) / 127 * (np.abs(x) + 1 / 255) * 1.05).all()


def test_too_loud_is_clipped():
    np.testing.assert_array_equal(to_mu_law(np.array([-3.0, 3.0])), [1, 255])


def test_everything_is_stored():
    found = spoken.stored()
    assert len(found) == len(LETTERS + WORDS) * len(spoken.VOICES) * spoken.TAKES
    for which, sound in found.items():
        assert sound.dtype == np.float32, which
        assert 0.1 < len(sound) / RATE < 1, which
        assert 0.8 < np.abs(sound).max() <= 1, which
        assert not sound.flags.writeable
    assert spoken.FILE.stat().st_size < 1_200_000


def test_no_such_recording():
    for which in [("ä", 0, 0), ("a", 8, 0), ("a", 0, 2), ("ab", 0, 0)]:
        with pytest.raises(ValueError, match="no recording of"):
            said(*which)


@pytest.mark.parametrize("voice", [0, 3, 7])
def test_pieces_stand_where_they_are_said_to(voice):
    found = joined(["computer", "a", "tutor"], voice, seed=voice, gap=(0.1, 0.2), noise=0)
    assert found.text == "computer a tutor"
    assert found.rate == RATE
    assert found.signal.dtype == np.float32
    silent = np.ones(len(found.signal), bool)
    for text, start, end in zip(found.text.split(), found.starts, found.ends, strict=True):
        piece = found.signal[start:end]
        takes = [said(text, voice, t) for t in (0, 1)]
        like = [t for t in takes if len(t) == len(piece)]
        assert any(np.corrcoef(t, piece)[0, 1] > 0.9999 for t in like)
        assert 0.5 - 1e-6 <= np.abs(piece).max() / np.abs(like[0]).max() <= 1 + 1e-6
        silent[start:end] = False
    assert (found.signal[silent] == 0).all()
    gaps = np.append(found.starts, len(found.signal)) - np.insert(found.ends, 0, 0)
    assert (gaps >= 0.1 * RATE - 1).all()
    assert (gaps <= 0.2 * RATE + 1).all()


def test_noise_has_its_size():
    loud = joined(["a"] * 20, 1, seed=5, noise=0.1)
    rest = joined(["a"] * 20, 1, seed=5, noise=0)
    np.testing.assert_allclose((loud.signal - rest.signal).std(), 0.1, rtol=0.05)
    np.testing.assert_array_equal(loud.starts, rest.starts)


def test_a_seed_decides_everything():
    one, same, other = (spelled_recording("cat", 2, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.signal, same.signal)
    assert len(one.signal) != len(other.signal)
    assert one.text == "cat"
    assert len(one.starts) == 3


def test_many_words_in_several_voices():
    words = ["cat", "a", "deep"] * 10
    found = spelled_recordings(words, seed=3)
    assert [r.text for r in found] == words
    with pytest.raises(ValueError, match="no voices"):
        spelled_recordings(words, voices=[])


def test_nothing_or_nonsense_to_say():
    with pytest.raises(ValueError, match="nothing to say"):
        joined([], 0)
    for word in ["", "Cat", "a b"]:
        with pytest.raises(ValueError, match="expected letters a"):
            spelled_recording(word, 0)
    for wrong in [{"gap": (0.2, 0.1)}, {"gap": (-1, 0)}, {"noise": -0.1}]:
        with pytest.raises(ValueError, match="expected 0 ≤"):
            joined(["a"], 0, **wrong)


def likeness(a, b):
    """Correlation of the logarithms of two spectrograms, as long as the shorter."""
    n = min(len(a), len(b))
    heard = [np.log(spectrogram(x[:n], RATE, nperseg=200, noverlap=120)[2] + 1e-7) for x in (a, b)]
    return np.corrcoef(heard[0].ravel(), heard[1].ravel())[0, 1]


@pytest.mark.skipif(find_spec("espeakng_loader") is None, reason="espeakng-loader not installed")
def test_the_script_still_makes_what_is_stored():
    from companion.rnn.experiments.recordings import Synthesizer, recorded

    synthesizer = Synthesizer()
    order = spoken.everything()
    chosen = [order[i] for i in np.random.default_rng(0).permutation(len(order))[:40]]
    for text, voice, take in chosen:
        made = recorded(synthesizer, text, voice, take)
        kept = said(text, voice, take)
        assert abs(len(made) - len(kept)) < 0.1 * len(kept), (text, voice, take)
        assert likeness(made, kept) > 0.85, (text, voice, take)
    with pytest.raises(ValueError, match="no voice"):
        synthesizer.say("a", "no-such-language")


def test_another_letter_is_not_so_like():
    alike = [likeness(said("s", v), said("o", v)) for v in range(8)]
    assert max(alike) < 0.8
