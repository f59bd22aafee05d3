"""Corpus, windows, sub-sampling and noise, against plain loops and closed forms."""

from collections import Counter

import numpy as np
import pytest
from scipy.stats import chisquare

from companion.rnn.words.corpus import corpus_of, words_of
from companion.rnn.words.noise import drawn_words, noise_distribution
from companion.rnn.words.subsampling import keep_probabilities, thinned
from companion.rnn.words.windows import window_bags, window_pairs

VERSES = ["In the beginning God created", "the heaven, and the earth.", "And", ""]


def drawn(seed, texts=5, most=9):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(0, most, texts)
    return rng.integers(0, 6, lengths.sum()), np.repeat(np.arange(texts), lengths)


def by_loop(tokens, texts, window):
    return [
        (tokens[i], tokens[j], abs(i - j))
        for i in range(len(tokens))
        for j in range(len(tokens))
        if i != j and abs(i - j) <= window and texts[i] == texts[j]
    ]


def test_words_and_their_numbers():
    assert words_of("Lo, (the) LORD'S house: -- 'tis!") == [
        "lo",
        "the",
        "lord's",
        "house",
        "--",
        "tis",
    ]
    corpus = corpus_of(VERSES)
    assert corpus.words[:2] == ("the", "and")
    assert corpus.counts[:2].tolist() == [3, 2]
    assert [corpus.words[k] for k in corpus.tokens[-5:]] == ["heaven", "and", "the", "earth", "and"]
    assert corpus.texts.tolist() == [0] * 5 + [1] * 5 + [2]
    few = corpus_of(VERSES, rarest=2)
    assert few.words == ("the", "and")
    assert few.tokens.tolist() == [0, 0, 1, 0, 1]
    assert corpus_of(VERSES, most=1).words == ("the",)
    with pytest.raises(ValueError, match="of 8 words none is left with most=None, rarest=9"):
        corpus_of(VERSES, rarest=9)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("window", [1, 2, 5, 30])
def test_full_windows_against_a_loop(seed, window):
    tokens, texts = drawn(seed)
    got = window_pairs(tokens, texts, window)
    assert Counter(zip(*map(list, got), strict=True)) == Counter(by_loop(tokens, texts, window))
    bags, centres = window_bags(tokens, texts, window)
    places = [k for k in range(len(tokens)) if (texts == texts[k]).sum() > 1]
    assert centres.tolist() == tokens[places].tolist()
    for bag, place in zip(bags, places, strict=True):
        near = [k for k in range(place - window, place + window + 1) if k != place]
        inside = [k for k in near if 0 <= k < len(tokens) and texts[k] == texts[place]]
        assert bag[bag >= 0].tolist() == tokens[inside].tolist()


def test_windows_of_a_size_of_their_own():
    tokens = np.arange(4000)
    texts = np.zeros(4000, np.int64)
    pairs = window_pairs(tokens, texts, 4, np.random.default_rng(0))
    # A neighbour k away is inside if the window is at least k: 4, 3, 2, 1 of 4.
    shares = np.bincount(pairs.distances)[1:] / 8000
    np.testing.assert_allclose(shares, [1, 0.75, 0.5, 0.25], atol=0.03)
    assert (abs(pairs.centres - pairs.neighbours) == pairs.distances).all()
    # A window is that of the centre: to both sides alike, away from the ends.
    for centre in range(10, 60):
        of_one = pairs.neighbours[pairs.centres == centre] - centre
        assert sorted(of_one) == sorted(-of_one)
    bags, _ = window_bags(tokens, texts, 4, np.random.default_rng(0))
    assert (bags >= 0).sum() == len(pairs.centres)


@pytest.mark.parametrize("make", [window_pairs, window_bags])
def test_windows_that_are_none(make):
    none = np.empty(0, np.int64)
    assert len(make(none, none, 3)[0]) == 0
    one = np.zeros(1, np.int64)
    assert len(make(one, one, 3)[0]) == 0
    with pytest.raises(ValueError, match="window=0; expected at least 1"):
        make(one, one, 0)
    with pytest.raises(ValueError, match=r"\(1,\) tokens in \(0,\) texts"):
        make(one, none, 1)


def test_sub_sampling_by_the_formula_and_by_counting():
    counts = np.array([900, 90, 9, 1])
    for count, keep in zip(counts, keep_probabilities(counts, 0.01), strict=True):
        assert keep == pytest.approx(1 - max(0, 1 - (0.01 / (count / 1000)) ** 0.5))
    corpus = corpus_of(["a " * 900 + "b " * 90 + "c " * 9 + "d"])
    kept = sum(np.bincount(thinned(corpus, 0.01, np.random.default_rng(s)).tokens, minlength=4)
               for s in range(200)) / 200  # fmt: skip
    np.testing.assert_allclose(kept, counts * keep_probabilities(counts, 0.01), rtol=0.05)
    with pytest.raises(ValueError, match="threshold 0"):
        keep_probabilities(counts, 0)
    with pytest.raises(ValueError, match="expected all above 0"):
        keep_probabilities([1, 0])


def test_noise_by_the_formula_and_by_counting():
    p = noise_distribution([16, 1])
    assert p[0] / p[1] == pytest.approx(8)
    assert p.sum() == pytest.approx(1)
    np.testing.assert_allclose(noise_distribution([3, 5, 9], power=1), np.array([3, 5, 9]) / 17)
    np.testing.assert_allclose(noise_distribution([3, 5, 9], power=0), 1 / 3)
    counts = np.array([100, 50, 10, 3])
    words = drawn_words(noise_distribution(counts), (100, 200), np.random.default_rng(1))
    assert words.shape == (100, 200)
    expected = counts**0.75 / (counts**0.75).sum() * words.size
    assert chisquare(np.bincount(words.ravel(), minlength=4), expected).pvalue > 1e-3
    assert drawn_words(np.ones(1), 5, np.random.default_rng(0)).tolist() == [0] * 5
    for wrong in ([], [1, 0], [2, -1]):
        with pytest.raises(ValueError, match="expected some, all above 0"):
            noise_distribution(wrong)
