"""What is made of trials: choices, regret, and how likely the best of some draws has which rank."""

from itertools import product

import numpy as np
import pytest

from companion.cnn.searching.trials import Trial, chance_of_rank, chosen, regret


def trials(*errors):
    return [Trial((k,), error) for k, error in enumerate(errors)]


def test_the_first_of_equal_trials_is_chosen():
    assert chosen(trials(0.3, 0.1, 0.2, 0.1)).genes == (1,)
    with pytest.raises(ValueError, match="no trials"):
        chosen([])


def test_regret_is_of_what_looked_best():
    truth = {(0,): 0.30, (1,): 0.20, (2,): 0.25, (3,): 0.15}
    seen = [Trial((0,), 0.28), Trial((1,), 0.22), Trial((2,), 0.10), Trial((3,), 0.11)]
    # The third looks best and stays; that the fourth is better the search does not know.
    np.testing.assert_allclose(regret(seen, truth), [0.15, 0.05, 0.10, 0.10])
    assert len(regret([], truth)) == 0


def test_regret_needs_the_truth():
    with pytest.raises(KeyError, match="not known"):
        regret(trials(0.1), {(7,): 0.2})


@pytest.mark.parametrize(("many", "draws"), [(1, 1), (1, 4), (4, 1), (4, 2), (5, 4), (3, 6)])
def test_chances_are_those_of_going_through_all_draws(many, draws):
    best = [min(drawn) for drawn in product(range(many), repeat=draws)]
    expected = np.bincount(best, minlength=many) / many**draws
    np.testing.assert_allclose(chance_of_rank(many, draws), expected, atol=1e-12)


def test_chances_of_many_draws():
    assert chance_of_rank(1000, 10**6)[0] == pytest.approx(1)
    assert chance_of_rank(10**5, 7).sum() == pytest.approx(1)
    np.testing.assert_allclose(chance_of_rank(4, 2), np.array([7, 5, 3, 1]) / 16)
    with pytest.raises(ValueError, match="at least 1"):
        chance_of_rank(0, 3)
