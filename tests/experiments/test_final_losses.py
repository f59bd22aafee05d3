"""Losses of networks trained side by side are those of networks trained alone."""

import numpy as np
import pytest

from companion import nn, optim
from companion.data.batches import Batches
from companion.experiments.optimization.final_losses import final_losses, tuned_losses
from companion.training import evaluate, fit, manual_seed

RNG = np.random.default_rng(0)
X = RNG.normal(size=(46, 3)).astype("float32")
Y = np.arange(46) % 4


def network(seed):
    manual_seed(seed)
    return nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 4))


def alone(seed, rate):
    model = network(seed)
    batches = Batches(X, Y, batch_size=8, seed=seed)
    fit(model, batches, nn.CrossEntropyLoss(), optim.SGD(model.parameters(), rate, 0.9), epochs=3)
    return evaluate(model, X, Y, nn.CrossEntropyLoss())["loss"]


def test_each_ends_with_the_loss_it_has_alone():
    seeds, rates = [3, 4], np.array([0.01, 0.2], dtype="float32")
    found = final_losses(
        [network(seed) for seed in seeds],
        lambda params: optim.SGD(params, rates[:, None, None], 0.9),
        X,
        Y,
        seeds,
        batch_size=8,
        epochs=3,
    )
    expected = [alone(seed, float(rate)) for seed, rate in zip(seeds, rates, strict=True)]
    assert found == pytest.approx(expected, rel=1e-4)


def test_the_best_rate_is_judged_on_other_seeds():
    tried, judged = tuned_losses(
        network,
        lambda params, rate: optim.SGD(params, rate, 0.9),
        X,
        Y,
        [0.001, 0.1, 1e6],
        batch_size=8,
        epochs=3,
        judging=(5, 6, 7),
    )
    assert tried.best == 0.1
    assert tried.costs.shape == (3, 2)
    assert judged == pytest.approx([alone(seed, 0.1) for seed in (5, 6, 7)], rel=1e-4)
