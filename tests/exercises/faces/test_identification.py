"""Checks of the exercises in the chapter on identification."""

import numpy as np
from scipy.spatial.distance import cdist
from scipy.stats import binom, norm, rankdata

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def several(got, count, what):
    assert isinstance(got, tuple | list), f"expected a tuple, {what}, got {kind_of(got)}"
    assert len(got) == count, f"expected {count} values, {what}, got {len(got)}"
    return got


@check(
    "stranger-at-the-door",
    hints=(
        "When does a stranger get no name?",
        "No comparison of three may accept: 0.9 · 0.9 · 0.9.",
        "1 − 0.729",
    ),
)
def test_the_probability(student):
    "the probability that a stranger gets a name"
    got = several(student.stranger(), 2, "a probability and a number")[0]
    mistakes = {
        "that is the approximation N f; the exact value is a little smaller": 0.3,
        "that is the probability of no name": 0.729,
        "that all three accept; one is enough": 0.001,
        "that exactly one accepts; several may": float(binom(3, 0.1).pmf(1)),
    }
    assert_close(got, float(binom(3, 0.1).sf(0)), mistakes=mistakes, what="the probability")


@check(
    "stranger-at-the-door",
    hints=(
        "The expected number is visits times probability.",
        "100 · 0.271",
        "27.1",
    ),
)
def test_the_expected_number(student):
    "the expected number in a hundred visits"
    got = several(student.stranger(), 2, "a probability and a number")[1]
    mistakes = {
        "a visit is compared with three people": 10.0,
        "that counts comparisons that accept, not visits": 30.0,
        "of a hundred visits, not of one": float(binom(3, 0.1).sf(0)),
    }
    assert_close(got, 100 * float(binom(3, 0.1).sf(0)), mistakes=mistakes, what="the number")


WORDS = ("falls", "stays", "rises")


def word_at(student, place):
    got = several(student.with_a_larger_gallery(), 2, "two words")[place]
    assert isinstance(got, str), f"expected one of {WORDS}, got {kind_of(got)}"
    assert got in WORDS, f"expected one of {WORDS}, got {got!r}"
    return got


def word_for(before, after):
    return WORDS[1 + int(np.sign(round(after - before, 9)))]


@check(
    "larger-gallery",
    hints=(
        "What can a further person do to a probe?",
        "The right person stays as far as before; others may be nearer.",
        "With more others, the nearest of them is nearer.",
    ),
)
def test_the_rank_1_rate(student):
    "what happens to the rank-1 rate"
    # Own distances N(1, ¼²), those of others N(2, ½²): the right one is nearest with …
    own = norm(1, 0.25).ppf((np.arange(1000) + 0.5) / 1000)
    right = [(norm(2, 0.5).sf(own) ** (people - 1)).mean() for people in (10, 1000)]
    assert word_at(student, 0) == word_for(*right), "ask what a further person can do to a probe"


@check(
    "larger-gallery",
    hints=(
        "With whom is somebody compared who claims a name?",
        "With the stored encoding of that name, and nobody else.",
        "The distance and the threshold are those of before.",
    ),
)
def test_the_false_reject_rate(student):
    "what happens to FRR of verification"
    rejected = [norm(1, 0.25).sf(1.3) for _ in (10, 1000)]
    assert word_at(student, 1) == word_for(*rejected), "a claim is compared with one person alone"


def stored(seed, people=6, each=3, size=4):
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(people, size))
    names = np.repeat(rng.permutation(people) + 30, each)
    gallery = np.repeat(middles, each, axis=0) + rng.normal(0, 1, (people * each, size))
    return rng.normal(0, 2, size), gallery, names


RULES = (
    "the nearest",
    "return the name, not the place in the gallery",
    "the distance is the Euclidean one: the root of a sum of squares",
    "the nearest encoding counts, not the nearest mean of a person",
    "the smallest distance from one encoding counts, not the mean distance from a person",
    "that is the farthest",
)


def names_by_rule(probe, gallery, names):
    """The name of the nearest stored encoding, and what known mistakes lead to."""
    distances, people = cdist(probe[None], gallery)[0], np.unique(names)
    means = np.array([gallery[names == n].mean(axis=0) for n in people])
    return (
        nearest_by_scipy(probe, gallery, names, 100.0),
        distances.argmin(),
        names[cdist(probe[None], gallery, "cityblock")[0].argmin()],
        people[cdist(probe[None], means)[0].argmin()],
        people[np.argmin([distances[names == n].mean() for n in people])],
        names[distances.argmax()],
    )


