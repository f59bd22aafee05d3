"""The contest of kernels trains as torch alone would, and tells its errors truly."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.cnn.networks.vgg import pooled_vgg
from companion.data.digits import train_dev_test
from companion.experiments.cnn.stacked_kernels import errors, learned, small_digits, tuned
from companion.gradients.tensor import Tensor


def small(engine):
    return lambda: pooled_vgg(engine, ((2,),), channels=1)


@pytest.fixture(scope="module")
def data():
    return small_digits(100)


def test_digits_are_torch_s_average_pooling(data):
    full = train_dev_test()
    assert data.X_dev.shape == (1000, 1, 14, 14)
    images = torch.tensor(full.X_train[:100]).view(-1, 1, 28, 28)
    expected = torch.nn.functional.avg_pool2d(images, 2)
    np.testing.assert_allclose(data.X, expected.numpy(), rtol=1e-5)
    np.testing.assert_array_equal(data.y, full.y_train[:100])
    np.testing.assert_array_equal(data.y_dev, full.y_dev)


def test_both_engines_learn_alike_from_the_same_weights(data):
    def twin():
        theirs, ours = small(torch.nn)(), small(nn)()
        theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
        return theirs

    # The whole set is one batch, so that the order does not matter.
    options = {"rate": 0.05, "seed": 3, "epochs": (3, 1), "batch": 100}
    loss = torch.nn.CrossEntropyLoss()
    theirs = learned(twin, torch.optim.SGD, data, loss=loss, **options).state_dict()
    ours = learned(small(nn), optim.SGD, data, **options).state_dict()
    for name, value in ours.items():
        np.testing.assert_allclose(value, theirs[name].numpy(), atol=1e-5)


def test_the_rate_falls_to_a_fifth(data):
    rates = []

    class Watched(optim.SGD):
        def step(self):
            rates.append(self.param_groups[0]["lr"])
            super().step()

    learned(small(nn), Watched, data, rate=0.05, seed=0, epochs=(2, 1))
    assert rates == pytest.approx([0.05] * 4 + [0.01] * 2)


def test_errors_are_shares_of_the_development_digits(data):
    options = {"rate": 0.05, "epochs": (2, 0)}
    found = errors(small(nn), optim.Adam, data, seeds=(0, 1), **options)
    network = learned(small(nn), optim.Adam, data, seed=1, **options)
    right = network(Tensor(data.X_dev)).numpy().argmax(axis=1) == data.y_dev
    assert found.shape == (2,)
    assert found[1] == pytest.approx(1 - right.mean())


def test_a_seed_makes_the_same_network_and_rates_matter(data):
    tried = tuned(small(nn), optim.Adam, data, [1e-6, 0.05], seeds=(0, 1), epochs=(3, 0))
    again = errors(small(nn), optim.Adam, data, rate=0.05, seeds=(0, 1), epochs=(3, 0))
    np.testing.assert_array_equal(tried.costs[1], again)
    assert tried.median[0] > tried.median[1]
