"""Networks trained side by side end where each would end alone."""

import numpy as np
import pytest

from companion import nn, optim
from companion.experiments.side_by_side import SideBySide
from companion.gradients.generator import manual_seed
from companion.gradients.tensor import Tensor
from tests.parity.agreement import CLOSE
from tests.parity.optim_cases import BASES

RATES = np.array([0.003, 0.02, 0.1])
CASES = [(name, {}) for name in optim.__all__ if name not in BASES]
CASES += [
    ("SGD", {"momentum": 0.9, "nesterov": True}),
    ("RMSprop", {"momentum": 0.9, "centered": True}),
    ("Adam", {"amsgrad": True, "weight_decay": 0.1}),
    ("NAdam", {"weight_decay": 0.1, "decoupled_weight_decay": True}),
]


def network(seed, bias=True):
    manual_seed(seed)
    return nn.Sequential(nn.Linear(4, 5, bias), nn.Tanh(), nn.Linear(5, 2)).double()


def data():
    rng = np.random.default_rng(0)
    return rng.normal(size=(8, 20, 4)), rng.normal(size=(8, 20, 2))


def squared(model, x, y):
    error = model(Tensor(x)) - Tensor(y)
    return (error * error).mean(axis=(-2, -1))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("name", "options"), CASES, ids=str)
def test_each_ends_where_it_would_end_alone(name, options, bias):
    def run(model, lr):
        optimizer = getattr(optim, name)(model.parameters(), lr=lr, **options)
        for x, y in zip(*data(), strict=True):
            optimizer.zero_grad()
            squared(model, x, y).sum().backward()
            optimizer.step()
        return squared(model, *(part[0] for part in data())).data

    together = SideBySide([network(seed, bias) for seed in range(3)])
    alone = [run(network(seed, bias), rate) for seed, rate in enumerate(RATES)]
    np.testing.assert_allclose(run(together, RATES.reshape(-1, 1, 1)), alone, **CLOSE)
    assert len(set(np.round(alone, 6))) == 3


def test_each_may_have_inputs_of_its_own():
    models = [network(seed) for seed in range(3)]
    x = np.random.default_rng(1).normal(size=(3, 7, 4))
    expected = [model(Tensor(own)).data for model, own in zip(models, x, strict=True)]
    np.testing.assert_allclose(SideBySide(models)(Tensor(x)).data, expected, **CLOSE)


def test_the_given_networks_stay_as_they_are():
    model = network(0)
    before = model.state_dict()
    both = SideBySide([model, model])
    assert len(list(both.parameters())) == 4
    for parameter in both.parameters():
        assert parameter.dtype == np.float64
        parameter.data += 1
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value, before[name])


@pytest.mark.parametrize(
    ("models", "message"),
    [
        ([], "got 0 models"),
        ([network(0), nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2))], "equal layers"),
        ([nn.Sequential(nn.LeakyReLU(slope)) for slope in (0.1, 0.3)], "equal layers, got .*0.3"),
        ([network(0), network(0, bias=False)], "equal layers, got .*bias=False"),
        ([nn.Sequential(nn.Linear(4, size)) for size in (2, 3)], "out_features=3"),
        ([nn.Sequential(nn.PReLU())], "layer 0 keeps weights or a state and is no Linear"),
        ([nn.Sequential(nn.BatchNorm1d(4, affine=False))], "layer 0 keeps weights or a state"),
    ],
)
def test_what_cannot_stand_side_by_side_is_refused(models, message):
    with pytest.raises(ValueError, match=message):
        SideBySide(models)
