"""The rule on recorded runs is that of the callback; what is recorded is what torch measures."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.experiments.regularization import small_sets as small
from companion.experiments.regularization.stopping_points import (
    each_loss,
    mislabelled,
    stopped_at,
)
from companion.training import Callback, EarlyStopping, fit


class Says(Callback):
    def __init__(self, values):
        self.values = values

    def on_epoch_end(self, loop):
        loop.history.record(val_loss=self.values[loop.epoch])


def by_callback(values, patience):
    model = nn.Linear(1, 2)
    stop = EarlyStopping(patience=patience)
    data = [(np.zeros((1, 1), dtype="float32"), np.zeros(1, dtype=int))]
    history = fit(
        model, data, nn.CrossEntropyLoss(), optim.SGD(model.parameters(), lr=0.1),
        epochs=len(values), callbacks=[Says(values), stop],
    )  # fmt: skip
    return len(history) - 1, stop.best_epoch


@pytest.mark.parametrize("patience", [1, 2, 5])
def test_the_rule_is_that_of_the_callback(patience):
    values = np.random.default_rng(1).integers(0, 9, (12, 3, 4)) / 4
    end, best = stopped_at(values, patience)
    assert end.shape == best.shape == (3, 4)
    for place in np.ndindex(3, 4):
        expected = by_callback(values[:, *place].tolist(), patience)
        assert (end[place], best[place]) == expected


def test_the_rule_on_one_run():
    assert [int(k) for k in stopped_at([3, 2, 4, 5, 1], 2)] == [3, 1]
    assert [int(k) for k in stopped_at([3, 2, 4, 5, 1], 3)] == [4, 4]
    assert [int(k) for k in stopped_at([1, 1, 1], 9)] == [2, 0]
    for values, patience in (([], 1), ([1.0], 0)):
        with pytest.raises(ValueError, match="at least 1 of each"):
            stopped_at(values, patience)


def test_exactly_a_share_is_mislabelled_evenly():
    y = np.random.default_rng(0).integers(0, 10, (3, 500))
    found = mislabelled(y, 0.2, seed=4)
    np.testing.assert_array_equal((found != y).sum(axis=1), 100)
    shifts = np.bincount(((found - y) % 10)[found != y], minlength=10)
    assert shifts[1:].min() > 15
    assert ((found >= 0) & (found < 10)).all()
    np.testing.assert_array_equal(mislabelled(y, 0.0), y)
    assert (mislabelled(y, 1.0) != y).all()
    with pytest.raises(ValueError, match=r"share is 1\.2 with 10 classes"):
        mislabelled(y, 1.2)


def test_each_example_costs_what_torch_says():
    rng = np.random.default_rng(3)
    sizes = (6, 5, 4, 3)
    X, y = rng.normal(size=(2, 8, 6)).astype("float32"), rng.integers(3, size=(2, 8))
    others = rng.normal(size=(7, 6)).astype("float32"), rng.integers(3, size=7)
    losses, wrong = each_loss(
        [small.network(seed, sizes) for seed in (1, 2)], X, y,
        lambda p: optim.Adam(p, lr=0.01), epochs=3, batch=8, sets={"dev": others, "own": (X, y)},
    )  # fmt: skip
    assert losses["dev"].shape == wrong["dev"].shape == (3, 2, 7)
    assert losses["own"].shape == (3, 2, 8)
    nets, _ = small.learning_curves(
        [small.network(seed, sizes) for seed in (1, 2)], X, y,
        lambda p: optim.Adam(p, lr=0.01), epochs=3, batch=8, sets={"dev": others},
    )  # fmt: skip
    scores = torch.tensor(small.scores(nets, others[0]))
    for r in range(2):
        expected = torch.nn.functional.cross_entropy(
            scores[r], torch.tensor(others[1]), reduction="none"
        )
        np.testing.assert_allclose(losses["dev"][-1, r], expected, atol=1e-5)
        np.testing.assert_array_equal(wrong["dev"][-1, r], scores[r].argmax(1).numpy() != others[1])
