"""Tuning: what is picked, what counts as failure, when a grid was too narrow."""

import numpy as np
import pytest

from companion.experiments.comparison import bracket, first_below, sweep


def test_the_best_setting_has_the_smallest_median():
    # With seed 2 the setting 1 is by far the best, but not in the median.
    cost = {0.1: [5, 5, 5], 1.0: [4, 9, -50], 10.0: [3, 3, 3], 100.0: [6, 6, 6]}
    found = sweep(lambda rate, seed: cost[rate][seed], [10, 0.1, 100, 1], range(3))
    np.testing.assert_array_equal(found.values, [0.1, 1, 10, 100])
    np.testing.assert_array_equal(found.median, [5, 4, 3, 6])
    assert found.best == 10
    assert not found.on_edge
    assert found.reaching(4) == 0.5


@pytest.mark.parametrize(("cost", "edge"), [(lambda r: r, 1.0), (lambda r: -r, 3.0)])
def test_an_edge_is_told(cost, edge):
    found = sweep(lambda rate, seed: cost(rate), [1, 2, 3], [0])
    assert found.best == edge
    assert found.on_edge


def test_what_diverges_costs_infinity():
    def cost(rate, seed):
        if rate > 2:
            raise FloatingPointError
        return np.nan if rate > 1 else rate

    found = sweep(cost, [0.5, 1.5, 2.5], [0, 1])
    np.testing.assert_array_equal(found.median, [0.5, np.inf, np.inf])
    assert found.best == 0.5


def test_other_errors_are_not_swallowed():
    with pytest.raises(KeyError):
        sweep(lambda rate, seed: {}["x"], [1], [0])


@pytest.mark.parametrize(("values", "seeds"), [([], [0]), ([1.0], [])])
def test_nothing_to_try_is_an_error(values, seeds):
    with pytest.raises(ValueError, match="need some"):
        sweep(lambda rate, seed: 0.0, values, seeds)


def test_first_below_counts_from_one():
    assert first_below([3, 2, 1, 2], 2) == 2
    assert first_below([1], 2) == 1
    assert first_below([3, np.nan], 2) == np.inf
    assert first_below([], 2) == np.inf


@pytest.mark.parametrize("start", [1e-3, 0.3, 40.0])
def test_bracket_finds_the_best_of_the_grid_from_anywhere(start):
    seen = []

    def cost(rate, seed):
        seen.append((rate, seed))
        return (np.log(rate) - np.log(0.7)) ** 2 + seed

    found = bracket(cost, start, [0, 1, 5], factor=2)
    grid = start * 2.0 ** np.arange(-40, 41)
    np.testing.assert_allclose(found.best, grid[np.argmin(np.abs(np.log(grid / 0.7)))])
    assert not found.on_edge
    assert len(seen) == len(set(seen)) == 3 * len(found.values)
    np.testing.assert_allclose(found.values[1:] / found.values[:-1], 2)
    np.testing.assert_allclose(found.median, (np.log(found.values / 0.7)) ** 2 + 1)


def test_bracket_walks_on_across_equal_costs():
    # Counts are coarse: near the best rate they are often equal.
    found = bracket(lambda rate, seed: max(3, abs(np.log2(rate / 4))), 1.0, [0], factor=2)
    np.testing.assert_array_equal(found.values, 2.0 ** np.arange(-2, 7))
    assert found.best == 0.5
    assert not found.on_edge
    found = bracket(lambda rate, seed: np.ceil(abs(np.log2(rate / 32)) / 3), 1.0, [0], factor=2)
    assert found.best == 32


def test_bracket_tries_no_more_than_it_may():
    with pytest.raises(RuntimeError, match="among 7 tried"):
        bracket(lambda rate, seed: 0.0, 1.0, [0], most=8)


def test_bracket_turns_back_at_divergence():
    found = bracket(lambda rate, seed: 1 / rate if rate < 3 else np.nan, 1.0, [0], factor=2)
    assert found.best == 2
    np.testing.assert_array_equal(found.values, [0.5, 1, 2, 4])
    np.testing.assert_array_equal(found.costs[:, 0], [2, 1, 0.5, np.inf])


def test_bracket_walks_down_from_where_all_diverge():
    found = bracket(lambda rate, seed: 1 / rate if rate < 3 else np.nan, 64.0, [0], factor=2)
    assert found.best == 2
    assert found.values[0] == 1


def test_bracket_says_when_there_is_nothing_to_find():
    with pytest.raises(RuntimeError, match=r"among 12 tried, the last near .*; start nearer"):
        bracket(lambda rate, seed: np.inf, 1.0, [0], most=12)
    with pytest.raises(RuntimeError, match="start nearer"):
        bracket(lambda rate, seed: -rate, 1.0, [0], most=12)


@pytest.mark.parametrize("wrong", [{"start": 0}, {"start": np.nan}, {"factor": 1}, {"seeds": []}])
def test_bracket_refuses_what_is_no_grid(wrong):
    with pytest.raises(ValueError, match="bracket: start is"):
        bracket(lambda rate, seed: 1.0, **({"start": 1.0, "seeds": [0], "factor": 2} | wrong))
