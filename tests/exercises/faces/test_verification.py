"""Checks of the exercises in the chapter on verification."""

import numpy as np
from sklearn.metrics import roc_curve

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def pair_of(got, what):
    assert isinstance(got, tuple | list), f"expected a tuple of two, {what}, got {kind_of(got)}"
    assert len(got) == 2, f"expected two values, {what}, got {len(got)}"
    return got


OWN, OTHER, AT = [0.2, 0.4, 0.8, 1.0], [0.5, 0.8, 0.9, 1.1, 1.2], 0.8


@check(
    "rates-by-hand",
    hints=(
        "FAR looks at the different pairs alone.",
        "How many of 0.5, 0.8, 0.9, 1.1, 1.2 are at most 0.8? A distance equal to τ is accepted.",
        "FAR = 2 / 5",
    ),
)
def test_the_false_accept_rate(student):
    "FAR at 0.8"
    far, _ = pair_of(student.two_rates(), "FAR and FRR")
    mistakes = {
        "a distance equal to the threshold is accepted": 1 / 5,
        "the denominator is the number of different pairs, not of all": 2 / 9,
        "that is the share of rejected different pairs": 3 / 5,
        "that is FRR; FAR comes first": 1 / 4,
    }
    expected = sum(d <= AT for d in OTHER) / len(OTHER)
    assert_close(far, expected, mistakes=mistakes, what="FAR")


@check(
    "rates-by-hand",
    hints=(
        "FRR looks at the same pairs alone.",
        "Which of 0.2, 0.4, 0.8, 1.0 is larger than 0.8?",
        "FRR = 1 / 4",
    ),
)
def test_the_false_reject_rate(student):
    "FRR at 0.8"
    _, frr = pair_of(student.two_rates(), "FAR and FRR")
    mistakes = {
        "a distance equal to the threshold is accepted": 2 / 4,
        "the denominator is the number of same pairs, not of all": 1 / 9,
        "that is the share of accepted same pairs": 3 / 4,
        "that is FAR; FRR comes second": 2 / 5,
    }
    expected = sum(d > AT for d in OWN) / len(OWN)
    assert_close(frr, expected, mistakes=mistakes, what="FRR")


WORDS = ("falls", "stays", "rises")


def word_at(student, place):
    got = pair_of(student.with_more_different_pairs(), "two words")[place]
    assert isinstance(got, str), f"expected one of {WORDS}, got {kind_of(got)}"
    assert got in WORDS, f"expected one of {WORDS}, got {got!r}"
    return got


def counted(different):
    """AUC by counting, and share of right accepts, at a threshold of 0.8."""
    own, other = np.array(OWN), np.tile(OTHER, different)
    near = own[:, None] - other[None]
    area = ((near < 0) + 0.5 * (near == 0)).mean()
    hits, alarms = (own <= AT).sum(), (other <= AT).sum()
    return area, hits / (hits + alarms)


def word_for(before, after):
    return WORDS[1 + int(np.sign(round(after - before, 9)))]


@check(
    "more-different-pairs",
    hints=(
        "On which pairs does each axis of the ROC curve depend?",
        "FAR is a share of the different pairs: ten times as many, ten times as many accepted.",
        "Both rates stay, at every threshold. So does the area.",
    ),
)
def test_the_area(student):
    "what happens to the AUC"
    right = word_for(counted(1)[0], counted(10)[0])
    assert word_at(student, 0) == right, "follow both rates of the curve: each has its own total"


@check(
    "more-different-pairs",
    hints=(
        "Count the accepted pairs of both kinds.",
        "Ten times as many different pairs are accepted, and as many same pairs as before.",
        "if 3 of 5 accepted pairs were right, it is now 3 of 23",
    ),
)
def test_the_share_of_right_accepts(student):
    "what happens to the share of accepted pairs that are right"
    right = word_for(counted(1)[1], counted(10)[1])
    assert word_at(student, 1) == right, "count accepted pairs before and after, of both kinds"


