"""Checks of the exercises on the page about choosing among many words."""

import heapq

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, log_expit

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.numeric import array_of


def joined(counts):
    """Sum of all counts that are joined: each join puts its tokens one question deeper."""
    heap, cost = list(counts), 0
    heapq.heapify(heap)
    while len(heap) > 1:
        both = heapq.heappop(heap) + heapq.heappop(heap)
        heapq.heappush(heap, both)
        cost += both
    return cost


@check(
    "tree-by-hand",
    points=2,
    hints=(
        "Join the two rarest again and again.",
        "2 and 3 make 5; then 4 and 5; then 5 and 9; then 10 and 14.",
        "add the joined counts, 5 + 9 + 14 + 24, and divide by all tokens",
    ),
)
def test_questions_for_a_token(student):
    "mean number of questions for 10, 5, 4, 3 and 2 tokens"
    counts = [10, 5, 4, 3, 2]
    mistakes = {
        "divide by the number of tokens": float(joined(counts)),
        "a frequent word counts more: weigh the lengths by the counts": 13 / 5,
        "that is the balanced tree": (2 * (10 + 5 + 4) + 3 * (3 + 2)) / 24,
        "divide by the 24 tokens, not by the 5 words": joined(counts) / 5,
        "that is the entropy, which the tree does not quite reach":
            float(-sum(c / 24 * np.log2(c / 24) for c in counts)),
    }  # fmt: skip
    expected = joined(counts) / sum(counts)
    got = student.mean_questions()
    assert_close(got, expected, mistakes=mistakes, rtol=0, atol=5e-3, what="the mean")


WAYS = [
    [[(0, 1)], [(0, -1)]],
    [[(3, 1)], [(3, -1), (2, 1)], [(3, -1), (2, -1), (1, 1)],
     [(3, -1), (2, -1), (1, -1), (0, 1)], [(3, -1), (2, -1), (1, -1), (0, -1)]],
    [[(2, 1), (0, 1)], [(2, 1), (0, -1)], [(2, -1), (1, 1)], [(2, -1), (1, -1)]],
]  # fmt: skip
TURNS = [(6, 1), (2, -1), (0, -1), (5, 1), (1, -1), (4, 1), (3, 1)]
DEEP = [[*TURNS[:k], (TURNS[k][0], -TURNS[k][1])] for k in range(len(TURNS))] + [TURNS]


def by_turns(h, weight, ways):
    return np.array([sum(log_expit(t * (weight[n] @ h)) for n, t in way) for way in ways])


@check(
    "way-probability",
    points=2,
    hints=(
        "The probability is a product over the way, its logarithm a sum.",
        "At each node the score is weight[node] @ h, and the turn is its sign.",
        "sum(-np.logaddexp(0, -turn * scores[node]) for node, turn in way)",
    ),
)
def test_several_trees(student):
    "trees of two, four, five and eight words"
    for seed, ways in enumerate([*WAYS, DEEP]):
        rng = np.random.default_rng(seed)
        h, weight = rng.normal(size=3), rng.normal(size=(len(ways) - 1, 3))
        expected = by_turns(h, weight, ways)
        other = [[(n, -t) for n, t in way] for way in ways]
        mistakes = {
            "1 is left: σ(score), −1 is right: σ(−score)": by_turns(h, weight, other),
            "return logarithms": np.exp(expected),
            "that is the loss, −log P": -expected,
            "take natural logarithms": expected / np.log(2),
        }
        got = student.log_probabilities(h, weight, ways)
        assert_unchanged(student.log_probabilities)
        assert_close(array_of(got, "an array (V,)"), expected, mistakes=mistakes, rtol=1e-5,
                     atol=1e-7, what="the logarithms")  # fmt: skip


