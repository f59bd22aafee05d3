"""Training by the four equations against torch: same weights, same batches, same costs."""

import numpy as np
import torch

from companion.data.batches import Batches
from companion.data.digits import Split
from companion.experiments.gradients.digits_by_hand import descend, learn_digits
from companion.gradients import backpropagation as by_hand

SIZES = [6, 8, 5, 3]


def small():
    """Draw points in six dimensions whose class is their largest coordinate of three."""
    X = np.random.default_rng(0).normal(size=(160, 6))
    y = X[:, :3].argmax(axis=1)
    return Split(X[:120], y[:120], X[120:], y[120:])


def torch_twin(parameters):
    layers = []
    for W, b in parameters:
        layer = torch.nn.Linear(W.shape[1], W.shape[0]).double()
        layer.weight.data, layer.bias.data = torch.tensor(W), torch.tensor(b)
        layers += [layer, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def test_costs_and_weights_equal_torch():
    data, first = small(), by_hand.initialize(SIZES, seed=3)
    run = learn_digits(data, first, epochs=3, lr=0.3, batch_size=16, seed=5)
    model = torch_twin(first)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    batches, costs = Batches(data.X_train, data.y_train, batch_size=16, seed=5), []
    for epoch in range(3):
        for X, y in batches.epoch(epoch):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(torch.tensor(X)), torch.tensor(y))
            loss.backward()
            optimizer.step()
            costs.append(loss.item())
    np.testing.assert_allclose(run.steps, costs, rtol=1e-10)
    for (W, b), layer in zip(run.parameters, model[::2], strict=True):
        np.testing.assert_allclose(W, layer.weight.detach().numpy(), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(b, layer.bias.detach().numpy(), rtol=1e-9, atol=1e-12)
    guess = model(torch.tensor(data.X_test)).argmax(dim=1).numpy()
    assert run.accuracy[-1] == np.mean(guess == data.y_test)
    assert run.accuracy.shape == (3,)


def test_the_first_weights_stay_as_they_are():
    first = by_hand.initialize(SIZES)
    before = [W.copy() for W, _ in first]
    learn_digits(small(), first, epochs=1)
    for (W, _), old in zip(first, before, strict=True):
        np.testing.assert_array_equal(W, old)


def test_a_step_moves_against_the_gradient_by_the_rate():
    W = np.array([[0.0], [0.0]])
    b = np.zeros(2)
    J = descend([(W, b)], np.array([[3.0]]), np.array([1]), lr=0.5)
    np.testing.assert_allclose(J, np.log(2))
    np.testing.assert_allclose(W, [[-0.75], [0.75]])
    np.testing.assert_allclose(b, [-0.25, 0.25])
