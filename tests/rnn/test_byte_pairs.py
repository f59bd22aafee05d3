"""Byte pairs: nothing is lost, and pairs are those that counting anew finds."""

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.rnn.text.byte_pairs import PIECE, BytePairs, merged

PENCIL = "hug hug hug pug pug pun bun hugs"


def replaced(tokens, pair, new):
    """The same as `merged`, by a text in which each token is one character."""
    text = "".join(map(chr, tokens))
    return list(map(ord, text.replace(chr(pair[0]) + chr(pair[1]), chr(new))))


def counted_anew(texts, merges):
    """Train by counting every pair of every piece of the text again for each merge."""
    rows = [list(piece.encode()) for text in texts for piece in PIECE.findall(text)]
    found = []
    for new in range(256, 256 + merges):
        counts = Counter((row[k], row[k + 1]) for row in rows for k in range(len(row) - 1))
        often = [pair for pair, n in counts.items() if n == max(counts.values()) and n > 1]
        if not often:
            break
        found.append(min(often))
        rows = [replaced(row, found[-1], new) for row in rows]
    return found, rows


@given(st.text(), st.lists(st.text(min_size=1), min_size=1, max_size=5), st.integers(0, 20))
def test_nothing_is_lost(text, texts, merges):
    pairs = BytePairs.of(texts, merges)
    assert pairs.decode(pairs.encode(text)) == text
    assert "".join(pairs.tokens(text)).encode("latin-1") == text.encode()
    assert len(pairs.encode(text)) <= len(text.encode())


words_of_few_letters = st.lists(
    st.text("ab c", min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=4
)


@given(words_of_few_letters, st.integers(0, 12))
def test_pairs_are_those_that_counting_anew_finds(texts, merges):
    found, rows = counted_anew(texts, merges)
    pairs = BytePairs.of(texts, merges)
    assert list(pairs.merges) == found
    assert [t for text in texts for t in pairs.encode(text)] == [t for row in rows for t in row]


@given(st.lists(st.integers(0, 3), max_size=12), st.integers(0, 3), st.integers(0, 3))
def test_merged_from_left_to_right(tokens, a, b):
    before = list(tokens)
    assert merged(tokens, (a, b), 9) == replaced(tokens, (a, b), 9)
    assert tokens == before


def test_by_pencil():
    pairs = BytePairs.of([PENCIL], 3)
    assert [pairs.bytes[256 + k] for k in range(3)] == [b"ug", b"hug", b" p"]
    assert pairs.tokens("hug") == ["hug"]
    assert pairs.tokens(" pugs") == [" p", "ug", "s"]
    assert pairs.tokens("中") == ["\xe4", "\xb8", "\xad"]
    assert len(pairs) == 259
    assert BytePairs.of(["ab"], 5).merges == ()


def test_saved_and_loaded(tmp_path):
    path, pairs = tmp_path / "pairs.json", BytePairs.of([PENCIL], 5)
    pairs.save(path)
    again = BytePairs.load(path)
    assert again.merges == pairs.merges
    assert list(again.encode("hugs, 中")) == list(pairs.encode("hugs, 中"))


def test_what_cannot_be_is_named(tmp_path):
    with pytest.raises(ValueError, match="0 pieces of text"):
        BytePairs.of([""], 3)
    with pytest.raises(ValueError, match="-1 merges"):
        BytePairs.of(["ab"], -1)
    with pytest.raises(ValueError, match=r"pair \(97, 256\) uses a token that is not there yet"):
        BytePairs([(97, 256)])
    with pytest.raises(ValueError, match=r"pair \(97, 98\) stands there twice"):
        BytePairs([(97, 98), (97, 98)])
    pairs = BytePairs()
    with pytest.raises(ValueError, match="number 256; expected 0 … 255"):
        pairs.decode([256])
    with pytest.raises(ValueError, match="no UTF-8"):
        pairs.decode(pairs.encode("中")[:2])
    path = tmp_path / "pairs.json"
    for wrong in (b"\xff\xfe", b"no json", b"[1]", b"{}", json.dumps({"merges": [1]}).encode()):
        path.write_bytes(wrong)
        with pytest.raises(ValueError, match=r"pairs.json is not what save\(\) writes"):
            BytePairs.load(path)
    assert list(pairs.encode("")) == []
    assert pairs.decode([]) == ""
