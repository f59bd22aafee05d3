"""Checks of the exercises on the page that compares all ways to a smaller network."""

import numpy as np

from companion.exercises import assert_close, check
from companion.exercises.wording import kind_of

WEIGHTS = np.zeros((256, 512), np.float32)


def four_of(student):
    got = student.bytes_of_the_layer()
    assert isinstance(got, tuple | list), f"expected a tuple of four numbers, got {kind_of(got)}"
    assert len(got) == 4, f"expected four numbers, got {len(got)}"
    return got


@check(
    "four-ways-to-store",
    hints=(
        "Count the weights first: one for each pair of an input and an output.",
        "512 · 256 weights; four bytes each, or one.",
        "4 * 512 * 256 and 512 * 256",
    ),
)
def test_as_they_are_and_in_eight_bits(student):
    "(a) and (d): all weights, in 32 and in 8 bits"
    got = four_of(student)
    plain, small = WEIGHTS.nbytes, WEIGHTS.astype(np.int8).nbytes
    mistakes = {"a number of 32 bits takes four bytes": WEIGHTS.size, "bits, not bytes": 8 * plain}
    assert_close(got[0], plain, mistakes=mistakes, what="(a)")
    mistakes = {"eight bits are one byte": 8 * small, "that is (a)": plain}
    assert_close(got[3], small, mistakes=mistakes, what="(d)")


@check(
    "four-ways-to-store",
    hints=(
        "How many weights stay, and what does each need?",
        "512 · 256 / 8 weights, and four bytes and two for each.",
        "6 * 512 * 256 // 8",
    ),
)
def test_one_weight_in_eight(student):
    "(b): one weight in eight, with its place"
    kept = WEIGHTS.size // 8
    mistakes = {
        "the places take room as well": 4 * kept,
        "seven in eight go, one stays": 6 * 7 * kept,
        "a place takes two bytes": 8 * kept,
    }
    assert_close(four_of(student)[1], 6 * kept, mistakes=mistakes, what="(b)")


@check(
    "four-ways-to-store",
    hints=(
        "The first thin layer maps 512 numbers to 16.",
        "16 · 512 weights, and then 256 · 16.",
        "4 * 16 * (512 + 256)",
    ),
)
def test_two_thin_layers(student):
    "(c): two layers of rank 16"
    U, V = np.zeros((256, 16), np.float32), np.zeros((16, 512), np.float32)
    mistakes = {
        "four bytes a number": U.size + V.size,
        "the second layer is missing": V.nbytes,
        "the first layer is missing": U.nbytes,
        "the two layers add up, they do not multiply": U.nbytes * 512,
    }
    assert_close(four_of(student)[2], U.nbytes + V.nbytes, mistakes=mistakes, what="(c)")


def by_pairs(errors, costs):
    """Versions that no other one beats, each compared with each."""
    points = list(zip(errors, costs, strict=True))
    good = [
        i
        for i, p in enumerate(points)
        if not any(q[0] <= p[0] and q[1] <= p[1] and q != p for q in points)
    ]
    return sorted(good, key=lambda i: costs[i])


def list_of(got):
    assert isinstance(got, list | tuple), f"expected a list of numbers, got {kind_of(got)}"
    return [int(i) for i in got]


@check(
    "worth-a-look",
    hints=(
        "Take one version, and look for another that is nowhere worse and somewhere better.",
        "Walk through the versions in the order of np.argsort(costs).",
        "((errors <= e) & (costs <= c) & ((errors < e) | (costs < c))).any()",
    ),
)
def test_five_versions(student):
    "five versions, two of which are beaten"
    errors, costs = [2.4, 2.6, 6.0, 3.0, 7.0], [177.0, 60.0, 8.0, 90.0, 9.0]
    got = list_of(student.not_beaten(errors, costs))
    assert 3 not in got, "version 3 is beaten by version 1: fewer mistakes, and it costs less"
    assert 4 not in got, "version 4 is beaten by version 2"
    assert set(got) == {0, 1, 2}, f"expected versions 0, 1 and 2, got {sorted(got)}"
    assert got == [2, 1, 0], f"in the order of rising cost: [2, 1, 0], got {got}"


@check(
    "worth-a-look",
    after="test_five_versions",
    hints=(
        "What if two versions have the same cost, or are equal in both?",
        "With equal costs the one with more mistakes is beaten; equal in both, neither is.",
        "at least as good in both *and* better in one",
    ),
)
def test_equal_versions(student):
    "versions with equal costs, or equal in both"
    got = list_of(student.not_beaten([3.0, 2.0, 2.0, 2.0], [5.0, 5.0, 5.0, 9.0]))
    assert 0 not in got, "version 0 costs as much as version 1 and makes more mistakes"
    assert 3 not in got, "version 3 makes as many mistakes as version 1 and costs more"
    assert got == [1, 2], f"versions 1 and 2 are equal and stay both: [1, 2], got {got}"


@check(
    "worth-a-look",
    after="test_equal_versions",
    hidden=True,
    hints=(
        "Compare each version with all others, not only with its neighbours.",
        "Also a single version must come out.",
        "for i in np.argsort(costs, kind='stable'): …",
    ),
)
def test_many_versions(student):
    "sixty versions drawn at random, and a single one"
    rng = np.random.default_rng(0)
    for n in (60, 1):
        errors, costs = rng.integers(0, 12, (2, n)).astype(float)
        want = by_pairs(errors.tolist(), costs.tolist())
        got = list_of(student.not_beaten(errors, costs))
        assert got == want, f"of {n} versions expected {want}, got {got}"
    costs = rng.integers(0, 3, 80).astype(float)
    got = list_of(student.not_beaten(2 - costs, costs))
    want = sorted(range(80), key=lambda i: costs[i])
    assert got == want, f"of 80 versions with three costs expected {want}, got {got}"
