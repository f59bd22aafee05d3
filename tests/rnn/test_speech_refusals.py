"""What functions on sound and CTC refuse, rather than return a number that looks right."""

import numpy as np
import pytest

from companion.data.spoken import RATE, Recording
from companion.rnn.speech.ctc import ctc_loss, lattice
from companion.rnn.speech.ctc_decoding import greedy_decode, prefix_beam_search
from companion.rnn.speech.mel import log_mel, mel_filters, mfcc, to_mel
from companion.rnn.speech.spectrogram import decibels, dft, framed, hann, spectrogram
from companion.rnn.speech.speller import letters_of, spelled_batch
from companion.rnn.speech.trigger import (
    BANDS,
    Detector,
    fires,
    heard,
    judged,
    labels_after,
    trigger_batches,
)

NAN = float("nan")
SILENCE = np.zeros(1000)
BROKEN = np.where(np.arange(1000) == 3, NAN, 0.0)
LOG_PROBS = np.log(np.full((4, 2, 3), 1 / 3))
ONE = LOG_PROBS[:, 0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dft([1j, 2]), "expected real numbers"),
        (lambda: hann(2.5), "size=2.5"),
        (lambda: hann(NAN), "size=nan"),
        (lambda: framed(SILENCE, 2.5, 1), "size=2.5"),
        (lambda: framed(SILENCE, 200, NAN), "hop=nan"),
        (lambda: spectrogram(BROKEN), "nan_to_num"),
        (lambda: heard(BROKEN), "nan_to_num"),
        (lambda: log_mel(BROKEN, RATE), "nan_to_num"),
        (lambda: spectrogram(np.full(300, 1j)), "complex128"),
        (lambda: spectrogram(SILENCE, bins=0), "bins=0"),
        (lambda: spectrogram(SILENCE, bins=300.5), "bins=300.5"),
        (lambda: spectrogram(SILENCE, window=lambda n: np.ones(3)), r"window of shape \(3,\)"),
        (lambda: decibels([NAN]), "not NaN"),
        (lambda: decibels([1j]), "complex128"),
        (lambda: decibels([1.0], lowest=NAN), "lowest=nan"),
        (lambda: to_mel(-5), "none below 0"),
        (lambda: to_mel(NAN), "none below 0"),
        (lambda: to_mel("a"), "expected frequencies"),
        (lambda: mel_filters(4, 0, 8000), "bins=0"),
        (lambda: mel_filters(4, 256.5, 8000), "bins=256.5"),
        (lambda: mfcc(np.zeros(24), 2.5), "count=2.5"),
        (lambda: mfcc(5.0), "expected"),
        (lambda: labels_after([1], 2.5), "count=2.5"),
        (lambda: labels_after([1], 3, NAN), "seconds=nan"),
        (lambda: labels_after([1.7], 3), "whole numbers"),
        (lambda: labels_after([[1]], 3), "whole numbers"),
        (lambda: labels_after(["x"], 3), "whole numbers"),
        (lambda: Detector(4).listen(np.zeros(BANDS)), "listen: frames"),
        (lambda: Detector(4).listen(np.full((5, BANDS), NAN)), "120 NaN"),
        (lambda: fires([0.9, NAN, 0.9], 0.5), "no NaN"),
        (lambda: fires([5.0, 7.0], 0.5), "Detector.listen"),
        (lambda: fires([[0.9]], 0.5), "shape"),
        (lambda: fires([0.9], NAN), "threshold nan"),
        (lambda: fires([0.9], 0.5, rest=1.5), "rest=1.5"),
        (lambda: judged([3.5], [400]), "fired="),
        (lambda: judged([3], [NAN]), "ends="),
        (lambda: judged([5, 3], [400, 900]), "in order"),
        (lambda: judged([3], [900, 400]), "in order"),
        (lambda: judged([3], [400], late=NAN), "late=nan"),
        (lambda: trigger_batches([]), "no mixtures"),
        (lambda: greedy_decode(np.full((4, 2, 3), NAN)), "hold NaN at 24"),
        (lambda: greedy_decode(LOG_PROBS, [4, 9]), "0 … 4"),
        (lambda: greedy_decode(LOG_PROBS, [-1, 2]), "0 … 4"),
        (lambda: greedy_decode(LOG_PROBS, [1.5, 2]), "whole numbers"),
        (lambda: greedy_decode(LOG_PROBS, blank=7), "blank=7"),
        (lambda: greedy_decode(LOG_PROBS, blank=-1), "blank=-1"),
        (lambda: greedy_decode(np.zeros((4, 2, 0))), "among 0 labels"),
        (lambda: prefix_beam_search(ONE, 2.5), "beams=2.5"),
        (lambda: prefix_beam_search(ONE, blank=-1), "blank=-1"),
        (lambda: prefix_beam_search(ONE, blank=7), "blank=7"),
        (lambda: prefix_beam_search(np.full((4, 3), NAN)), "hold NaN at 12"),
        (lambda: prefix_beam_search(np.exp(ONE)), "np.log of probabilities"),
        (lambda: ctc_loss(LOG_PROBS, [[1.5], [1]], [4, 4], [1, 1]), "numbers of labels"),
        (lambda: ctc_loss(LOG_PROBS, [[NAN], [1]], [4, 4], [1, 1]), "numbers of labels"),
        (lambda: ctc_loss(LOG_PROBS, [[1], [1]], [4, 4], [1, 1], blank=0.5), "blank=0.5"),
        (lambda: ctc_loss(LOG_PROBS * NAN, [[1], [1]], [4, 4], [1, 1]), "hold NaN"),
        (lambda: ctc_loss(LOG_PROBS[:0], [[1], [1]], [4, 4], [1, 1]), "no frames"),
        (lambda: lattice(LOG_PROBS, [1, 1], [4, 4], [1, 1]), "lattice: log_probs"),
        (lambda: lattice(LOG_PROBS, [[1], [1]], [4], [1]), "lattice: log_probs"),
        (lambda: lattice(LOG_PROBS, [[1], [2]], [4, 9], [1, 1]), "1 … 4 frames"),
        (lambda: lattice(LOG_PROBS, [[1], [2]], [4, 0], [1, 1]), "1 … 4 frames"),
        (lambda: lattice(LOG_PROBS, [[1], [2]], [4, 4], [1, 5]), "0 … 1 labels"),
        (lambda: letters_of([-1]), "labels of 0 … 26"),
        (lambda: letters_of([30]), "labels of 0 … 26"),
        (lambda: spelled_batch([Recording(SILENCE, RATE, "A", [], [])]), "letters a … z"),
        (lambda: spelled_batch([Recording(SILENCE, 16000, "a", [], [])]), "16000 samples"),
    ],
)
def test_a_clear_error(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_whole_numbers_keep_their_decimals():
    np.testing.assert_allclose(mfcc([1, 2, 3], 2), mfcc([1.0, 2.0, 3.0], 2), rtol=1e-6)


def test_nothing_is_no_error():
    assert labels_after([], 3).tolist() == [0, 0, 0]
    assert fires([], 0.5) == []
    assert judged([], []) == ([], 0, 0)
    assert letters_of([]) == ""
