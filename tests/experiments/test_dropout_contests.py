"""Sides of a contest are trained as they would be alone; thinned networks are what they claim."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.experiments.regularization import dropout_contests as contests
from companion.experiments.regularization import small_sets as small
from companion.experiments.side_by_side import SideBySide
from companion.gradients.generator import manual_seed

SIZES, SEEDS = (6, 5, 4, 3), (1, 2)
RNG = np.random.default_rng(3)
X, Y = RNG.normal(size=(2, 8, 6)).astype("float32"), RNG.integers(3, size=(2, 8))


def adam(parameters):
    return optim.Adam(parameters, lr=0.01)


def models(rate):
    return [small.network(s, SIZES, between=lambda: [nn.Dropout(rate)]) for s in SEEDS]


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_share_of_wrong_labels_is_exact_and_spread_evenly(share):
    y = np.random.default_rng(0).integers(10, size=(4, 500))
    kept = y.copy()
    wrong = contests.wrong_labels(y, range(4), share)
    np.testing.assert_array_equal(y, kept)
    np.testing.assert_array_equal((wrong != y).sum(axis=1), round(500 * share))
    assert set(np.unique(wrong)) <= set(range(10))
    np.testing.assert_array_equal(wrong, contests.wrong_labels(y, range(4), share))
    if share == 1:  # each of the nine others about 2000 / 9 = 222 times, standard deviation 14
        assert np.all(np.abs(np.bincount(((wrong - y) % 10).ravel())[1:] - 222) < 5 * 14)


def test_a_share_out_of_range_is_named():
    with pytest.raises(ValueError, match=r"share is 1\.2; expected one from 0 to 1"):
        contests.wrong_labels(Y, SEEDS, 1.2)


def test_each_side_ends_where_it_would_alone():
    sides = {"without": models(0.0), "dropout": models(0.5)}
    networks, curves = contests.contest(sides, (X, Y), adam, epochs=3, sets={})
    manual_seed(0)
    alone, found = small.learning_curves(models(0.5), X, Y, adam, epochs=3, sets={})
    for p, q in zip(networks["dropout"].parameters(), alone.parameters(), strict=True):
        assert p.shape == q.shape
    manual_seed(0)
    again, _ = contests.contest({"dropout": models(0.5)}, (X, Y), adam, epochs=3, sets={})
    for p, q in zip(
        networks["dropout"].parameters(), again["dropout"].parameters(), strict=True
    ):
        np.testing.assert_array_equal(p.data, q.data)
    assert curves["without"].error["train"].shape == found.error["train"].shape == (4, 2)
    assert not networks["dropout"].training


def test_thinned_networks_are_the_network_times_its_masks():
    """With dropout before the last layer only: the mask is read off, torch does the rest."""
    networks = SideBySide(models(0.5))
    logs = contests.sampled(networks, X[0], samples=30, seed=4)
    assert logs.shape == (30, 2, 8, 3)
    assert not networks.training
    np.testing.assert_allclose(np.exp(logs).sum(axis=-1), 1, rtol=1e-5)
    manual_seed(4)
    networks.train()
    *_, dropped, _ = list(networks.layer_outputs(nn.Parameter(X[0])))
    weight, bias = [p.data for p in networks.parameters()][-2:]
    assert set(np.unique(dropped.numpy() == 0)) == {False, True}
    expected = torch.log_softmax(torch.tensor(dropped.numpy() @ weight + bias), -1).numpy()
    np.testing.assert_allclose(logs[0], expected, rtol=1e-4, atol=1e-5)
    assert np.any(logs[1] != logs[0])


def test_without_dropout_all_samples_are_the_network():
    networks = SideBySide(models(0.0))
    logs = contests.sampled(networks, X[0], samples=2)
    expected = torch.log_softmax(torch.tensor(small.scores(networks, X[0])), -1).numpy()
    np.testing.assert_allclose(logs, np.stack([expected] * 2), rtol=1e-5, atol=1e-6)
