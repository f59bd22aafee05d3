"""The four equations against torch, and the measuring tools against closed forms."""

import numpy as np
import pytest
import torch

from companion.gradients import backpropagation as by_hand
from companion.gradients.checking.gradcheck import numerical_gradient, relative_difference

ACTIVATIONS = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu}


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [[5, 3], [5, 4, 3], [5, 7, 6, 4, 3]])
def test_gradients_equal_torch(name, sizes):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(11, 5)), rng.integers(0, 3, 11)
    parameters = by_hand.initialize(sizes, seed=1)
    a = by_hand.forward(parameters, X, name)
    J, dz = by_hand.cost(a[-1], y)
    gradients = by_hand.backward(parameters, a, dz, name)

    theirs = [[torch.tensor(p, requires_grad=True) for p in pair] for pair in parameters]
    out = torch.tensor(X)
    for layer, (W, b) in enumerate(theirs, start=1):
        out = torch.nn.functional.linear(out, W, b)
        out = ACTIVATIONS[name](out) if layer < len(theirs) else out
    cost = torch.nn.functional.cross_entropy(out, torch.tensor(y))
    cost.backward()
    np.testing.assert_allclose(J, cost.item(), rtol=1e-12)
    for ours, pair in zip(gradients, theirs, strict=True):
        for g, t in zip(ours, pair, strict=True):
            np.testing.assert_allclose(g, t.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_cost_is_stable_for_huge_scores():
    J, dz = by_hand.cost(np.array([[1e4, -1e4], [-1e4, 1e4]]), np.array([0, 0]))
    assert J == 1e4
    np.testing.assert_allclose(dz, [[0, 0], [-0.5, 0.5]])


def test_initial_weights():
    (W1, b1), (W2, _) = by_hand.initialize([400, 300, 2], seed=0)
    assert W1.shape == (300, 400)
    assert W2.shape == (2, 300)
    assert W1.std() == pytest.approx(400**-0.5, rel=0.02)
    assert not b1.any()
    ((W, _),) = by_hand.initialize([50, 60], scale=3.0)
    assert W.std() == pytest.approx(3, rel=0.05)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: by_hand.initialize([3]), "at least two positive numbers"),
        (lambda: by_hand.initialize([3, 0]), r"sizes are \[3, 0\]"),
        (lambda: by_hand.forward(by_hand.initialize([3, 2]), np.ones((4, 5))), "layer 1: 5 inputs"),
        (lambda: by_hand.forward([], np.ones(2), "swish"), "'swish'; choose one of"),
    ],
)
def test_errors_name_the_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_numerical_gradient_in_closed_form():
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    before = x.copy()
    np.testing.assert_allclose(numerical_gradient(lambda v: (v**3).sum(), x), 3 * x**2, rtol=1e-8)
    np.testing.assert_array_equal(x, before)


def test_relative_difference_in_closed_form():
    assert relative_difference([3.0, 0.0], [0.0, 4.0]) == 5 / 7
    assert relative_difference([1.0], [-1.0]) == 1
    assert relative_difference([0.0], [0.0]) == 0
