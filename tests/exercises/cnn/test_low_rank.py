"""Checks of the exercises in the chapter on layers of low rank."""

import numpy as np

from companion.exercises import assert_close, check
from companion.exercises.wording import kind_of


def pair_of(got, what):
    assert isinstance(got, tuple | list), f"expected a tuple of {what}, got {kind_of(got)}"
    assert len(got) == 2, f"expected two values, {what}, got {len(got)}"
    return got


def nearest():
    U, s, Vt = np.linalg.svd(np.array([[5.0, 3], [3, 5]]))
    best = s[0] * np.outer(U[:, 0], Vt[0])
    return best, s


@check(
    "nearest-rank-one",
    hints=(
        "By how much does the matrix stretch (1, 1)?",
        "(1, 1) becomes (8, 8). With vectors of length 1 each product of their entries is ½.",
        "8 · ½",
    ),
)
def test_the_entry(student):
    "the entry of the nearest matrix"
    mistakes = {
        "the vectors must have length 1: times ½": 8,
        "that is the part with the smaller singular value": 1,
        "that is the larger entry of the matrix itself": 5,
    }
    got = pair_of(student.entry_and_error(), "entry and error")[0]
    assert_close(got, nearest()[0][0, 0], mistakes=mistakes, what="the entry")


@check(
    "nearest-rank-one",
    hints=(
        "Subtract the nearest matrix from the given one.",
        "±1 in each of four places.",
        "√(1 + 1 + 1 + 1)",
    ),
)
def test_what_is_missed(student):
    "what is missed"
    mistakes = {
        "that is the sum of squares; take its root": 4,
        "that is the largest difference; add the squares of all four": 1,
        "that is the first singular value; what is missed are the others": 8,
    }
    got = pair_of(student.entry_and_error(), "entry and error")[1]
    assert_close(got, nearest()[1][1], mistakes=mistakes, what="the error")


def sizes(O, C, K, r):  # noqa: E741
    """Weights of each way, from arrays that are made."""
    return {
        "whole": np.zeros((O, C, K, K)).size,
        "channels": np.zeros((r, C, K, K)).size + np.zeros((O, r, 1, 1)).size,
        "axes": np.zeros((r, C, K, 1)).size + np.zeros((O, r, 1, K)).size,
    }


def compare(student, *given):
    name, number = pair_of(student.cheapest(*given), "name and number of weights")
    ways = sizes(*given)
    what = f"cheapest(O, C, K, r) with {given}"
    assert name in ("whole", "channels", "axes"), f"{what}: there is no way {name!r}"
    right = min(ways, key=ways.get)
    assert name == right, f"{what}: {name!r} is not the cheapest; count the weights of all ways"
    mistakes = {
        "the second layer's weights are missing": {
            "channels": given[3] * given[1] * given[2] ** 2,
            "axes": given[3] * given[1] * given[2],
        }.get(name, -1)
    }
    assert_close(number, ways[name], mistakes=mistakes, what=f"the number of weights, {what},")


@check(
    "cheapest-way",
    points=2,
    hints=(
        "Each way is a number of weights; the table on the page has them.",
        "whole: O C K²; channels: r (C K² + O); axes: r K (C + O).",
        "min([('whole', …), ('channels', …), ('axes', …)], key=lambda way: way[1])",
    ),
)
def test_each_way_can_win(student):
    "cases in which each of the ways is the cheapest"
    for given in ((64, 32, 3, 8), (64, 2, 3, 4), (8, 8, 3, 8), (8, 8, 1, 8)):
        compare(student, *given)


@check(
    "cheapest-way",
    after="test_each_way_can_win",
    hidden=True,
    hints=(
        "Of equal numbers the way named first wins.",
        "List the ways in the order whole, channels, axes.",
        "Python's min returns the first of equal ones.",
    ),
)
def test_equal_numbers(student):
    "equal numbers of weights, and other sizes"
    for given in ((2, 2, 1, 1), (64, 3, 1, 2), (1, 9, 3, 2), (16, 16, 5, 4), (40, 1, 3, 4)):
        compare(student, *given)
