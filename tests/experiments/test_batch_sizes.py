"""The race of batch sizes: its runs are gradient descent, its counts and its fits are right."""

import numpy as np
import pytest
import torch

from companion.experiments.optimization.batch_sizes import (
    CHECKS,
    fit_law,
    losses_on_the_way,
    mean_seconds,
    race,
    seconds_per_update,
    updates_to,
)
from companion.gradients import backpropagation


def blobs(N=60):
    rng = np.random.default_rng(0)
    y = np.arange(N) % 3
    centres = 2 * np.eye(3)[y]
    return (centres + 0.5 * rng.normal(size=(N, 3))).astype("float32"), y


def test_a_full_batch_is_torch_s_gradient_descent():
    X, y = blobs()
    drawn = backpropagation.initialize([3, 32, 3], seed=4)
    model = torch.nn.Sequential(torch.nn.Linear(3, 32), torch.nn.ReLU(), torch.nn.Linear(32, 3))
    with torch.no_grad():
        for layer, (W, b) in zip((model[0], model[2]), drawn, strict=True):
            W = W if W.shape == tuple(layer.weight.shape) else W.T
            layer.weight.copy_(torch.tensor(W))
            layer.bias.copy_(torch.tensor(b).ravel())
    optimizer, expected = torch.optim.SGD(model.parameters(), lr=0.3), []
    for step in range(1, 41):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(torch.tensor(X)), torch.tensor(y)).backward()
        optimizer.step()
        if step in CHECKS:
            scores = model(torch.tensor(X))
            expected.append(torch.nn.functional.cross_entropy(scores, torch.tensor(y)).item())
    found = losses_on_the_way(X, y, 60, 0.3, seed=4, most=40)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_runs_stop_at_the_target_and_where_they_diverge():
    X, y = blobs()
    run = losses_on_the_way(X, y, 20, 0.3, seed=0, most=5000, target=0.1)
    assert run[-1] <= 0.1 < run[:-1].min()
    assert len(losses_on_the_way(X, y, 20, 1e4, seed=0, most=5000)) < 10


def test_updates_are_counted_at_the_checks():
    assert updates_to([2.0, 0.5, 0.4, 0.3], 0.4) == CHECKS[2]
    assert updates_to([2.0, 0.5], 0.4) == np.inf


def test_each_size_gets_a_rate_that_reaches_the_target():
    X, y = blobs()
    found = race(X, y, (4, 60), target=0.2, judging=range(5, 8))
    assert all(np.isfinite(run.updates).all() for run in found.values())
    assert all(len(run.losses) == 3 for run in found.values())
    assert found[4].rate <= found[60].rate


def test_every_size_is_measured_and_warmed_up():
    X, y = blobs()
    seen = []
    spent = seconds_per_update(
        lambda inputs, labels: seen.append(len(labels)), X, y, (1, 20), rounds=2, in_a_row=3
    )
    assert seen == [1] * 4 + [20] * 4 + [1] * 4 + [20] * 4
    assert set(spent) == {1, 20}
    assert min(spent.values()) >= 0


def test_a_short_last_batch_costs_less():
    seconds = {1: 1.0, 10: 10.0, 20: 20.0}
    assert mean_seconds(seconds, 40, 20) == 20
    assert mean_seconds(seconds, 45, 20) == pytest.approx((20 + 20 + 5) / 3)


def test_laws_are_found_again():
    sizes = np.array([1.0, 8, 64, 512])
    assert fit_law(1 / sizes, 30 * (1 + 50 / sizes)) == pytest.approx((30, 1500))
    assert fit_law(sizes, 2e-5 + 1e-7 * sizes) == pytest.approx((2e-5, 1e-7))
