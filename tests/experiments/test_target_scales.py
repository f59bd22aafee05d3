"""A linear model of one input has a parabola for a cost: all is known in closed form."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.experiments.gradients.deep_stacks import stack
from companion.experiments.gradients.target_scales import costs_of, exploded, largest_rates, tuned

X = np.array([[1.0], [-1.0], [1.0], [-1.0]])


def test_a_parabola_in_closed_form():
    # The cost is (w - 3)² + b², and a step multiplies both distances by 1 - 2 η.
    rates = np.array([0.1, 0.7, 1.2])
    costs = costs_of(0, X, 3 * X[:, 0], rates, [0, 0, 0], steps=6)
    expected = costs[0] * np.power.outer(1 - 2 * rates, 2 * np.arange(6)).T
    np.testing.assert_allclose(costs, expected, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("scale", [1, 1000])
def test_the_largest_rate_of_a_linear_model_does_not_depend_on_the_scale(scale):
    # After 19 updates the cost has grown (1 - 2 η)³⁸-fold: tenfold at η = 1.0312.
    ladder = np.array([1.2, 1.04, 1.02, 0.9])
    found = largest_rates(0, X, scale * X[:, 0], ladder)
    np.testing.assert_array_equal(found, [1.02] * 3)


def test_a_ladder_that_does_not_reach_is_refused():
    for ladder in ([0.3, 0.1], [1.2, 1.1]):
        with pytest.raises(ValueError, match="begin unstable"):
            largest_rates(0, X, X[:, 0], np.array(ladder))


def test_the_best_rate_of_a_parabola_solves_it_in_one_step():
    assert tuned(0, X, X[:, 0], np.array([0.9, 0.5, 0.1, 0.01]), steps=4) == 0.5


def test_a_run_explodes_that_ever_costs_tenfold():
    costs = np.array([[1, 1, 1, 1], [9, 11, np.nan, np.inf], [1, 1, 1, 1]], dtype=float)
    np.testing.assert_array_equal(exploded(costs), [False, True, True, True])


def test_with_a_hidden_layer_it_is_torch_s_gradient_descent():
    rng = np.random.default_rng(0)
    inputs, targets = rng.normal(size=(20, 3)), rng.normal(size=20)
    found = costs_of(1, inputs, targets, [0.05], [4], steps=8)[:, 0]
    shape = {"width": 8, "inputs": 3, "outputs": 1}
    ours = stack(2, nn.ReLU, nn.init.kaiming_normal_, seed=4, **shape)
    twin = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
    twin.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    x, y = torch.tensor(inputs).float(), torch.tensor(targets).float()[:, None]
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.05)
    for cost in found:
        optimizer.zero_grad()
        expected = torch.nn.functional.mse_loss(twin(x), y)
        np.testing.assert_allclose(cost, expected.item(), rtol=1e-4)
        expected.backward()
        optimizer.step()
