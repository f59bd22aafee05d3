"""Deep stacks: the same inside as in torch, and trained side by side as alone."""

import numpy as np
import pytest
import torch

from companion import nn, optim
from companion.experiments.gradients.deep_stacks import (
    RemediedStacks,
    contest,
    gradient_norms,
    likeness,
    losses_of,
    signals,
    stack,
)
from companion.gradients.tensor import Tensor
from tests.parity.agreement import CLOSE

RANDOM = np.random.default_rng(0)
X, Y = RANDOM.normal(size=(24, 6)), RANDOM.integers(0, 3, 24)
SMALL = {"width": 5, "inputs": 6, "outputs": 3}


def in_torch(model):
    """The same network of torch."""
    layers = [
        torch.nn.Linear(layer.in_features, layer.out_features)
        if isinstance(layer, nn.Linear)
        else getattr(torch.nn, type(layer).__name__)()
        for layer in model
    ]
    twin = torch.nn.Sequential(*layers).double()
    twin.load_state_dict({k: torch.tensor(v) for k, v in model.state_dict().items()})
    return twin


@pytest.mark.parametrize("depth", [1, 2, 50])
@pytest.mark.parametrize("activation", [nn.Sigmoid, nn.Tanh, nn.ReLU])
def test_gradient_norms_are_those_of_torch(activation, depth):
    model = stack(depth, activation, nn.init.kaiming_normal_, **SMALL).double()
    twin = in_torch(model)
    torch.nn.functional.cross_entropy(twin(torch.tensor(X)), torch.tensor(Y)).backward()
    expected = [layer.weight.grad.norm().item() for layer in twin if hasattr(layer, "weight")]
    assert len(expected) == depth
    np.testing.assert_allclose(gradient_norms(model, X, Y), expected, rtol=1e-9)


def test_signals_are_those_of_torch():
    model = stack(4, nn.Tanh, **SMALL).double()
    a, kept = torch.tensor(X), []
    for layer in in_torch(model):
        a = layer(a)
        if isinstance(layer, torch.nn.Tanh):
            a.retain_grad()
            kept.append(a)
    torch.nn.functional.cross_entropy(a, torch.tensor(Y)).backward()
    spread, gradient = signals(model, X, Y)
    expected = [t.var(dim=0, correction=0).mean().sqrt().item() for t in kept]
    np.testing.assert_allclose(spread, expected, rtol=1e-12)
    np.testing.assert_allclose(gradient, [t.grad.norm().item() for t in kept], rtol=1e-12)


def test_a_rule_fills_the_weights_and_clears_the_biases():
    model = stack(3, nn.ReLU, lambda W: nn.init.constant_(W, 2.0), **SMALL)
    for name, value in model.state_dict().items():
        assert np.all(value == (0 if "bias" in name else 2)), name
    assert [layer.weight.shape for layer in list(model)[::2]] == [(5, 6), (5, 5), (3, 5)]
    kept = stack(3, nn.ReLU, **SMALL).state_dict()
    assert all(np.abs(v).max() <= 6**-0.5 or np.abs(v).max() <= 5**-0.5 for v in kept.values())
    with pytest.raises(ValueError, match="depth is 0"):
        stack(0, nn.ReLU)


def test_likeness_in_closed_form():
    # One ReLU layer that copies the inputs: (1, 0), (0, 1) and (1, 1) have cosines 0, √½, √½.
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1)).double()
    model.load_state_dict(model.state_dict() | {"0.weight": np.eye(2), "0.bias": np.zeros(2)})
    found = likeness(model, np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]))
    np.testing.assert_allclose(found, [2 * 0.5**0.5 / 3])


@pytest.mark.parametrize("remedy", [None, "normalization", "residual"])
def test_remedies_equal_torch(remedy):
    models = [stack(4, nn.Tanh, seed=seed, **SMALL).double() for seed in range(2)]
    nets = RemediedStacks(models, remedy)
    found = losses_of(nets, X, Y)
    found.sum().backward()
    for row, model in enumerate(models):
        *hidden, last = [layer for layer in in_torch(model) if hasattr(layer, "weight")]
        x = torch.tensor(X)
        for k, layer in enumerate(hidden):
            z = layer(x)
            if remedy == "normalization":
                z = torch.nn.functional.batch_norm(z, None, None, training=True)
            x = x + torch.tanh(z) if remedy == "residual" and k else torch.tanh(z)
        loss = torch.nn.functional.cross_entropy(last(x), torch.tensor(Y))
        loss.backward()
        np.testing.assert_allclose(found.data[row], loss.item(), **CLOSE)
        first = next(iter(nets.parameters())).grad[row]
        np.testing.assert_allclose(first, hidden[0].weight.grad.T, **CLOSE)


def test_an_unknown_remedy_is_an_error():
    with pytest.raises(ValueError, match="remedy is 'hope'"):
        RemediedStacks([stack(3, nn.Tanh, **SMALL)], "hope")


def test_a_contest_is_what_each_would_do_alone():
    batches = [(X[k : k + 8].astype(np.float32), Y[k : k + 8]) for k in (0, 8, 16)] * 8
    rates = (1e-4, 0.3)
    starts = {
        "default": lambda seed: stack(3, nn.Tanh, seed=seed, **SMALL),
        "Xavier": lambda seed: stack(3, nn.Tanh, nn.init.xavier_normal_, seed=seed, **SMALL),
    }
    found = contest(starts, rates, batches, optimizer=optim.SGD, seeds=2)
    for name, make in starts.items():
        assert found[name].rate == 0.3
        for seed in range(2):
            model, losses = make(seed), []
            optimizer = optim.SGD(model.parameters(), lr=0.3)
            for x, y in batches:
                optimizer.zero_grad()
                loss = nn.CrossEntropyLoss()(model(Tensor(x)), y)
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
            np.testing.assert_allclose(found[name].losses[seed], losses, rtol=1e-4)
            np.testing.assert_allclose(found[name].ends[seed], np.mean(losses[-20:]), rtol=1e-4)
