"""What the gradient of a fully connected network costs: by the backward pass, by differences."""

import time
from itertools import pairwise

import numpy as np

from companion.gradients import backpropagation as by_hand


def multiplications(sizes):
    """Count the multiplications for one example.

    Parameters
    ----------
    sizes : sequence of int
        Units of each layer, inputs first.

    Returns
    -------
    dict of str to int
        ``"forward"``: one for each weight. ``"backward"``: one for each weight's gradient, and one
        for each weight through which a gradient goes on, that is, beyond the first layer.
        ``"differences"``: two forward passes for each weight and bias.
    """
    layers = [before * units for before, units in pairwise(sizes)]
    forward = sum(layers)
    parameters = forward + sum(sizes[1:])
    return {
        "forward": forward,
        "backward": forward + sum(layers[1:]),
        "differences": 2 * parameters * forward,
    }


def seconds(sizes, examples=256, repeats=15, seed=0):
    """Time a forward and a backward pass of the four equations.

    Parameters
    ----------
    sizes : sequence of int
        Units of each layer, inputs first.
    examples : int
        Rows of the input.
    repeats : int
        How often to run each; the median counts.
    seed : int
        Seed of weights and inputs.

    Returns
    -------
    dict of str to float
        ``"forward"`` and ``"backward"``.
    """
    parameters = by_hand.initialize(sizes, seed=seed)
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(examples, sizes[0])), rng.integers(0, sizes[-1], examples)
    times = {"forward": [], "backward": []}
    for _ in range(repeats):
        start = time.perf_counter()
        a = by_hand.forward(parameters, X)
        dz = by_hand.cost(a[-1], y)[1]
        middle = time.perf_counter()
        by_hand.backward(parameters, a, dz)
        times["forward"].append(middle - start)
        times["backward"].append(time.perf_counter() - middle)
    return {name: float(np.median(values)) for name, values in times.items()}
