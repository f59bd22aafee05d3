"""Checks of the exercises on the page about the comparing head."""

import numpy as np
from scipy.special import expit, softmax

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def two_of(student):
    got = student.head_by_hand()
    assert isinstance(got, tuple | list), f"expected a tuple of two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected logit and distance, got {len(got)} values"
    return got


@check(
    "comparing-by-hand",
    hints=(
        "Differences without signs, times the weights, plus the bias.",
        "The differences are 0.4 and 0.8.",
        "-4 * (0.4 + 0.8) + 2",
    ),
)
def test_the_logit(student):
    "the logit of the pair"
    difference = np.abs(np.array([0.6, 0.8]) - np.array([1.0, 0.0]))
    mistakes = {
        "the bias is missing": -4.8,
        "the signs of the differences were kept": -4 * (-0.4 + 0.8) + 2,
        "that is with squares": 2 - 4 * float(difference @ difference),
        "that is the probability, not the logit": float(expit(-2.8)),
    }
    assert_close(two_of(student)[0], 2 - 4 * difference.sum(), mistakes=mistakes, what="the logit")


@check(
    "comparing-by-hand",
    hints=(
        "It says the same where the logit is at least 0.",
        "With a Manhattan distance d the logit is −4 d + 2.",
        "2 / 4",
    ),
)
def test_the_threshold(student):
    "the largest distance that is accepted"
    grid = np.linspace(0, 2, 20001)
    expected = grid[-4 * grid + 2 >= 0].max()
    mistakes = {
        "that is the bias, or weight over bias; divide the bias by the weight": 2.0,
        "the sign is wrong": -0.5,
        "the weight is the same for every number: 4 times the whole distance": 0.25,
    }
    assert_close(two_of(student)[1], expected, mistakes=mistakes, what="the distance")


@check(
    "spare-number",
    hints=(
        "A weight is worth something if its difference tells the two kinds of pairs apart.",
        "How large is the difference of two random numbers if both pictures show one person?",
        "As large as for two people; so it gets no weight.",
    ),
)
def test_the_weight_of_chance(student):
    "the weight of a number drawn at random"
    got, words = student.spare_weight(), ("zero", "negative", "positive")
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    rng = np.random.default_rng(0)
    spare = np.abs(np.diff(rng.normal(size=(20000, 2)), axis=1))[:, 0]
    same = rng.random(20000) < 0.5
    gap = spare[same].mean() - spare[~same].mean()
    expected = "zero" if abs(gap) < 0.05 else "positive" if gap > 0 else "negative"
    assert got == expected, (
        f"{got}? For 10,000 pairs of each kind the mean differences of such a number were "
        f"{spare[same].mean():.2f} (same) and {spare[~same].mean():.2f} (different)"
    )


def example(seed, stored=7, size=5, bias=1.5):
    rng = np.random.default_rng(seed)
    probe, gallery = rng.normal(size=size), rng.normal(size=(stored, size))
    return probe, gallery, rng.normal(-0.5, 1, size), bias


def one_by_one(probe, gallery, weights, bias):
    return np.array([
        expit(sum(w * abs(p - g) for w, p, g in zip(weights, probe, row, strict=True)) + bias)
        for row in gallery
    ])  # fmt: skip


@check(
    "probe-against-gallery",
    hints=(
        "Broadcasting takes one probe from all rows of the gallery at once.",
        "Differences (M, D), without signs, times weights (D,) give (M,).",
        "logits = np.abs(gallery - probe) @ weights + bias, then the logistic function",
    ),
)
def test_chances(student):
    "the chance for each stored encoding"
    given = example(0)
    got = student.chances(*given)
    probe, gallery, weights, bias = given
    mistakes = {
        "the signs of the differences were kept": expit((gallery - probe) @ weights + bias),
        "the differences are squared": expit((gallery - probe) ** 2 @ weights + bias),
        "these are the logits, not the chances": np.abs(gallery - probe) @ weights + bias,
        "the bias is missing": expit(np.abs(gallery - probe) @ weights),
        "the bias is added, not subtracted": expit(np.abs(gallery - probe) @ weights - bias),
        "the chances of the gallery need not add up to 1; each is of its own": softmax(
            np.abs(gallery - probe) @ weights + bias
        ),
        "a weight may have any sign; take it as it is": expit(
            bias - np.abs(gallery - probe) @ np.abs(weights)
        ),
    }
    assert_close(got, one_by_one(*given), mistakes=mistakes, what="the chances")
    assert_unchanged(student.chances)


@check(
    "probe-against-gallery",
    hints=(
        "e to the power of 1000 is too large for a float, and infinity over infinity is NaN.",
        "Compute e^(−|logit|), which is never above 1, and write both branches with it.",
        "np.where(logits >= 0, 1 / (1 + e), e / (1 + e)) with e = np.exp(-np.abs(logits))",
    ),
)
def test_extreme_logits(student):
    "logits of 1000 and −1000 give 1 and 0"
    got = student.chances(np.zeros(1), np.array([[0.0], [2000.0]]), np.array([-1.0]), 1000.0)
    assert_close(got, np.array([1.0, 0.0]), what="the chances")


@check(
    "probe-against-gallery",
    hidden=True,
    after="test_chances",
    hints=(
        "Try it on a gallery of one and on an empty one, and with another bias.",
        "Neither the number of rows nor of columns may be fixed, nor the bias.",
        "np.abs(gallery - probe) has as many rows as the gallery",
    ),
)
def test_other_galleries(student):
    "galleries of other sizes, also empty ones, and other biases"
    cases = [(1, 3, 0.5), (3, 1, -2.0), (0, 4, 1.0), (5, 5, 0.0)]
    for seed, (stored, size, bias) in enumerate(cases):
        given = example(seed, stored, size, bias)
        what = f"the chances of a gallery of {stored} at the bias {bias}"
        assert_close(student.chances(*given), one_by_one(*given), what=what)
