"""Many networks with a normalization equal torch's, one by one."""

import numpy as np
import pytest
import torch

from companion.experiments.optimization.normalized_networks import (
    Networks,
    OverBatch,
    Plain,
    Within,
    loss_by_rate,
    mini_batches,
    train,
)
from companion.optimization.normalization.normalize import normalize

RANDOM = np.random.default_rng(5)
X, Y = RANDOM.normal(size=(40, 6)).astype(np.float32), RANDOM.integers(0, 10, 40)
SIZES = [6, 8, 8, 10]
KINDS = {
    "plain": (lambda: Plain(), lambda: torch.nn.Identity()),
    "batch": (lambda: OverBatch(normalize), lambda: torch.nn.BatchNorm1d(8)),
    "layer": (lambda: Within(normalize), lambda: torch.nn.LayerNorm(8)),
    "group": (lambda: Within(normalize, 4), lambda: torch.nn.GroupNorm(4, 8)),
}


def theirs(nets, k, make, after):
    """Network k in torch. What ours adds after a normalization, or without one, is β."""
    layers = []
    for W, beta in zip(nets.W, nets.beta, strict=True):
        last = W is nets.W[-1]
        norm = None if last else make()
        plain = isinstance(norm, torch.nn.Identity)
        linear = torch.nn.Linear(*W.shape[:0:-1], bias=last or plain)
        linear.weight.data = torch.tensor(W.data[k])
        if linear.bias is not None:
            linear.bias.data = torch.tensor(beta.data[k, :, 0])
        rest = [] if last else [torch.nn.ReLU(), norm] if after else [norm, torch.nn.ReLU()]
        layers += [linear, *rest]
    return torch.nn.Sequential(*layers)


# Two units that are both 0 after a ReLU have no variance: groups come before it only.
@pytest.mark.parametrize(
    ("kind", "after"), [*((kind, False) for kind in KINDS), ("batch", True), ("layer", True)]
)
def test_losses_of_a_run_and_errors_equal_torch(kind, after):
    ours, make = KINDS[kind]
    nets = Networks([3, 4], ours(), SIZES, after)
    models = [theirs(nets, k, make, after) for k in range(2)]
    rates = 0.1, 0.05
    losses = train(nets, rates, X, Y, steps=6, size=16)
    for k, (model, rate) in enumerate(zip(models, rates, strict=True)):
        optimizer = torch.optim.SGD(model.parameters(), lr=rate)
        for step, rows in enumerate(mini_batches(len(X), 6, 16)):
            optimizer.zero_grad()
            scores = model(torch.tensor(X[rows]))
            loss = torch.nn.functional.cross_entropy(scores, torch.tensor(Y[rows]))
            loss.backward()
            optimizer.step()
            assert losses[k, step] == pytest.approx(loss.item(), rel=2e-4)
        if kind != "batch":  # our running averages start at the first batch, torch's at 0 and 1
            guess = model(torch.tensor(X)).argmax(dim=1).numpy()
            assert nets.errors(X, Y)[k] == pytest.approx(np.mean(guess != Y), abs=0.03)


def test_running_averages_start_at_the_first_batch():
    norm = OverBatch(normalize)
    nets = Networks([0], norm, [6, 8, 10])
    first, second = X[:10], X[10:20]
    for x in (first, second):
        nets.scores(x)
    z = [x @ nets.W[0].data[0].T for x in (first, second)]
    mean = 0.9 * z[0].mean(axis=0) + 0.1 * z[1].mean(axis=0)
    var = 0.9 * z[0].var(axis=0, ddof=1) + 0.1 * z[1].var(axis=0, ddof=1)
    np.testing.assert_allclose(np.ravel(norm.running[0][0]), mean, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(np.ravel(norm.running[0][1]), var, rtol=1e-4)
    nets.scores(X, training=False)
    np.testing.assert_allclose(np.ravel(norm.running[0][0]), mean, rtol=1e-4, atol=1e-5)


def test_each_epoch_is_a_permutation():
    rows = mini_batches(10, 4, 5)
    assert rows.shape == (4, 5)
    for epoch in (rows[:2], rows[2:]):
        assert sorted(epoch.ravel()) == list(range(10))


def test_the_sweep_says_infinity_for_what_explodes_and_watches_the_steps():
    losses = loss_by_rate(Plain(), [0.0, 1e9], [0, 1], X, Y, hidden=3, units=8)
    assert losses.shape == (2, 2)
    assert np.isfinite(losses[0]).all()
    assert np.isinf(losses[1]).all()
    prepared, steps = [], []
    loss_by_rate(Plain(), [0.1], [0], X, Y, hidden=1, units=8, prepare=prepared.append)
    train(prepared[0], 0.1, X, Y, steps=3, size=8, watch=steps.append)
    assert steps == [0, 1, 2]
