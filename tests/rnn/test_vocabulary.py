"""Tokens and numbers: there and back, through a file, and what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.rnn.text.vocabulary import SPECIAL, Vocabulary

TEXTS = st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=8)


@given(TEXTS)
def test_there_and_back(texts):
    vocabulary = Vocabulary.of(texts)
    for text in texts:
        numbers = vocabulary.encode(text)
        assert numbers.min() >= len(SPECIAL)
        assert "".join(vocabulary.decode(numbers)) == text
    assert len(vocabulary) == len(SPECIAL) + len(set("".join(texts)))


@given(TEXTS)
def test_a_file_brings_back_the_same_numbers(texts):
    import tempfile

    vocabulary = Vocabulary.of(texts)
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        vocabulary.save(file.name)
        assert Vocabulary.load(file.name).tokens == vocabulary.tokens


def test_frequent_tokens_come_first_and_rare_ones_are_left_out():
    texts = [["the", "cat", "the", "dog"], ["the", "dog"], ["an", "emu"]]
    assert Vocabulary.of(texts).tokens[4:] == ("the", "dog", "an", "cat", "emu")
    assert Vocabulary.of(texts, rarest=2).tokens[4:] == ("the", "dog")
    assert Vocabulary.of(texts, most=3).tokens[4:] == ("the", "dog", "an")


def test_special_tokens_stand_first_and_pad_is_zero():
    vocabulary = Vocabulary("ab")
    assert vocabulary.tokens[:4] == ("<pad>", "<start>", "<end>", "<unknown>")
    assert vocabulary.number("<pad>") == 0
    assert "a" in vocabulary
    assert "c" not in vocabulary


def test_unknown_tokens_are_an_error_unless_allowed():
    vocabulary = Vocabulary("ab")
    with pytest.raises(ValueError, match="'c' at place 2"):
        vocabulary.encode("abc")
    assert vocabulary.decode(vocabulary.encode("abc", strict=False)) == ["a", "b", "<unknown>"]


@pytest.mark.parametrize("number", [-1, 6])
def test_a_number_without_a_token_is_named(number):
    with pytest.raises(ValueError, match=f"number {number}; expected 0 … 5"):
        Vocabulary("ab").decode([4, number])


@pytest.mark.parametrize(
    ("tokens", "says"), [("aba", "'a' stands there twice"), (["a", ""], "no token"), ([3], "3"),
                         (["<pad>"], "twice")]
)  # fmt: skip
def test_what_is_no_vocabulary_is_refused(tokens, says):
    with pytest.raises(ValueError, match=says):
        Vocabulary(tokens)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00", "utf-8"),
        (b"[", "not what save"),
        (b"[1, 2]", "no list of tokens"),
        (json.dumps({"tokens": ["a", "a"]}).encode(), "twice"),
    ],
)
def test_another_file_is_refused(tmp_path, content, says):
    path = tmp_path / "v.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=says):
        Vocabulary.load(path)
