"""Checks of the exercises in the chapter on sparse weights."""

import numpy as np
from scipy.optimize import minimize

from companion.exercises import assert_close, assert_unchanged, check


@check(
    "one-coordinate",
    hints=(
        "Two numbers first: s = ‖x‖²/m and xᵀr/m.",
        "s = 8/2 and xᵀr/m = (2 - 6)/2; then a = xᵀr/m + s w.",
        "a = 2; take 1 away and divide by 4",
    ),
)
def test_the_new_weight(student):
    "the weight with the lowest cost, by trying many"
    x, r, w = np.array([2.0, 2.0]), np.array([1.0, -3.0]), 1.0
    tried = np.arange(-2000, 2001) / 1000
    left = r[:, None] + x[:, None] * (w - tried)
    cost = np.mean(left**2, axis=0) / 2 + np.abs(tried)
    mistakes = {
        "the threshold is missing": 0.5,
        "divide by s = ‖x‖²/m": 1.0,
        "the present weight is added back to the residuals: a = xᵀr/m + s w": -0.25,
        "divide the inner product by m": 3 / 8,
    }
    got = student.one_coordinate()
    expected = float(tried[np.argmin(cost)])
    assert_close(got, expected, rtol=1e-3, mistakes=mistakes, what="the new weight")


def near(w, t):
    """Minimizer of ½‖u - w‖² + t‖u‖ for one group, by a smoothed cost."""
    found = minimize(
        lambda u: 0.5 * np.sum((u - w) ** 2) + t * np.sqrt(np.sum(u**2) + 1e-14),
        w, method="BFGS", options={"gtol": 1e-9},
    )  # fmt: skip
    return found.x


def expected_step(w, groups, t):
    new = np.zeros(len(w))
    for g in set(groups.tolist()):
        own = [k for k in range(len(w)) if groups[k] == g]
        new[own] = near(w[own], t) if np.sqrt(np.sum(w[own] ** 2)) > t else 0.0
    return new


@check(
    "group-step",
    points=2,
    hints=(
        "A group is scaled as a whole: all its weights by the same factor.",
        "Its norm falls by t, so the factor is (norm - t) / norm.",
        "w[own] * (1 - threshold / np.linalg.norm(w[own]))",
    ),
)
def test_groups_that_stay_lose_the_threshold(student):
    "each group above the threshold is the minimum that an optimizer finds"
    rng = np.random.default_rng(0)
    w, groups = 3 * rng.normal(size=7), np.array([4, 1, 4, 1, 1, 4, 9])
    w[6] = 2.0
    got = student.group_step(w, groups, 0.5)
    single = np.sign(w) * np.maximum(np.abs(w) - 0.5, 0)
    squared = w.copy()
    for g in (1, 4, 9):
        squared[groups == g] *= 1 - 0.5 / np.sum(w[groups == g] ** 2)
    mistakes = {
        "this treats every weight by itself": single,
        "the norm is not squared": squared,
        "this divides as an L2 penalty does": w / 1.5,
        "this scales all weights as one group": w * (1 - 0.5 / np.linalg.norm(w)),
    }
    assert_close(
        got, expected_step(w, groups, 0.5), rtol=1e-5, atol=1e-6, mistakes=mistakes,
        what="the new weights",
    )  # fmt: skip


@check(
    "group-step",
    hints=(
        "A group whose norm is at most t becomes 0, all of it.",
        "Below the threshold the factor 1 - t/norm would be negative.",
        "if size > threshold: …, else the zeros stay",
    ),
)
def test_small_groups_vanish(student):
    "groups of a norm of at most the threshold become exactly 0, even one of norm 0"
    w = np.array([0.3, 0.4, -3.0, 4.0, 0.0, 0.0, 0.2])
    groups = np.array([0, 0, 1, 1, 2, 2, 3])
    got = student.group_step(w, groups, 0.5)
    expected = np.array([0.0, 0.0, -2.7, 3.6, 0.0, 0.0, 0.0])
    flipped = expected.copy()
    flipped[6] = 0.2 - 0.5
    mistakes = {
        "a group below the threshold went past 0": flipped,
        "small groups are left as they were": np.where(expected == 0, w, expected),
    }
    assert_close(got, expected, mistakes=mistakes, what="the new weights")


@check(
    "group-step",
    hidden=True,
    hints=(
        "With one weight to a group it must be the soft threshold.",
        "Groups have any numbers, in any order; take them from np.unique(groups).",
        "new = np.zeros(len(w)), a new array",
    ),
)
def test_groups_of_one_and_the_input(student):
    "with groups of one weight it is the soft threshold, and w stays as it is"
    w = np.array([-2.0, 0.5, 1.0, 0.1])
    got = student.group_step(w, np.array([7, -3, 12, 5]), 0.5)
    assert_unchanged(student.group_step)
    expected = np.sign(w) * np.maximum(np.abs(w) - 0.5, 0)
    assert_close(got, expected, what="the new weights")