def drawn(seed, count=40):
    rng = np.random.default_rng(seed)
    same = rng.random(count) < 0.4
    same[:2] = True, False
    return rng.normal(1.0 - 0.4 * same, 0.35).clip(0.01), same


def coarse(seed):
    """Distances with one digit; of each kind a power of 2, so all rates are exact."""
    rng = np.random.default_rng(seed)
    same = rng.permutation(np.repeat([True, False], [8, 16]))
    return rng.normal(1.0 - 0.4 * same, 0.35).clip(0.1).round(1), same


def by_scikit_learn(distances, same, side="first"):
    """The equal error among observed thresholds, from scikit-learn's curve."""
    wrong, right, thresholds = roc_curve(same, -distances, drop_intermediate=False)
    wrong, right, thresholds = wrong[1:], right[1:], -thresholds[1:]
    gap = np.round(abs(wrong - (1 - right)), 12)
    rows = np.flatnonzero(gap == gap.min())
    k = rows[0 if side == "first" else -1]
    return thresholds[k], (wrong[k] + 1 - right[k]) / 2, max(wrong[k], 1 - right[k])


PENCIL = np.array([0.9, 0.3, 1.1, 0.7, 0.5, 1.3]), np.array([1, 1, 0, 0, 1, 0], dtype=bool)


@check(
    "own-equal-error",
    hints=(
        "Try every observed distance as threshold and note both rates.",
        "FAR is the mean of distances[~same] <= t, FRR the mean of distances[same] > t.",
        "t = min(np.unique(distances), key=lambda t: abs(far(t) - frr(t)))",
    ),
)
def test_six_pairs(student):
    "the six pairs of the page, in another order"
    threshold, rate = pair_of(student.equal_error(*PENCIL), "threshold and rate")
    mistakes = {
        "at 0.9 FAR is 1/3 and FRR 0; a distance equal to the threshold is accepted": 0.9,
        "at that threshold FAR is still 0; a pair is accepted if d ≤ t": 0.5,
        "thresholds are observed distances, not values between them": 0.8,
    }
    assert_close(threshold, 0.7, mistakes=mistakes, what="the threshold")
    mistakes = {
        "FAR is a share of the different pairs, FRR of the same pairs": 1 / 6,
        "take the mean of both rates, not their sum; of wrong decisions, not of right ones": 2 / 3,
    }
    assert_close(rate, 1 / 3, mistakes=mistakes, what="the rate")


@check(
    "own-equal-error",
    after="test_six_pairs",
    hints=(
        "FAR and FRR are seldom exactly equal: take the threshold where they are closest.",
        "Return the mean of the two rates at that threshold.",
        "return t, (far + frr) / 2",
    ),
)
def test_many_pairs(student):
    "random pairs, against scikit-learn's curve"
    for seed in range(4):
        given = drawn(seed, 41 + seed)
        threshold, rate, larger = by_scikit_learn(*given)
        got = pair_of(student.equal_error(*given), "threshold and rate")
        assert_unchanged(student.equal_error)
        assert_close(got[0], threshold, what="the threshold")
        gap = 2 * (larger - rate)
        mistakes = {
            "return the mean of the two rates, not the larger": larger,
            "return the mean of the two rates, not the smaller": larger - gap,
        }
        assert_close(got[1], rate, mistakes=mistakes, what="the rate")


