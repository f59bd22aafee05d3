"""Cosines, nearest words and analogies, against gensim, SciPy and the definition."""

import numpy as np
import pytest
from gensim.models import KeyedVectors
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from companion.rnn.words.analogies import answers, completed, known_questions
from companion.rnn.words.neighbours import (
    WordSpace,
    cosine_similarities,
    nearest_rows,
    of_length_one,
)


def drawn(seed, count=40, size=7, dtype=np.float64):
    rng = np.random.default_rng(seed)
    words = [f"w{k}" for k in range(count)]
    return words, (rng.normal(size=(count, size)) * rng.gamma(2, size=(count, 1))).astype(dtype)


def by_gensim(words, vectors):
    model = KeyedVectors(vectors.shape[1], dtype=vectors.dtype)
    model.add_vectors(words, vectors)
    return model


@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 6), st.integers(1, 5))
def test_cosines_equal_scipy(seed, m, n, d):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(m, d)), rng.normal(size=(n, d))
    found = cosine_similarities(a, b)
    np.testing.assert_allclose(found, 1 - cdist(a, b, "cosine"), atol=1e-12)
    assert found.shape == (m, n)
    assert np.abs(found).max() <= 1


def test_length_one_keeps_shape_direction_and_type():
    v = np.array([[3.0, 4.0], [0.0, -2.0]], np.float32)
    np.testing.assert_array_equal(of_length_one(v), np.float32([[0.6, 0.8], [0, -1]]))
    assert of_length_one(v).dtype == np.float32
    assert of_length_one([3.0, 4.0]).shape == (2,)


@pytest.mark.parametrize("bad", [[[0.0, 0.0]], [[np.nan, 1.0]], [[np.inf, 1.0]]])
def test_a_vector_without_direction(bad):
    with pytest.raises(ValueError, match="has no direction"):
        of_length_one(bad)


@pytest.mark.parametrize("seed", range(5))
def test_nearest_equals_gensim(seed):
    words, vectors = drawn(seed)
    space, model = WordSpace(words, vectors), by_gensim(words, vectors)
    for word in words[:10]:
        found, expected = space.nearest(word, 7), model.most_similar(word, topn=7)
        assert [w for w, _ in found] == [w for w, _ in expected]
        np.testing.assert_allclose([c for _, c in found], [c for _, c in expected], atol=1e-6)
    assert space.likeness("w1", "w2") == pytest.approx(model.similarity("w1", "w2"), abs=1e-6)
    found = space.nearest(vectors[3], 4)
    assert found[0] == ("w3", pytest.approx(1))
    assert [w for w, _ in found] == [w for w, _ in model.similar_by_vector(vectors[3], topn=4)]


def test_nearest_never_answers_with_what_is_left_out():
    words, vectors = drawn(0, count=5)
    space = WordSpace(words, vectors)
    assert {w for w, _ in space.nearest("w0", 99)} == {"w1", "w2", "w3", "w4"}
    assert {w for w, _ in space.nearest("w0", 99, without=["w2"])} == {"w1", "w3", "w4"}
    assert len(space.nearest(vectors[0], 99)) == 5


@pytest.mark.parametrize("seed", range(5))
def test_analogies_equal_gensim(seed):
    words, vectors = drawn(seed, dtype=np.float32)
    space, model = WordSpace(words, vectors), by_gensim(words, vectors)
    rng = np.random.default_rng(seed)
    for a, b, c in (rng.permutation(words)[:3] for _ in range(20)):
        expected = model.most_similar(positive=[b, c], negative=[a], topn=3)
        assert [w for w, _ in completed(space, a, b, c, 3)] == [w for w, _ in expected]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("at_once", [1, 7, 1024])
def test_many_answers_are_the_single_ones(seed, at_once):
    words, vectors = drawn(seed)
    space = WordSpace(words, vectors)
    rng = np.random.default_rng(seed)
    rows = np.array([rng.permutation(len(words))[:4] for _ in range(30)])
    free, other = answers(space, rows, at_once)
    for row, f, o in zip(rows, free, other, strict=True):
        a, b, c, _ = (words[k] for k in row)
        assert words[f] == completed(space, a, b, c, 1, given=True)[0][0]
        assert words[o] == completed(space, a, b, c, 1)[0][0]


