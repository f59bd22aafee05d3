"""Collapse, greedy decoding and prefix beam search against brute force over all paths."""

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import log_softmax

from companion.rnn.speech.ctc_decoding import collapse, greedy_decode, prefix_beam_search


@settings(deadline=None)
@given(st.text(alphabet="-ab", max_size=12))
def test_collapse_by_regular_expressions(path):
    expected = re.sub(r"(.)\1+", r"\1", path).replace("-", "")
    assert "".join(collapse(path, blank="-")) == expected


def test_greedy_takes_the_best_label_of_each_frame():
    path = [[0, 1, 1, 0, 1, 2, 2, 0], [2, 2, 2, 0, 0, 1, 1, 1]]
    scores = np.eye(3)[np.transpose(path)]
    assert greedy_decode(scores) == [(1, 1, 2), (2, 1)]
    assert greedy_decode(scores, [3, 5]) == [(1,), (2,)]
    assert greedy_decode(scores, blank=2) == [(0, 1, 0, 1, 0), (0, 1)]


def texts_by_brute_force(log_probs, blank):
    found = {}
    for path in product(range(log_probs.shape[1]), repeat=len(log_probs)):
        text = collapse(path, blank)
        score = sum(log_probs[t, k] for t, k in enumerate(path))
        found[text] = np.logaddexp(found.get(text, -np.inf), score)
    return found


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("blank", [0, 1])
def test_a_beam_that_holds_everything_finds_every_text(seed, blank):
    log_probs = log_softmax(np.random.default_rng(seed).normal(size=(5, 3)), axis=1)
    expected = texts_by_brute_force(log_probs, blank)
    found = prefix_beam_search(log_probs, beams=1000, blank=blank)
    scores = {text: score for text, score in found if score > -np.inf}
    assert scores.keys() == expected.keys()
    for text, score in scores.items():
        assert score == pytest.approx(expected[text], abs=1e-10)
    values = [score for _, score in found]
    assert values == sorted(values, reverse=True)


def test_a_small_beam_never_counts_a_path_twice():
    for seed in range(20):
        log_probs = log_softmax(2 * np.random.default_rng(seed).normal(size=(6, 3)), axis=1)
        exact = texts_by_brute_force(log_probs, 0)
        for beams in (1, 2, 4):
            found = prefix_beam_search(log_probs, beams)
            assert len(found) <= beams
            assert all(score <= exact[text] + 1e-10 for text, score in found)


def test_the_best_path_need_not_be_the_best_text():
    log_probs = np.log([[0.6, 0.4], [0.6, 0.4]])
    assert greedy_decode(log_probs[:, None]) == [()]
    (text, score), *_ = prefix_beam_search(log_probs)
    assert text == (1,)
    assert np.exp(score) == pytest.approx(0.64)


def test_refusals():
    with pytest.raises(ValueError, match="greedy_decode"):
        greedy_decode(np.zeros((4, 3)))
    with pytest.raises(ValueError, match="lengths"):
        greedy_decode(np.zeros((4, 2, 3)), [4])
    with pytest.raises(ValueError, match="beams=0"):
        prefix_beam_search(np.zeros((4, 3)), beams=0)
    with pytest.raises(ValueError, match="prefix_beam_search"):
        prefix_beam_search(np.zeros((4, 1, 3)))
