"""Runs over a grid of rates end where each would end alone; ranges of rates in closed form."""

import numpy as np
import pytest

from companion import nn, optim
from companion.experiments.comparison import Sweep
from companion.experiments.rate_grids import (
    Task,
    cross_entropy,
    decades,
    draws,
    good_rates,
    squared_error,
    train_side_by_side,
    tune,
)
from companion.gradients.generator import manual_seed
from companion.gradients.tensor import Tensor
from tests.parity.agreement import CLOSE

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 4))
LABELS, TARGETS = RNG.integers(3, size=40), RNG.normal(size=(40, 3))


def network(seed):
    manual_seed(seed)
    return nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3)).double()


TASKS = {
    "classes": (Task(X, LABELS, network, cross_entropy), nn.CrossEntropyLoss()),
    "numbers": (Task(X, TARGETS, network, squared_error), nn.MSELoss()),
}


def alone(task, loss, make, plan, seed, size):
    """The plain loop, one network by itself."""
    model, losses = network(seed), []
    optimizer = make(model.parameters(), lr=1.0)
    for rate, rows in zip(plan, draws(seed, len(X), len(plan), size), strict=True):
        optimizer.param_groups[0]["lr"] = rate
        optimizer.zero_grad()
        J = loss(model(Tensor(task.X[rows])), task.y[rows])
        J.backward()
        optimizer.step()
        losses.append(J.item())
    return losses, loss(model(Tensor(task.X)), task.y).item()


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("make", [optim.SGD, optim.Adam])
def test_each_run_is_the_plain_loop(name, make):
    task, loss = TASKS[name]
    plans = np.float32([[0.1, 0.2, 0.05, 0.1], [0.01, 0.01, 0.02, 0.3]])
    nets, losses = train_side_by_side(task, make, plans, [3, 7], size=6)
    for k, seed in enumerate((3, 7)):
        expected, last = alone(task, loss, make, plans[k], seed, 6)
        np.testing.assert_allclose(losses[k], expected, rtol=1e-6)
        np.testing.assert_allclose(task.costs(nets)[k], last, rtol=1e-6)


def test_one_rate_is_the_same_rate_at_every_update():
    task, _ = TASKS["classes"]
    _, once = train_side_by_side(task, optim.SGD, [0.1, 0.3], [0, 0], 5, 8)
    plans = np.repeat([[0.1], [0.3]], 5, axis=1)
    _, often = train_side_by_side(task, optim.SGD, plans, [0, 0], size=8)
    np.testing.assert_array_equal(once, often)
    assert once[0, 0] == once[1, 0]  # the same seed: the same start and batch
    assert once[0, 1] != once[1, 1]


def test_tuning_keeps_rates_and_seeds_apart():
    task, loss = TASKS["classes"]
    tried = tune(task, optim.SGD, [0.01, 0.1, 1.0], seeds=(2, 5), steps=6, size=8)
    assert tried.costs.shape == (3, 2)
    for k, rate in enumerate(np.float32([0.01, 0.1, 1.0])):
        for j, seed in enumerate((2, 5)):
            _, last = alone(task, loss, optim.SGD, [rate] * 6, seed, 8)
            np.testing.assert_allclose(tried.costs[k, j], last, rtol=1e-6)


def test_what_diverged_costs_infinity():
    task, _ = TASKS["numbers"]
    tried = tune(task, optim.SGD, [0.1, 1e30], seeds=(0,), steps=30)
    assert np.isfinite(tried.costs[0, 0])
    assert tried.costs[1, 0] == np.inf


def test_costs_on_other_examples():
    task, loss = TASKS["classes"]
    nets, _ = train_side_by_side(task, optim.SGD, [0.0], [4], 1)
    found = task.costs(nets, X[:7], LABELS[:7])
    np.testing.assert_allclose(found, loss(network(4)(Tensor(X[:7])), LABELS[:7]).item(), **CLOSE)


def test_decades_of_a_valley_in_closed_form():
    """For a cost of exp|log₁₀ η| the rates within a factor 10ᵃ of 1 reach the target eᵃ."""
    rates = np.logspace(-3, 3, 25)
    tried = Sweep(rates, np.exp(np.abs(np.log10(rates)))[:, None])
    for a in (0.25, 0.6, 1.5):
        assert decades(tried, np.exp(a)) == pytest.approx(2 * a, abs=3e-3)
    assert decades(tried, 0.9) == 0
    at, good = good_rates(tried, np.exp(1.0))
    np.testing.assert_allclose(at[good][[0, -1]], [0.1, 10], rtol=3e-3)
