"""Letters and words: what belongs together, what comes back, what is no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.rnn.text.copies import longest_copy
from companion.rnn.text.tokenizers import characters, joined, read_text, words


@given(st.text(min_size=1))
def test_characters_lose_nothing(text):
    assert "".join(characters(text)) == text
    assert all(len(token) == 1 for token in characters(text))


@given(st.text(min_size=1))
def test_words_lose_white_space_alone(text):
    if text.isspace():
        with pytest.raises(ValueError, match="words: the text is empty"):
            words(text)
    else:
        assert "".join(words(text)) == "".join(text.split())


def test_what_belongs_to_a_word():
    line = "The LORD's servants don't fear; well-known, isn't it? (Selah.)"
    tokens = words(line)
    assert tokens[:5] == ["The", "LORD's", "servants", "don't", "fear"]
    assert tokens[5:8] == [";", "well-known", ","]
    assert tokens[-4:] == ["(", "Selah", ".", ")"]
    assert joined(tokens) == line
    assert words("'twas 3.5") == ["'", "twas", "3", ".", "5"]


def test_a_text_from_a_file(tmp_path):
    path = tmp_path / "verse.txt"
    path.write_bytes("\ufeffGrüße, 世界".encode())
    assert read_text(path) == "Grüße, 世界"
    path.write_bytes("Gr\u00fc\u00dfe".encode("latin-1"))
    with pytest.raises(ValueError, match=r"verse.txt is not UTF-8: byte 0xfc at place 2; save"):
        read_text(path)
    for nothing in (b"", b" \n"):
        path.write_bytes(nothing)
        with pytest.raises(ValueError, match="has no text in it"):
            read_text(path)
    with pytest.raises(FileNotFoundError):
        read_text(tmp_path / "nowhere.txt")


@pytest.mark.parametrize("tokenizer", [characters, words])
def test_what_is_no_text(tokenizer):
    with pytest.raises(ValueError, match=f"{tokenizer.__name__}: the text is empty"):
        tokenizer("")
    with pytest.raises(TypeError, match="expected a str, got bytes"):
        tokenizer(b"abc")


@given(st.text("ab", max_size=8), st.lists(st.text("ab", max_size=8), max_size=4))
def test_the_longest_copy_by_trying_every_run(mine, texts):
    runs = [mine[i:j] for i in range(len(mine)) for j in range(i + 1, len(mine) + 1)]
    copied = [run for run in runs if any(run in text for text in texts)]
    got = "".join(longest_copy(mine, texts))
    assert len(got) == max(map(len, copied), default=0)
    if copied:
        assert got == next(run for run in copied if len(run) == len(got))
