"""Checks of the exercises in the chapter on how far a diagnosis can be trusted."""

import numpy as np
from scipy.stats import binom

from companion.exercises import assert_close, check


def pair(n, both, a_only, b_only, seed=0):
    """Which of n examples two models get wrong, with given counts, in mixed order."""
    wrong_a, wrong_b = np.zeros((2, n), dtype=bool)
    wrong_a[: both + a_only] = True
    wrong_b[:both] = wrong_b[both + a_only : both + a_only + b_only] = True
    order = np.random.default_rng(seed).permutation(n)
    return wrong_a[order], wrong_b[order]


def told(n, a_only, b_only, times=2.0):
    """The answer from the two counts alone."""
    d = (b_only - a_only) / n
    s = np.sqrt(((a_only + b_only) / n - d**2) / n)
    return "cannot tell" if abs(d) <= times * s else "a" if d > 0 else "b"


@check(
    "cannot-tell",
    points=2,
    hints=(
        "Look at each example: +1 where only a is wrong, -1 where only b is, else 0.",
        "The mean of these is the difference; their standard deviation over √n its standard error.",
        "abs(each.mean()) <= 2 * each.std() / np.sqrt(len(each))",
    ),
)
def test_the_better_one_or_neither(student):
    "the better model where the difference stands out, for several counts"
    for n, both, a_only, b_only in (
        (1000, 80, 40, 20), (1000, 80, 20, 40), (1000, 80, 35, 25), (1000, 80, 32, 18),
        (200, 10, 9, 2), (5000, 900, 60, 30), (100, 5, 30, 14),
    ):  # fmt: skip
        wrong_a, wrong_b = pair(n, both, a_only, b_only)
        expected = told(n, a_only, b_only)
        p, q = wrong_a.mean(), wrong_b.mean()
        apart = np.sqrt((p * (1 - p) + q * (1 - q)) / n)
        separate = "cannot tell" if abs(p - q) <= 2 * apart else "b" if p > q else "a"
        mistakes = {
            "that is the model with more mistakes": {"a": "b", "b": "a"}.get(expected),
            "these are the same examples: shared mistakes drop out": separate,
            "within one standard error only": told(n, a_only, b_only, times=1.0),
        }
        mistakes = {text: word for text, word in mistakes.items() if word not in (expected, None)}
        what = f"the answer with {a_only} mistakes of a alone and {b_only} of b alone of {n}"
        assert_close(student.better_one(wrong_a, wrong_b), expected, mistakes=mistakes, what=what)


@check(
    "cannot-tell",
    hidden=True,
    hints=(
        "What if both models make the same mistakes?",
        "Then the difference and its standard error are both 0.",
        "if abs(each.mean()) <= 2 * s: return 'cannot tell'",
    ),
)
def test_models_that_agree_everywhere(student):
    "two models with the same mistakes cannot be told apart"
    for n, both in ((50, 5), (50, 0)):
        got = student.better_one(*pair(n, both, 0, 0))
        assert_close(got, "cannot tell", what="the answer")


def exact_rate(p, n, gap, strict=False):
    """Probability that the second count exceeds the first by gap · n or more, summed exactly."""
    counts = np.arange(n + 1)
    at = binom.pmf(counts, n, p)
    least = int(np.ceil(gap * n - 1e-9)) + (1 if strict else 0)
    later = binom.sf(counts + least - 1, n, p)
    return float(np.sum(at * later))


@check(
    "false-alarms",
    points=2,
    hints=(
        "Draw two numbers of mistakes for each pair; both sets vary.",
        "rng.binomial(n, p, size=(2, times)) draws them all; compare second - first with gap · n.",
        "np.mean(second - first >= gap * n - 1e-9)",
    ),
)
def test_the_share_of_false_alarms(student):
    "the share agrees with the exact probability, up to the chance of a simulation"
    for p, n, gap in ((0.12, 100, 0.02), (0.12, 1000, 0.02), (0.5, 30, 0.1), (0.3, 100, 0.07)):
        got = student.false_alarm_rate(p, n, gap, 20000, 3)
        expected = exact_rate(p, n, gap)
        one = float(binom.sf(np.ceil((p + gap) * n - 1e-9) - 1, n, p))
        mistakes = {
            "only one of the two sets varies": one,
            "gaps of both signs are counted": 2 * expected,
            "an excess of exactly gap counts as well": exact_rate(p, n, gap, strict=True),
        }
        what = f"the rate for p = {p}, n = {n}, gap = {gap}"
        assert_close(got, expected, atol=0.015, rtol=0, mistakes=mistakes, what=what)


@check(
    "false-alarms",
    hidden=True,
    hints=(
        "The same seed must give the same share, and a fair excess of exactly gap counts.",
        "Make the generator from the seed inside the function.",
        "rng = np.random.default_rng(seed)",
    ),
)
def test_seeds_and_ends(student):
    "the same seed gives the same share, of as many pairs as asked for; no mistakes, no alarm"
    first, again, *others = (
        student.false_alarm_rate(0.2, 50, 0.04, 500, s) for s in (1, 1, 2, 3, 4)
    )
    assert_close(again, first, what="the share with the same seed")
    assert set(others) != {first}, "four seeds gave exactly the same share: is the seed used?"
    for share in (first, *others):
        whole = abs(500 * share - round(500 * share)) < 1e-6
        assert whole, f"{share:g} is no share of 500 pairs: are there as many pairs as times says?"
    assert_close(student.false_alarm_rate(0.0, 50, 0.02, 100, 0), 0.0, what="the rate for p = 0")
