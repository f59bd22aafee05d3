"""Checks of the exercises in the chapter on tuning hyperparameters."""

import numpy as np
from scipy import stats

from companion.exercises import assert_close, assert_raises, check
from companion.exercises.wire import Source
from companion.exercises.wording import kind_of
from companion.optimization.tuning.boxes import Axis, grid, random_points

RANDOM = np.random.default_rng(14)
SHARES = np.concatenate([[0.0, 1.0], RANDOM.uniform(size=9)])


@check(
    "nine-trials",
    hints=(
        "Nine points of a grid lie in rows and columns; look at it from the side.",
        "A grid of k² trials has k values on each axis; random points have no value in common.",
        "3 and 9",
    ),
)
def test_values_seen_from_the_side(student):
    "how many values of the setting that matters each plan tries"
    got = student.nine_trials()
    assert isinstance(got, tuple | list), f"expected three numbers, got {kind_of(got)}"
    assert len(got) == 3, f"expected three numbers, got {len(got)}"
    box = [Axis(0, 1), Axis(0, 1)]
    points = {"grid": grid(box, 3), "random": random_points(box, 9, np.random.default_rng(0))}
    mistakes = {"nine trials of a grid have only three values on each axis": 9}
    by_grid = len(np.unique(points["grid"][:, 0]))
    assert_close(got[0], by_grid, mistakes=mistakes, what="values by grid")
    mistakes = {"independent draws do not repeat a value": 3}
    freely = len(np.unique(points["random"][:, 0]))
    assert_close(got[1], freely, mistakes=mistakes, what="values at random")