def nearest_by_scipy(probe, gallery, names, threshold):
    distances = cdist(probe[None], gallery)[0]
    k = int(np.flatnonzero(distances == distances.min())[0])
    return int(names[k]) if distances[k] <= threshold else -1


def name_of(got):
    assert not isinstance(got, bool), f"expected a name (int), got {kind_of(got)}"
    assert isinstance(got, int | np.integer), f"expected a name (int), got {kind_of(got)}"
    return int(got)


@check(
    "own-identification",
    hints=(
        "Measure the distance of the probe from every stored encoding.",
        "np.sqrt(((gallery - probe) ** 2).sum(axis=1)), then argmin.",
        "return int(names[distances.argmin()])",
    ),
)
def test_the_nearest(student):
    "the name of the nearest, for a threshold that accepts everybody"
    got, found = [], []
    for seed in range(12):
        probe, gallery, names = stored(seed)
        got.append(name_of(student.identify(probe, gallery, names, 100.0)))
        assert_unchanged(student.identify)
        found.append(names_by_rule(probe, gallery, names))
    expected, *others = np.array(found).T
    mistakes = dict(zip(RULES[1:], others, strict=True))
    assert_close(np.array(got), expected, mistakes=mistakes, what="the names of twelve probes")


@check(
    "own-identification",
    after="test_the_nearest",
    hints=(
        "Compare the smallest distance with the threshold.",
        "The distance, not its square; −1 if it is larger.",
        "return name if distances.min() <= threshold else -1",
    ),
)
def test_nobody(student):
    "the threshold: farther is nobody"
    gallery, names = np.array([[0.0, 0], [4, 0], [0, 3]]), np.array([7, 8, 9])
    cases = (
        ([4.0, 2], 2.5, "2 is within 2.5, though its square is not"),
        ([0.4, 0.4], 0.5, "0.566 is beyond 0.5, though its square is not"),
        ([1.0, 0], 1.5, "1 is within 1.5"),
        ([4.0, 3], 1.5, "3 is beyond 1.5"),
        ([0.4, 0.3], 0.6, "0.5 is within 0.6, though 0.4 + 0.3 is not"),
    )
    for probe, threshold, what in cases:
        probe = np.array(probe)
        got = name_of(student.identify(probe, gallery, names, threshold))
        expected = nearest_by_scipy(probe, gallery, names, threshold)
        assert_close(got, expected, what=f"the name where {what}")


@check(
    "own-identification",
    after="test_nobody",
    hidden=True,
    hints=(
        "A distance equal to the threshold is accepted; of equal distances the first counts.",
        "argmin takes the first; use <=.",
        "distances[nearest] <= threshold",
    ),
)
def test_edges(student):
    "equal distances, a distance equal to the threshold, a single stored encoding"
    gallery, names = np.array([[-1.0, 0], [1, 0], [0, 1]]), np.array([5, 3, 4])
    got = name_of(student.identify(np.zeros(2), gallery, names, 1.0))
    mistakes = {"a distance equal to the threshold is accepted": -1,
                "of equal distances the first counts": 3}  # fmt: skip
    assert_close(got, 5, mistakes=mistakes, what="the name")
    one = gallery[:1], names[:1]
    assert_close(name_of(student.identify(np.zeros(2), *one, 2.0)), 5, what="the only name")
    assert_close(name_of(student.identify(np.zeros(2), *one, 0.5)), -1, what="nobody")


def drawn(seed, probes=30, people=8, whole=False):
    rng = np.random.default_rng(seed)
    distances = rng.integers(1, 9, (probes, people)) / 2 if whole else rng.random((probes, people))
    own = rng.integers(0, people, probes)
    if not whole:
        distances[np.arange(probes), own] *= 0.5
    return distances, own


def curve_by_scipy(distances, own, method="min"):
    places = np.array([rankdata(d, method=method)[k] for d, k in zip(distances, own, strict=True)])
    return np.array([(places <= k).mean() for k in range(1, distances.shape[1] + 1)])


