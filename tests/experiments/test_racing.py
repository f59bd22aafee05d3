"""Updates are counted as in a valley whose descent is known; the fastest rate wins."""

import numpy as np

from companion import nn
from companion.experiments.racing import race, updates_until
from companion.experiments.side_by_side import SideBySide
from companion.experiments.stacked_networks import squared_error

ONE = (np.ones((1, 1)), np.zeros(1))  # with one weight the cost is w²
OPTIONS = {"loss": squared_error, "batch": 1}


def weight(seed):
    model = nn.Sequential(nn.Linear(1, 1, bias=False)).double()
    model[0].weight.data[:] = 1 + seed
    return model


def steps_of(rate, start=1.0, target=0.1):
    """Least k with start² (1 - 2 rate)^(2k) < target."""
    return int(np.ceil(np.log(target / start**2) / (2 * np.log(abs(1 - 2 * rate)))))


def test_updates_are_those_of_the_closed_form():
    rates = [0.05, 0.1, 0.2]
    networks = SideBySide([weight(0) for _ in rates])
    found = updates_until(networks, ONE, rates, 0.1, 100, **OPTIONS)
    np.testing.assert_array_equal(found, [steps_of(rate) for rate in rates])


def test_what_never_arrives_needs_the_budget():
    networks = SideBySide([weight(0), weight(0)])
    found = updates_until(networks, ONE, [1e-6, 0.2], 0.1, 50, **OPTIONS)
    np.testing.assert_array_equal(found, [50, steps_of(0.2)])


def test_training_stops_when_all_have_arrived():
    networks = SideBySide([weight(0)])
    updates_until(networks, ONE, [0.1], 0.1, 1000, **OPTIONS)
    (w,) = networks.parameters()
    np.testing.assert_allclose(w.data.item(), 0.8**20)


def test_the_fastest_rate_wins_and_other_seeds_run_at_it():
    run = race(weight, ONE, (0.05, 0.3, 0.99), 0.1, 100, seeds=(0, 4), tuning=(9, 2), **OPTIONS)
    assert run.rate == 0.3
    np.testing.assert_array_equal(run.updates, [steps_of(0.3), steps_of(0.3, start=5)])
