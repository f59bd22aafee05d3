"""The contest of word vectors: its measures against plain loops, its stored results made again."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import NearestNeighbors

from companion.rnn.experiments import word_contest as contest
from companion.rnn.experiments import word_groups as groups
from companion.rnn.words.corpus import corpus_of
from companion.rnn.words.word2vec import word2vec

pytestmark = pytest.mark.reads(
    "companion/rnn/experiments/word_contest.json", "companion/rnn/experiments/word_contest.npz"
)
SMALL = {"few": "a b c", "more": "d e"}
WORDS = ["x", "a", "d", "y", "b", "e", "c"]


def drawn(seed=0):
    return np.random.default_rng(seed).normal(size=(7, 3))


@pytest.mark.parametrize("seed", range(4))
def test_measures_against_scikit_learn(seed):
    vectors = drawn(seed)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    kind = {word: name for name, text in SMALL.items() for word in text.split()}
    listed = list(kind)
    pairs = [(a, b) for k, a in enumerate(listed) for b in listed[k + 1 :]]
    cosines = [unit[WORDS.index(a)] @ unit[WORDS.index(b)] for a, b in pairs]
    expected = roc_auc_score([kind[a] == kind[b] for a, b in pairs], cosines)
    assert groups.kindred(vectors, WORDS, SMALL) == pytest.approx(expected)
    _, near = NearestNeighbors(n_neighbors=3, metric="cosine").fit(vectors).kneighbors()
    shares = [
        np.mean([kind.get(WORDS[k]) == kind[a] for k in near[WORDS.index(a)]]) for a in listed
    ]
    assert groups.of_a_kind(vectors, WORDS, SMALL, 3) == pytest.approx(np.mean(shares))
    assert groups.neighbours(vectors, WORDS, "b", 3) == [WORDS[k] for k in near[4]]


def test_groups_are_apart_and_known():
    tuning, judging = (
        [word for text in g.values() for word in text.split()]
        for g in (groups.TUNING, groups.JUDGING)
    )
    assert len({*tuning, *judging}) == len(tuning) + len(judging)
    words = contest.stored_vectors().words
    assert set(tuning + judging) <= set(words)
    with pytest.raises(ValueError, match=r"no vectors of \['z'\]"):
        groups.kindred(drawn(), WORDS, {"none": "a z"})
    with pytest.raises(ValueError, match="no vector for 'z' among 7 words"):
        groups.neighbours(drawn(), WORDS, "z")


def test_the_contest_tunes_and_judges_apart():
    corpus = corpus_of([" ".join(f"{a} {b}" for a in g.split() for b in g.split())
                        for g in (*groups.TUNING.values(), *groups.JUDGING.values())])  # fmt: skip

    def learn(corpus, lr, seed):
        return word2vec(corpus, dimensions=8, window=2, threshold=1, epochs=20, batch_size=100,
                        lr=lr, seed=seed)  # fmt: skip

    settings = [{"lr": 1e-9}, {"lr": 0.2}]
    ways, first = contest.contest(corpus, {"one": (learn, settings)}, (0, 1), 5)
    assert ways["one"]["options"] == {"lr": 0.2}
    assert min(auc for auc, _ in ways["one"]["judged"]) > 0.8
    assert first["one"].shape == (len(corpus.words), 8)
    with pytest.raises(ValueError, match=r"seeds \[1\] would judge themselves"):
        contest.contest(corpus, {}, (0, 1), 1)


@pytest.mark.parametrize("name", ["skip-gram", "GloVe"])
def test_stored_vectors_are_those_that_were_judged(name):
    stored = contest.stored_vectors(name)
    assert stored.vectors.shape == (3000, 50)
    first = contest.stored()[name]["judged"][0]
    auc, share = contest.judged(stored.vectors, stored.words)
    # Half precision may exchange a few of the 480 nearest words, and hardly moves the area.
    assert auc == pytest.approx(first[0], abs=2e-3)
    assert share == pytest.approx(first[1], abs=0.02)


def test_no_other_vectors():
    with pytest.raises(ValueError, match="no 'words'"):
        contest.stored_vectors("words")


def test_one_run_again():
    corpus = contest.king_james()
    assert list(corpus.words) == contest.stored_vectors().words
    learn, _ = contest.LEARNERS["skip-gram"]
    entry = contest.stored()["skip-gram"]
    # One epoch of three: its losses are those of the stored run, up to rounding that grows.
    found = learn(corpus, **entry["options"], seed=0, epochs=1)
    np.testing.assert_allclose(found.losses, entry["losses"][:10], atol=0.03)
    assert groups.kindred(found.vectors, corpus.words) > 0.8
