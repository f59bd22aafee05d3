"""Checks of the exercises on the page about GloVe."""

import numpy as np
import torch

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.numeric import array_of


def torch_gradient():
    w, other = torch.tensor([2.0, 0.0]), torch.tensor([3.0, 1.0], requires_grad=True)
    log_count = float((w @ other).detach()) - 4
    loss = (1 / 16) ** 0.75 * (w @ other - log_count) ** 2
    loss.backward()
    return other.grad.numpy().astype(float)


@check(
    "glove-by-hand",
    points=2,
    hints=(
        "The gradient for the neighbour is e · w, with e = 2 f · (product − log X).",
        "The fourth root of 1/16 is 1/2, and (1/2)³ = 1/8.",
        "e = 2 · 1/8 · 4 = 1",
    ),
)
def test_the_gradient_of_the_neighbour(student):
    "gradient for the neighbour's vector"
    expected = torch_gradient()
    mistakes = {
        "the square gives a factor 2, and f is (1/16)^(3/4), not 1/16": expected / 2,
        "that is the gradient for w: e · w̃": np.array([3.0, 1.0]),
        "the weight f is missing": expected * 8,
        "that is f = (1/16)^(1/4); the power is 3/4": expected * 4,
        "that is f = (1/16)^(1/2); the power is 3/4": expected * 2,
        "the gradient, not the step against it": -expected,
    }
    got = array_of(student.gradient_by_hand(), "two numbers")
    assert_close(got, expected, mistakes=mistakes, what="the gradient")


def by_loop(tokens, size, window, weigh=True):
    X = np.zeros((size, size))
    for i, a in enumerate(tokens):
        for j, b in enumerate(tokens):
            if 0 < abs(i - j) <= window:
                X[a, b] += 1 / abs(i - j) if weigh else 1
    return X


def one_sided(tokens, size, window):
    X = np.zeros((size, size))
    for i, a in enumerate(tokens):
        for j in range(i + 1, min(i + window + 1, len(tokens))):
            X[a, tokens[j]] += 1 / (j - i)
    return X


@check(
    "weighted-counts",
    points=2,
    hints=(
        "For each distance 1, …, window pair each word with the one so far to its right.",
        "tokens[:-d] and tokens[d:] are the pairs d apart; each adds 1/d, in both orders.",
        "np.add.at(X, (tokens[:-d], tokens[d:]), 1 / d), and X + X.T at the end",
    ),
)
def test_words_that_differ(student):
    "a text in which no word comes twice"
    for tokens, window in (([2, 0, 1], 2), ([0, 3, 1, 4, 2], 3)):
        tokens = np.array(tokens)
        expected = by_loop(tokens, 5, window)
        mistakes = {
            "each pair counts in both orders": one_sided(tokens, 5, window),
            "a neighbour d away counts 1/d": by_loop(tokens, 5, window, weigh=False),
            "each pair of places counts once in each order": 2 * expected,
        }
        got = student.weighted_counts(tokens, 5, window)
        assert_unchanged(student.weighted_counts)
        got = array_of(got, "a table (size, size)")
        assert_close(got, expected, mistakes=mistakes, what="the table")


@check(
    "weighted-counts",
    after="test_words_that_differ",
    hidden=True,
    hints=(
        "Pairs that come several times add up, also those of a word with itself.",
        "X[rows, columns] += … counts a repeated pair once; np.add.at counts all.",
        "a short text has fewer distances: range(1, min(window, len(tokens) - 1) + 1)",
    ),
)
def test_repeated_pairs_and_short_texts(student):
    "repeated pairs, a word beside itself, wide windows, one longer than the text, one word"
    rng = np.random.default_rng(0)
    cases = [
        (rng.integers(0, 3, 20), 3, 4),
        (np.array([1, 1, 1]), 2, 2),
        (np.array([0, 1, 2]), 4, 10),
        (np.array([0]), 2, 3),
        (rng.integers(0, 4, 9), 4, 1),
        (rng.integers(0, 5, 30), 6, 9),
    ]
    for tokens, size, window in cases:
        got = array_of(student.weighted_counts(tokens, size, window), "a table (size, size)")
        what = f"the table of {tokens.tolist()} with a window of {window}"
        assert_close(got, by_loop(tokens, size, window), what=what)
