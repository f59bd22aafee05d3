"""Checks of the exercises on the page that judges searches."""

from itertools import combinations, pairwise

import numpy as np
from scipy.stats import kendalltau

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

TRUE, GIVEN = (8, 9, 11, 12, 16), (40, 55, 50, 70, 60)


def pair_of(student):
    got = student.wrong_pairs_and_tau()
    assert isinstance(got, tuple | list), f"expected a tuple of two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected wrong pairs and τ, got {len(got)} values"
    return got


def discordant(a, b):
    return sum((a[i] < a[j]) != (b[i] < b[j]) for i, j in combinations(range(len(a)), 2))


@check(
    "tau-by-hand",
    hints=(
        "The true errors are sorted, so look where the other list falls.",
        "Compare each number with *all* later ones, not only with the next.",
        "55 before 50, and 70 before 60",
    ),
)
def test_wrong_pairs(student):
    "the number of pairs in the wrong order"
    mistakes = {"those are the pairs in the right order": 8, "count each pair once": 4}
    got = pair_of(student)[0]
    assert_close(got, discordant(TRUE, GIVEN), mistakes=mistakes, what="wrong pairs")


@check(
    "tau-by-hand",
    hints=(
        "Five networks make ten pairs.",
        "C is what remains: 10 − D.",
        "(8 − 2) / 10",
    ),
)
def test_tau(student):
    "Kendall's τ"
    mistakes = {
        "that is the share of right pairs; subtract that of the wrong ones": 0.8,
        "divide by all pairs, C + D": 0.75,
        "five networks make 5 · 4 / 2 pairs": 0.3,
        "subtract the wrong pairs from the right ones": -0.6,
    }
    got = pair_of(student)[1]
    assert_close(got, kendalltau(TRUE, GIVEN).statistic, mistakes=mistakes, what="τ")


@check(
    "lowest-of-many",
    hints=(
        "An error seen once is the true error plus luck.",
        "Which of two equally good networks does the search report, the lucky or the unlucky one?",
        "The luck does not come again.",
    ),
)
def test_the_reported_error(student):
    "the reported error against new trainings"
    words = ("too low", "about right", "too high")
    got = student.reported_error()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    rng = np.random.default_rng(0)
    true = rng.normal(20, 3, size=(500, 60))
    seen = true + rng.normal(0, 1.5, size=true.shape)
    which = np.arange(500), seen.argmin(axis=1)
    below = np.mean(seen[which] < true[which])
    right = "too low" if below > 0.7 else "too high" if below < 0.3 else "about right"
    assert got == right, "simulate it: true errors, plus luck, the lowest of sixty"


def a_round(student, slots, operations, seed):
    got = student.fair_round(slots, operations, seed)
    assert isinstance(got, np.ndarray), f"expected an array, got {kind_of(got)}"
    expected = (operations, slots)
    assert got.shape == expected, f"expected shape {expected} (paths, slots), got {got.shape}"
    assert got.dtype.kind in "iu", f"expected an array of integers, got {got.dtype}"
    return got


@check(
    "fair-paths",
    hints=(
        "Look at one slot: which operations do the paths of a round have there?",
        "Each exactly once, in random order.",
        "rng.permutation(operations) for each slot",
    ),
)
def test_every_operation_once(student):
    "each operation of each slot is on exactly one path"
    for slots, operations, seed in ((4, 4, 0), (6, 3, 1), (2, 5, 2), (1, 1, 3)):
        got = a_round(student, slots, operations, seed)
        for g in range(slots):
            found = sorted(got[:, g].tolist())
            assert found == list(range(operations)), (
                f"slot {g} has the operations {got[:, g].tolist()} on its paths; "
                f"expected each of 0 … {operations - 1} once"
            )


