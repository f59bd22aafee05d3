"""Names, verses, news, vectors and ratings: what is read is what the files say."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from companion.data import word_vectors as vectors_module
from companion.data.first_names import FILES, first_names, split_names
from companion.data.news import news
from companion.data.text_files import text_file
from companion.data.verses import verses
from companion.data.word_tests import RATINGS, analogies, likeness, word_ratings
from companion.data.word_vectors import counted_vectors, word_vectors


def test_names_are_those_of_both_files_each_once():
    names = first_names()
    expected = set()
    for inside, digest in FILES.items():
        path = text_file("names", inside.split("/")[1], digest)
        expected |= set(np.genfromtxt(path, dtype=str, usecols=0))
    assert names == sorted(name.lower() for name in expected)
    assert all(name.isalpha() and name.isascii() for name in names)


def test_names_are_split_without_overlap():
    parts = split_names(seed=3)
    assert sorted(name for part in parts for name in part) == first_names()
    assert [len(part) for part in parts] == [4131, 516, 516]
    assert parts == split_names(seed=3)
    assert parts != split_names(seed=4)


@pytest.mark.parametrize("names", [["a"] * 10, ["a", "b"]])
def test_too_few_or_repeated_names_are_refused(names):
    with pytest.raises(ValueError, match="at least ten"):
        split_names(names)


def test_the_bible_has_its_verses():
    """The King James Bible has 31,102 verses; this database has a heading of Jonah besides."""
    everything = verses()
    assert len(everything) == 31_103
    assert everything[0] == "In the beginning God created the heavens and the earth."
    assert everything[-1].endswith("Amen.")
    assert not any(":" in word and word[0].isdigit() for v in everything for word in v.split())
    psalms = verses("Psalms")
    assert len(psalms) == 2461
    assert psalms[-1].endswith("Praise ye the LORD.")
    assert "The LORD is my shepherd; I shall not want." in psalms
    assert verses("Jude")[0].startswith("Jude, the servant of Jesus Christ")


def test_an_unknown_book_is_named():
    with pytest.raises(ValueError, match=r"'Psalm'; there are Genesis, .*Psalms"):
        verses("Psalm")


def test_news_are_as_many_as_lines():
    reports = news()
    assert len(reports) == 300
    assert 150 < np.median([len(report.split()) for report in reports]) < 350


def test_analogies_are_fours_of_words():
    """Mikolov et al. (2013), table 1: 8,869 semantic and 10,675 syntactic questions."""
    questions = analogies()
    syntactic = sum(len(q) for kind, q in questions.items() if kind.startswith("gram"))
    assert syntactic == 10_675
    assert sum(map(len, questions.values())) - syntactic == 8_869
    assert {len(q) for kind in questions.values() for q in kind} == {4}
    assert ("boy", "girl", "king", "queen") in questions["family"]


def test_likeness_is_rated_from_zero_to_ten():
    pairs = likeness()
    assert len(pairs) == 999
    assert 0 <= min(p[2] for p in pairs) < 1 < 9 < max(p[2] for p in pairs) <= 10


def test_ratings_are_those_of_ten_people():
    ratings = word_ratings()
    assert ratings.given.shape == (len(ratings.words), 10)
    assert len(set(ratings.words)) == len(ratings.words)
    assert abs(ratings.given).max() <= 4
    lines = text_file(*RATINGS).read_text("utf-8").splitlines()
    said = {}
    for word, mean, *_ in (line.split("\t") for line in lines):
        said.setdefault(word, float(mean))  # a few words are rated twice
    apart = np.abs(ratings.mean - [said[word] for word in ratings.words])
    assert apart.max() < 0.11
    assert (apart > 0.051).sum() <= 1  # one mean of the file is not that of its ratings


def test_vectors_of_glove_by_known_neighbours():
    glove = word_vectors(20_000)
    assert glove.vectors.shape == (20_000, 50)
    assert glove.vectors.dtype == np.float32
    assert glove.words[0] == "the"
    row = glove.numbers()
    unit = glove.vectors / np.linalg.norm(glove.vectors, axis=1, keepdims=True)
    near = {w: {glove.words[k] for k in np.argsort(-unit @ unit[row[w]])[1:11]} for w in row if w in
            ("frog", "paris", "three")}  # fmt: skip
    assert "snake" in near["frog"] or "toad" in near["frog"]
    assert "london" in near["paris"]
    assert {"two", "four", "five"} <= near["three"]


def test_vectors_agree_with_people():
    glove = word_vectors(60_000)
    row = glove.numbers()
    unit = glove.vectors / np.linalg.norm(glove.vectors, axis=1, keepdims=True)
    pairs = [(a, b, r) for a, b, r in likeness() if a in row and b in row]
    assert len(pairs) > 950
    cosine = [unit[row[a]] @ unit[row[b]] for a, b, _ in pairs]
    assert spearmanr(cosine, [r for *_, r in pairs]).statistic > 0.2


def test_counted_vectors_take_the_place_of_missing_ones(monkeypatch):
    monkeypatch.setattr(vectors_module, "find_spec", lambda name: None)
    counted = word_vectors(2000)
    assert counted.vectors.shape == (2000, 50)
    assert "King James" in counted.source
    row = counted.numbers()
    unit = counted.vectors / np.linalg.norm(counted.vectors, axis=1, keepdims=True)
    near = {counted.words[k] for k in np.argsort(-unit @ unit[row["bread"]])[1:11]}
    assert near & {"wine", "eat", "drink", "meat", "unleavened"}


def test_counts_by_loops_on_a_small_text(monkeypatch):
    """Inner products of vectors approach positive information when all directions are kept."""
    texts = ["a b c a b", "b c d a", "d a b c c d"]
    monkeypatch.setattr(vectors_module, "verses", lambda: texts)
    found = counted_vectors(window=2, dimensions=3, rarest=1)
    number = {word: k for k, word in enumerate(found.words)}
    counts = np.zeros((4, 4))
    for text in texts:
        words = text.split()
        for i, j in np.ndindex(len(words), len(words)):
            if i != j and abs(i - j) <= 2:
                counts[number[words[i]], number[words[j]]] += 1
    each = counts.sum(axis=1)
    with np.errstate(divide="ignore"):
        positive = np.maximum(np.log(counts * counts.sum() / np.outer(each, each)), 0)
    values = np.sort(np.linalg.svd(positive, compute_uv=False))[::-1][:3]
    lengths = np.sort((found.vectors.astype(float) ** 2).sum(axis=0))[::-1]
    np.testing.assert_allclose(lengths, values, rtol=1e-4)


def test_no_words_are_refused():
    with pytest.raises(ValueError, match="most=0"):
        word_vectors(0)


def test_a_missing_package_names_its_extra():
    with pytest.raises(ModuleNotFoundError, match=r"companion\[text\]"):
        text_file("no_such_package_here", "x", "0")


def test_files_lie_inside_packages():
    assert isinstance(text_file(*RATINGS), Path)
