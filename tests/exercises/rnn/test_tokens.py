"""Checks of the exercises on the page about tokens."""

import math
from collections import Counter
from itertools import pairwise

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

WORDS = {"low": 5, "lower": 2, "newer": 6, "wider": 3}


def merges(count):
    """New tokens, by writing each word with spaces between its tokens and replacing."""
    rows, found = {word: tuple(word) for word in WORDS}, []
    for _ in range(count):
        times = Counter()
        for word, row in rows.items():
            for pair in pairwise(row):
                times[pair] += WORDS[word]
        ((first, second), n), (_, next_n) = times.most_common(2)
        assert n > next_n
        found.append(first + second)
        for word, row in rows.items():
            line = f" {' '.join(row)} "
            rows[word] = tuple(line.replace(f" {first} {second} ", f" {first + second} ").split())
    return found


def token_at(student, place):
    got = student.three_merges()
    assert isinstance(got, tuple | list | np.ndarray), (
        f"expected a tuple of three texts, got {kind_of(got)}"
    )
    assert len(got) == 3, f"expected three tokens, got {len(got)}"
    assert isinstance(got[place], str), f"expected texts, got {kind_of(got[place])}"
    assert " " not in got[place], f"{str(got[place])!r}: a token is one text, without spaces"
    return str(got[place])


@check(
    "three-merges",
    hints=(
        "Count each pair in all words, as often as the word stands there.",
        "er is in lower (2), newer (6) and wider (3).",
        "11 times er: more than we (8)",
    ),
)
def test_the_first(student):
    "the first new token"
    got = token_at(student, 0)
    assert len(got) == 2, f"{got!r}: the first new token joins two single letters"
    times = sum(n * word.count(got) for word, n in WORDS.items())
    assert got == merges(1)[0], f"{got!r} stands there {times} times, another pair more often"


@check(
    "three-merges",
    points=2,
    after="test_the_first",
    hints=(
        "After er was joined, it is one token; count all pairs anew.",
        "Pairs with er: w+er in lower and newer, d+er in wider.",
        "w+er 8, then lo 7 against ow 5",
    ),
)
def test_the_others(student):
    "the second and the third new token"
    want = merges(3)
    got = token_at(student, 1)
    assert got != "we", "in lower and newer the e is part of er now: there is no w+e any more"
    assert got not in ("lo", "ow"), (
        f"{got!r} stands there 7 times, another pair more often: count each word as often as it "
        "stands in the text"
    )
    assert got == want[1], f"the second: {got!r} is not the most frequent pair after er was joined"
    got = token_at(student, 2)
    assert got != "ow", "in lower the w is part of wer now, so o+w stands in low alone"
    assert got == want[2], f"the third: {got!r} is not the most frequent pair after two rounds"


@check(
    "bits-per-character",
    points=2,
    hints=(
        "Each token costs the logarithm of the perplexity, to base 2.",
        "All tokens together, divided by the number of characters.",
        "tokens * np.log2(perplexity) / characters",
    ),
)
def test_bits(student):
    "several tokenizers of one text"
    for perplexity, tokens, characters in (
        (8.0, 100, 100),
        (3.0, 23_000, 23_000),
        (32.0, 7_000, 23_000),
        (41.0, 5_400, 23_000),
        (1.0, 10, 50),
        (500, 1, 6),
        (2.5, 700, 300),
    ):
        expected = tokens * math.log(perplexity, 2) / characters
        mistakes = {
            "bits need the logarithm to base 2": tokens * math.log(perplexity) / characters,
            "a token costs the logarithm of the perplexity": tokens * perplexity / characters,
            "tokens above, characters below": characters * math.log2(perplexity) / tokens,
            "the number of tokens is missing": math.log2(perplexity) / characters,
            "that is for a token": math.log2(perplexity),
            "that is for the whole text: divide by its characters": tokens * math.log2(perplexity),
        }
        mistakes = {t: m for t, m in mistakes.items() if abs(m - expected) > 1e-6}
        got = student.bits_per_character(perplexity, tokens, characters)
        what = f"perplexity {perplexity}, {tokens} tokens, {characters} characters"
        assert_close(got, expected, mistakes=mistakes, what=what)


