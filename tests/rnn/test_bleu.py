"""BLEU against sacrebleu, over random sentences, and what its counts must obey."""

import math
from collections import Counter

import numpy as np
import pytest
import sacrebleu
from sacrebleu.metrics import BLEU

from companion.rnn.translation.bleu import (
    SMOOTHINGS,
    Matches,
    brevity_penalty,
    corpus_bleu,
    matches,
    ngrams,
    precisions,
    sentence_bleu,
    together,
)

WORDS = ["a", "b", "c", "d", "e"]


def corpus(seed, shortest=0, sentences=6, references=3):
    """Sentences of a few words over a small alphabet, so that long n-grams match now and then."""
    rng = np.random.default_rng(seed)

    def text(least):
        return list(rng.choice(WORDS, rng.integers(least, 12)))

    right = [[text(1) for _ in range(references)] for _ in range(sentences)]
    said = [text(shortest) for _ in range(sentences)]
    for k in range(0, sentences, 2):  # every other one is a right one with a word exchanged
        said[k] = [*right[k][0]]
        said[k][rng.integers(len(said[k]))] = "z"
    return said, right


def by_sacrebleu(smoothing, order, effective=False):
    return BLEU(
        tokenize="none", smooth_method=smoothing, max_ngram_order=order, effective_order=effective
    )


