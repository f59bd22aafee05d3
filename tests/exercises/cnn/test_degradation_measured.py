"""Checks of the exercises in the page on measured degradation."""

from itertools import combinations
from math import prod

import numpy as np

from companion.exercises import assert_close, check
from companion.exercises.wording import kind_of
from companion.experiments.cnn.dense_stacks import Stacks
from companion.experiments.optimization.normalized_networks import OverBatch
from companion.gradients.tensor import Tensor
from companion.optimization.normalization.normalize import normalize

Q = (0.5, 1, 2)


def pair_of(student):
    got = student.gradient_and_short_paths()
    assert isinstance(got, tuple), f"expected a tuple of two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    return got


def by_all_paths(q):
    """Every path by itself."""
    L = len(q)
    return np.array([sum(prod(way) for way in combinations(q, k)) for k in range(L + 1)], float)


@check(
    "eight-paths",
    hints=(
        "Each block multiplies by what the shortcut and the branch bring together.",
        "A block multiplies by 1 + q.",
        "1.5 · 2 · 3",
    ),
)
def test_factor_of_the_stack(student):
    "the factor of the stack"
    mistakes = {
        "those are the branches alone; each block also has its shortcut": 1.0,
        "the factors of blocks in a row are multiplied": 6.5,
    }
    assert_close(pair_of(student)[0], by_all_paths(Q).sum(), mistakes=mistakes, what="the factor")


@check(
    "eight-paths",
    hints=(
        "On a path with one branch all other blocks are passed by their shortcuts.",
        "There are three of them; a shortcut multiplies by 1.",
        "0.5 + 1 + 2",
    ),
)
def test_paths_with_one_branch(student):
    "the part by paths with one branch"
    mistakes = {
        "the path without a branch does not belong to these": 4.5,
        "that is the path through all branches": 1.0,
        "that is a share of the factor, not the part itself": 3.5 / 9,
    }
    assert_close(pair_of(student)[1], by_all_paths(Q)[1], mistakes=mistakes, what="the part")


@check(
    "plain-gradients",
    hints=(
        "Batch norm keeps the activations large. What does that do to small differences?",
        "Look at the figure of the gradients: from right to left.",
        "They grow by a factor above 1 in each layer, over forty layers.",
    ),
)
def test_gradient_of_the_first_layer(student):
    "the gradient of the first layer beside that of the last"
    words = ("a hundredth or less", "about as large", "ten times or more")
    got = student.gradient_of_the_first_layer()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1, 20, 100)).astype("float32")
    net = Stacks([0], OverBatch(normalize), (20, 64, 10), 19, False)
    leaf = Tensor(next(net.states(X)).numpy(), requires_grad=True)
    net.W[0].data = np.eye(64, dtype="float32")[None]
    states = list(net.states(leaf))
    direction = rng.normal(size=states[-1].shape).astype("float32")
    states[-1].backward(direction)
    ratio = np.linalg.norm(leaf.grad) / np.linalg.norm(direction)
    right = words[0] if ratio < 0.01 else words[2] if ratio > 10 else words[1]
    assert got == right, "no: with batch norm gradients do not keep their size on the way back"


@check(
    "gradient-by-length",
    points=2,
    hints=(
        "Begin with no block: one path of length 0, factor 1.",
        "A new block makes a path of length k from one of length k (around) and one of k − 1.",
        "parts[1:] = parts[1:] + factor * parts[:-1]",
    ),
)
def test_a_few_blocks(student):
    "the parts of a few blocks"
    for q in ([0.5, 1, 2], [0.3], [0.2, -0.5, 1.5, 0.7, 0.1]):
        q, right = np.array(q), by_all_paths(q)
        got = student.by_length(q.copy())
        mistakes = {
            "order is by length: entry 0 is the path without a branch": right[::-1].copy(),
            "all factors were taken as their mean": by_all_paths([q.mean()] * len(q)),
            "these are shares; the sum must be the factor of the stack": right / right.sum(),
        }
        if np.allclose(right, right[::-1]):
            del mistakes["order is by length: entry 0 is the path without a branch"]
        if len(q) == 1:
            del mistakes["all factors were taken as their mean"]
        assert_close(got, right, mistakes=mistakes, what=f"the parts for q = {q}")


@check(
    "gradient-by-length",
    after="test_a_few_blocks",
    hidden=True,
    hints=(
        "200 blocks have more paths than you can go through.",
        "Keep only the sums by length: L + 1 numbers.",
        "for factor in q: parts[1:] = parts[1:] + factor * parts[:-1]",
    ),
)
def test_many_blocks(student):
    "200 blocks, and none"
    q = np.random.default_rng(0).uniform(0, 0.1, 200)
    got = student.by_length(q)
    # The polynomial with the values ∏ (1 + q t) at t = 1 and ½ has these coefficients.
    assert np.shape(got) == (201,), f"expected 201 numbers, got shape {np.shape(got)}"
    for t in (1, 0.5):
        total = np.sum(np.asarray(got) * t ** np.arange(201.0))
        assert_close(total, np.prod(1 + q * t), what=f"the sum at t = {t}")
    assert_close(got[1], q.sum(), what="the part with one branch")
    assert_close(student.by_length(np.zeros(0)), np.ones(1), what="no block")
