"""Checks of the exercises in the first chapter, on networks as a whole."""

import numpy as np

from companion.exercises import (
    assert_close,
    assert_raises,
    assert_unchanged,
    check,
)
from companion.exercises.wire import Source

RANDOM = np.random.default_rng(5)
X = RANDOM.normal(size=4)
W1, B1 = RANDOM.normal(size=(5, 4)), RANDOM.normal(size=5)
W2, B2 = RANDOM.normal(size=(3, 5)), RANDOM.normal(size=3)


def through(x, W1, b1, W2, b2, bend=np.tanh):
    """Softmax written with logarithms, so that it is not the lines of the solution."""
    scores = b2 + [sum(w * h for w, h in zip(row, bend(b1 + W1 @ x), strict=True)) for row in W2]
    return np.exp(scores - np.logaddexp.reduce(scores))


@check(
    "forward-pass",
    hints=(
        "Three things happen one after the other: the hidden layer, the scores, softmax.",
        "The hidden layer is np.tanh(W1 @ x + b1); the scores have no tanh.",
        "scores = W2 @ h + b2; np.exp(scores) / np.exp(scores).sum()",
    ),
)
def test_one_input_goes_through(student):
    "the probabilities of three classes for one input"
    mistakes = {
        "tanh is missing in the hidden layer": through(X, W1, B1, W2, B2, bend=lambda z: z),
        "the biases of the hidden layer are missing": through(X, W1, 0 * B1, W2, B2),
        "the biases of the scores are missing": through(X, W1, B1, W2, 0 * B2),
    }
    got = student.class_probabilities(X, W1, B1, W2, B2)
    assert_close(got, through(X, W1, B1, W2, B2), mistakes=mistakes)
    assert_unchanged(student.class_probabilities)


@check(
    "forward-pass",
    hints=(
        "np.exp(1000) is infinite, and infinite by infinite is not a number.",
        "Subtract the largest score from all scores first: no probability changes.",
        "powers = np.exp(scores - scores.max()); powers / powers.sum()",
    ),
)
def test_large_scores_do_not_overflow(student):
    "scores near 1,000 give probabilities, not nan"
    got = student.class_probabilities(X, W1, B1, W2, B2 + 1000)
    assert_close(got, through(X, W1, B1, W2, B2), rtol=1e-9)
    got = student.class_probabilities(X, W1, B1, 1000 * W2, B2)
    assert_close(got, through(X, W1, B1, 1000 * W2, B2))


@check(
    "downhill",
    hints=(
        "A step goes against the slope, and its length is the slope times the rate.",
        "Ask for the slope at the weight you have reached, not at the start.",
        "path.append(path[-1] - rate * slope(path[-1]))",
    ),
)
def test_steps_of_a_valley(student):
    "four steps in the valley w², whose slope is 2w"
    got = student.downhill(Source("lambda w: 2 * w"), 3.0, 0.1, 4)
    expected = 3 * 0.8 ** np.arange(5)
    mistakes = {
        "the steps go uphill": 3 * 1.2 ** np.arange(5),
        "the slope of the start is used for every step": 3 - 0.6 * np.arange(5),
    }
    assert_close(got, expected, mistakes=mistakes)


@check(
    "downhill",
    hidden=True,
    hints=(
        "No step leaves the start alone.",
        "The start is the first entry, whatever the number of steps.",
        "path = [start]; then one entry for each step",
    ),
)
def test_the_start_is_on_the_way(student):
    "no step gives the start alone, and a negative start walks up"
    assert_close(student.downhill(Source("lambda w: 2 * w"), 3.0, 0.1, 0), np.array([3.0]))
    uphill = student.downhill(Source("lambda w: w"), -1.0, 0.5, 2)
    assert_close(uphill, np.array([-1.0, -0.5, -0.25]))


@check(
    "three-sets",
    hints=(
        "Mix the numbers once, then cut.",
        "rng.permutation(n) gives 0 … n − 1 in random order.",
        "order[:rest], order[rest : rest + n_dev], order[rest + n_dev :]",
    ),
)
def test_each_example_is_in_one_set(student):
    "each number from 0 to 99 is in exactly one of the sets of 70, 20 and 10"
    sets = student.three_sets(100, 20, 10, 3)
    assert len(sets) == 3, f"expected three arrays, got {len(sets)}"
    sizes = tuple(len(part) for part in sets)
    assert sizes == (70, 20, 10), f"expected 70, 20 and 10 members, got {sizes}"
    together = np.sort(np.concatenate(sets))
    assert_close(together, np.arange(100), what="all members together, sorted,")


@check(
    "three-sets",
    after="test_each_example_is_in_one_set",
    hints=(
        "Sets that keep the order of the data are not drawn at random.",
        "Make the generator from the seed: np.random.default_rng(seed).",
        "order = np.random.default_rng(seed).permutation(n)",
    ),
)
def test_sets_are_random_and_come_again(student):
    "the same seed gives the same sets, another seed others, and none keeps the order of the data"
    first, again = student.three_sets(100, 20, 10, 3), student.three_sets(100, 20, 10, 3)
    for one, other in zip(first, again, strict=True):
        assert_close(other, one, what="the set of the same seed")
    mixed = np.any(np.diff(np.concatenate(first)) != 1)
    assert mixed, "the sets are cut from the data in order; mix first"
    elsewhere = student.three_sets(100, 20, 10, 4)
    assert set(elsewhere[2]) != set(first[2]), "another seed gives the same test set"
    assert set(first[1]) != set(range(70, 90)), "the development set is always the same places"


@check(
    "three-sets",
    hidden=True,
    hints=(
        "At least one example must be left to learn from.",
        "Compare n_dev + n_test with n before you cut.",
        "if n_dev + n_test >= n: raise ValueError(...)",
    ),
)
def test_nothing_left_to_learn_from(student):
    "sets of 6 and 4 out of 10 leave nothing: ValueError"
    assert_raises(student.three_sets, 10, 6, 4, 0, error="ValueError")
    sets = student.three_sets(10, 6, 3, 0)
    assert tuple(len(part) for part in sets) == (1, 6, 3), "one of ten may be left"