def streams(right):
    """One list for each number of reference, as sacrebleu has them."""
    return [[" ".join(text) for text in texts] for texts in zip(*right, strict=True)]


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@pytest.mark.parametrize("order", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("references", [1, 3])
def test_corpora_score_as_with_sacrebleu(smoothing, order, references):
    seen = set()
    for seed in range(12):
        said, right = corpus(seed, references=references, sentences=1 + seed % 7)
        got = corpus_bleu(said, right, order, smoothing)
        texts = [" ".join(text) for text in said]
        expected = by_sacrebleu(smoothing, order).corpus_score(texts, streams(right)).score
        assert got == pytest.approx(expected, abs=1e-10)
        seen.add(round(expected, 6))
    assert len(seen) > 4  # not all of them 0


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@pytest.mark.parametrize("order", [1, 2, 4, 6])
@pytest.mark.parametrize("references", [1, 2])
def test_sentences_score_as_with_sacrebleu(smoothing, order, references):
    metric = by_sacrebleu(smoothing, order, effective=True)
    for seed in range(20):
        said, right = corpus(seed, references=references)
        for one, texts in zip(said, right, strict=True):
            expected = metric.sentence_score(" ".join(one), [" ".join(t) for t in texts]).score
            assert sentence_bleu(one, texts, order, smoothing) == pytest.approx(expected, abs=1e-10)


def test_defaults_are_those_of_sacrebleu():
    said, right = corpus(3)
    texts = [" ".join(text) for text in said]
    expected = sacrebleu.corpus_bleu(texts, streams(right), tokenize="none").score
    assert corpus_bleu(said, right) == pytest.approx(expected, abs=1e-10)
    expected = sacrebleu.sentence_bleu(texts[0], [" ".join(t) for t in right[0]], tokenize="none")
    assert sentence_bleu(said[0], right[0]) == pytest.approx(expected.score, abs=1e-10)


def test_nothing_said_scores_nothing():
    for smoothing in SMOOTHINGS:
        assert sentence_bleu([], [["a", "b"]], smoothing=smoothing) == 0
        assert corpus_bleu([[], []], [[["a"]], [["b", "c"]]], smoothing=smoothing) == 0
        got = corpus_bleu([[], list("abcde")], [[["a"]], [list("abcde")]], smoothing=smoothing)
        expected = by_sacrebleu(smoothing, 4).corpus_score(["", "a b c d e"], [["a", "a b c d e"]])
        assert 0 < got < 100
        assert got == pytest.approx(expected.score, abs=1e-10)


def test_the_same_sentence_scores_all():
    for n in range(1, 8):
        said = [f"word {k}" for k in range(n)]
        assert sentence_bleu(said, [["other"], said]) == pytest.approx(100)
    assert corpus_bleu([list("abcd")], [[list("abcd")]], smoothing="none") == pytest.approx(100)


def test_order_of_sentences_does_not_matter_but_that_of_words_does():
    said, right = corpus(5, shortest=4)
    turned = corpus_bleu(said[::-1], right[::-1])
    assert turned == pytest.approx(corpus_bleu(said, right), abs=1e-10)
    single = [corpus_bleu(texts, right, order=1) for texts in (said, [t[::-1] for t in said])]
    assert single[0] == pytest.approx(single[1], abs=1e-10)
    assert corpus_bleu([t[::-1] for t in said], right) < corpus_bleu(said, right) - 1


def test_papineni_counts():
    """The examples of the paper of 2002, section 2.1: 2/7 clipped, 7/7 not; 17/18 and 8/14."""
    right = [
        ["the", "cat", "is", "on", "the", "mat"],
        ["there", "is", "a", "cat", "on", "the", "mat"],
    ]
    counts = matches(["the", "the", "the", "the", "the", "the", "the"], right, 2)
    assert (counts.matched[0], counts.total[0], counts.matched[1]) == (2, 7, 0)
    right = [
        "it is a guide to action that ensures that the military will forever heed party commands",
        "it is the guiding principle which guarantees the military forces always being under the "
        "command of the party",
        "it is the practical guide for the army always to heed the directions of the party",
    ]
    first = "it is a guide to action which ensures that the military always obeys the commands of "
    second = "it is to insure the troops forever hearing the activity guidebook that party direct"
    right = [text.split() for text in right]
    one, two = matches((first + "the party").split(), right), matches(second.split(), right)
    assert (one.matched[0], one.total[0], one.matched[1], one.total[1]) == (17, 18, 10, 17)
    assert (two.matched[0], two.total[0], two.matched[1], two.total[1]) == (8, 14, 1, 13)


def test_ngrams_by_counting_by_hand():
    assert ngrams(list("abab"), 2) == Counter({("a", "b"): 2, ("b", "a"): 1})
    assert ngrams(["a"], 2) == Counter()
    assert ngrams([], 1) == Counter()


def test_the_nearest_length_is_wanted_and_the_shorter_of_two():
    texts = [["x"] * n for n in (3, 7, 9)]
    assert [matches(["x"] * n, texts).wanted for n in (0, 4, 5, 6, 8, 20)] == [3, 3, 3, 7, 7, 9]


def test_brevity_penalty():
    assert brevity_penalty(5, 5) == brevity_penalty(9, 5) == 1
    assert brevity_penalty(4, 8) == pytest.approx(math.exp(-1))
    assert brevity_penalty(0, 3) == 0
    assert brevity_penalty(0, 0) == 1


def test_counts_add_up():
    said, right = corpus(1)
    each = [matches(one, texts) for one, texts in zip(said, right, strict=True)]
    whole = together(each)
    assert isinstance(whole, Matches)
    assert whole.length == sum(map(len, said))
    assert np.array_equal(whole.total, np.sum([m.total for m in each], axis=0))
    assert (whole.matched <= whole.total).all()


def test_a_length_without_ngrams_has_no_precision():
    counts = matches(["a", "b"], [["a", "b", "c"]])
    assert np.array_equal(np.isnan(precisions(counts, "exp")), [False, False, True, True])
    assert np.array_equal(precisions(counts, "add-k"), [1, 1, 1, 1])


def test_errors_are_clear():
    with pytest.raises(ValueError, match="one str; split it"):
        matches("a b", [["a", "b"]])
    with pytest.raises(ValueError, match="one str; split it"):
        matches(["a", "b"], ["a b"])
    with pytest.raises(ValueError, match="no right translation"):
        sentence_bleu(["a"], [])
    with pytest.raises(ValueError, match="2 translations, right ones for 1"):
        corpus_bleu([["a"], ["b"]], [[["a"]]])
    with pytest.raises(ValueError, match="no sentence"):
        corpus_bleu([], [])
    with pytest.raises(ValueError, match="order=0"):
        corpus_bleu([["a"]], [[["a"]]], order=0)
    with pytest.raises(ValueError, match="there are none, floor, add-k, exp"):
        corpus_bleu([["a"]], [[["a"]]], smoothing="laplace")
