"""Training side by side follows closed forms; tuning picks the rate that is best by them."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.experiments.side_by_side import SideBySide
from companion.experiments.stacked_networks import (
    accuracies,
    cross_entropy,
    smoothed,
    squared_error,
    train,
    tuned,
)
from companion.gradients.tensor import Tensor

ONE = (np.ones((1, 1)), np.zeros(1))  # with one weight the cost is w²


def weight(seed):
    """A network of one weight, 1 + seed."""
    model = nn.Sequential(nn.Linear(1, 1, bias=False)).double()
    model[0].weight.data[:] = 1 + seed
    return model


def valley(rates, steps, **options):
    networks = SideBySide([weight(0) for _ in rates])
    return train(networks, ONE, rates, steps, loss=squared_error, batch=1, **options)


def test_each_network_descends_at_its_own_rate():
    rates = np.array([0.1, 0.3, 0.6])
    w = (1 - 2 * rates[:, None]) ** np.arange(5)
    np.testing.assert_allclose(valley(rates, 5), w**2, rtol=1e-12)


def test_the_penalty_shrinks_the_weights_and_is_not_part_of_the_cost():
    w = (1 - 0.1 * (2 + 0.5)) ** np.arange(5)
    np.testing.assert_allclose(valley([0.1], 5, decay=0.5)[0], w**2, rtol=1e-12)


def test_the_penalty_leaves_biases_alone():
    model = nn.Sequential(nn.Linear(1, 1)).double()
    for parameter in model.parameters():
        parameter.data[:] = 1
    networks = SideBySide([model])
    silent = (np.zeros((1, 1)), np.ones(1))  # the bias is right and the input 0: no gradient
    train(networks, silent, [0.1], 3, loss=squared_error, batch=1, decay=1.0)
    left, bias = (parameter.data.item() for parameter in networks.parameters())
    np.testing.assert_allclose([left, bias], [0.9**3, 1], rtol=1e-12)


def test_a_watcher_sees_the_costs_and_may_stop():
    costs = valley([0.1], 9, watch=lambda step, costs: step == len(costs) == 4)
    assert costs.shape == (1, 4)


def test_a_network_that_diverges_costs_nothing_to_the_others():
    costs = valley([1e6, 0.1], 80)
    assert not np.isfinite(costs[0, -1])
    np.testing.assert_allclose(costs[1], 0.64 ** np.arange(80), rtol=1e-9)


def test_costs_equal_torch_for_each_network():
    rng = np.random.default_rng(0)
    scores, y = rng.normal(size=(3, 7, 4)), rng.integers(4, size=7)
    theirs = [
        torch.nn.functional.cross_entropy(torch.tensor(s), torch.tensor(y)).item() for s in scores
    ]
    np.testing.assert_allclose(cross_entropy(Tensor(scores), y).numpy(), theirs, rtol=1e-12)
    targets = rng.normal(size=7)
    theirs = np.mean((scores[:, :, 0] - targets) ** 2, axis=1)
    ours = squared_error(Tensor(scores[:, :, :1]), targets).numpy()
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_tuning_picks_the_rate_that_arrives_at_once():
    options = {"loss": squared_error, "batch": 1, "last": 3}
    run = tuned(weight, ONE, (0.1, 0.5, 0.9, 1e6), 6, seeds=range(3), **options)
    assert run.rate == 0.5
    np.testing.assert_allclose(run.costs[:, 0], [1, 4, 9])
    np.testing.assert_allclose(run.costs[:, 1:], 0, atol=1e-12)
    assert run.networks(Tensor(np.ones((1, 1)))).shape == (3, 1, 1)


def test_no_seed_judges_itself():
    with pytest.raises(ValueError, match=r"seeds .*100.* would judge themselves"):
        tuned(weight, ONE, (0.1,), 2, seeds=(0, 100), loss=squared_error)


def test_a_list_of_rates_that_all_diverge_is_refused():
    with pytest.raises(ValueError, match="all networks diverged"):
        tuned(weight, ONE, (1e6, 1e7), 80, loss=squared_error, batch=1)


def test_accuracies_count_the_largest_score():
    models = []
    for bias in ([1, 0, 0], [0, 0, 1]):
        model = nn.Sequential(nn.Linear(2, 3))
        model[0].weight.data[:] = 0
        model[0].bias.data[:] = bias
        models.append(model)
    found = accuracies(SideBySide(models), np.ones((4, 2), "float32"), np.array([0, 0, 0, 2]))
    np.testing.assert_array_equal(found, [0.75, 0.25])


def test_smoothed_is_a_running_mean():
    costs = np.random.default_rng(0).random((2, 30))
    expected = [np.convolve(row, np.ones(4) / 4, "valid") for row in costs]
    np.testing.assert_allclose(smoothed(costs, 4), expected)