@check(
    "way-probability",
    after="test_several_trees",
    hidden=True,
    hints=(
        "1 / (1 + e^1000) is 0 in floating point, and its logarithm −∞.",
        "log σ(z) = −log(1 + e^(−z)), which is about z for very negative z.",
        "-np.logaddexp(0, -turn * score)",
    ),
)
def test_large_scores(student):
    "scores of ±1000, and of ±12 and ±60"
    h = np.array([1.0, -1.0])
    large = [[500.0, -500], [-500, 500], [0, 0], [300, -100], [600, -400], [10, -2], [-2, 4]]
    middle = [[8.0, -4], [-30, 30], [2, 14], [40, -20], [-7, 5], [1, 0], [20, -40]]
    for ways, rows in ((ways, rows) for ways in (*WAYS, DEEP) for rows in (large, middle)):
        weight = np.array(rows)[: len(ways) - 1]
        got = array_of(student.log_probabilities(h, weight, ways), "an array (V,)")
        scores = ", ".join(f"{score:g}" for score in weight @ h)
        assert_close(got, by_turns(h, weight, ways), rtol=1e-5, atol=1e-7,
                     what=f"the logarithms for the scores {scores}")  # fmt: skip


def by_minimizing(counts, negatives, power):
    """Find where the expected loss of each score has no slope, by SciPy, one at a time."""
    share = counts.sum(axis=0) ** power / (counts.sum(axis=0) ** power).sum()
    noise = negatives * np.outer(counts.sum(axis=1), share)

    def slope(x, n, m):
        return m * expit(x) - n * expit(-x)

    pairs = zip(counts.ravel(), noise.ravel(), strict=True)
    best = [brentq(slope, -50, 50, (n, m), xtol=1e-12) for n, m in pairs]
    return np.reshape(best, counts.shape)


def table(seed, shape, most=20):
    return np.random.default_rng(seed).integers(1, most, shape).astype(float)


@check(
    "best-scores",
    hints=(
        "Set the derivative of the expected loss of one score to zero.",
        "The score is the logarithm of counts by counts expected for noise, less log K.",
        "np.log(counts / np.outer(counts.sum(1), noise / noise.sum())) - np.log(negatives)",
    ),
)
def test_noise_as_words_occur(student):
    "power 1: pointwise mutual information, shifted"
    for seed, shape, negatives in ((0, (3, 3), 5), (1, (2, 4), 2)):
        counts = table(seed, shape)
        expected = by_minimizing(counts, negatives, 1.0)
        mistakes = {
            "subtract log K": expected + np.log(negatives),
            "subtract log K, do not add it": expected + 2 * np.log(negatives),
            "words are rows and neighbours columns":
                np.log(counts / counts.sum(1, keepdims=True)) - np.log(negatives),
        }  # fmt: skip
        got = student.best_scores(counts, negatives, 1.0)
        assert_unchanged(student.best_scores)
        assert_close(array_of(got, "a table (V, U)"), expected, mistakes=mistakes, rtol=1e-5,
                     atol=1e-5, what="the scores")  # fmt: skip


@check(
    "best-scores",
    after="test_noise_as_words_occur",
    hidden=True,
    hints=(
        "The noise distribution is not that of the pairs if the power is not 1.",
        "noise = counts.sum(axis=0) ** power, divided by its sum.",
        "np.outer(counts.sum(axis=1), noise / noise.sum())",
    ),
)
def test_other_powers(student):
    "powers 3/4, 1/2, 0.9 and 0, large counts, counts with halves, and one word"
    for seed, shape, negatives, power, most in (
        (2, (4, 3), 5, 0.75, 20),
        (3, (3, 5), 15, 0.0, 20),
        (4, (1, 2), 1, 0.75, 20),
        (5, (2, 3), 8, 0.5, 20),
        (6, (3, 4), 20, 0.9, 30_000),
    ):
        counts = table(seed, shape, most) / (2 if seed == 5 else 1)
        got = array_of(student.best_scores(counts, negatives, power), "a table (V, U)")
        expected = by_minimizing(counts, negatives, power)
        plain = by_minimizing(counts, negatives, 1.0)
        mistakes = {"the power is not used": plain} if seed != 4 else {}
        assert_close(got, expected, mistakes=mistakes, rtol=1e-5, atol=1e-5,
                     what=f"the scores for power {power}")  # fmt: skip
