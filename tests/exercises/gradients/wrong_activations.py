"""Known wrong answers to the exercises of the chapter on activation functions."""

import numpy as np

from companion import nn, optim
from companion.exercises import wrong
from companion.gradients.tensor import Tensor
from companion.training import manual_seed


@wrong("slopes-by-hand", fails="test_three_slopes")
def slopes_by_hand():
    """Adds the second unit instead of subtracting it."""
    return -2, 1, 3


@wrong("slopes-by-hand", fails="test_three_slopes")
def slopes_by_hand():
    """Forgets that a unit may be silent."""
    return 5, 5, 5


@wrong("slopes-by-hand", fails="test_three_slopes")
def slopes_by_hand():
    """Gives values instead of slopes."""
    return -8, -1, 12


@wrong("silent-layer", fails="test_prediction_agrees_with_a_backward_pass")
def who_gets_a_gradient():
    """Thinks that a gradient always reaches all weights."""
    return "all"


@wrong("silent-layer", fails="test_prediction_agrees_with_a_backward_pass")
def who_gets_a_gradient():
    """Forgets that the last weights multiply zeros."""
    return "last layer"


@wrong("silent-layer", fails="test_prediction_agrees_with_a_backward_pass")
def who_gets_a_gradient():
    """Forgets that a bias needs no input."""
    return "none"


@wrong("leaky-relu-pullback", fails="test_leak_agrees_with_differences")
def leaky_relu_pullback(z, da, alpha=0.01):
    """Returns the slope and forgets what comes back."""
    return np.where(z > 0, 1.0, alpha)


@wrong("leaky-relu-pullback", fails="test_leak_agrees_with_differences")
def leaky_relu_pullback(z, da, alpha=0.01):
    """Applies the function to the gradient: looks at the sign of da."""
    return np.where(da > 0, da, alpha * da)


@wrong("leaky-relu-pullback", fails="test_leak_agrees_with_differences")
def leaky_relu_pullback(z, da, alpha=0.01):
    """Looks at the sign of the output, which a negative slope loses."""
    a = np.where(z > 0, z, alpha * z)
    return da * np.where(a > 0, 1.0, alpha)


@wrong("leaky-relu-pullback", fails="test_slope_at_the_corner")
def leaky_relu_pullback(z, da, alpha=0.01):
    """Gives the corner to the right branch."""
    return da * np.where(z >= 0, 1.0, alpha)


@wrong("collapse-linear-stack", fails="test_one_layer_does_what_the_stack_does")
def collapse_linear_stack(layers):
    """Keeps the bias of the last layer only."""
    W = layers[0][0]
    for V, _ in layers[1:]:
        W = V @ W
    return W, layers[-1][1]


@wrong("collapse-linear-stack", fails="test_one_layer_does_what_the_stack_does")
def collapse_linear_stack(layers):
    """Adds the biases without sending them through the later layers."""
    W, b = layers[0]
    for V, c in layers[1:]:
        W = V @ W
        b = np.sum(b) + c
    return W, b


@wrong("collapse-linear-stack", fails="test_one_layer_does_what_the_stack_does")
def collapse_linear_stack(layers):
    """Multiplies in the wrong order, which even fits for square matrices."""
    W, b = layers[0]
    for V, c in layers[1:]:
        W, b = (W @ V if W.shape[1] == V.shape[0] and W.shape == V.shape else V @ W), V @ b + c
    return W, b


@wrong("collapse-linear-stack", fails="test_stacks_of_one_and_of_many")
def collapse_linear_stack(layers):
    """Takes the first two layers for granted and the others not at all, beyond three."""
    (W, b), (V, c) = layers[:2]
    W, b = V @ W, V @ b + c
    for U, d in layers[2:3]:
        W, b = U @ W, U @ b + d
    return W, b


@wrong("count-dead-units", fails="test_dead_units_are_counted")
def count_dead_units(X, W, b):
    """Counts units that are inactive for some example."""
    return int(np.sum(np.any(X @ W.T + b <= 0, axis=0)))


@wrong("count-dead-units", fails="test_dead_units_are_counted")
def count_dead_units(X, W, b):
    """Forgets the bias."""
    return int(np.sum(np.all(X @ W.T <= 0, axis=0)))


@wrong("count-dead-units", fails="test_dead_units_are_counted")
def count_dead_units(X, W, b):
    """Counts examples for which the whole layer is silent."""
    return int(np.sum(np.all(X @ W.T + b <= 0, axis=1)))


@wrong("count-dead-units", fails="test_zero_passes_no_gradient")
def count_dead_units(X, W, b):
    """Takes z = 0 for active."""
    return int(np.sum(np.all(X @ W.T + b < 0, axis=0)))


@wrong("train-a-ring", fails="test_new_points_are_told_apart")
def train_a_ring(X, y, X_new):
    """Has no activation between its layers."""
    manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 16), nn.Linear(16, 2)).double()
    loss, optimizer = nn.CrossEntropyLoss(), optim.SGD(model.parameters(), lr=0.5)
    for _ in range(100):
        optimizer.zero_grad()
        loss(model(Tensor(X)), y).backward()
        optimizer.step()
    return model(Tensor(X_new)).numpy().argmax(axis=1)


@wrong("train-a-ring", fails="test_new_points_are_told_apart")
def train_a_ring(X, y, X_new):
    """Starts from zeros, and all hidden units stay equal."""
    model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2)).double()
    zeros = {name: 0 * value for name, value in model.state_dict().items()}
    model.load_state_dict(zeros)
    loss, optimizer = nn.CrossEntropyLoss(), optim.SGD(model.parameters(), lr=1.0)
    for _ in range(100):
        optimizer.zero_grad()
        loss(model(Tensor(X)), y).backward()
        optimizer.step()
    return model(Tensor(X_new)).numpy().argmax(axis=1)


@wrong("train-a-ring", fails="test_new_points_are_told_apart")
def train_a_ring(X, y, X_new):
    """Returns the scores instead of the classes."""
    model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2)).double()
    return model(Tensor(X_new)).numpy()


@wrong("train-a-ring", fails="test_it_learns_what_it_is_told")
def train_a_ring(X, y, X_new):
    """Has looked at the picture and learns nothing."""
    return (np.sum(X_new**2, axis=1) > 1.4).astype(int)
