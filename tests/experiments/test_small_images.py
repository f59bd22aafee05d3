"""A contest tunes on some seeds and judges on others, in pairs."""

import numpy as np
import pytest

from companion import nn, optim
from companion.experiments.cnn import small_images as small


def network():
    return nn.Sequential(nn.Flatten(), nn.Linear(4, 2))


def halves(n):
    """Images whose brighter half is the label."""
    rng = np.random.default_rng(n)
    y = rng.integers(2, size=n)
    X = rng.random((n, 1, 2, 2)).astype("float32") * 0.1
    X[np.arange(n), 0, y] += 1
    return X, y


DATA = {"train": halves(60), "dev": halves(40), "test": halves(50)}


def test_the_digits_have_three_parts():
    data = small.small_digits(200)
    assert {k: (X.shape, y.shape) for k, (X, y) in data.items()} == {
        "train": ((200, 1, 14, 14), (200,)),
        "dev": ((1000, 1, 14, 14), (1000,)),
        "test": ((1000, 1, 14, 14), (1000,)),
    }


def test_a_contest_takes_the_rate_that_learns_and_pairs_the_seeds():
    same = {"one": network, "other": network}
    seeds = {"tuning": (8, 9), "seeds": range(3)}
    found = small.contest(same, optim.Adam, (1e-9, 0.1), DATA, **seeds, size=10)
    assert found.rate == {"one": 0.1, "other": 0.1}
    np.testing.assert_array_equal(found.accuracy["one"], found.accuracy["other"])
    assert found.accuracy["one"].shape == (3,)
    assert found.accuracy["one"].min() > 0.95  # untrained: about a half


def test_a_rate_that_blows_up_is_not_chosen():
    found = small.contest(
        {"one": network}, optim.SGD, (np.inf, 1.0), DATA, tuning=(8,), seeds=[0], size=10
    )
    assert found.rate == {"one": 1.0}


def test_no_seed_both_tunes_and_judges():
    with pytest.raises(ValueError, match=r"\[1\]"):
        small.contest({}, optim.Adam, (0.1,), DATA, tuning=(1,), seeds=(0, 1))
