"""Frozen layers stay, the others move as in torch, each group at its own rate."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.gradients.generator import manual_seed
from companion.gradients.tensor import Tensor
from companion.regularization.fine_tuning import freeze, rate_groups, trainable, unfreeze


def network():
    manual_seed(0)
    return nn.Sequential(
        nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3)
    ).double()


def twin_of(model):
    twin = torch.nn.Sequential(
        torch.nn.Linear(6, 5), torch.nn.ReLU(), torch.nn.Linear(5, 4), torch.nn.ReLU(),
        torch.nn.Linear(4, 3),
    ).double()
    twin.load_state_dict({k: torch.tensor(v) for k, v in model.state_dict().items()})
    return twin


def data():
    rng = np.random.default_rng(0)
    return rng.normal(size=(9, 6)), rng.integers(3, size=9)


def step_both(model, twin, ours, theirs, steps=5):
    x, y = data()
    for _ in range(steps):
        ours.zero_grad()
        nn.CrossEntropyLoss()(model(Tensor(x)), y).backward()
        ours.step()
        theirs.zero_grad()
        torch.nn.CrossEntropyLoss()(twin(torch.tensor(x)), torch.tensor(y)).backward()
        theirs.step()
    for name, value in twin.state_dict().items():
        np.testing.assert_allclose(model.state_dict()[name], value.numpy(), rtol=1e-9, atol=1e-12)


def test_frozen_layers_stay_and_the_head_learns_as_in_torch():
    model = network()
    twin, before = twin_of(model), model.state_dict()
    assert freeze(model[0], model[2]) == 6 * 5 + 5 + 5 * 4 + 4
    for layer in (twin[0], twin[2]):
        layer.requires_grad_(False)
    left = [p for p in twin.parameters() if p.requires_grad]
    step_both(model, twin, optim.Adam(trainable(model)), torch.optim.Adam(left))
    after = model.state_dict()
    for name in before:
        assert (after[name] == before[name]).all() == (not name.startswith("4"))


def test_each_layer_moves_at_its_own_rate_as_in_torch():
    model = network()
    twin = twin_of(model)
    groups = rate_groups(model, lr=0.1, factor=0.5)
    assert [group["lr"] for group in groups] == [0.025, 0.05, 0.1]
    theirs = [
        {"params": layer.parameters(), "lr": lr}
        for layer, lr in ((twin[0], 0.025), (twin[2], 0.05), (twin[4], 0.1))
    ]
    step_both(model, twin, optim.SGD(groups, lr=1), torch.optim.SGD(theirs, lr=1))


def test_frozen_layers_get_no_group_and_do_not_count():
    model = network()
    freeze(model[2])
    assert [group["lr"] for group in rate_groups(model, lr=0.1, factor=0.5)] == [0.05, 0.1]


def test_to_unfreeze_undoes_and_counts_what_changed():
    model = network()
    count = freeze(model)
    assert count == sum(p.data.size for p in model.parameters())
    assert freeze(model) == 0
    assert trainable(model) == []
    assert unfreeze(model[4]) == 4 * 3 + 3
    assert unfreeze(model) == count - 15
    assert len(trainable(model)) == 6


def test_a_frozen_parameter_forgets_its_gradient():
    model, (x, y) = network(), data()
    nn.CrossEntropyLoss()(model(Tensor(x)), y).backward()
    freeze(model[0])
    assert model[0].weight.grad is None
    assert model[4].weight.grad is not None


def test_mistakes_are_named():
    model = network()
    with pytest.raises(TypeError, match="got a Parameter"):
        freeze(model[0].weight)
    with pytest.raises(ValueError, match="factor is 2"):
        rate_groups(model, 0.1, factor=2)
    freeze(model)
    with pytest.raises(ValueError, match="every parameter is frozen"):
        rate_groups(model, 0.1)
