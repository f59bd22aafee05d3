"""How active the hidden units of stacked networks are: how many are zero, flat or silent."""

import numpy as np

from companion.gradients.tensor import Tensor, no_grad


def sums_and_outputs(networks, X):
    """Compute the sums and outputs of all hidden units of stacked networks.

    Parameters
    ----------
    networks : SideBySide
        R networks made of linear layers with an activation after each but the last.
    X : array_like
        Inputs, (N, D).

    Returns
    -------
    list of tuple of numpy.ndarray
        For each hidden layer its weighted sums z and its outputs g(z), both (R, N, width).
    """
    with no_grad():
        values = [output.numpy() for output in networks.layer_outputs(Tensor(X))]
    return list(zip(values[:-1:2], values[1::2], strict=True))


def share_of_zeros(networks, X):
    """Share of hidden outputs that are exactly 0: (layers, R)."""
    return np.array([np.mean(a == 0, axis=(1, 2)) for _, a in sums_and_outputs(networks, X)])


def share_of_flat(networks, X, g, limit=0.01):
    """Share of hidden slopes that are small.

    Parameters
    ----------
    networks, X
        As for `sums_and_outputs`.
    g : callable
        The activation of the networks, on tensors.
    limit : float
        A slope below `limit` times the largest that `g` has between −10 and 10 counts as flat.

    Returns
    -------
    numpy.ndarray
        Share of each network, over all hidden units and examples, (R,).
    """
    least = limit * slopes(g, np.linspace(-10, 10, 2001)).max()
    layers = [slopes(g, z) < least for z, _ in sums_and_outputs(networks, X)]
    return np.mean([flat.mean(axis=(1, 2)) for flat in layers], axis=0)


def slopes(g, z):
    """Differentiate an activation `g` at each of the numbers z, of any shape."""
    z = Tensor(np.array(z), requires_grad=True)
    g(z).sum().backward()
    return z.grad


def never_positive(networks, X, first=400):
    """Which units of the first hidden layer have z ≤ 0 for every example: (R, width).

    Parameters
    ----------
    networks : SideBySide
        R networks whose first layer is linear.
    X : array_like
        Inputs, (N, D).
    first : int
        So many examples are asked first, and the others only about units that were silent.
    """
    weight, bias = list(networks.parameters())[:2]
    W, b = weight.data, bias.data
    silent = np.all(X[:first] @ W + b <= 0, axis=1)
    V, c = W.transpose(0, 2, 1)[silent], b[:, 0][silent]
    silent[silent] = np.all(X @ V.T + c <= 0, axis=0)
    return silent