@check(
    "nine-trials",
    after="test_values_seen_from_the_side",
    hints=(
        "It is easier to say with what probability all three miss.",
        "One misses with probability ½, and they are independent.",
        "1 - (1/2)³",
    ),
)
def test_one_of_three_hits(student):
    "the probability that at least one of three random trials is good"
    outcomes = [a or b or c for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    mistakes = {
        "probabilities of hits do not add: this is above 1": 1.5,
        "this is the probability that all three miss": 0.125,
        "one trial, not three": 0.5,
        "this is the probability of exactly one hit": 0.375,
    }
    got = student.nine_trials()[2]
    assert_close(got, np.mean(outcomes), mistakes=mistakes, what="the probability")


@check(
    "log-scale",
    points=2,
    hints=(
        "Draw the exponent, not the number.",
        "The exponent goes from log(low) to log(high), and r says how far.",
        "low * (high / low) ** r",
    ),
)
def test_shares_become_log_uniform(student):
    "the numbers are the quantiles of scipy.stats.loguniform, for two ranges"
    for low, high in ((1e-4, 1.0), (3.0, 700.0)):
        expected = stats.loguniform(low, high).ppf(SHARES)
        mistakes = {
            "these are uniform: even steps of r add instead of multiply": low
            + SHARES * (high - low),
            "these are the exponents (natural logarithm)": np.log(expected),
            "these are the exponents (base 10)": np.log10(expected),
            "the ends are swapped": stats.loguniform(low, high).ppf(1 - SHARES),
        }
        got = student.log_scale(SHARES, low, high)
        assert_close(got, expected, rtol=1e-9, mistakes=mistakes, what=f"from {low:g} to {high:g}")


@check(
    "log-scale",
    hidden=True,
    hints=(
        "A logarithm needs a positive number.",
        "Test the ends before you compute.",
        "if not 0 < low < high: raise ValueError(...)",
    ),
)
def test_a_scale_needs_rising_positive_ends(student):
    "ends that are not positive and rising are a ValueError"
    for low, high in ((0.0, 1.0), (-2.0, 3.0), (-3.0, -2.0), (5.0, 5.0), (2.0, 1.0)):
        assert_raises(student.log_scale, SHARES, low, high, error="ValueError")


def inner(low, high, start, length=0.5):
    """Ends of a part of a log-uniform range, by SciPy's quantiles."""
    return tuple(stats.loguniform(low, high).ppf([start, start + length]))


def assert_range(got, expected, mistakes, what):
    assert isinstance(got, tuple | list), f"expected (new_low, new_high), got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers (new_low, new_high), got {len(got)}"
    got, expected = np.array(got, dtype=float), np.array(expected)
    mistakes = {text: np.array(value) for text, value in mistakes.items()}
    assert_close(got, expected, rtol=1e-8, mistakes=mistakes, what=what)


@check(
    "zoom",
    points=2,
    hints=(
        "Work with logarithms: find the middle, and go a quarter of the old length either way.",
        "The old length is log(high) - log(low); the best value is values[argmin(losses)].",
        "np.exp(best - length / 4), np.exp(best + length / 4)",
    ),
)
def test_the_best_is_in_the_middle(student):
    "half of the range on a logarithmic scale, with the best value in its middle"
    for low, high, share in ((1e-4, 1.0, 0.5), (0.01, 100.0, 0.4)):
        values = stats.loguniform(low, high).ppf([0.1, share, 0.3, 0.8])
        losses = np.array([2.0, 0.5, 1.5, 0.9])
        best, quarter = values[1], (high - low) / 4
        mistakes = {
            "this is half of the range on a linear scale": (best - quarter, best + quarter),
            "these are logarithms": np.log(inner(low, high, share - 0.25)),
            "the range is as long as the old one": inner(low, high, share - 0.5, 1.0)
            if share == 0.5
            else (0.0, 0.0),
            "a quarter of the length, not half": inner(low, high, share - 0.125, 0.25),
            "the largest loss is in the middle": inner(low, high, 0.0)
            if share == 0.4
            else (0.0, 0.0),
        }
        got = student.zoom(values, losses, low, high)
        assert_range(got, inner(low, high, share - 0.25), mistakes, f"{low:g} to {high:g}")


@check(
    "zoom",
    hints=(
        "Near an end, half of the new range would stick out.",
        "Shift the start: not below log(low), and not above log(high) minus the new length.",
        "start = np.clip(best - half / 2, a, b - half)",
    ),
)
def test_the_new_range_stays_inside(student):
    "near an end the new range is shifted, and keeps its length"
    low, high = 1e-3, 10.0
    for share, start in ((0.05, 0.0), (0.9, 0.5)):
        values = stats.loguniform(low, high).ppf([share, 0.5, 0.6])
        ends = np.clip([share - 0.25, share + 0.25], 0, 1)
        cut = tuple(stats.loguniform(low, high).ppf(ends))
        a, b = np.log([low, high])
        out = tuple(np.exp(a + (b - a) * (share + np.array([-0.25, 0.25]))))
        mistakes = {
            "the range is cut off instead of shifted, and so too short": cut,
            "the range sticks out of the old one": out,
        }
        got = student.zoom(values, np.array([0.1, 0.4, 0.3]), low, high)
        assert_range(got, inner(low, high, start), mistakes, f"best at {values[0]:.2g}")


@check(
    "zoom",
    hidden=True,
    hints=(
        "A comparison with NaN is false, and argmin takes a NaN for the smallest.",
        "NumPy has a variant of argmin that passes over NaN.",
        "values[np.nanargmin(losses)]",
    ),
)
def test_diverged_runs_are_passed_over(student):
    "a loss that is NaN is not the smallest"
    values = stats.loguniform(0.01, 1).ppf([0.3, 0.9, 0.55])
    got = student.zoom(values, np.array([np.nan, 0.7, 0.2]), 0.01, 1.0)
    nan = {"the run that diverged was taken for the best": inner(0.01, 1.0, 0.05)}
    assert_range(got, inner(0.01, 1.0, 0.3), nan, "the range around the best finite loss")


PROBLEM = """
import numpy as np

def problem(scale, seed, budget):
    rng = np.random.default_rng(seed)
    centres, labels = rng.normal(size=(4, 6)), rng.integers(0, 4, 240)
    X = scale * (centres[labels] + 0.7 * rng.normal(size=(240, 6)))
    right, calls = np.eye(4)[labels], [0]

    def probabilities(X, W):
        powers = np.exp(X @ W - (X @ W).max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def train(rate):
        calls[0] += 1
        if calls[0] > budget:
            raise RuntimeError(f"train was called more than {budget} times")
        W = np.zeros((6, 4))
        with np.errstate(all="ignore"):
            for _ in range(30):
                W = W - rate * X[:120].T @ (probabilities(X[:120], W) - right[:120]) / 120
            picked = (probabilities(X[120:], W) * right[120:]).sum(axis=1)
            loss = -np.log(picked).mean()
        return float(loss) if loss < 20 else float("nan")

    return train
"""
MADE = {}
exec(PROBLEM, MADE)
LOW, HIGH = 1e-8, 1e6


def searched(student, scale, seed, budget=24):
    """The rate that was found, what it costs, and the lowest cost of a fine grid of rates."""
    train = Source(f"problem({scale}, {seed}, {budget})", PROBLEM)
    rate = student.find_rate(train, LOW, HIGH, budget)
    assert isinstance(rate, float | int | np.floating), f"expected a rate, got {kind_of(rate)}"
    assert LOW <= rate <= HIGH, f"the rate {rate:g} is not between {LOW:g} and {HIGH:g}"
    again = MADE["problem"](scale, seed, 10_000)
    costs = [again(r) for r in np.logspace(-8, 6, 141)]
    return rate, again(rate), np.nanmin(costs)


def assert_found(student, scale, seed, budget=24):
    rate, cost, least = searched(student, scale, seed, budget)
    words = f"at your rate {rate:.2g} the loss is {cost:.3f}; {least:.3f} can be reached"
    assert cost <= 1.1 * least, words


@check(
    "find-rate",
    points=2,
    hints=(
        "Between 10⁻⁸ and 10⁶ lie fourteen powers of ten: which scale looks at all of them?",
        "Spend half of the budget on a coarse look, the other half around the best.",
        "low * (high / low) ** share, with shares spread from 0 to 1",
    ),
)
def test_the_rate_is_as_good_as_any(student):
    "trained anew at your rate, three problems reach a loss within 10 % of the best"
    for scale, seed in ((1.0, 0), (30.0, 1), (0.05, 2)):
        assert_found(student, scale, seed)


@check(
    "find-rate",
    hints=(
        "Each call of train costs one trial.",
        "Count them: coarse and fine together, and no call only to look again.",
        "coarse = budget // 2; fine = budget - coarse",
    ),
)
def test_the_budget_is_kept(student):
    "with budgets of 20 and 31 train is not called more often, and a good rate is found"
    assert_found(student, 1.0, 3, budget=20)
    assert_found(student, 30.0, 4, budget=31)


@check(
    "find-rate",
    hidden=True,
    hints=(
        "Runs that explode return nan, and np.argmin takes a nan for the smallest.",
        "NumPy has a variant that passes over nan.",
        "rates[np.nanargmin(losses)]",
    ),
)
def test_runs_that_explode_are_passed_over(student):
    "where most rates explode, one is found that does not"
    rate, cost, least = searched(student, 3000.0, 5, budget=30)
    assert np.isfinite(cost), f"at your rate {rate:.2g} the training explodes"
    assert cost <= 1.3 * least, f"at your rate the loss is {cost:.3f}; {least:.3f} can be reached"