@check(
    "fair-paths",
    after="test_every_operation_once",
    hints=(
        "Rounds should differ, and slots should not follow one another.",
        "Draw a new permutation for each slot, from one generator.",
        "np.stack([rng.permutation(operations) for _ in range(slots)], axis=1)",
    ),
)
def test_rounds_are_random(student):
    "rounds differ, and slots are independent"
    rounds = np.stack([a_round(student, 3, 3, seed) for seed in range(240)])
    different = len({r.tobytes() for r in rounds})
    assert different > 1, "every round is the same; draw with np.random.default_rng(seed)"
    alike = np.mean(rounds[:, :, 0] == rounds[:, :, 1])
    assert alike < 0.9, "two slots always have the same operation; permute each slot by itself"
    assert 0.15 < alike < 0.52, (
        f"the first two slots agree on {alike:.0%} of the paths; independent ones on a third"
    )
    for g in range(3):
        shares = [np.mean(rounds[:, 0, g] == k) for k in range(3)]
        assert min(shares) > 0.15, (
            f"on the first path slot {g} has its operations in shares of "
            f"{', '.join(f'{s:.0%}' for s in shares)}; each should have a third"
        )
        orders = {tuple(r) for r in rounds[:, :, g].tolist()}
        assert len(orders) == 6, f"slot {g} has only {len(orders)} of the six orders"
    for g, h in combinations(range(3), 2):
        # What slot h has, in the order of slot g: all six orders are equally likely, 40 of 240.
        beside = np.take_along_axis(rounds[:, :, h], rounds[:, :, g].argsort(axis=1), axis=1)
        counts = np.unique(beside @ [9, 3, 1], return_counts=True)[1]
        assert len(counts) == 6, f"slots {g} and {h} are not independent: permute each by itself"
        assert counts.min() > 12, f"slots {g} and {h} are not independent: {counts}, not 40 each"


@check(
    "fair-paths",
    hidden=True,
    after="test_every_operation_once",
    hints=(
        "The seed decides everything: the same seed, the same round.",
        "One generator for all slots, made of the seed as it is.",
        "rng = np.random.default_rng(seed), once, before the slots",
    ),
)
def test_the_seed_decides(student):
    "the same seed gives the same round, and neighbouring seeds share nothing"
    rounds = np.stack([a_round(student, 4, 5, seed) for seed in range(20)])
    assert_close(a_round(student, 4, 5, 7), rounds[7], what="the round of a seed, drawn again,")
    for shift in range(1, 4):
        same = [(a[:, shift:] == b[:, :-shift]).all() for a, b in pairwise(rounds)]
        assert np.mean(same) < 0.5, "a slot repeats what its neighbour has with the next seed"
    seeds = [a_round(student, 4, 5, seed)[:, 0].tobytes() for seed in (1, 10**6, 2**40)]
    assert len(set(seeds)) > 1, "rounds of different seeds are the same"


def lists(seed, many=12):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=many)
    return a, a + rng.normal(size=many)


@check(
    "kendall",
    points=2,
    hints=(
        "Go through all pairs.",
        "The sign of (a[i] − a[j])(b[i] − b[j]) says whether a pair is ordered alike.",
        "np.sign(a[:, None] - a) * np.sign(b[:, None] - b)",
    ),
)
def test_lists_without_ties(student):
    "lists without equal numbers"
    for seed in range(3):
        a, b = lists(seed)
        expected = kendalltau(a, b).statistic
        neighbours = np.sign(np.diff(a) * np.diff(b)).mean()
        mistakes = {
            "the sign is turned around": -expected,
            "that is the share of pairs in the same order": (1 + expected) / 2,
            "compare all pairs, not only neighbours": neighbours,
            "each pair counts once, in numerator and denominator alike": 2 * expected,
            "ranks, not values, decide": np.corrcoef(a, b)[0, 1],
            "a network is no pair with itself": expected * 11 / 12,
        }
        assert_close(student.kendall(a, b), expected, mistakes=mistakes, what="τ")
    assert_unchanged(student.kendall)


@check(
    "kendall",
    hidden=True,
    after="test_lists_without_ties",
    hints=(
        "A pair that is equal in one list says nothing.",
        "np.sign gives 0 for equal numbers; such pairs are missing in the denominator, too.",
        "agree.sum() / np.abs(agree).sum(), and 0 if the denominator is 0",
    ),
)
def test_ties_and_short_lists(student):
    "equal numbers, two numbers, and nothing to compare"
    a, b = np.array([1, 1, 2, 3]), np.array([5, 6, 6, 4])  # pairs: tie, +, -, tie, -, -
    mistakes = {
        "pairs that are equal in one list do not count in the denominator": -2 / 6,
        "that divides as SciPy does where there are ties": kendalltau(a, b).statistic,
        "a tie is not a pair in the wrong order": -4 / 6,
    }
    assert_close(student.kendall(a, b), -2 / 4, mistakes=mistakes, what="τ with ties")
    assert_close(student.kendall(np.array([3, 4]), np.array([2, 1])), -1, what="τ of two numbers")
    nothing = student.kendall(np.array([1.0, 1.0, 1.0]), np.array([1.0, 2.0, 3.0]))
    assert_close(nothing, 0, what="τ if every pair is equal in one list")
