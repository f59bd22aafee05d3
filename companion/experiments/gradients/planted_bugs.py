"""Nine bugs planted in a backward pass, and what a gradient check sees of them.

The network is small (16–6–6–10, tanh, twenty digits averaged to 4 × 4 pixels), so that every entry
of every gradient can be measured.
"""

import numpy as np

from companion.data.digits import digits, pooled
from companion.gradients import backpropagation as by_hand
from companion.gradients.checking.finite_differences import differences
from companion.gradients.checking.verdicts import relative_difference

SIZES = (16, 6, 6, 10)
BUGS = (
    "1/m left out",
    "truth minus prediction",
    "mean in db",
    "first example only in db",
    "dW transposed",
    "W transposed",
    "slope left out",
    "slope of z taken at a",
    "one row of dW never filled",
)


def small_digits():
    """Return twenty digits of 4 × 4 pixels, (20, 16) float64, and their classes."""
    data = digits()
    return pooled(data.X_train[:20].astype(float), 7), data.y_train[:20]


def start(seed, dtype=float):
    """Draw the weights of the small network, biases 0: a list of pairs (W, b)."""
    drawn = by_hand.initialize(SIZES, seed=seed)
    return [(W.astype(dtype), b.astype(dtype)) for W, b in drawn]


def named(pairs):
    """Name the parameters or gradients of all layers: W1, b1, W2, b2 and so on."""
    return {
        f"{letter}{layer}": value
        for layer, pair in enumerate(pairs, 1)
        for letter, value in zip("Wb", pair, strict=True)
    }


def cost_of(parameters, X, y, activation="tanh"):
    """Return the cost as a function that takes nothing and reads the parameters."""

    def cost():
        return by_hand.cost(by_hand.forward(parameters, X, activation)[-1], y)[0]

    return cost


def planted(parameters, a, dz, bug=None):
    """Run a backward pass for tanh layers with a bug in it.

    Parameters
    ----------
    parameters, a, dz
        As for `companion.gradients.backpropagation.backward`.
    bug : str, optional
        One of `BUGS`; by default there is none. Where a bug needs a square matrix, layers with
        another are as they should be.

    Returns
    -------
    list of (dW, db)
        Gradients, first layer first.

    Raises
    ------
    ValueError
        If the bug is unknown.
    """
    if bug not in (None, *BUGS):
        raise ValueError(f"bug is {bug!r}; choose one of {[*BUGS]} or None")
    dz = {"1/m left out": len(dz), "truth minus prediction": -1}.get(bug, 1) * dz
    gradients = []
    for layer in range(len(parameters), 0, -1):
        (W, _), value = parameters[layer - 1], a[layer - 1]
        square = W.shape[0] == W.shape[1]
        dW, db = dz.T @ value, dz.sum(axis=0)
        db = {"mean in db": dz.mean(axis=0), "first example only in db": dz[0]}.get(bug, db)
        if bug == "one row of dW never filled" and square:
            dW[-1] = 0
        if bug == "dW transposed" and square:
            dW = dW.T
        gradients.append((dW, db))
        slope = {"slope left out": 1, "slope of z taken at a": 1 - np.tanh(value) ** 2}
        W = W.T if bug == "W transposed" and square else W
        dz = (dz @ W) * slope.get(bug, 1 - value**2)
    return gradients[::-1]


def gradients_of(parameters, X, y, bug=None):
    """Return the gradients by name, computed with a bug or without."""
    a = by_hand.forward(parameters, X)
    return named(planted(parameters, a, by_hand.cost(a[-1], y)[1], bug))


def measured(parameters, X, y, eps=1e-6):
    """Return every entry of every gradient by central differences, by name."""
    cost = cost_of(parameters, X, y)
    return {
        name: differences(cost, p, p.dtype.type(eps)).central.reshape(p.shape)
        for name, p in named(parameters).items()
    }


def gallery(seeds, bugs=(None, *BUGS)):
    """Relative difference of the worst parameter, for each bug and each network.

    Parameters
    ----------
    seeds : sequence of int
        Seeds of the networks.
    bugs : sequence
        Bugs to plant, None for none.

    Returns
    -------
    dict of str to list of float
        Name of the bug, or ``"no bug"``, → a number for each seed.
    """
    X, y = small_digits()
    nets = [start(seed) for seed in seeds]
    truth = [measured(parameters, X, y) for parameters in nets]
    return {
        bug or "no bug": [
            worst(gradients_of(parameters, X, y, bug), numeric)
            for parameters, numeric in zip(nets, truth, strict=True)
        ]
        for bug in bugs
    }


def worst(analytic, numeric):
    """Return the largest relative difference among gradients by name."""
    return max(relative_difference(analytic[name], value) for name, value in numeric.items())


def in_32_bits(seeds, eps=1e-2):
    """Relative difference of right gradients measured with 32-bit numbers, for each network."""
    X, y = small_digits()
    found = []
    for seed in seeds:
        single = measured(start(seed, np.float32), X.astype(np.float32), y, eps)
        found.append(worst(gradients_of(start(seed), X, y), single))
    return found