@check(
    "own-equal-error",
    hidden=True,
    after="test_six_pairs",
    hints=(
        "Several thresholds may be equally good, and several pairs equally far apart.",
        "np.unique sorts the thresholds; the first smallest gap is the one to take.",
        "np.argmin returns the first; round the gaps, so that equal ones are equal",
    ),
)
def test_ties(student):
    "equal distances, and equally good thresholds: the smallest counts"
    # FAR − FRR is −1/4 at 0.5 and 1/4 at 0.6.
    tied = np.array([0.7, 0.6, 0.1, 0.5, 0.2, 0.9]), np.array([0, 0, 1, 1, 1, 1], dtype=bool)
    cases = [coarse(seed) for seed in range(6)]
    # FAR − FRR is −1/2 at 1 and 1/2 at 2: equally far from 0.
    cases.append((np.array([1.0, 2, 2, 3]), np.array([1, 1, 0, 0], dtype=bool)))
    cases.append((np.array([1.0, 2, 3, 4]), np.array([0, 0, 1, 1], dtype=bool)))
    cases.append((np.array([0.5, 0.5]), np.array([True, False])))
    for given in (tied, *cases):
        threshold, rate, _ = by_scikit_learn(*given)
        last = by_scikit_learn(*given, side="last")[0]
        mistakes = {
            "of equally good thresholds the smallest": last,
            "thresholds are observed distances, so −∞ is none": -np.inf,
        }
        got = pair_of(student.equal_error(*given), "threshold and rate")
        assert_close(got[0], threshold, mistakes=mistakes, what="the threshold")
        assert_close(got[1], rate, what="the rate")


def enough(far, each, errors):
    """Smallest number of people, from the quadratic equation n² − n = 2 errors / (far each²)."""
    n = int(np.ceil(0.5 + np.sqrt(0.25 + 2 * errors / (far * each**2)) - 1e-9))
    return max(n, 2)


@check(
    "people-needed",
    hints=(
        "How many different pairs do n people with `each` pictures have?",
        "Two people have each · each pairs, and there are n (n − 1) / 2 choices of two people.",
        "count up n until far * each**2 * n * (n - 1) / 2 >= errors",
    ),
)
def test_the_number_of_the_page(student):
    "0.1 % with ten pictures each"
    mistakes = {
        "each two people have each² different pairs": enough(0.001, 10**0.5, 30),
        "each pair counts once: n (n − 1) / 2": 18,
        "that is the number of pairs": 30_000,
        "that is twice the number of pairs": 60_000,
        "exactly as many false accepts as wanted are enough": 26,
        "pictures of different people make a pair: each · each, not each · (each − 1)": 27,
    }
    got = student.people_needed(0.001, 10)
    assert_close(got, enough(0.001, 10, 30), mistakes=mistakes, what="the number of people")


@check(
    "people-needed",
    after="test_the_number_of_the_page",
    hidden=True,
    hints=(
        "Use all three arguments.",
        "With one error wanted and a high rate two people may be enough, and fewer make no pair.",
        "begin with n = 2",
    ),
)
def test_other_numbers(student):
    "other rates, pictures and errors"
    for far, each, errors in ((0.01, 4, 30), (1e-4, 20, 30), (0.01, 10, 1), (0.05, 3, 10)):
        got = student.people_needed(far, each, errors)
        what = f"people for FAR {far}, {each} pictures each, {errors} errors"
        assert_close(got, enough(far, each, errors), what=what)


def costs_of(distances, same, accept_cost, reject_cost, impostors):
    """Thresholds and costs from scikit-learn's curve, its first threshold is −∞."""
    wrong, right, thresholds = roc_curve(same, -distances, drop_intermediate=False)
    return -thresholds, impostors * wrong * accept_cost + (1 - impostors) * (
        1 - right
    ) * reject_cost


NOBODY = "at −∞ FAR is 0 and FRR 1, which is not the cheapest here"


def cheapest_of(*given):
    thresholds, costs = costs_of(*given)
    return thresholds[np.argmin(np.round(costs, 10))]


