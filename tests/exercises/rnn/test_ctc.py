"""Checks of the exercises in the chapter on CTC."""

from itertools import groupby, pairwise, product
from math import comb

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

CHANCES = (0.5, 0.2, 0.5)


def said_by(path, blank="-"):
    """Text of a path."""
    return "".join(sign for sign, _ in groupby(path) if sign != blank)


def chances():
    """Probabilities of the empty text, a and aa, by listing all eight paths."""
    found = {"": 0.0, "a": 0.0, "aa": 0.0}
    for path in product("-a", repeat=3):
        each = [p if sign == "a" else 1 - p for sign, p in zip(path, CHANCES, strict=True)]
        found[said_by(path)] += float(np.prod(each))
    return found.values()


def three(got):
    several = isinstance(got, tuple | list) or (isinstance(got, np.ndarray) and got.ndim == 1)
    assert several, f"expected three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected three numbers, got {len(got)}"
    return got


@check(
    "ctc-pencil",
    hints=(
        "Which paths of three frames say nothing, and which say aa?",
        "One path each: --- and a-a. Without the blank in between, the two a would be joined.",
        "0.5 * 0.8 * 0.5 for both",
    ),
)
def test_nothing_and_twice(student):
    "the empty text and aa"
    got, _, double = three(student.three_frames())
    empty, _, twice = chances()
    mistakes = {"a blank has the probability 1 − p(a)": 0.5 * 0.2 * 0.5}
    assert_close(got, empty, rtol=1e-6, mistakes=mistakes, what="the empty text")
    mistakes = {
        "a path of two a without a blank between them says a": 0.5 * 0.8 * 0.5
        + 0.5 * 0.2 * 0.5
        + 0.5 * 0.2 * 0.5,
        "in the middle there is a blank, with 1 − 0.2": 0.5 * 0.2 * 0.5,
        "the frame between has a part in it": 0.25,
    }
    assert_close(double, twice, rtol=1e-6, mistakes=mistakes, what="the text aa")


@check(
    "ctc-pencil",
    hints=(
        "Each of the eight paths belongs to one of the three texts.",
        "What is left of 1 belongs to a.",
        "1 - 0.2 - 0.2",
    ),
)
def test_once(student):
    "the text a"
    _, got, _ = three(student.three_frames())
    _, once, _ = chances()
    mistakes = {
        "a may last: aa-, -aa and aaa say a, too": 0.5 * 0.8 * 0.5 + 0.5 * 0.2 * 0.5 + 0.2,
        "that is 1 without the empty text; aa has a part as well": 0.8,
    }
    assert_close(got, once, rtol=1e-6, mistakes=mistakes, what="the text a")


def whole(got, what):
    """A whole number, of Python or NumPy."""
    exact = isinstance(got, int | np.integer) and not isinstance(got, bool)
    near = isinstance(got, float | np.floating) and float(got).is_integer() and abs(got) < 2**53
    assert exact or near, f"expected {what}, a whole number, got {kind_of(got)}"
    return int(got)


@check(
    "fewest-frames",
    hints=(
        "One frame for each label is enough, unless they would be joined.",
        "Between two equal neighbours there must be a blank.",
        "len(text) + the number of neighbours that are equal",
    ),
)
def test_fewest(student):
    "texts with and without double letters, tried against all short paths"
    for text in ("ab", "a", "", "aa", "aba", "aab", "aaa", "abba", "aAa"):
        got = whole(student.fewest_frames(text), "a number of frames")
        signs = "-" + "".join(sorted(set(text)))
        found = next(
            n for n in range(9) if any(said_by(p) == text for p in product(signs, repeat=n))
        )
        assert got == found, f"{text!r} needs {found} frames, got {got}"


@check(
    "fewest-frames",
    after="test_fewest",
    hidden=True,
    hints=(
        "Labels may be numbers in a list, and texts may be long.",
        "Compare each label with the next one; nothing else matters.",
        "sum(a == b for a, b in zip(text, text[1:]))",
    ),
)
def test_fewest_of_numbers(student):
    "lists of numbers"
    rng = np.random.default_rng(0)
    for size in (0, 1, 7, 60):
        labels = rng.integers(1, 4, size).tolist()
        got = whole(student.fewest_frames(labels), "a number of frames")
        assert_unchanged(student.fewest_frames)
        twice = int((np.diff(labels) == 0).sum()) if size > 1 else 0
        assert got == size + twice, f"{labels} needs {size + twice} frames, got {got}"
    large = [int(digits) for digits in ("1000", "1000", "7", "1000")]  # equal, not identical
    for labels, right in (([1, 11, 1], 3), ([0, 0, 12, 2], 5), (large, 5), (["ch", "ch", "h"], 4)):
        got = whole(student.fewest_frames(labels), "a number of frames")
        assert got == right, f"{labels} needs {right} frames, got {got}"


