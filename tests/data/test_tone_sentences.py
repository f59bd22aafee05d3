"""Made sentences follow their rule; critics' sentences come with labels."""

from itertools import combinations

import numpy as np
import pytest

from companion.data.snippets import snippets
from companion.data.tone_sentences import (
    DENIALS,
    KINDS,
    Words,
    adjectives,
    made_sentences,
    split_words,
    together,
)
from companion.data.word_tests import word_ratings

WORDS = Words(["cruel", "ugly", "sad"], ["kind", "lovely"])
EITHER = [*WORDS.bad, *WORDS.good]


@pytest.mark.parametrize("kind", KINDS)
def test_the_tone_is_that_of_the_word_that_is_not_denied(kind):
    made = made_sentences(WORDS, kind, 60, 1)
    assert made.good.tolist() == [0, 1] * 30
    for tokens, good in zip(made.tokens, made.good, strict=True):
        rated = [(k, word in WORDS.good) for k, word in enumerate(tokens) if word in EITHER]
        assert len(rated) == 1 + ("B" in kind)
        denial = [k for k, word in enumerate(tokens) if word in DENIALS]
        assert len(denial) == ("not" in kind)
        denied = min((k for k, _ in rated if denial and k > denial[0]), default=None)
        for k, tone in rated:
            assert tone == (good if k != denied else 1 - good)
    firsts = {tokens[:2] for tokens in made.tokens}
    assert len(firsts) > 4


def test_two_words_of_a_sentence_may_be_exchanged():
    """The same words in another order are another tone: what an average cannot tell."""
    one = {
        tuple(sorted(t)): g
        for t, g in zip(*made_sentences(WORDS, "not A but B", 4000, 0), strict=True)
    }
    both = [
        (one[key], g)
        for t, g in zip(*made_sentences(WORDS, "not A but B", 4000, 5), strict=True)
        if (key := tuple(sorted(t))) in one
    ]
    assert {(0, 1), (1, 0)} <= set(both)


def test_seeds_and_other_denials():
    a, b = (made_sentences(WORDS, "not A", 20, seed).tokens for seed in (0, 1))
    assert a == made_sentences(WORDS, "not A", 20, 0).tokens
    assert a != b
    other = made_sentences(WORDS, "not A", 20, 0, denials=["hardly"])
    assert all("hardly" in t and "not" not in t and "never" not in t for t in other.tokens)


def test_what_cannot_be_made_is_refused():
    with pytest.raises(ValueError, match="kind 'B'; expected one of A, not A"):
        made_sentences(WORDS, "B", 2)
    with pytest.raises(ValueError, match="no bad or no good word"):
        made_sentences(Words([], ["kind"]), "A", 2)


def test_adjectives_are_rated_known_and_not_lukewarm():
    ratings = word_ratings()
    means = dict(zip(ratings.words, ratings.mean, strict=True))
    known = set(ratings.words[::2])
    found = adjectives(ratings, known)
    assert {*found.bad, *found.good} <= known
    assert max(means[w] for w in found.bad) <= -1
    assert min(means[w] for w in found.good) >= 1
    assert not [w for side in found for w in side if w.endswith("ly")]
    assert not any(adjectives(ratings, ()))


def test_words_are_split_without_overlap():
    words = Words([f"b{k}" for k in range(13)], [f"g{k}" for k in range(20)])
    parts = split_words(words, 2)
    for side, whole in zip(zip(*parts, strict=True), words, strict=True):
        assert sorted(word for part in side for word in part) == sorted(whole)
        assert all(not set(a) & set(b) for a, b in combinations(side, 2))
    assert [len(p.good) for p in parts] == [12, 4, 4]
    assert split_words(words, 3) != parts
    with pytest.raises(ValueError, match="4 bad, 20 good"):
        split_words(Words(words.bad[:4], words.good))


def test_parts_go_behind_each_other():
    parts = [made_sentences(WORDS, kind, 3, 0) for kind in KINDS]
    whole = together(*parts)
    assert len(whole.tokens) == len(whole.good) == 12
    np.testing.assert_array_equal(whole.good, [0, 1, 0] * 4)
    assert whole.tokens[3:6] == parts[1].tokens


def test_sentences_of_critics():
    found = snippets()
    assert len(found.tokens) == 200
    assert np.bincount(found.good).tolist() == [100, 100]
    first = found.tokens[0]
    assert first == ("simplistic", ",", "silly", "and", "tedious", ".")
    assert found.good[0] == 0
    assert not any(token.startswith("__label__") for tokens in found.tokens for token in tokens)
    assert any("clichés" in tokens for tokens in found.tokens)