def best_pair(counts):
    """By writing the whole text out."""
    flat = [pair for tokens, n in counts.items() for _ in range(n) for pair in pairwise(tokens)]
    found = set(flat)
    most = max(flat.count(pair) for pair in found)
    return min(pair for pair in found if flat.count(pair) == most)


def pair_of(student, counts):
    got = student.pair_to_join(counts)
    assert isinstance(got, tuple | list), f"expected a tuple of two tokens, got {kind_of(got)}"
    assert len(got) == 2, f"expected a tuple of two tokens, got {len(got)} values"
    for token in got:
        assert isinstance(token, str), f"expected two tokens, each a text, got {kind_of(token)}"
    return tuple(got)


def same_pair(student, counts):
    got, want = pair_of(student, counts), best_pair(counts)
    assert got == want, f"of {counts} expected {want}, got {got}"


HUGS = {("h", "ug"): 4, ("b", "u", "n"): 1, ("p", "u", "n"): 6, ("b", "ug"): 2}


@check(
    "pair-to-join",
    points=2,
    hints=(
        "Go through all words, and through the neighbours in each.",
        "Add the number of the word for each pair: zip(tokens, tokens[1:]).",
        "found[pair] = found.get(pair, 0) + times",
    ),
)
def test_frequent_words(student):
    "a few words, some more frequent than others"
    same_pair(student, HUGS)
    assert_unchanged(student.pair_to_join)
    same_pair(student, {("a", "b"): 1})
    joined = {("p", "ug"): 3, ("hug", "s"): 5, ("b", "ug"): 4}
    got = pair_of(student, joined)
    assert got != ("u", "g"), "ug is one token by now: neighbours are tokens, not letters"
    same_pair(student, joined)
    rare = {(letter, "x", "y"): 1 for letter in "abcde"}
    got = pair_of(student, {**rare, ("q", "u"): 9})
    assert got != ("x", "y"), "a word counts as often as it stands there, not once"
    assert got == ("q", "u"), f"expected ('q', 'u'), got {got}"


@check(
    "pair-to-join",
    points=2,
    after="test_frequent_words",
    hidden=True,
    hints=(
        "A pair may stand in a word more than once, and two pairs may be equally frequent.",
        "Sort by the count, the largest first, then by the pair itself, not by its joined text.",
        "min(found, key=lambda pair: (-found[pair], pair))",
    ),
)
def test_ties_and_repeats(student):
    "ties, pairs that stand in a word twice, words of one token, tokens of several signs"
    same_pair(student, {("b", "c"): 3, ("a", "z"): 3})
    same_pair(student, {("b", "c"): 3, ("a", "z"): 3, ("a",): 99, ("zz", "a"): 3})
    same_pair(student, {("n", "a", "n", "a", "n", "a"): 2, ("x", "y"): 5})
    same_pair(student, {("a", "a", "a"): 2, ("b", "c"): 3})
    same_pair(student, {(*"abcdefghxy",): 2, (*"ijklmnopqxy",): 2, ("z", "q"): 3})
    same_pair(student, {("a", "z"): 3, ("a", "b"): 3})
    same_pair(student, {("ab", "a"): 2, ("a", "bc"): 2})
    same_pair(student, {("b", "a"): 2, ("C", "a"): 2})
    same_pair(student, {("b", "a"): 2, ("ab", "cd"): 2})
    same_pair(student, {("a ", "c"): 2, ("a", "z"): 2})
    same_pair(student, {("a", "bc"): 3, ("ab", "c"): 3, ("x", "y"): 4})
    same_pair(student, {(" t", "he"): 300, ("t", "he"): 200, ("o", "f", " t", "he"): 20})
    rng = np.random.default_rng(0)
    for tokens in ("abcd", "abcd", ("a", "b", "ab", "ba"), ("a", "A", "aA", " a")):
        some = {
            tuple(rng.choice(list(tokens), rng.integers(2, 12)).tolist()): int(rng.integers(1, 6))
            for _ in range(8)
        }
        same_pair(student, some)