def scores_of(path, signs, seed=0):
    """Probabilities whose largest entry of each row is that of the path, clearly."""
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.2, 0.6, (len(path), len(signs)))
    p[np.arange(len(path)), [signs.index(sign) for sign in path]] = 0.8
    return p / p.sum(axis=1, keepdims=True)


def pair(got):
    assert isinstance(got, tuple | list), f"expected (text, frames), got {kind_of(got)}"
    assert len(got) == 2, f"expected (text, frames), got {len(got)} values"
    text, frames = got
    assert isinstance(text, str | list | tuple), f"expected a text, got {kind_of(text)}"
    return "".join(text), frames


PATHS = (
    ("hh-e-l-ll-o", "helo-"),
    ("---ab", "ab-"),
    ("aabb", "ab-"),
    ("----", "xyz-"),
    ("a", "a-"),
    ("b-b-bb--a", "abc-"),
    ("a__--_bb", "a-b_"),  # the blank is the last sign, whatever it looks like
    ("ccahhii", "abcdefghij"[::-1] + " "),
)


@check(
    "what-and-when",
    points=2,
    hints=(
        "Take the best label of each frame; join equal neighbours; drop the blanks.",
        "The blank is the last label, C − 1. Compare each frame with the one before it.",
        "keep label k at frame t if k != before and k != len(signs) - 1",
    ),
)
def test_what(student):
    "the text"
    for path, signs in PATHS:
        p = scores_of(path, signs)
        got, _ = pair(student.what_and_when(p, signs))
        assert_unchanged(student.what_and_when)
        blank = signs[-1]
        right = said_by(path, blank)
        dropped = "".join(k for k, _ in groupby(path.replace(blank, "")))
        note = ""
        if got != right and got == dropped:
            note = "; blanks were dropped before equal neighbours were joined"
        elif got != right and got == path.replace(blank, ""):
            note = "; equal neighbours were not joined"
        given = f"the path {path!r} with the blank {blank!r}"
        assert got == right, f"{given} says {right!r}, got {got!r}{note}"


@check(
    "what-and-when",
    after="test_what",
    hints=(
        "A letter lasts for a run of frames; the first of them counts, from 0.",
        "Note t when the label differs from the one before and is not the blank.",
        "frames.append(t)",
    ),
)
def test_when(student):
    "where letters begin"
    for seed, (path, signs) in enumerate(PATHS):
        _, got = pair(student.what_and_when(scores_of(path, signs, seed), signs))
        listed = isinstance(got, list | tuple | np.ndarray)
        assert listed, f"expected a list of frames, got {kind_of(got)}"
        got = [whole(t, "a frame") for t in got]
        right, at = [], 0
        for sign, run in groupby(path):
            if sign != signs[-1]:
                right.append(at)
            at += len(list(run))
        assert got == right, f"in the path {path} letters begin at {right}, got {got}"


@check(
    "count-paths",
    points=2,
    hints=(
        "The lattice of the page, with every probability 1.",
        "Places: blank, letter, blank, …; from s − 2 only to a letter that differs from the last.",
        "new[s] = ways[s] + ways[s - 1] + (ways[s - 2] if the jump is allowed)",
    ),
)
def test_few_frames(student):
    "short texts, against a list of all paths"
    for text, frames in (
        ("ab", 4),
        ("ab", 2),
        ("ab", 1),
        ("a", 3),
        ("aa", 5),
        ("aa", 2),
        ("aba", 5),
        ("abb", 6),
        ("", 3),
        ("abc", 5),
    ):
        got = whole(student.count_paths(text, frames), "a number of paths")
        signs = "-" + "".join(sorted(set(text)))
        right = sum(said_by(p) == text for p in product(signs, repeat=frames))
        note = ""
        if got == comb(frames + len(text), 2 * len(text)) != right:
            note = "; equal neighbours need a blank between them"
        assert got == right, f"{text!r} has {right} paths of {frames} frames, got {got}{note}"


@check(
    "count-paths",
    points=2,
    after="test_few_frames",
    hidden=True,
    hints=(
        "Numbers of paths get longer than a float can hold exactly.",
        "Whole numbers of Python have no limit; those of NumPy do.",
        "use lists of int",
    ),
)
def test_many_frames(student):
    "a hundred frames, exactly"
    for text, frames in (
        ("hello", 100),
        ("a" * 9, 60),
        ("abcde" * 4, 100),
        ("abab" * 3 + "bb", 90),
        ("", 100),
        ("abc" * 9, 20),
    ):
        got = whole(student.count_paths(text, frames), "a number of paths")
        twice = sum(a == b for a, b in pairwise(text))
        right = comb(frames + len(text) - twice, 2 * len(text))
        assert got == right, f"{text!r} has {right} paths of {frames} frames, got {got}"
