"""word2vec, GloVe and what negative sampling estimates, on small texts with known answers."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from companion.rnn.words.cooccurrence import cooccurrence
from companion.rnn.words.corpus import corpus_of
from companion.rnn.words.glove import glove
from companion.rnn.words.shifted_pmi import expected_loss, pointwise_information
from companion.rnn.words.word2vec import word2vec


def two_worlds(seed=0, texts=400):
    """Texts that speak of the sea or of the desert, and never of both."""
    rng = np.random.default_rng(seed)
    worlds = [["ship", "sail", "wave", "fish", "net"], ["sand", "camel", "tent", "well", "heat"]]
    return [" ".join(rng.choice(worlds[k % 2], 8)) for k in range(texts)]


def sides(vectors, words):
    """Mean cosine of words of one world and of words of two."""
    v = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    sea = np.isin(words, ["ship", "sail", "wave", "fish", "net"])
    same = sea[:, None] == sea
    np.fill_diagonal(same, False)
    cosines = v @ v.T
    return cosines[same].mean(), cosines[sea][:, ~sea].mean()


SMALL = {"dimensions": 4, "window": 3}
TABLES = {**SMALL, "shared": 8, "threshold": 1, "batch_size": 100}
LEARNERS = {
    "skip-gram": lambda corpus: word2vec(corpus, "skip-gram", epochs=5, **TABLES),
    "CBOW": lambda corpus: word2vec(corpus, "CBOW", epochs=20, **TABLES),
    "GloVe": lambda corpus: glove(corpus, batch_size=20, epochs=60, **SMALL),
}


@pytest.mark.parametrize("name", LEARNERS)
def test_two_worlds_come_apart(name):
    learn, corpus = LEARNERS[name], corpus_of(two_worlds())
    found = learn(corpus)
    same, other = sides(found.vectors, corpus.words)
    assert same > other + 0.5
    assert found.losses[-1] < found.losses[0]
    assert found.vectors.shape == (10, 4)
    assert found.vectors.dtype == np.float32
    again = learn(corpus)
    np.testing.assert_array_equal(found.vectors, again.vectors)


def test_scores_come_near_shifted_information():
    # With as many dimensions as words, noise as often as words, and no sub-sampling.
    corpus = corpus_of(two_worlds(1, 2000))
    k = 2
    found = word2vec(corpus, dimensions=10, window=8, negatives=k, shared=40, threshold=1, power=1,
                     lr=0.3, epochs=15, batch_size=500)  # fmt: skip
    scores = found.vectors @ found.outputs.T
    counts = cooccurrence(corpus, 8, weigh=False).dense(10)
    information = pointwise_information(counts)
    near = counts > 0
    np.testing.assert_allclose(scores[near], information[near] - np.log(k), atol=0.25)
    assert scores[~near].max() < scores[near].min() - 1


@pytest.mark.parametrize("power", [1.0, 0.75])
def test_the_optimum_is_shifted_information(power):
    rng = np.random.default_rng(0)
    counts = rng.integers(1, 30, (4, 5))

    def cost(x):
        loss, gradient = expected_loss(x.reshape(4, 5), counts, 5, power)
        return loss, gradient.ravel()

    best = minimize(cost, np.zeros(20), jac=True, method="BFGS", options={"gtol": 1e-10})
    expected = pointwise_information(counts, power) - np.log(5)
    np.testing.assert_allclose(best.x.reshape(4, 5), expected, atol=1e-5)
    x = rng.normal(size=(4, 5))
    share = counts.sum(0) ** power / (counts.sum(0) ** power).sum()
    plain = 0.0
    for w, c in np.ndindex(4, 5):
        noise = 5 * counts[w].sum() * share[c]
        plain -= counts[w, c] * np.log(expit(x[w, c])) + noise * np.log(expit(-x[w, c]))
    assert expected_loss(x, counts, 5, power)[0] == pytest.approx(plain / counts.sum())


def test_information_of_independent_words_is_none():
    counts = np.outer([1, 2, 3], [4, 5])
    np.testing.assert_allclose(pointwise_information(counts), 0, atol=1e-12)
    assert pointwise_information([[0, 1], [1, 1]])[0, 0] == -np.inf
    with pytest.raises(ValueError, match="makes no pair"):
        pointwise_information([[0, 0], [1, 1]])


@pytest.mark.parametrize("weigh", [True, False])
def test_counts_against_a_loop(weigh):
    corpus = corpus_of(["a b a c", "b b", "c"])
    expected = np.zeros((3, 3))
    for text in range(3):
        words = corpus.tokens[corpus.texts == text]
        for i, w in enumerate(words):
            for j, c in enumerate(words):
                if 0 < abs(i - j) <= 2:
                    expected[w, c] += 1 / abs(i - j) if weigh else 1
    found = cooccurrence(corpus, 2, weigh)
    np.testing.assert_allclose(found.dense(3), expected)
    assert (found.counts > 0).all()


def test_what_does_not_fit_is_named():
    with pytest.raises(ValueError, match="kind 'skipgram'; expected one of"):
        word2vec(corpus_of(["a b"]), "skipgram")
    with pytest.raises(ValueError, match="no word has a neighbour"):
        word2vec(corpus_of(["a", "b"]), threshold=1)
