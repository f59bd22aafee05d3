"""Checks of the exercises in the chapter on dropout."""

from fractions import Fraction
from itertools import product

import numpy as np

from companion.exercises import Source, assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

A, P, MASK = (6, 3, 9), Fraction(1, 4), (1, 0, 1)


def three(student):
    got = student.three_sums()
    assert isinstance(got, tuple), f"expected a tuple of three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected three numbers, got {len(got)}"
    return got


@check(
    "dropout-three-sums",
    hints=(
        "What stays is divided by the probability to keep a unit.",
        "Kept are 6 and 9; the probability to keep is 1 - 1/4 = 3/4.",
        "6 / 0.75 + 9 / 0.75",
    ),
)
def test_sum_while_learning(student):
    "the first number: the sum with inverted dropout while learning"
    kept = sum(a * m for a, m in zip(A, MASK, strict=True))
    mistakes = {
        "this is plain dropout: nothing was divided": float(kept),
        "divided by p; divide by 1 - p": float(kept / P),
        "multiplied by 1 - p; divide by it": float(kept * (1 - P)),
    }
    expected = float(kept / (1 - P))
    assert_close(three(student)[0], expected, mistakes=mistakes, what="the first number")


@check(
    "dropout-three-sums",
    hints=(
        "At test time all three units are there. What did the next unit get used to?",
        "Plain dropout passes on the mean over all masks; inverted dropout does nothing.",
        "0.75 * 18 and 18",
    ),
)
def test_sums_at_test_time(student):
    "the other numbers, by the mean over all eight masks"
    total = sum(A)
    mean = Fraction(0)
    for mask in product((0, 1), repeat=3):
        kept = sum(mask)
        chance = (1 - P) ** kept * P ** (3 - kept)
        mean += chance * sum(a * m for a, m in zip(A, mask, strict=True))
    got = three(student)
    mistakes = {
        "this is the dropout rate times the sum; the keep probability belongs here": float(
            P * total
        ),
        "plain dropout scales at test time": float(total),
        "all three units work at test time": float((1 - P) * 15),
    }
    assert_close(got[1], float(mean), mistakes=mistakes, what="the second number")
    mistakes = {
        "inverted dropout has scaled already; at test time nothing is done": float(mean),
        "all three units work at test time": 15.0,
        "divided while learning only": float(total / (1 - P)),
    }
    assert_close(got[2], float(total), mistakes=mistakes, what="the third number")


@check(
    "dropout-noise",
    hints=(
        "The variance is p/(1 - p) times a².",
        "Put in 0.8 and 0.5 and divide; a² is the same in both.",
        "(0.8 / 0.2) / (0.5 / 0.5)",
    ),
)
def test_factor_of_the_noise(student):
    "the factor, by summing over the two values of the scale"

    def variance(p):
        values, chances = np.array([0, 1 / (1 - p)]), np.array([p, 1 - p])
        return chances @ values**2 - (chances @ values) ** 2

    mistakes = {
        "that is the ratio of the p; it is p/(1 - p) that counts": 1.6,
        "that is the factor of the standard deviation": 2.0,
        "that is the factor of 1/(1 - p)": 2.5,
        "upside down": 0.25,
        "that is the ratio of p (1 - p), the variance of a mask without the division": 0.64,
    }
    expected = variance(0.8) / variance(0.5)
    assert_close(student.noise_factor(), expected, mistakes=mistakes, what="the factor")


def dropped(student, a, rate, seed):
    """The learner's pair, checked for its form, and the mask that the generator stands for."""
    got = student.inverted_dropout(a, rate, Source(f"np.random.default_rng({seed})"))
    assert isinstance(got, tuple), f"expected (dropped, scale), got {kind_of(got)}"
    assert len(got) == 2, f"expected (dropped, scale), got {len(got)} values"
    return got, np.random.default_rng(seed).random(a.shape) >= rate


@check(
    "inverted-dropout",
    hints=(
        "The scale is 0 for what goes and 1/(1 - rate) for what stays.",
        "rng.random(a.shape) >= rate is True where a unit stays.",
        "scale = (rng.random(a.shape) >= rate) / (1 - rate)",
    ),
)
def test_scale_of_the_drawn_mask(student):
    "the scale, for several rates"
    a = np.random.default_rng(3).normal(size=(5, 4))
    for rate, seed in ((0.5, 1), (0.2, 2), (0.75, 3)):
        (_, scale), kept = dropped(student, a, rate, seed)
        mistakes = {
            "it keeps what should go: keep where the number is at least rate": (~kept)
            / (1 - rate),
            "this is the mask alone; divide by 1 - rate": kept.astype(float),
            "divided by the rate; divide by the keep probability": kept / rate,
            "multiplied by 1 - rate in place of divided": kept * (1 - rate),
        }
        if rate == 0.5:
            mistakes.pop("divided by the rate; divide by the keep probability")
        what = f"the scale for a rate of {rate}"
        assert_close(scale, kept / (1 - rate), mistakes=mistakes, what=what)


@check(
    "inverted-dropout",
    hints=(
        "What is passed on is the activations times the scale.",
        "The same scale: draw once.",
        "return a * scale, scale",
    ),
)
def test_dropped_activations(student):
    "the dropped activations are a times the scale, and a is left as it was"
    a = np.random.default_rng(4).normal(size=(6, 3)) + 2.0
    for rate, seed in ((0.4, 5), (0.9, 6)):
        (out, _), kept = dropped(student, a, rate, seed)
        mistakes = {
            "nothing was divided": a * kept,
            "it keeps what should go": a * ~kept / (1 - rate),
            "one mask for all examples: each example has its own": a * kept[:1] / (1 - rate),
        }
        what = f"the dropped activations for a rate of {rate}"
        assert_close(out, a * kept / (1 - rate), mistakes=mistakes, what=what)
    assert_unchanged(student.inverted_dropout)


@check(
    "inverted-dropout",
    hidden=True,
    hints=(
        "With a rate of 0 nothing happens; and on average nothing happens for any rate.",
        "Only the given generator may be asked, once, for a.shape numbers.",
        "kept = rng.random(a.shape) >= rate",
    ),
)
def test_rate_zero_and_the_mean(student):
    "a rate of 0 changes nothing, and the mean over 40,000 units is kept"
    a = np.random.default_rng(7).normal(size=(3, 2))
    (out, scale), _ = dropped(student, a, 0.0, 8)
    assert_close(out, a, what="the activations for a rate of 0")
    assert_close(scale, np.ones((3, 2)), what="the scale for a rate of 0")
    (out, _), _ = dropped(student, np.ones((200, 200)), 0.3, 9)
    # The standard error is (0.3 / 0.7 / 40,000)^1/2 = 0.0033.
    assert_close(float(np.mean(out)), 1.0, rtol=0, atol=0.02, what="the mean of dropped ones")
