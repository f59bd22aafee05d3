"""Averages and readers of word vectors: torch's numbers, brute force, order and padding."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.data.word_vectors import WordVectors
from companion.rnn.tone.readers import averager, lengths_of, reader, vectors_of
from companion.training import predict

VECTORS = WordVectors(
    ["not", "but", "kind", "cruel", "so"],
    np.random.default_rng(0).normal(size=(5, 6)).astype(np.float32),
    "drawn",
)
TEXTS = [t.split() for t in ("not kind but cruel", "not cruel but kind", "so kind", "cruel")]
X = vectors_of(TEXTS, VECTORS)
MAKERS = [
    lambda engine: averager(engine, 6),
    lambda engine: averager(engine, 6, 4),
    *(lambda engine, kind=kind: reader(engine, kind, 6, 3) for kind in ("RNN", "GRU", "LSTM")),
]


def test_vectors_stand_in_rows():
    assert X.shape == (4, 4, 6)
    assert X.dtype == np.float32
    np.testing.assert_array_equal(X[0, 2], VECTORS.vectors[1])
    assert (X[2, 2:] == 0).all()
    np.testing.assert_array_equal(lengths_of(X), [4, 4, 2, 1])
    left_out = vectors_of([["so", "utterly", "kind"]], VECTORS)
    np.testing.assert_array_equal(left_out[0], VECTORS.vectors[[4, 2]])


def test_sentences_without_known_words_are_refused():
    for sentence in ([], ["quite", "new"]):
        with pytest.raises(ValueError, match="no word of"):
            vectors_of([["kind"], sentence], VECTORS)
    with pytest.raises(ValueError, match="no sentence"):
        vectors_of([], VECTORS)


@pytest.mark.parametrize("make", MAKERS)
def test_both_engines_and_each_sentence_alone(make):
    own, other = make(nn), make(torch.nn)
    own.load_state_dict({k: w.numpy() for k, w in other.state_dict().items()})
    scores = predict(own, X)
    np.testing.assert_allclose(scores, predict(other, X), atol=1e-5)
    for row, n, expected in zip(X, lengths_of(X), scores, strict=True):
        np.testing.assert_allclose(predict(own, row[None, :n])[0], expected, atol=1e-5)


@pytest.mark.parametrize("make", MAKERS)
def test_only_readers_see_the_order(make):
    scores = predict(make(nn), X[:2])
    same = np.allclose(scores[0], scores[1], atol=1e-6)
    assert same == (make in MAKERS[:2])


def test_the_average_is_one():
    model = averager(nn, 6)
    head = list(model.state_dict().values())
    by_hand = [np.mean([VECTORS.vectors[VECTORS.words.index(w)] for w in t], axis=0) for t in TEXTS]
    np.testing.assert_allclose(
        predict(model, X), np.array(by_hand) @ head[0].T + head[1], atol=1e-5
    )
