"""What can be told of words that were neutralized: on vectors where the answer is known."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors

from companion.rnn.experiments.leaning import (
    BY_MEANING,
    OCCUPATIONS,
    PAIRS,
    agreement,
    both_ends,
    company,
    leaning,
    taken_away,
    told_apart,
)
from companion.rnn.words.neighbours import WordSpace, of_length_one

G = np.eye(6)[0]


def logistic():
    return LogisticRegression(C=100)


def drawn(copied, seed=0):
    """Words whose second number repeats the first, or does not."""
    vectors = np.random.default_rng(seed).normal(size=(2000, 6))
    if copied:
        vectors[:, 1] = vectors[:, 0]
    return taken_away([f"w{k}" for k in range(2000)], vectors, G)


def test_what_is_written_twice_is_still_there():
    found = drawn(copied=True)
    rows, side = both_ends(found.lean, 300)
    assert told_apart(logistic, found.after[rows], side, 0)[0] > 0.95


def test_what_is_written_once_is_gone():
    found = drawn(copied=False)
    rows, side = both_ends(found.lean, 300)
    assert told_apart(logistic, found.before[rows], side, 0)[0] > 0.95
    scores = [told_apart(logistic, found.after[rows], side, seed)[0] for seed in range(5)]
    assert 0.4 < np.mean(scores) < 0.6


def test_halves_do_not_overlap():
    seen = {}

    class Parrot:
        def fit(self, X, y):
            seen["learn"] = set(X[:, 0])
            return self

        def score(self, X, y):
            seen["judge"] = set(X[:, 0])
            return len(y)

    score, model = told_apart(Parrot, np.arange(21.0)[:, None], np.ones(21, bool), 0)
    assert isinstance(model, Parrot)
    assert score == 11
    assert not seen["learn"] & seen["judge"]
    assert len(seen["learn"] | seen["judge"]) == 21


def test_both_ends():
    rows, side = both_ends([0.3, -2.0, 5.0, 0.1, -1.0], 2)
    assert rows.tolist() == [1, 4, 0, 2]
    assert side.tolist() == [False, False, True, True]
    for bad in (0, 3):
        with pytest.raises(ValueError, match=f"{bad} words to either side of 5"):
            both_ends(np.zeros(5), bad)


def test_agreement_does_not_mind_names():
    side = np.array([True, True, False, False])
    assert agreement([1, 1, 0, 0], side) == 1
    assert agreement([0, 0, 1, 1], side) == 1
    assert agreement([0, 1, 0, 1], side) == 0.5
    assert agreement([1, 1, 1, 0], side) == 0.75


def test_company_equals_scikit_learns_neighbours():
    rng = np.random.default_rng(1)
    vectors, lean = of_length_one(rng.normal(size=(200, 6))), rng.normal(size=200)
    rows = np.array([3, 50, 199])
    near = NearestNeighbors(n_neighbors=21).fit(vectors).kneighbors(vectors[rows])[1][:, 1:]
    expected = (lean[near] > np.median(lean)).mean(axis=1)
    np.testing.assert_allclose(company(vectors, lean, rows, 20), expected)


def test_words_that_mean_a_gender_and_names_are_left_out():
    words = ["river", "queen", "mary", "an", "b2b", "teacher"]
    found = leaning(WordSpace(words, np.random.default_rng(0).normal(size=(6, 6))), G)
    assert found.words == ["river", "teacher"]
    np.testing.assert_allclose(found.after @ G, 0, atol=1e-15)
    np.testing.assert_allclose(found.lean, found.before @ G)
    np.testing.assert_allclose(np.linalg.norm(found.after, axis=1), 1)


def test_the_lists():
    assert len(PAIRS) == 10
    assert not BY_MEANING & set(OCCUPATIONS)
    assert len(set(OCCUPATIONS)) == len(OCCUPATIONS)
