"""Batches of spelled words; the recognizer, its padding and training, and the one that is kept."""

import numpy as np
import pytest

from companion.data.spoken import (
    HEARD,
    UNHEARD,
    VOICES,
    Recording,
    spelled_recording,
    spelled_recordings,
)
from companion.gradients.tensor import no_grad
from companion.rnn.experiments import speller
from companion.rnn.speech.ctc_decoding import greedy_decode
from companion.rnn.speech.speller import SIGNS, Speller, letters_of, spelled_batch
from companion.rnn.speech.trigger import heard
from companion.rnn.translation.error_rates import error_rate
from companion.training import manual_seed


def test_a_batch_holds_what_was_said():
    recordings = [spelled_recording("hello", 0, 1), spelled_recording("ox", 3, 2)]
    batch = spelled_batch(recordings)
    assert batch.frames.dtype == np.float32
    assert batch.frames.shape == (2, max(batch.lengths), 24)
    for row, recording in enumerate(recordings):
        picture = heard(recording.signal)
        assert batch.lengths[row] == len(picture)
        np.testing.assert_array_equal(batch.frames[row, : len(picture)], picture)
        assert not batch.frames[row, len(picture) :].any()
        numbers = batch.targets[row, : batch.target_lengths[row]]
        assert letters_of(numbers) == recording.text
    assert not batch.targets[1, 2:].any()
    with pytest.raises(ValueError, match="no recordings"):
        spelled_batch([])


def test_there_is_a_sign_for_each_label():
    assert len(SIGNS) == len(set(SIGNS)) == 27
    assert letters_of((1, 3, 0, 26)) == "ac-z"


def test_padding_does_not_reach_what_is_said():
    manual_seed(0)
    model = Speller(hidden_size=8)
    batch = spelled_batch(spelled_recordings(["psalm", "a", "sing"], seed=4))
    with no_grad():
        together = model(batch.frames, batch.lengths).numpy()
        for row, frames in enumerate(batch.lengths):
            alone = model(batch.frames[row : row + 1, :frames], [frames]).numpy()[:, 0]
            np.testing.assert_allclose(together[:frames, row], alone, atol=1e-5)
    np.testing.assert_allclose(np.exp(together).sum(axis=2), 1, rtol=1e-5)


def test_it_writes_what_is_decoded():
    manual_seed(1)
    model, recordings = Speller(hidden_size=8), spelled_recordings(["amen", "selah"], seed=1)
    batch = spelled_batch(recordings)
    with no_grad():
        expected = greedy_decode(model(batch.frames, batch.lengths), batch.lengths)
    assert model.transcribe(recordings) == [letters_of(text) for text in expected]


def test_words_that_judge_are_not_learned():
    learned, unseen = speller.words()
    assert len(unseen) == len(set(unseen)) == speller.JUDGED
    assert not set(learned) & set(unseen)
    assert all(word.isalpha() and 3 <= len(word) <= 6 for word in learned + unseen)
    assert {*HEARD, UNHEARD} == set(range(len(VOICES)))


def test_speeds_change_the_length_and_not_the_text():
    recordings = spelled_recordings(["amen", "selah", "psalm"], seed=2, noise=0)
    same = speller.at_speeds(recordings, 0.0, np.random.default_rng(0), noise=0)
    for old, new in zip(recordings, same, strict=True):
        np.testing.assert_allclose(new.signal, old.signal, atol=1e-5)
    found = speller.at_speeds(recordings, 0.25, np.random.default_rng(0))
    for old, new in zip(recordings, found, strict=True):
        assert new.text == old.text
        assert np.exp(-0.26) < len(new.signal) / len(old.signal) < np.exp(0.26)
        assert len(new.signal) != len(old.signal)


def test_the_noise_is_the_same_at_every_speed():
    silence = [Recording(np.zeros(40_000, np.float32), 8000, "a", np.array([0]), np.array([1]))]
    for seed in range(3):  # power at high and at low frequencies, whatever the factor
        (found,) = speller.at_speeds(silence, 0.25, np.random.default_rng(seed), noise=0.01)
        power = np.abs(np.fft.rfft(found.signal)) ** 2
        half = len(power) // 2
        assert found.signal.dtype == np.float32
        assert abs(power[:half].mean() / power[half:].mean() - 1) < 0.1


def test_a_little_training_lowers_the_loss():
    _, losses = speller.train(7, epochs=3, count=96)
    assert losses[-1] < 0.6 * losses[0]


def test_the_stored_network_is_as_good_as_it_is_said_to_be():
    runs = speller.stored()["other speeds"]
    model, run = speller.load_speller(), min(runs, key=lambda run: run["losses"][-1])
    for who in speller.VOICES:
        said, right = speller.judged(model, who, 80)
        assert abs(error_rate(said, right) - run[who]) < 0.1
    assert run["losses"][-1] < 0.3 < run["losses"][0]
