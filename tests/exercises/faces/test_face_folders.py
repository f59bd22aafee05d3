"""Checks of the exercises in the chapter on folders of faces."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def three_of(got):
    assert isinstance(got, tuple | list), f"expected three values in a tuple, got {kind_of(got)}"
    assert len(got) == 3, f"expected number of lines, fold and kind, got {len(got)} values"
    return got


def the_list():
    """Fold and kind of each line of a list of 10 × (300 + 300) pairs, below the head."""
    return [(f, kind) for f in range(1, 11) for kind in ("same", "different") for _ in range(300)]


@check(
    "lines-of-pairs",
    hints=(
        "How many pairs has a fold, and how many all?",
        "300 same and 300 different ones in each of ten folds, and the head line.",
        "10 * 600 + 1",
    ),
)
def test_number_of_lines(student):
    "the number of lines"
    mistakes = {
        "the head is a line as well": 6000,
        "a fold has 300 pairs of each kind": 3001,
        "there is one head line, and no other": 6002,
        "the head stands once, not in each fold": 6010,
    }
    got = three_of(student.about_the_list())[0]
    assert_close(got, len(the_list()) + 1, mistakes=mistakes, what="the number of lines")


@check(
    "lines-of-pairs",
    hints=(
        "Take the head away, then whole folds.",
        "1,999 pairs: three folds of 600, and 199 more.",
        "1999 - 3 * 600 = 199: within the first 300 of fold 4",
    ),
)
def test_line_2000(student):
    "what stands in line 2,000"
    _, fold, kind = three_of(student.about_the_list())
    right_fold, right_kind = the_list()[2000 - 2]
    mistakes = {"count folds from 1": right_fold - 1, "a fold takes 600 lines": 7}
    assert_close(fold, right_fold, mistakes=mistakes, what="the fold")
    assert kind in ("same", "different"), f"expected 'same' or 'different', got {kind!r}"
    assert kind == right_kind, "how many pairs of its fold come before it? Same pairs stand first"


@check(
    "mean-and-error",
    hints=(
        "The standard deviation of the folds, divided by a root.",
        "Divide the squares by F − 1, and the deviation by the root of F.",
        "np.std(p, ddof=1) / np.sqrt(len(p))",
    ),
    points=2,
)
def test_mean_and_error(student):
    "mean and standard error for ten folds and for two"
    for p in (np.random.default_rng(0).uniform(0.8, 1, size=10), np.array([0.5, 0.75])):
        got = student.mean_and_error(p)
        assert isinstance(got, tuple | list), f"expected two numbers, got {kind_of(got)}"
        assert len(got) == 2, f"expected mean and error, got {len(got)} values"
        mean = sum(p) / len(p)
        squares, F = sum((x - mean) ** 2 for x in p), len(p)
        assert_close(got[0], mean, what="the mean")
        mistakes = {
            "divide the squares by F − 1 (ddof=1)": (squares / F / F) ** 0.5,
            "that is the standard deviation; divide it by √F": (squares / (F - 1)) ** 0.5,
            "divide by √F, not by F": (squares / (F - 1)) ** 0.5 / F,
        }
        assert_close(got[1], (squares / (F - 1) / F) ** 0.5, mistakes=mistakes, what="the error")
        assert_unchanged(student.mean_and_error)


def in_two_folds(first, second, folds):
    seen = {}
    for a, b, f in zip(first.tolist(), second.tolist(), folds.tolist(), strict=True):
        seen.setdefault(a, set()).add(f)
        seen.setdefault(b, set()).add(f)
    return np.array(sorted(name for name, where in seen.items() if len(where) > 1), dtype=int)


@check(
    "people-in-two-folds",
    points=2,
    hints=(
        "A person may stand first in one pair and second in another.",
        "Put both columns in a row, and the folds twice; then look at the folds of each name.",
        "len(np.unique(both[names == n])) > 1",
    ),
)
def test_people_in_two_folds(student):
    "people who occur in more than one fold"
    rng = np.random.default_rng(1)
    folds = np.repeat(np.arange(4), 6)
    # Names far apart and not from 0: Python's sets do not happen to sort them.
    first, second = 977 * (rng.integers(0, 20, size=(2, 24)) + 5 * folds) % 1009 + 50
    right = in_two_folds(first, second, folds)
    one = [set(first[folds == f]) for f in range(4)]
    only_first = sorted({n for f in range(4) for g in range(f) for n in one[f] & one[g]})
    appeared = [n for n in dict.fromkeys([*first.tolist(), *second.tolist()]) if n in right]
    wrong = {
        "look at both pictures of a pair": np.array(only_first, dtype=int),
        "sort them": np.array(appeared, dtype=int),
    }
    got = student.people_in_two_folds(first, second, folds)
    assert_close(got, right, mistakes=wrong, what="the people")
    assert_unchanged(student.people_in_two_folds)


@check(
    "people-in-two-folds",
    hidden=True,
    after="test_people_in_two_folds",
    hints=(
        "A fair list has nobody in two folds, however often each occurs in one.",
        "Count different folds, not pairs.",
        "np.unique(both[names == n]) has one entry for somebody in one fold",
    ),
)
def test_a_fair_list(student):
    "a list whose folds share nobody, and one of a single fold"
    first, second = np.array([3, 3, 1, 8, 8]), np.array([3, 1, 1, 9, 8])
    folds = np.array([0, 0, 0, 1, 1])
    for f in (folds, folds * 0):
        got = student.people_in_two_folds(first, second, f)
        assert isinstance(got, np.ndarray), f"expected an array, got {kind_of(got)}"
        assert got.shape == (0,), f"nobody is in two folds: expected an array (0,); got {got}"
