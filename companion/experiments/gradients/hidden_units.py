"""What hidden units make of data in the plane: how many it takes, and what a start leaves alike."""

import numpy as np

from companion.experiments.gradients.digits_by_hand import descend
from companion.gradients import backpropagation as by_hand

STARTS = ("all zero", "equal units", "random, b = 0")


def start(kind, seed=0, width=8):
    """Draw first weights of a 2–`width`–2 network.

    Parameters
    ----------
    kind : {"all zero", "equal units", "random, b = 0"}
        With equal units, incoming and outgoing weights of all hidden units are those of the first.
    seed : int
        Seed of the draw.
    width : int
        Number of hidden units.

    Returns
    -------
    list of (W, b)
        Biases are 0.

    Raises
    ------
    ValueError
        If the kind is unknown.
    """
    if kind not in STARTS:
        raise ValueError(f"start: kind is {kind!r}; choose one of {[*STARTS]}")
    (W1, b1), (W2, b2) = by_hand.initialize([2, width, 2], seed=seed)
    if kind == "all zero":
        W1, W2 = 0 * W1, 0 * W2
    if kind == "equal units":
        W1, W2 = W1[:1].repeat(width, axis=0), W2[:, :1].repeat(width, axis=1)
    return [(W1, b1), (W2, b2)]


def classes(parameters, points):
    """Return the class that a network of tanh units gives each point, (N,)."""
    return by_hand.forward(parameters, points)[-1].argmax(axis=1)


def learn(parameters, X, y, *, steps, lr, stop=False):
    """Train in place by gradient descent on the whole set.

    Parameters
    ----------
    parameters : list of (W, b)
        A network of tanh units.
    X, y : array_like
        Points, (N, 2), and classes, (N,).
    steps : int
        How many steps to take at most.
    lr : float
        Learning rate.
    stop : bool
        Whether to stop as soon as every point is right.

    Returns
    -------
    int
        Number of steps taken.
    """
    for count in range(steps):
        if stop and np.all(classes(parameters, X) == y):
            return count
        descend(parameters, X, y, lr, "tanh")
    return steps


def spread(parameters):
    """Return the largest difference between two hidden units in any of their numbers.

    Those are the incoming weights, the bias and the outgoing weights: 0 if all units are alike.
    """
    (W1, b1), (W2, _) = parameters
    return float(np.ptp(np.column_stack([W1, b1, W2.T]), axis=0).max())
