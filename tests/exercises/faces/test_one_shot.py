"""Checks of the exercises in the chapter on recognition by distance."""

import numpy as np
from scipy.spatial.distance import cdist

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def several(got, count, what):
    assert isinstance(got, tuple | list), f"expected a tuple of {count} {what}, got {kind_of(got)}"
    assert len(got) == count, f"expected {count} {what}, got {len(got)}"
    return got


@check(
    "one-more-person",
    hints=(
        "A score is a weighted sum of the features and a bias.",
        "One more row of the weight matrix, and one more bias.",
        "64 + 1",
    ),
)
def test_the_last_layer(student):
    "new numbers in the last layer"
    mistakes = {
        "the bias is missing": 64,
        "that is the whole layer; only the new person's part is asked for": 101 * 65,
        "that is the layer as it was": 100 * 65,
        "there is a weight for each feature, not for each person": 101,
    }
    got = several(student.one_more_person(), 2, "numbers")[0]
    assert_close(got, np.prod((101, 65)) - np.prod((100, 65)), mistakes=mistakes, what="the layer")


@check(
    "one-more-person",
    hints=("What is stored when somebody is enrolled?", "One encoding.", "its size, 64"),
)
def test_the_gallery(student):
    "new numbers in the gallery"
    mistakes = {
        "an encoding has no bias": 65,
        "that is the whole gallery": 101 * 64,
        "what is stored is the encoding, all of its numbers": 1,
    }
    got = several(student.one_more_person(), 2, "numbers")[1]
    assert_close(got, np.zeros((1, 64)).size, mistakes=mistakes, what="the gallery")


@check(
    "same-same-different",
    points=2,
    hints=(
        "For length 1 a dot product is enough.",
        "d² = 2 − 2 a·b, and it is compared with τ² = 1.",
        "accepted where the dot product is at least 0.5",
    ),
)
def test_which_pairs_are_accepted(student):
    "the three pairs, accepted or not"
    got = several(student.same_person(), 3, "truth values")
    for one in got:
        assert isinstance(one, bool | np.bool_), f"expected True or False, got {kind_of(one)}"
    points = np.array([[0.6, 0.8], [0.96, 0.28], [-0.28, 0.96]])
    d = cdist(points, points)
    for said, (i, j) in zip(got, ((0, 1), (0, 2), (1, 2)), strict=True):
        names = f"({'abc'[i]}, {'abc'[j]})"
        assert bool(said) == bool(d[i, j] <= 1), (
            f"{names}: work out d² = 2 − 2 cos θ and compare it with τ²; "
            "whether other pairs are accepted says nothing about this one"
        )


@check(
    "more-enrolled",
    points=2,
    hints=(
        "Ask for each probe: can a newcomer make a right answer wrong? A wrong one right?",
        "Identification compares a probe with everybody, verification with one.",
        "The newcomers are never the right answer, so the first can only fall.",
    ),
)
def test_both_words(student):
    "identification and verification"
    words = ("only rise", "only fall", "not change")
    got = several(student.larger_gallery(), 2, "words")
    for one in got:
        assert one in words, f"expected two of {words}, got {one!r}"
    rng, before, after = np.random.default_rng(0), [], []
    for _ in range(20):  # 24 people in the plane, two pictures each
        z = rng.normal(size=(24, 2))
        probes = z[:12] + rng.normal(0, 0.4, (12, 2))
        before.append(np.mean(cdist(probes, z[:12]).argmin(axis=1) == range(12)))
        after.append(np.mean(cdist(probes, z).argmin(axis=1) == range(12)))
    change = np.subtract(after, before)
    right = "not change" if not change.any() else "only fall" if change.max() <= 0 else "only rise"
    assert got[0] == right, "identification: follow one probe whose nearest is right, and one wrong"
    assert got[1] == "not change", "verification: which numbers does an old pair depend on?"


def pairs(seed, count=40, size=5):
    rng = np.random.default_rng(seed)
    first = rng.normal(size=(count, size)) * rng.uniform(0.1, 9, (count, 1))
    second = rng.normal(size=(count, size)) * rng.uniform(0.1, 9, (count, 1)) + first
    return first, second


def by_angle(first, second, tau):
    """By the arc cosine, the angle and the chord."""
    cosine = np.sum(first * second, axis=1) / np.sqrt(
        np.sum(first**2, axis=1) * np.sum(second**2, axis=1)
    )
    return 2 * np.sin(np.arccos(np.clip(cosine, -1, 1)) / 2) <= tau


