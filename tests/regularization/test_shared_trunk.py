"""A trunk with several heads: outputs and gradients as in torch, with labels missing."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.gradients.generator import manual_seed
from companion.gradients.tensor import Tensor
from companion.regularization.shared_trunk import SharedTrunk, TaskLosses


class Twin(torch.nn.Module):
    """The same network in torch."""

    def __init__(self):
        super().__init__()
        self.trunk = torch.nn.Sequential(torch.nn.Linear(5, 4), torch.nn.ReLU())
        self.digit, self.slant = torch.nn.Linear(4, 3), torch.nn.Linear(4, 1)

    def forward(self, x):
        h = self.trunk(x)
        return self.digit(h), self.slant(h)


def shared():
    manual_seed(0)
    trunk = nn.Sequential(nn.Linear(5, 4), nn.ReLU())
    return SharedTrunk(trunk, digit=nn.Linear(4, 3), slant=nn.Linear(4, 1)).double()


def losses(**options):
    each = {
        "digit": nn.CrossEntropyLoss(reduction="none"),
        "slant": nn.MSELoss(reduction="none"),
    }
    return TaskLosses(each, **options)


def data():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(7, 5))
    digit = np.array([0, 2, -1, 1, -1, -1, 2])
    slant = rng.normal(size=(7, 1))
    slant[[0, 3]] = np.nan
    return x, digit, slant


def test_outputs_loss_and_gradients_equal_those_of_torch():
    ours, twin, (x, digit, slant) = shared(), Twin().double(), data()
    twin.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    out = ours(Tensor(x))
    total = losses(weights={"slant": 0.3})(out, {"digit": digit, "slant": slant})
    total.backward()
    z, s = twin(torch.tensor(x))
    known = ~np.isnan(slant[:, 0])
    expected = torch.nn.functional.cross_entropy(z, torch.tensor(digit), ignore_index=-1)
    expected = expected + 0.3 * torch.nn.functional.mse_loss(s[known], torch.tensor(slant[known]))
    expected.backward()
    np.testing.assert_allclose(out["digit"].numpy(), z.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(total.item(), expected.item(), rtol=1e-12)
    other = dict(twin.named_parameters())
    for name, parameter in ours.named_parameters():
        np.testing.assert_allclose(parameter.grad, other[name].grad.numpy(), rtol=1e-9, atol=1e-14)


def test_a_task_without_any_label_costs_nothing_and_moves_nothing():
    ours, (x, digit, _) = shared(), data()
    nothing = np.full((7, 1), np.nan)
    parts = losses().each(ours(Tensor(x)), {"digit": digit, "slant": nothing})
    assert parts["slant"].item() == 0
    sum(parts.values()).backward()
    assert not ours.slant.weight.grad.any()
    assert ours.digit.weight.grad.any()


def test_the_trunk_gets_the_sum_of_what_the_heads_send_back():
    ours, (x, digit, slant) = shared(), data()
    found = []
    for weights in ({"slant": 0}, {"digit": 0}, {}):
        ours.zero_grad()
        losses(weights=weights)(ours(Tensor(x)), {"digit": digit, "slant": slant}).backward()
        found.append(ours.trunk[0].weight.grad.copy())
    np.testing.assert_allclose(found[0] + found[1], found[2], rtol=1e-12)


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="no heads"):
        SharedTrunk(nn.Linear(2, 2))
    with pytest.raises(ValueError, match="'forward'"):
        SharedTrunk(nn.Linear(2, 2), forward=nn.Linear(2, 1))
    with pytest.raises(ValueError, match=r"reduces by 'mean'"):
        TaskLosses({"digit": nn.CrossEntropyLoss()})
    with pytest.raises(ValueError, match=r"weight -1 of 'slant'"):
        losses(weights={"slant": -1})
    with pytest.raises(ValueError, match=r"weight 1 of 'size'"):
        losses(weights={"size": 1})
    with pytest.raises(ValueError, match=r"no target for 'slant'"):
        losses()(shared()(Tensor(np.zeros((1, 5)))), {"digit": np.zeros(1, dtype=int)})
