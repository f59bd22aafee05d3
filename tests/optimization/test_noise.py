"""Noise of mini-batch gradients: torch, closed forms, and every batch there is."""

from itertools import combinations, product

import numpy as np
import pytest
import torch

from companion import nn
from companion.optimization.noise import (
    example_gradients,
    expected_noise,
    gradient,
    gradient_noise,
)


def some(N=6, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(N, 4)), rng.integers(3, size=N)


def pair():
    """The same network in both engines."""
    ours = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3)).double()
    theirs = torch.nn.Sequential(
        torch.nn.Linear(4, 5), torch.nn.Tanh(), torch.nn.Linear(5, 3)
    ).double()
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.state_dict().items()})
    return ours, theirs


def test_gradients_of_examples_equal_torch():
    X, y = some(9)
    ours, theirs = pair()
    parameters = dict(theirs.named_parameters())

    def loss(parameters, x, label):
        z = torch.func.functional_call(theirs, parameters, (x[None],))
        return torch.nn.functional.cross_entropy(z, label[None])

    each = torch.func.vmap(torch.func.grad(loss), (None, 0, 0))
    found = each(parameters, torch.tensor(X), torch.tensor(y))
    expected = np.concatenate(
        [found[k].detach().reshape(9, -1).numpy() for k in parameters], axis=1
    )
    for model, cost in ((ours, nn.CrossEntropyLoss()), (theirs, torch.nn.CrossEntropyLoss())):
        got = example_gradients(model, cost, X, y)
        np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(
            gradient(model, cost, X, y), expected.mean(axis=0), rtol=1e-10, atol=1e-12
        )


def test_gradients_of_a_linear_model_in_closed_form():
    X, y = some(7)
    y = y.astype(float)[:, None]
    model = nn.Linear(4, 1).double()
    errors = X @ model.weight.data.T + model.bias.data - y
    expected = 2 * errors * np.c_[X, np.ones(7)]
    np.testing.assert_allclose(example_gradients(model, nn.MSELoss(), X, y), expected, atol=1e-12)


def test_gradients_are_forgotten_and_weights_kept():
    X, y = some()
    model, _ = pair()
    before = {k: v.copy() for k, v in model.state_dict().items()}
    model[0].weight.grad = np.full((5, 4), 7.0)
    gradient_noise(model, nn.CrossEntropyLoss(), X, y, 2, draws=3)
    assert all(p.grad is None for p in model.parameters())
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value, before[name])


def test_an_unused_parameter_has_gradient_0():
    class Half(nn.Module):
        def __init__(self):
            self.used, self.unused = nn.Linear(4, 3), nn.Parameter(np.ones(2))

        def forward(self, X):
            return self.used(X)

    X, y = some()
    model = Half().double()
    got = gradient(model, nn.CrossEntropyLoss(), X, y)
    assert got.shape == (17,)
    where = [name == "unused" for name, p in model.named_parameters() for _ in range(p.data.size)]
    np.testing.assert_array_equal(got == 0, where)


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5, 6])
@pytest.mark.parametrize("replace", [False, True])
def test_expected_noise_is_the_mean_over_every_batch(batch_size, replace):
    g = np.random.default_rng(3).normal(size=(6, 4)) + 2
    if replace:
        batches = product(range(6), repeat=batch_size)
    else:
        batches = combinations(range(6), batch_size)
    means = np.array([g[list(batch)].mean(axis=0) for batch in batches])
    np.testing.assert_allclose(means.mean(axis=0), g.mean(axis=0), rtol=1e-12)  # unbiased
    expected = np.sqrt(np.square(means - g.mean(axis=0)).sum(axis=1).mean())
    np.testing.assert_allclose(expected_noise(g, batch_size, replace), expected, atol=1e-12)


def test_more_examples_than_there_are_only_with_replacement():
    g = np.array([[1.0], [-1.0]])
    np.testing.assert_allclose(expected_noise(g, 100, replace=True), 0.1, rtol=1e-12)
    with pytest.raises(ValueError, match=r"batch_size is 3; .* at most the 2 examples"):
        expected_noise(g, 3)


@pytest.mark.parametrize("replace", [False, True])
def test_no_examples_are_an_error(replace):
    with pytest.raises(ValueError, match="there are no examples"):
        expected_noise(np.ones((0, 3)), 1, replace)


def test_one_example_has_no_noise():
    assert expected_noise(np.ones((1, 3)), 1) == 0


@pytest.mark.parametrize("replace", [False, True])
def test_measured_noise_agrees_with_the_examples_gradients(replace):
    X, y = some(12)
    model, _ = pair()
    loss = nn.CrossEntropyLoss()
    each = example_gradients(model, loss, X, y)
    for batch_size in (1, 4, 11):
        got = gradient_noise(model, loss, X, y, batch_size, draws=4000, replace=replace, seed=1)
        # Over 4,000 draws the root of the mean square is known to about 1 %.
        np.testing.assert_allclose(got, expected_noise(each, batch_size, replace), rtol=0.05)


def test_the_whole_set_has_no_noise():
    X, y = some(12)
    model, _ = pair()
    assert gradient_noise(model, nn.CrossEntropyLoss(), X, y, 12, draws=5) < 1e-14
    assert gradient_noise(model, nn.CrossEntropyLoss(), X, y, 12, draws=5, replace=True) > 1e-3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, "batch_size is 0; expected at least 1 and at most the 6"),
        ({"batch_size": 7}, "batch_size is 7"),
        ({"batch_size": 0, "replace": True}, "batch_size is 0; expected at least 1"),
        ({"batch_size": 2, "draws": 0}, "draws is 0"),
    ],
)
def test_what_cannot_be_drawn_is_an_error(options, message):
    X, y = some()
    model, _ = pair()
    with pytest.raises(ValueError, match=message):
        gradient_noise(model, nn.CrossEntropyLoss(), X, y, **options)
