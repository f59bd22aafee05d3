"""Searches on a table: the table is torch's training, and who is picked is not who judges."""

import numpy as np
import pytest
import torch

from companion import optim
from companion.data.batches import Batches
from companion.experiments.optimization.searches import (
    WORST,
    between,
    chosen,
    searches,
    shifted_grid,
    small_digits,
    small_network,
    table,
)
from companion.optimization.tuning.boxes import Axis, random_points

BOX = [Axis(0.01, 1, "log"), Axis(0, 0.9)]


def test_a_place_of_the_table_is_what_torch_ends_with():
    losses = table(optim.SGD, BOX, (3, 2), ("lr", "momentum"), seeds=2, rows=100, epochs=2)
    assert losses.shape == (3, 2, 2)
    (X, y), (X_dev, y_dev) = small_digits()
    ours = small_network(1)
    model = torch.nn.Sequential(torch.nn.Linear(49, 16), torch.nn.Tanh(), torch.nn.Linear(16, 10))
    model.load_state_dict({k: torch.tensor(np.asarray(v)) for k, v in ours.state_dict().items()})
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    cost = torch.nn.CrossEntropyLoss()
    batches = Batches(X[:100], y[:100], batch_size=32)
    for epoch in range(2):
        for inputs, labels in batches.epoch(epoch):
            optimizer.zero_grad()
            cost(model(torch.tensor(inputs)), torch.tensor(labels)).backward()
            optimizer.step()
    with torch.no_grad():
        expected = cost(model(torch.tensor(X_dev)), torch.tensor(y_dev)).item()
    assert losses[1, 1, 1] == pytest.approx(expected, rel=1e-3)


def test_what_explodes_counts_as_the_worst():
    box = [Axis(1e8, 1e9, "log"), BOX[1]]
    losses = table(optim.SGD, box, (1, 1), ("lr", "momentum"), seeds=1, rows=64, epochs=1)
    np.testing.assert_array_equal(losses, WORST)


def test_the_table_is_met_at_its_places_and_logarithms_in_between():
    losses = np.exp(np.random.default_rng(0).normal(size=(3, 4, 2)))
    loss = between(BOX, losses)
    at = [axis.at(np.linspace(0, 1, n)) for axis, n in zip(BOX, (3, 4), strict=True)]
    points = np.stack(np.meshgrid(*at, indexing="ij"), axis=-1).reshape(-1, 2)
    np.testing.assert_allclose(loss(points), losses.reshape(-1, 2))
    half = [[np.sqrt(at[0][0] * at[0][1]), at[1][0]]]
    np.testing.assert_allclose(loss(half)[0], np.sqrt(losses[0, 0] * losses[1, 0]))


def test_the_seed_that_picks_does_not_judge():
    losses = np.array([[3.0, 1, 1], [1.0, 9, 7], [2.0, 0, 0]])
    np.testing.assert_array_equal(chosen(losses, 0), [1, 8, 8])
    np.testing.assert_array_equal(chosen(losses, 1), [2, 2, 1])


def test_a_shifted_grid_is_even_and_stays_inside():
    grid = shifted_grid(BOX, 4, np.random.default_rng(1))
    assert grid.shape == (16, 2)
    for axis, column in zip(BOX, grid.T, strict=True):
        shares = np.unique(axis.share(column).round(9))
        np.testing.assert_allclose(np.diff(shares), 0.25)
        assert 0 <= shares[0] <= shares[-1] <= 1


def test_searches_end_where_the_best_trial_is():
    """With one good tenth of an axis, sixteen random trials miss it as often as theory says."""
    good = np.ones((2, 2, 3))
    hit = lambda points: np.where(BOX[0].share(points[:, :1]) < 0.1, 0.0, good[0, 0])  # noqa: E731
    found = searches(lambda rng: random_points(BOX, 16, rng), hit, repetitions=600, seeds=3)
    assert np.mean(found == 0) == pytest.approx(1 - 0.9**16, abs=0.05)
    found = searches(lambda rng: shifted_grid(BOX, 4, rng), hit, repetitions=600, seeds=3)
    assert np.mean(found == 0) == pytest.approx(0.4, abs=0.06)
