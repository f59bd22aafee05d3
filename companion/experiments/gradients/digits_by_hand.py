"""What the four equations of backpropagation reach on handwritten digits, without an engine."""

from typing import NamedTuple

import numpy as np

from companion.data.batches import Batches
from companion.gradients import backpropagation as by_hand


class Run(NamedTuple):
    """One network trained by the four equations; see `learn_digits`.

    Attributes
    ----------
    parameters : list of (W, b)
        The weights at the end, float32.
    steps : numpy.ndarray
        Cost of each mini-batch before its update, (steps,).
    accuracy : numpy.ndarray
        Share of the held-out digits that are read right after each epoch, (epochs,).
    """

    parameters: list
    steps: np.ndarray
    accuracy: np.ndarray


def descend(parameters, X, y, lr, activation="relu"):
    """Take one step of gradient descent, in place, and return the cost before it."""
    a = by_hand.forward(parameters, X, activation)
    J, dz = by_hand.cost(a[-1], y)
    gradients = by_hand.backward(parameters, a, dz, activation)
    for (W, b), (dW, db) in zip(parameters, gradients, strict=True):
        W -= lr * dW
        b -= lr * db
    return J


def learn_digits(data, parameters, *, epochs=10, lr=0.1, batch_size=32, seed=0):
    """Train a network on digits by `descend` on mini-batches.

    Parameters
    ----------
    data : Split
        As from `companion.data.digits.digits`.
    parameters : list of (W, b)
        First weights, which stay as they are.
    epochs : int
        Passes over the training set.
    lr : float
        Learning rate.
    batch_size : int
        Digits in a mini-batch.
    seed : int
        Seed of the order of the digits.

    Returns
    -------
    Run
        Weights, costs and accuracies.

    Notes
    -----
    Used in the chapter :ref:`backpropagation`.
    """
    kind = data.X_train.dtype
    parameters = [(W.astype(kind), b.astype(kind)) for W, b in parameters]
    batches = Batches(data.X_train, data.y_train, batch_size=batch_size, seed=seed)
    steps, accuracy = [], []
    for epoch in range(epochs):
        steps += [descend(parameters, X, y, lr) for X, y in batches.epoch(epoch)]
        scores = by_hand.forward(parameters, data.X_test, "relu")[-1]
        accuracy.append(np.mean(scores.argmax(axis=1) == data.y_test))
    return Run(parameters, np.array(steps), np.array(accuracy))
