"""Checks of the exercises in the chapter on faces and people."""

from itertools import combinations

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def pair_of(got):
    assert isinstance(got, tuple | list), f"expected two numbers in a tuple, got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    return got


@check(
    "innocent-found",
    hints=(
        "Each innocent person in the gallery is accepted with the probability f.",
        "N f, with N = 20,000 and f = 1/1,000.",
        "20000 * 0.001",
    ),
)
def test_innocent_people(student):
    "the number of innocent people found"
    mistakes = {
        "that is the false accept rate; multiply by the people in the gallery": 0.001,
        "they are found whether or not the one searched for is in the gallery": 5,
        "innocent people are accepted at the false accept rate, not rejected": 4000,
    }
    assert_close(pair_of(student.search())[0], 20000 / 1000, mistakes=mistakes, what="innocent")


@check(
    "innocent-found",
    hints=(
        "Right names among all names, right ones and wrong ones.",
        "The right one is in the gallery with 1/4 and is then found with 1 − 0.2.",
        "0.25 * 0.8 / (0.25 * 0.8 + 20)",
    ),
)
def test_share_of_right_names(student):
    "the share of right names"
    right = 0.25 * 0.8
    mistakes = {
        "the person is in the gallery in one search of four only": 0.8 / 20.8,
        "found are 1 − FRR of those in the gallery": 0.05 / 20.05,
        "that is the ratio of right to wrong names; divide by all names": right / 20,
        "that is how often the right one is found, not its share of the names": right,
    }
    got = pair_of(student.search())[1]
    expected = right / (right + 20)
    assert_close(got, expected, rtol=2e-3, mistakes=mistakes, what="the share of right names")


@check(
    "left-out-of-draw",
    hints=(
        "What is the probability that the first of the twelve draws is somebody else?",
        "11/12, and the draws are independent.",
        "(11/12)**12",
    ),
)
def test_left_out(student):
    "the share of draws without a certain person"
    words = {"never": 0, "about a tenth": 0.1, "about a third": 1 / 3, "about a half": 0.5}
    got = student.share_without()
    assert isinstance(got, str), f"expected one of {list(words)}, got {kind_of(got)}"
    assert got in words, f"expected one of {list(words)}, got {got!r}"
    drawn = np.random.default_rng(0).integers(0, 12, size=(20000, 12))
    share = np.mean((drawn != 0).all(axis=1))
    nearest = min(words, key=lambda word: abs(words[word] - share))
    assert got == nearest, "with repetition, twelve draws do not bring everybody: multiply 11/12"


def example(seed, people=5, each=4, gaps=False):
    rng = np.random.default_rng(seed)
    names = rng.permutation(np.repeat(np.arange(people) * (3 if gaps else 1), each))
    z = rng.normal(size=(len(names), 2)) + 0.4 * names[:, None] / (3 if gaps else 1)
    return np.sqrt(((z[:, None] - z[None]) ** 2).sum(2)), names


def taken_for(distances, names, threshold, diagonal=False, share=False):
    found = []
    for a in sorted(set(names.tolist())):
        counts = {}
        for i in range(len(names)):
            for j in range(len(names)):
                other = names[i] == a and (names[j] != a or diagonal)
                if other and distances[i, j] <= threshold:
                    counts[int(names[j])] = counts.get(int(names[j]), 0) + 1
        if share:
            counts = {b: counts[b] / np.sum(names == b) for b in counts}
        most = max(counts.values(), default=0)
        found.append(min((b for b in counts if counts[b] == most), default=-1))
    return np.array(found)


