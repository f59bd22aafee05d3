"""Clauses without spaces: there and back, and a split without overlap."""

import re
from itertools import combinations

import numpy as np
import pytest

from companion.data.clauses import BLANK, clauses, run_together, split_clauses
from companion.data.verses import verses


def test_clauses_are_found_in_the_psalms():
    found = clauses()
    assert found == sorted(set(found))
    assert "the lord is my shepherd" in found
    whole = " ".join(re.sub("[^a-z ]", "", verse.lower().replace("-", " ")) for verse in
                     verses("Psalms"))  # fmt: skip
    whole = " ".join(whole.split())
    for clause in found[::50]:
        assert clause in whole
        assert re.fullmatch("[a-z]+( [a-z]+)*", clause)
        assert 12 <= len(clause.replace(" ", "")) <= 48


def test_spaces_come_back():
    texts = ["i will sing", "a", "selah", "praise ye the lord"]
    rows = run_together(texts)
    assert rows.texts() == texts
    assert rows.lengths.tolist() == [len(t.replace(" ", "")) for t in texts]
    assert rows.letters.shape == rows.starts.shape == (4, 15)
    assert rows.starts[0].tolist() == [1, 1, 0, 0, 0, 1, 0, 0, 0] + [-1] * 6
    assert rows.letters[1].tolist() == [0] + [BLANK] * 14
    assert ((rows.starts == 1).sum(axis=1) == [len(t.split()) for t in texts]).all()


@pytest.mark.parametrize("text", ["", "two  spaces", "Big", "end ", "o'er", "new\nline"])
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match="expected words of a to z"):
        run_together(["fine", text])


def test_no_text_and_no_book():
    with pytest.raises(ValueError, match="no text"):
        run_together([])
    with pytest.raises(ValueError, match="no book 'Salms'"):
        clauses("Salms")


def test_a_split_parts_all_clauses():
    parts = [part.texts() for part in split_clauses(seed=3)]
    assert sorted(text for part in parts for text in part) == clauses()
    assert all(not set(a) & set(b) for a, b in combinations(parts, 2))
    assert len(parts[1]) == len(parts[2]) == len(clauses()) // 10
    again, other = split_clauses(seed=3), split_clauses(seed=4)
    np.testing.assert_array_equal(again[2].letters, split_clauses(seed=3)[2].letters)
    assert other[2].texts() != parts[2]
    with pytest.raises(ValueError, match="9 texts, 9 different"):
        split_clauses(list("abcdefghi"))
    with pytest.raises(ValueError, match="11 texts, 10 different"):
        split_clauses(list("abcdefghija"))