@check(
    "cheapest-threshold",
    hints=(
        "Work out the expected cost for each candidate and keep the smallest.",
        "Costs weigh rates, not numbers of pairs: FAR with the share of impostors.",
        "impostors * far * accept_cost + (1 - impostors) * frr * reject_cost",
    ),
)
def test_equal_costs(student):
    "equal costs, every second one an impostor"
    for seed in range(3):
        given = drawn(seed, 60)
        expected = cheapest_of(*given, 1.0, 1.0, 0.5)
        counts = (~given[1]).mean()
        by_numbers = cheapest_of(*given, 1.0, 1.0, counts)
        mistakes = {"weigh the rates, not the numbers of pairs": by_numbers, NOBODY: -np.inf}
        got = student.cheapest(*given, 1.0, 1.0, 0.5)
        assert_unchanged(student.cheapest)
        assert_close(got, expected, mistakes=mistakes, what="the threshold")


@check(
    "cheapest-threshold",
    after="test_equal_costs",
    hints=(
        "Who comes matters as much as what an error costs.",
        "Multiply FAR by impostors · accept_cost and FRR by (1 − impostors) · reject_cost.",
        "cost = impostors * far * accept_cost + (1 - impostors) * frr * reject_cost",
    ),
)
def test_costs_and_impostors(student):
    "an expensive false accept, and few impostors"
    for seed, weights in ((0, (50.0, 1.0, 0.1)), (1, (1.0, 8.0, 0.5)), (2, (20.0, 2.0, 0.02))):
        given = drawn(seed, 80)
        expected = cheapest_of(*given, *weights)
        a, r, p = weights
        mistakes = {
            "the costs are exchanged": cheapest_of(*given, r, a, p),
            "the shares of impostors and others are exchanged": cheapest_of(*given, a, r, 1 - p),
            "the share of impostors is missing": cheapest_of(*given, a, r, 0.5),
            NOBODY: -np.inf,
        }
        mistakes = {text: t for text, t in mistakes.items() if t != expected}
        got = student.cheapest(*given, *weights)
        assert_close(got, expected, mistakes=mistakes, what="the threshold")


@check(
    "cheapest-threshold",
    after="test_equal_costs",
    hidden=True,
    hints=(
        "Sometimes it is cheapest to let nobody in.",
        "−∞ is a candidate; at it FAR is 0 and FRR 1.",
        "for t in [-np.inf, *np.unique(distances)]",
    ),
)
def test_nobody_and_everybody(student):
    "where nobody, one pair or everybody should come in; of equal costs the smallest threshold"
    given = np.array([0.1, 0.5, 0.3]), np.array([False, False, True])
    assert_close(
        student.cheapest(*given, 100.0, 1.0, 0.9), -np.inf, what="the threshold that lets nobody in"
    )
    assert_close(
        student.cheapest(*given, 1.0, 1000.0, 0.1),
        0.3,
        what="the threshold that lets the same pair in",
    )
    one = np.array([0.1, 0.5, 0.3]), np.array([True, False, False])
    mistakes = {"the smallest distance is a candidate, too": 0.3}
    got = student.cheapest(*one, 1.0, 1.0, 0.5)
    assert_close(
        got, 0.1, mistakes=mistakes, what="the threshold that lets only the nearest pair in"
    )
    last = np.array([0.1, 0.5, 0.3]), np.array([False, True, True])
    mistakes = {"the largest distance is a candidate, too": 0.3}
    got = student.cheapest(*last, 1.0, 1000.0, 0.1)
    assert_close(got, 0.5, mistakes=mistakes, what="the threshold that lets everybody in")
    # −∞ costs 1/2, and so does 0.2.
    tied = np.array([0.1, 0.2]), np.array([False, True])
    assert_close(
        student.cheapest(*tied, 1.0, 1.0, 0.5), -np.inf, what="the threshold of equal costs"
    )
    # 0.1 costs 1/4, and so does 0.3, which comes before it.
    tied = np.array([0.4, 0.3, 0.2, 0.1]), np.array([False, True, False, True])
    mistakes = {"of equal costs the smallest threshold, not the first that stands there": 0.3}
    got = student.cheapest(*tied, 1.0, 1.0, 0.5)
    assert_close(got, 0.1, mistakes=mistakes, what="the threshold")
