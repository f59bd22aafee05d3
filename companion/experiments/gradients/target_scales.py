"""What the scale of the targets does to the largest learning rate at which training is stable.

Small ReLU networks with He's weights and gradient descent on all examples at once.
"""

import numpy as np

from companion.experiments.gradients.deep_stacks import stack
from companion.experiments.side_by_side import SideBySide
from companion.gradients.activation_layers import ReLU
from companion.gradients.initialization import kaiming_normal_
from companion.gradients.tensor import Tensor

TENFOLD = 10
"""A run explodes if its cost ever exceeds this many times the first one."""


@np.errstate(over="ignore", invalid="ignore")
def costs_of(hidden, inputs, targets, rates, seeds, *, steps=60, width=8):
    """Train one regression network for each rate and seed, all side by side.

    Parameters
    ----------
    hidden : int
        Number of hidden layers.
    inputs, targets : numpy.ndarray
        Examples (N, D) and what to predict (N,).
    rates, seeds : sequence
        Learning rate and seed of each run, (R,) each.
    steps : int
        Updates.
    width : int
        Units of a hidden layer.

    Returns
    -------
    numpy.ndarray
        Mean squared error before each update, (steps, R); infinite or NaN after an explosion.
    """
    shape = {"width": width, "inputs": inputs.shape[1], "outputs": 1}
    nets = SideBySide([stack(hidden + 1, ReLU, kaiming_normal_, seed=s, **shape) for s in seeds])
    rates = np.reshape(rates, (-1, 1, 1)).astype(np.float32)
    x, truth = Tensor(inputs.astype(np.float32)), targets[:, None].astype(np.float32)
    history = []
    for _ in range(steps):
        error = nets(x) - truth
        cost = (error * error).mean(axis=(1, 2))
        for parameter in nets.parameters():
            parameter.grad = None
        cost.sum().backward()
        for parameter in nets.parameters():
            parameter.data -= rates * parameter.grad
        history.append(cost.data)
    return np.array(history)


def exploded(costs):
    """Whether each run explodes, (R,), by its costs (steps, R)."""
    return ~(costs <= TENFOLD * costs[0]).all(axis=0)


def largest_rates(hidden, inputs, targets, ladder, *, seeds=3, steps=20):
    """Largest rate of a ladder from which on, downwards, nothing explodes, for each seed.

    Parameters
    ----------
    hidden, inputs, targets, steps
        As for `costs_of`.
    ladder : numpy.ndarray
        Rates, largest first; the first explodes and the last does not.
    seeds : int
        How many seeds.

    Returns
    -------
    numpy.ndarray
        One rate for each seed.

    Raises
    ------
    ValueError
        If the ladder is too short at either end.
    """
    every = [*range(seeds)] * len(ladder)
    rates = np.repeat(ladder, seeds)
    blown = exploded(costs_of(hidden, inputs, targets, rates, every, steps=steps))
    blown = blown.reshape(len(ladder), seeds)
    if not blown[0].all() or blown[-1].any():
        raise ValueError("largest_rates: the ladder must begin unstable and end stable")
    return np.array([ladder[np.flatnonzero(column).max() + 1] for column in blown.T])


def tuned(hidden, inputs, targets, ladder, *, seeds=(10, 11, 12), steps=60):
    """Rate of a ladder with the lowest worst final cost over some seeds.

    Parameters
    ----------
    hidden, inputs, targets, ladder, steps
        As for `largest_rates`.
    seeds : sequence of int
        Seeds to tune with. Report results on others.

    Returns
    -------
    float
        The rate.
    """
    rates = np.repeat(ladder, len(seeds))
    last = costs_of(hidden, inputs, targets, rates, [*seeds] * len(ladder), steps=steps)[-1]
    worst = np.nan_to_num(last, nan=np.inf).reshape(-1, len(seeds)).max(axis=1)
    return float(ladder[worst.argmin()])