def test_accuracy_equals_gensims(tmp_path):
    words, vectors = drawn(3, count=60, size=4)
    vectors[30:] = vectors[:30] + [1.0, -2.0, 0.5, 0.0] + 0.3 * vectors[30:]
    space, model = WordSpace(words, vectors), by_gensim(words, vectors)
    rng = np.random.default_rng(0)
    pairs = rng.permutation(30)[:20].reshape(-1, 2)
    questions = [(f"w{i}", f"w{i + 30}", f"w{j}", f"w{j + 30}") for i, j in pairs]
    file = tmp_path / "questions.txt"
    file.write_text(
        ": all\n" + "\n".join(" ".join(q) for q in [*questions, ("w0", "w1", "w2", "x")])
    )
    score, _ = model.evaluate_word_analogies(str(file), case_insensitive=False)
    rows = known_questions(space, [*questions, ("w0", "w1", "w2", "unheard")])
    assert len(rows) == 10
    assert np.mean(answers(space, rows).other == rows[:, 3]) == pytest.approx(score)
    assert 0 < score < 1


def test_no_question_has_no_answer():
    space = WordSpace(*drawn(0))
    rows = known_questions(space, [("w0", "w1", "w2", "unheard")])
    assert rows.shape == (0, 4)
    assert [len(found) for found in answers(space, rows)] == [0, 0]
    with pytest.raises(ValueError, match="expected a fourth"):
        answers(WordSpace(*drawn(0, count=3)), np.zeros((1, 4), int))


def test_unknown_words_are_named_with_near_spellings():
    space = WordSpace(["kitchen", "kitten", "river"], np.eye(3))
    with pytest.raises(ValueError, match=r"no vector for 'kiten' among 3 words.*kitten"):
        space.nearest("kiten")
    with pytest.raises(ValueError, match=r"no vector for 'xyz' among 3 words$"):
        space.rows(["river", "xyz"])
    with pytest.raises(ValueError, match="no vector for 'rivers'"):
        completed(space, "kitten", "rivers", "kitchen")
    with pytest.raises(ValueError, match="no vector for 'sea'"):
        space.nearest("river", without=["sea"])
    assert "river" in space
    assert "rivers" not in space
    assert len(space) == 3


def test_words_and_vectors_must_fit():
    with pytest.raises(ValueError, match="2 words and vectors"):
        WordSpace(["a", "b"], np.eye(3))
    with pytest.raises(ValueError, match="one vector"):
        WordSpace(["a", "b"], np.ones(2))
    with pytest.raises(ValueError, match="twice"):
        WordSpace(["a", "a"], np.eye(2))
    with pytest.raises(ValueError, match="no direction"):
        WordSpace(["a", "b"], [[1.0, 0], [0, 0]])
    with pytest.raises(ValueError, match="equal D"):
        cosine_similarities(np.ones((1, 2)), np.ones((1, 3)))
    with pytest.raises(ValueError, match="equal D"):
        WordSpace(["a"], [[1.0, 0]]).nearest(np.ones(3))


@pytest.mark.parametrize("count", [1, 7, 39])
def test_rows_that_are_nearest_equal_gensim(count):
    words, vectors = drawn(3)
    model, rows = by_gensim(words, vectors), [5, 0, 39]
    found = nearest_rows(of_length_one(vectors), rows, count)
    for row, near in zip(rows, found, strict=True):
        assert [words[k] for k in near] == [
            w for w, _ in model.most_similar(words[row], topn=count)
        ]


@pytest.mark.parametrize("count", [0, 40])
def test_more_rows_than_there_are_cannot_be_near(count):
    with pytest.raises(ValueError, match=f"{count} others of 40"):
        nearest_rows(of_length_one(drawn(3)[1]), [0], count)