@check(
    "any-length",
    points=2,
    hints=(
        "Divide each encoding by its own length first.",
        "np.linalg.norm(first, axis=1, keepdims=True) has the shape (N, 1).",
        "return np.linalg.norm(a - b, axis=1) <= tau",
    ),
)
def test_which_are_accepted(student):
    "accepted pairs, with encodings of many lengths"
    for seed, tau in ((0, 0.8), (1, 1.2)):
        first, second = pairs(seed)
        got = np.asarray(student.accepted(first, second, tau))
        assert got.dtype == bool, f"expected truth values, got {got.dtype}"
        a, b = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (first, second))
        mistakes = {
            "the encodings were not scaled to length 1": np.linalg.norm(first - second, axis=1)
            <= tau,
            "that is d², not d": ((a - b) ** 2).sum(axis=1) <= tau,
            "accepted are those that are near, not those that are far": ~by_angle(
                first, second, tau
            ),
            "all encodings were divided by one length": np.linalg.norm(
                first / np.linalg.norm(first) - second / np.linalg.norm(second), axis=1
            )
            <= tau,
        }
        expected = by_angle(first, second, tau)
        assert_close(got, expected, mistakes=mistakes, what="accepted")


@check(
    "any-length",
    after="test_which_are_accepted",
    hidden=True,
    hints=(
        "At d = τ exactly the pair is accepted.",
        "Divide into new arrays: first /= … changes the input.",
        "a = first / np.linalg.norm(first, axis=1, keepdims=True)",
    ),
)
def test_the_edge_and_the_inputs(student):
    "equal directions at τ = 0, and the inputs stay as they are"
    first = np.array([[3.0, 0], [0, 0.5], [2, 0]])
    second = np.array([[1.0, 0], [0, 7], [-1, 0]])
    got = student.accepted(first, second, 0.0)
    assert_unchanged(student.accepted)
    assert_close(np.asarray(got), np.array([True, True, False]), what="accepted at τ = 0")


def stored(seed, people=5, size=4):
    rng = np.random.default_rng(seed)
    names = rng.permutation(np.repeat(3 * np.arange(people) + 2, rng.integers(1, 6, people)))
    middles = rng.normal(size=(3 * people + 2, size))
    z = middles[names] + rng.normal(0, 1.2, (len(names), size))
    probes = middles[rng.choice(names, 60)] + rng.normal(0, 1.2, (60, size))
    return [x / np.linalg.norm(x, axis=1, keepdims=True) for x in (probes, z)] + [names]


def by_cosine(probes, z, names):
    """The sum points to where the mean does; the largest cosine is the smallest distance."""
    people = sorted(set(names.tolist()))
    sums = [sum(z[i] for i in range(len(z)) if names[i] == p) for p in people]
    cosines = np.array([[p @ s / np.sqrt(s @ s) for s in sums] for p in probes])
    return np.array(people)[cosines.argmax(axis=1)]


@check(
    "middle-of-several",
    points=2,
    hints=(
        "First one place for each person, then the nearest place for each probe.",
        "stored[names == p].mean(axis=0), divided by its length.",
        "people[d.argmin(axis=1)], with d (K, people) between probes and places",
    ),
)
def test_the_nearest_place(student):
    "names of sixty probes"
    for seed in range(3):
        probes, z, names = stored(seed)
        got = np.asarray(student.nearest_place(probes, z, names))
        people = np.unique(names)
        means = np.stack([z[names == p].mean(axis=0) for p in people])
        units = means / np.linalg.norm(means, axis=1, keepdims=True)
        mistakes = {
            "the means were not scaled to length 1": people[cdist(probes, means).argmin(axis=1)],
            "that is the person of the nearest picture": names[cdist(probes, z).argmin(axis=1)],
            "return names, not places in the list of people": cdist(probes, units).argmin(axis=1),
            "that is the farthest place": people[cdist(probes, units).argmax(axis=1)],
        }
        assert_close(got, by_cosine(probes, z, names), mistakes=mistakes, what="the names")


@check(
    "middle-of-several",
    after="test_the_nearest_place",
    hidden=True,
    hints=(
        "One person, one picture: the mean is that picture.",
        "Sorted names and argmin give the smallest name of equal distances.",
        "people = np.unique(names)",
    ),
)
def test_few_pictures_and_equal_distances(student):
    "one person alone, one probe, and two places equally far away"
    one = np.array([[0.6, 0.8]])
    got = student.nearest_place(one, one, np.array([7]))
    assert_close(np.asarray(got), np.array([7]), what="the only name")
    z = np.array([[0.0, 1], [1, 0]])
    got = student.nearest_place(np.array([[-1.0, 0], [0, -1]]), z, np.array([9, 4]))
    assert_unchanged(student.nearest_place)
    assert_close(np.asarray(got), np.array([9, 4]), what="the names")
    half = np.array([[-1.0, 0]])
    got = student.nearest_place(half, np.array([[0.0, 1], [0.0, -1]]), np.array([9, 4]))
    assert_close(np.asarray(got), np.array([4]), what="the smaller of two equally far names")