@check(
    "rank-curve",
    hints=(
        "First count for each probe how many people are nearer than the right one.",
        "mine = distances[np.arange(P), own], then (distances < mine[:, None]).sum(axis=1).",
        "(nearer[:, None] < np.arange(1, N + 1)).mean(axis=0)",
    ),
)
def test_the_curve(student):
    "random distances, against SciPy's ranks"
    for seed, (probes, people) in enumerate(((30, 8), (20, 5), (7, 12))):
        distances, own = drawn(seed, probes, people)
        expected = curve_by_scipy(distances, own)
        exactly = np.diff(expected, prepend=0)
        mistakes = {
            "among the first k, not exactly at place k": exactly,
            "k begins with 1": np.append(0, expected[:-1]),
            "the smallest distance is the best": curve_by_scipy(-distances, own),
        }
        got = student.rank_curve(distances, own)
        assert_unchanged(student.rank_curve)
        assert_close(got, expected, mistakes=mistakes, what="the curve")


@check(
    "rank-curve",
    after="test_the_curve",
    hidden=True,
    hints=(
        "Who is equally near is not nearer.",
        "Compare with <, not with the place in a sorted list.",
        "(distances < mine[:, None]).sum(axis=1)",
    ),
)
def test_equal_distances(student):
    "people who are equally near"
    for seed in range(3):
        distances, own = drawn(seed, whole=True)
        mistakes = {"who is equally near is not nearer": curve_by_scipy(distances, own, "max")}
        got = student.rank_curve(distances, own)
        assert_close(got, curve_by_scipy(distances, own), mistakes=mistakes, what="the curve")


def with_strangers(seed):
    distances, own = drawn(seed, probes=40)
    own = np.where(np.random.default_rng(seed).random(40) < 0.4, -1, own)
    return distances, own


def counted(distances, own, threshold):
    """Go through the probes one by one."""
    right = wrong = known = named = strangers = 0
    for row, k in zip(distances, own, strict=True):
        best = min(range(len(row)), key=row.__getitem__)
        accepted = row[best] <= threshold
        if k < 0:
            strangers += 1
            named += accepted
        else:
            known += 1
            right += accepted and best == k
            wrong += accepted and best != k
    return (right, wrong, named), (known, strangers)


@check(
    "open-set-report",
    hints=(
        "Part the probes into those of enrolled people and those of strangers.",
        "A name is right if the distance is small enough and the nearest is the own person.",
        "right = named & (nearest == own); right[known].mean()",
    ),
)
def test_right_and_wrong_names(student):
    "enrolled people: right and wrong names"
    for seed, threshold in ((0, 0.15), (1, 0.08)):
        given = with_strangers(seed)
        (right, wrong, _), (known, strangers) = counted(*given, threshold)
        got = several(student.report(*given, threshold), 3, "three shares")
        assert_unchanged(student.report)
        total = known + strangers
        mistakes = {
            "divide by the enrolled people's probes, not by all": right / total,
            "the threshold is missing": counted(*given, np.inf)[0][0] / known,
        }
        assert_close(got[0], right / known, mistakes=mistakes, what="the share of right names")
        mistakes = {
            "divide by the enrolled people's probes, not by all": wrong / total,
            "rejected people have no wrong name": 1 - right / known,
            "the threshold is missing": counted(*given, np.inf)[0][1] / known,
        }
        assert_close(got[1], wrong / known, mistakes=mistakes, what="the share of wrong names")


@check(
    "open-set-report",
    after="test_right_and_wrong_names",
    hints=(
        "A stranger should get no name at all.",
        "named[~known].mean()",
        "return right[known].mean(), wrong[known].mean(), named[~known].mean()",
    ),
)
def test_named_strangers(student):
    "strangers who get a name"
    for seed, threshold in ((2, 0.1), (3, 0.2)):
        given = with_strangers(seed)
        (_, _, named), (known, strangers) = counted(*given, threshold)
        mistakes = {
            "divide by the strangers' probes, not by all": named / (known + strangers),
            "that is the share of strangers without a name": 1 - named / strangers,
        }
        got = several(student.report(*given, threshold), 3, "three shares")
        assert_close(got[2], named / strangers, mistakes=mistakes, what="the named strangers")


@check(
    "open-set-report",
    after="test_right_and_wrong_names",
    hidden=True,
    hints=(
        "A distance equal to the threshold is accepted.",
        "Use <=.",
        "distances.min(axis=1) <= threshold",
    ),
)
def test_at_the_threshold(student):
    "distances equal to the threshold"
    distances = np.array([[0.5, 1.0], [1.0, 0.5], [0.7, 0.6], [0.5, 0.8]])
    given = distances, np.array([0, 0, 1, -1])
    (right, wrong, named), (known, strangers) = counted(*given, 0.5)
    expected = (right / known, wrong / known, named / strangers)
    got = several(student.report(*given, 0.5), 3, "three shares")
    assert_close(tuple(float(x) for x in got), expected, what="the three shares")
