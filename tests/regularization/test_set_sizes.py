"""How finely a set measures is what SciPy's binomial distribution and simulations say."""

import numpy as np
import pytest
from scipy.stats import binom, ttest_rel

from companion.regularization.set_sizes import (
    examples_needed,
    lowest_of,
    paired_standard_error,
    standard_error,
    visible_difference,
)


@pytest.mark.parametrize("p", [0, 0.003, 0.1, 0.5, 1])
@pytest.mark.parametrize("n", [1, 7, 1000])
def test_standard_error_is_the_binomials(p, n):
    assert standard_error(p, n) == pytest.approx(binom.std(n, p) / n)
    assert visible_difference(p, n) == pytest.approx(2 * np.sqrt(2 * binom.var(n, p)) / n)


def test_by_hand_and_over_arrays():
    assert standard_error(0.1, 100) == pytest.approx(0.03)
    assert standard_error(0.1, 900) == pytest.approx(0.01)
    np.testing.assert_allclose(standard_error([0.1, 0.5], [100, 25]), [0.03, 0.1])


@pytest.mark.parametrize(("p", "gap"), [(0.1, 0.03), (0.5, 0.01), (0.02, 0.2), (0.2, 0.08)])
def test_as_many_as_are_needed_and_no_more(p, gap):
    n = examples_needed(p, gap)
    assert visible_difference(p, n) <= gap + 1e-9
    assert n == 1 or visible_difference(p, n - 1) > gap


def test_no_chance_needs_one_example():
    assert examples_needed(0, 0.1) == 1
    assert examples_needed(0.2, 0.08) == 200  # 2 · 0.16 · 4 / 0.0064, not 201


def test_pairs_are_those_of_the_paired_t_test():
    rng = np.random.default_rng(0)
    wrong = rng.random(200) < 0.2
    other = wrong ^ (rng.random(200) < 0.1)
    t = ttest_rel(wrong.astype(float), other.astype(float)).statistic
    assert (wrong.mean() - other.mean()) / paired_standard_error(wrong, other) == pytest.approx(t)
    assert paired_standard_error(wrong, wrong) == 0


def test_shared_mistakes_drop_out():
    both = np.zeros(1000, dtype=bool)
    both[:100] = True
    one = both.copy()
    one[100:110] = True
    assert paired_standard_error(one, both) < 0.3 * visible_difference(0.1, 1000) / 2


@pytest.mark.parametrize(
    ("k", "p", "n"), [(1, 0.3, 20), (5, 0.5, 30), (200, 0.5, 30), (50, 0.1, 100)]
)
def test_the_lowest_of_many_is_that_of_a_simulation(k, p, n):
    drawn = np.random.default_rng(1).binomial(n, p, size=(20000, k)).min(axis=1) / n
    assert lowest_of(k, p, n) == pytest.approx(drawn.mean(), abs=5 * drawn.std() / 141)


def test_the_lowest_in_closed_form():
    assert lowest_of(1, 0.3, 50) == pytest.approx(0.3)
    assert lowest_of(3, 0.5, 1) == pytest.approx(0.125)  # 1 only if all three are wrong
    assert lowest_of(10, 0, 5) == 0
    assert lowest_of(10, 1, 5) == 1
    assert lowest_of(10**6, 0.5, 100) > 0.2  # no underflow on the way


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: standard_error(12, 100), "error is 12.0; expected 0 to 1"),
        (lambda: standard_error(float("nan"), 100), "expected 0 to 1"),
        (lambda: standard_error(0.1, 0), "n is 0.0; expected at least one"),
        (lambda: examples_needed(0.1, 0), "difference is 0"),
        (lambda: examples_needed(0.1, float("nan")), "difference is nan"),
        (lambda: lowest_of(0, 0.1, 10), "k is 0"),
        (lambda: lowest_of(2, 1.1, 10), "lowest_of: error is 1.1"),
        (lambda: paired_standard_error([True], [True]), "two or more examples"),
        (lambda: paired_standard_error([1, 0], [1, 0, 0]), r"shapes are \(2,\) and \(3,\)"),
    ],
)
def test_what_makes_no_sense_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
