"""Mistakes of perceptrons are those that a plain loop counts, and stay within the theorem."""

import numpy as np
import pytest

from companion.data import toy
from companion.experiments.gradients.mistakes import (
    mistakes_by_pass,
    share_of_bound,
    shares_of_bound,
)


def counted(X, y, order_of, most):
    """Mistakes in each pass, by the rule as it stands in every textbook."""
    theta, rows, counts = np.zeros(X.shape[1] + 1), np.c_[X, np.ones(len(X))], []
    while len(counts) < most and (not counts or counts[-1]):
        counts.append(0)
        for i in order_of():
            if y[i] * (rows[i] @ theta) <= 0:
                theta = theta + y[i] * rows[i]
                counts[-1] += 1
    return theta, counts


def test_passes_are_counted_as_by_a_plain_loop():
    X, y, _ = toy.separable(50, 3, margin=0.05, seed=1)
    learners, counts = mistakes_by_pass(X, y, [4, 9], most=60)
    for learner, got, seed in zip(learners, counts, [4, 9], strict=True):
        rng = np.random.default_rng(seed)
        theta, expected = counted(X, y, lambda rng=rng: rng.permutation(50), 60)
        assert got == expected
        assert got[-1] == 0
        assert learner.mistakes == sum(expected)
        np.testing.assert_allclose([*learner.w, learner.b], theta)


def test_what_no_line_separates_is_stopped():
    X, labels = toy.xor(40, seed=0)
    _, (counts,) = mistakes_by_pass(X, 2 * labels - 1, [0], most=7)
    assert len(counts) == 7
    assert min(counts) > 0


def test_share_of_two_points_by_hand():
    # (x, 1) is (2, 0, 1) and (−2, 0, 1): one mistake each way, allowed (4 + 1) / 2² mistakes.
    X, y = np.array([[2.0, 0.0], [-2.0, 0.0]]), np.array([1.0, -1.0])
    assert share_of_bound(X, y, [3.0, 0.0]) == pytest.approx(1 / 1.25)


@pytest.mark.parametrize("seed", range(3))
def test_share_is_that_of_the_plain_loop(seed):
    X, y, u = toy.separable(30, 4, margin=0.1, seed=seed)
    _, counts = counted(X, y, lambda: range(30), 10_000)
    allowed = (np.linalg.norm(np.c_[X, np.ones(30)], axis=1).max() / (y * (X @ u)).min()) ** 2
    assert share_of_bound(X, y, 7 * u) == pytest.approx(sum(counts) / allowed)
    shares = shares_of_bound(4, [0.1], [seed], n=30)
    np.testing.assert_allclose(shares, [[sum(counts) / allowed]])
    assert 0 < shares.item() <= 1


def test_a_hyperplane_that_does_not_separate_is_refused():
    X, y = np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([1.0, -1.0])
    with pytest.raises(ValueError, match="does not separate"):
        share_of_bound(X, y, [0.0, 1.0])