@check(
    "mistaken-for",
    points=2,
    hints=(
        "Count accepted pairs between each person and each other one.",
        "distances[names == a][:, names == b] holds the pairs of a and b.",
        "people[np.argmax(counts)], with 0 in counts for the person itself",
    ),
)
def test_most_often_taken_for(student):
    "for each person the one with most accepted pairs"
    for seed, threshold, each in ((0, 1.2, 4), (1, 1.2, 4), (2, 0.9, (2, 7, 3, 5, 8))):
        distances, names = example(seed, each=each, gaps=seed == 1)
        right = taken_for(distances, names, threshold)
        wrong = {
            "a person's own pictures do not count": taken_for(distances, names, threshold, True),
            "a pair is accepted if its distance is at most the threshold": taken_for(
                -distances, names, -threshold
            ),
            "count pairs, not which share of them is accepted": taken_for(
                distances, names, threshold, share=True
            ),
            "give names, not places in np.unique(names)": np.searchsorted(np.unique(names), right),
        }
        mistakes = {text: value for text, value in wrong.items() if (value != right).any()}
        got = student.mistaken_for(distances, names, threshold)
        assert_close(got, right, mistakes=mistakes, what="taken for")
        assert_unchanged(student.mistaken_for)


@check(
    "mistaken-for",
    hidden=True,
    after="test_most_often_taken_for",
    hints=(
        "Nobody may be near enough, or two may be equally often.",
        "If all counts are 0 the answer is −1; np.argmax takes the first of equals.",
        "people[np.argmax(counts)] if max(counts) else -1",
    ),
)
def test_nobody_and_ties(student):
    "nobody near enough, equal numbers, and a distance at the threshold"
    names = np.array([0, 1, 2, 3])
    distances = np.array([[0, 1, 1, 9], [1, 0, 2, 9], [1, 2, 0, 9], [9, 9, 9, 0.0]])
    got = student.mistaken_for(distances, names, 1.0)
    assert_close(got, np.array([1, 0, 0, -1]), what="taken for, at the threshold,")


def drawn_example(seed, people=8, draws=200):
    rng = np.random.default_rng(seed)
    pairs = rng.integers(3, 60, size=people)
    errors = rng.binomial(pairs, rng.beta(0.5, 2, size=people))
    return errors, pairs, rng.integers(0, people, size=(draws, people))


def pooled(errors, pairs, row):
    return sum(errors[p] for p in row) / sum(pairs[p] for p in row)


@check(
    "interval-of-people",
    points=2,
    hints=(
        "Work out one rate for each row of `drawn`, then look at their percentiles.",
        "errors[drawn] has the shape of drawn; sum its rows, and those of pairs[drawn].",
        "errors[drawn].sum(axis=1) / pairs[drawn].sum(axis=1)",
    ),
)
def test_interval(student):
    "the interval for unequal numbers of pairs"
    errors, pairs, drawn = drawn_example(0)
    rates = [pooled(errors, pairs, row) for row in drawn]
    single = (errors / pairs)[drawn].mean(axis=1)
    once = [pooled(errors, pairs, set(row.tolist())) for row in drawn]
    mistakes = {
        "sum errors and pairs before dividing: people have unequal numbers of pairs": np.percentile(
            single, (5, 95)
        ),
        "who is drawn twice counts twice": np.percentile(once, (5, 95)),
        "the 5th and the 95th percentile, please": np.percentile(rates, (2.5, 97.5)),
    }
    got = np.array(pair_of(student.interval_of_people(errors, pairs, drawn)), dtype=float)
    assert_close(got, np.percentile(rates, (5, 95)), mistakes=mistakes, what="the interval")
    assert_unchanged(student.interval_of_people)


@check(
    "interval-of-people",
    hidden=True,
    after="test_interval",
    hints=(
        "The number of draws need not be that of people.",
        "Sum along axis 1, the people of a draw.",
        "errors[drawn].sum(axis=1), not axis=0",
    ),
)
def test_few_draws(student):
    "three draws of eight people, and one of one"
    for seed, draws, people in ((1, 3, 8), (2, 1, 1)):
        errors, pairs, drawn = drawn_example(seed, people, draws)
        rates = [pooled(errors, pairs, row) for row in drawn]
        got = np.array(pair_of(student.interval_of_people(errors, pairs, drawn)), dtype=float)
        assert_close(got, np.percentile(rates, (5, 95)), what=f"the interval of {draws} draws")


