"""Mixtures, labels, the detector on a stream, firings and their judgement; the stored detector."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.data.spoken import LETTERS, RATE, TRIGGER
from companion.rnn.experiments import trigger_word
from companion.rnn.speech.mixtures import OTHERS, background, faster, mixture
from companion.rnn.speech.nearest_letter import VIEWS, by_voice, stretched
from companion.rnn.speech.spectrogram import spectrogram
from companion.rnn.speech.trigger import (
    BANDS,
    HOP,
    SIZE,
    Detector,
    end_of,
    fires,
    heard,
    judged,
    labels_after,
    trigger_batches,
)


def test_pieces_lie_one_after_the_other():
    found = mixture(2, 0, seconds=30)
    assert len(found.signal) == 30 * RATE
    assert found.signal.dtype == np.float32
    assert (found.starts < found.ends).all()
    assert (found.starts[1:] >= found.ends[:-1] + 400).all()
    assert found.ends[-1] <= len(found.signal)
    assert set(found.texts) <= {*LETTERS, *OTHERS, TRIGGER}


def test_speech_is_louder_than_what_lies_between():
    found = mixture(3, 1, seconds=30)
    inside = np.zeros(len(found.signal), bool)
    for start, end in zip(found.starts, found.ends, strict=True):
        inside[start:end] = True
    assert found.signal[inside].std() > 3 * found.signal[~inside].std()


def test_times_of_a_word():
    found = mixture(1, 4, seconds=40)
    starts, ends = found.times_of()
    chosen = [k for k, text in enumerate(found.texts) if text == TRIGGER]
    np.testing.assert_array_equal(starts, [found.starts[k] for k in chosen])
    np.testing.assert_array_equal(ends, [found.ends[k] for k in chosen])
    assert len(starts) > 2
    assert len(found.times_of("nothing of this kind")[0]) == 0


def test_probabilities_of_pieces():
    texts = [t for seed in range(10) for t in mixture(0, seed, seconds=60).texts]
    assert 0.2 < np.mean([t == TRIGGER for t in texts]) < 0.3
    assert 0.25 < np.mean([t in OTHERS for t in texts]) < 0.35
    alone = mixture(0, 1, seconds=20, often=1, alike=0)
    assert set(alone.texts) == {TRIGGER}
    for wrong in [{"seconds": 0.5}, {"often": -0.1}, {"often": 0.8, "alike": 0.3}]:
        with pytest.raises(ValueError, match="mixture: seconds="):
            mixture(0, **wrong)


def test_background_has_its_loudness():
    levels = [background(8000, np.random.default_rng(seed)).std() for seed in range(40)]
    assert 0.002 < min(levels) < 0.006
    assert 0.015 < max(levels) < 0.035


def test_faster_is_shorter_and_higher():
    tone = np.sin(2 * np.pi * 500 * np.arange(4000) / RATE)
    quick = faster(tone, 1.25)
    assert abs(len(quick) - 3200) <= 1
    assert (spectrogram(quick).argmax(axis=1) == 500 * 1.25 * 256 // RATE).all()
    np.testing.assert_allclose(faster(tone, 1.0), tone[:-1], atol=1e-6)


@given(st.lists(st.integers(0, 9000), max_size=4), st.integers(0, 60))
def test_labels_follow_the_ends(ends, count):
    got = labels_after(ends, count, seconds=0.25)
    for t in range(count):
        over = t * HOP + SIZE
        assert got[t] == any(end <= over < end + 0.25 * RATE for end in ends)


def test_labels_that_cannot_be():
    for wrong in [{"count": -1}, {"count": 3, "seconds": -0.1}]:
        with pytest.raises(ValueError, match="expected no negatives"):
            labels_after([1], **wrong)


def test_frames_know_nothing_of_later_samples():
    sound = np.random.default_rng(0).normal(size=4000).astype(np.float32)
    changed = sound.copy()
    cut = 2000
    changed[cut:] = 5
    before = end_of(np.arange(len(heard(sound)))) <= cut
    np.testing.assert_array_equal(heard(sound)[before], heard(changed)[before])
    assert (heard(sound)[~before] != heard(changed)[~before]).any(axis=1).all()


def test_a_stream_in_pieces_is_the_whole():
    frames = np.random.default_rng(1).normal(size=(50, BANDS)).astype(np.float32)
    model, state, parts = Detector(16), None, []
    whole, last = model.listen(frames)
    for piece in np.split(frames, [1, 7, 30]):
        part, state = model.listen(piece, state)
        parts.append(part)
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-6)
    np.testing.assert_allclose(state, last, atol=1e-6)
    scores = model(frames[None]).numpy()[0]
    np.testing.assert_allclose(whole, 1 / (1 + np.exp(-scores)), atol=1e-6)
    with pytest.raises(ValueError, match="empty"):
        model.listen(frames[:0])


def test_the_detector_does_not_see_the_future():
    frames = np.random.default_rng(2).normal(size=(30, BANDS)).astype(np.float32)
    model = Detector(8)
    other = frames.copy()
    other[20:] += 3
    np.testing.assert_allclose(model.listen(frames)[0][:20], model.listen(other)[0][:20], atol=1e-6)


def one_by_one(p, threshold, smooth, rest):
    """Fire frame by frame, with a counter that sleeps."""
    found, sleeps = [], 0
    for t in range(len(p)):
        mean = np.sum(p[max(0, t - smooth + 1) : t + 1]) / smooth
        if sleeps:
            sleeps -= 1
        elif mean >= threshold:
            found.append(t)
            sleeps = rest
    return found


@given(st.integers(0, 60), st.integers(1, 5), st.integers(0, 8), st.integers(0, 1000))
def test_firings(count, smooth, rest, seed):
    p = np.random.default_rng(seed).random(count)
    got = fires(p, 0.61803, smooth=smooth, rest=rest)
    assert got == one_by_one(p, 0.61803, smooth, rest)


def test_firings_that_cannot_be():
    for wrong in [{"smooth": 0}, {"rest": -1}]:
        with pytest.raises(ValueError, match="fires: smooth="):
            fires([0.5], 0.5, **wrong)


def frame_after(sample):
    """The first frame that is over at or after a sample."""
    return int(np.ceil((sample - SIZE) / HOP))


def test_each_word_is_detected_once():
    ends = [8000, 24000]
    at = [frame_after(8000), frame_after(12000), frame_after(24000), frame_after(40000)]
    found = judged(at, ends)
    assert found.missed == 0
    assert found.false == 2
    np.testing.assert_allclose(found.delays, [(end_of(at[k]) - e) / RATE for k, e in
                                              ((0, 8000), (2, 24000))])  # fmt: skip


def test_too_early_and_too_late():
    for shift, hit in [(-0.2, False), (-0.05, True), (0.9, True), (1.1, False)]:
        found = judged([frame_after(16000 + shift * RATE)], [16000])
        assert (len(found.delays), found.missed, found.false) == ((1, 0, 0) if hit else (0, 1, 1))
    assert judged([], [100, 200]) == ([], 2, 0)
    assert judged([5], []) == ([], 0, 1)


def test_batches_hold_frames_and_labels():
    few = [mixture(k, k, seconds=2) for k in range(3)]
    batches = trigger_batches(few, batch_size=3, shuffle=False)
    x, y = next(iter(batches))
    assert x.shape == (3, 1 + (2 * RATE - SIZE) // HOP, BANDS)
    np.testing.assert_array_equal(x[1], heard(few[1].signal))
    np.testing.assert_array_equal(y[2], labels_after(few[2].times_of()[1], x.shape[1]))


def test_nearest_letters():
    share = by_voice(VIEWS["MFCC"])
    assert share.shape == (8,)
    assert share.mean() > 0.8
    assert by_voice(lambda x: np.ones((3, 2))).mean() < 0.1  # nothing to go by
    np.testing.assert_array_equal(stretched(np.arange(3), 5), [0, 0, 1, 2, 2])


def test_the_loss_falls_from_that_of_a_constant():
    _, losses = trigger_word.train(0.3, 0, count=96, epochs=6)
    share = trigger_batches(trigger_word.training_mixtures(0.3, 0, 96)).arrays[1].mean()
    constant = -(share * np.log(share) + (1 - share) * np.log(1 - share))
    assert losses[-1] < constant < losses[0]


def test_the_stored_detector_is_as_good_as_it_is_said_to_be():
    model = trigger_word.load_detector()
    kept = trigger_word.stored()["words alike"][0]
    for who in ("heard", "unheard"):
        again = trigger_word.curve(model, trigger_word.judging_minutes(who), (0.5,))[0]
        said = next(j for j in kept[who] if j["threshold"] == 0.5)
        assert abs(again["missed"] - said["missed"]) < 0.05
        assert abs(again["false"] - said["false"]) < 0.5
        assert abs(again["delay"] - said["delay"]) < 0.02
