"""Bad input to what translates and to its marks: an error that names it, not a plausible number."""

import numpy as np
import pytest

from companion.rnn.translation.beam import beam_search
from companion.rnn.translation.beams import beam_searches
from companion.rnn.translation.blame import blame
from companion.rnn.translation.bleu import brevity_penalty, matches, ngrams
from companion.rnn.translation.encoder_decoder import EncoderDecoder
from companion.rnn.translation.greedy import greedy
from companion.rnn.translation.pairs import Pairs, lengths_of
from companion.rnn.translation.rescoring import coverage_penalty, power_penalty, wu_penalty
from companion.rnn.translation.scoring import token_log_probabilities
from companion.rnn.translation.sentences import sentence_log_probabilities

MODEL = EncoderDecoder(9, 8, 4, 3)
PAIRS = Pairs(np.array([[4, 5]]), np.array([[1, 4]]))
NAN = float("nan")


@pytest.mark.parametrize(
    "source", [[], [4, 5], [[4.5, 5.0]], [["a"]], "abc", np.zeros((0, 3), int)]
)
def test_a_source_is_an_array_of_whole_numbers(source):
    for call in (lengths_of, MODEL.encode, lambda rows: greedy(MODEL, rows)):
        with pytest.raises(ValueError, match=r"lengths_of: source .*expected whole numbers"):
            call(source)


@pytest.mark.parametrize("size", [0, 2.5, NAN, "2", None])
def test_widths_and_lengths_are_whole_numbers(size):
    with pytest.raises(ValueError, match=r"greedy: longest=.*whole"):
        greedy(MODEL, [[4, 5]], size)
    for search, source in ((beam_search, [4, 5]), (beam_searches, [[4, 5]])):
        with pytest.raises(ValueError, match=rf"{search.__name__}: width=.*whole"):
            search(MODEL, source, size)
        with pytest.raises(ValueError, match=rf"{search.__name__}: .*longest=.*whole"):
            search(MODEL, source, 2, size)


@pytest.mark.parametrize("following", [[[4, -1]], [[4, 8]], [[4.0, 2.0]]])
def test_what_follows_are_tokens_that_the_model_scores(following):
    with pytest.raises(ValueError, match="token_log_probabilities"):
        token_log_probabilities(MODEL, PAIRS, following)


@pytest.mark.parametrize("sentence", [[4.7, 5], "45", ["a"], [NAN], [-1], [[4, 5]], 4])
def test_sentences_are_whole_numbers(sentence):
    with pytest.raises(ValueError, match="whole numbers"):
        sentence_log_probabilities(MODEL, [[4, 5]], [sentence])
    with pytest.raises(ValueError, match="whole numbers"):
        blame([4, 5], sentence, MODEL, [4, 5])


def test_sentences_have_no_padding_and_may_be_empty():
    for sentence in ([0, 5], [4, 0]):
        with pytest.raises(ValueError, match="holds padding"):
            sentence_log_probabilities(MODEL, [[4, 5]], [sentence])
    assert np.isfinite(sentence_log_probabilities(MODEL, [[4, 5]], [[]])).all()


@pytest.mark.parametrize("penalty", [power_penalty, wu_penalty])
def test_penalties_want_numbers(penalty):
    for alpha in ("1", None, NAN, -1):
        with pytest.raises(ValueError, match="alpha="):
            penalty(alpha)
    for lengths in (NAN, [2, NAN], 0):
        with pytest.raises(ValueError, match="length"):
            penalty(1)(lengths)


def test_coverage_wants_finite_weights():
    for weights in ([[NAN, 1.0]], [[np.inf, 0.5]], [0.5]):
        with pytest.raises(ValueError, match="weights"):
            coverage_penalty(weights, 1)
    for beta in (NAN, -1, np.inf):
        with pytest.raises(ValueError, match="beta="):
            coverage_penalty([[0.5, 0.5]], beta)
    assert coverage_penalty([[0.0, 1.0]], 0) == 0


def test_counts_of_bleu():
    for n in (0, -1, 1.5, "2"):
        with pytest.raises(ValueError, match="n="):
            ngrams(["a", "b"], n)
        with pytest.raises(ValueError, match="order="):
            matches(["a"], [["a"]], n)
    for lengths in ((-1, 3), (NAN, 3), (3, NAN)):
        with pytest.raises(ValueError, match="brevity_penalty"):
            brevity_penalty(*lengths)