def gaps_of(distances, names, shown, threshold):
    """Differences of the people with pairs of both kinds, pair by pair."""
    gaps, sizes = [], []
    for person in sorted(set(names.tolist())):
        kinds = {True: [], False: []}
        for i, j in combinations(np.flatnonzero(names == person), 2):
            kinds[bool(shown[i] != shown[j])].append(float(distances[i, j] > threshold))
        if kinds[True] and kinds[False]:
            gaps.append(np.mean(kinds[True]) - np.mean(kinds[False]))
            sizes.append(kinds)
    return gaps, sizes


def other_gaps(distances, names, shown, threshold):
    """What known mistakes lead to."""
    gaps, kinds = gaps_of(distances, names, shown, threshold)
    one, alike = (np.concatenate([k[kind] for k in kinds]) for kind in (True, False))
    rejected, same = distances > threshold, names[:, None] == names[None]
    changed = shown[:, None] != shown[None]
    with_itself = [
        rejected[own & changed].mean() - rejected[own & ~changed].mean()
        for own in (same & (names[:, None] == p) for p in np.unique(names))
        if (own & changed).any()
    ]
    return {
        "each person counts once: first the difference of each, then the mean": one.mean()
        - alike.mean(),
        "the sign is turned: rejected, not accepted pairs, and changed minus alike": -np.mean(gaps),
        "a picture is not paired with itself": np.mean(with_itself),
        "only people with pairs of both kinds count": np.sum(gaps) / len(np.unique(names)),
    }


def glasses_example(seed):
    distances, names = example(seed, people=6, each=5)
    rng = np.random.default_rng(seed + 10)
    shown = rng.random(30) < np.array([0, 0.2, 0.4, 0.6, 0.8, 1])[names]
    return distances, names, shown


@check(
    "same-people-compared",
    points=2,
    hints=(
        "Go through the people; split each one's pairs into changed and alike.",
        "np.triu_indices(len(own), 1) lists the pairs of own pictures; compare shown of both.",
        "gaps.append(rejected[changed].mean() - rejected[~changed].mean())",
    ),
)
def test_mean_difference(student):
    "the mean difference over people"
    for seed, threshold in ((3, 1.5), (4, 1.0)):
        given = (*glasses_example(seed), threshold)
        right = np.mean(gaps_of(*given)[0])
        got = student.cost_of_change(*given)
        assert_close(got, right, mistakes=other_gaps(*given), what="the mean difference")
        assert_unchanged(student.cost_of_change)


@check(
    "same-people-compared",
    hidden=True,
    after="test_mean_difference",
    hints=(
        "Somebody may have pairs of one kind only; a distance at the threshold is accepted.",
        "Two pictures, one with glasses: one pair, and it is changed. Leave such people out.",
        "return np.mean(gaps) if gaps else np.nan",
    ),
)
def test_people_of_one_kind(student):
    "people with pairs of one kind only, nobody with both, distances at the threshold"
    names, shown = np.array([0, 0, 1, 1, 1, 2, 2]), np.array([1, 0, 1, 0, 0, 1, 1], dtype=bool)
    distances = np.where(shown[:, None] != shown[None], 2.0, 0.5)
    got = student.cost_of_change(distances, names, shown, 1.0)
    assert_close(got, 1.0, what="with one person who has both kinds")
    got = student.cost_of_change(distances, names, shown, 2.0)
    mistakes = {"a distance equal to the threshold is accepted": 1.0}
    assert_close(got, 0.0, mistakes=mistakes, what="with distances equal to the threshold")
    few = names != 1
    got = student.cost_of_change(distances[np.ix_(few, few)], names[few], shown[few], 1.0)
    assert isinstance(got, float | np.floating), f"expected NaN, got {kind_of(got)}"
    assert np.isnan(got), f"nobody has pairs of both kinds: expected NaN, got {got!r}"
