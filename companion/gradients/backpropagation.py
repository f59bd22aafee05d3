"""Backpropagation by hand: the four equations, for a network of L layers.

Derived in the chapter :ref:`backpropagation`. The notation is the chapter's: layer l turns a[l-1]
into z[l] = a[l-1] W[l]ᵀ + b[l] and a[l] = g(z[l]); a[0] is X, (N, D), one example a row. Hidden
layers use one activation; the last layer is linear and its softmax belongs to the loss.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import expit


class Activation(NamedTuple):
    """A function g and its derivative, the latter written in terms of a = g(z)."""

    value: callable
    slope: callable


ACTIVATIONS = {
    "tanh": Activation(np.tanh, lambda a: 1 - a**2),
    "sigmoid": Activation(expit, lambda a: a * (1 - a)),
    "relu": Activation(lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(a.dtype)),
}


def initialize(sizes, scale=None, seed=0):
    """Draw weights for a network, b = 0.

    Parameters
    ----------
    sizes : sequence of int
        Units of each layer, inputs first: n[0], n[1], …, n[L].
    scale : float, optional
        Standard deviation of every weight; by default 1/√n[l-1].
    seed : int
        Seed of the draw.

    Returns
    -------
    list of (W, b)
        W[l] is (n[l], n[l-1]), b[l] is (n[l],), float64.

    Raises
    ------
    ValueError
        If there are fewer than two sizes or one is not positive.
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes are {list(sizes)}; expected at least two positive numbers")
    rng = np.random.default_rng(seed)
    pairs = zip(sizes[1:], sizes[:-1], strict=True)
    return [
        (rng.normal(0, inputs**-0.5 if scale is None else scale, (units, inputs)), np.zeros(units))
        for units, inputs in pairs
    ]


def forward(parameters, X, activation="tanh"):
    """Forward pass: all a[l], the last being the scores z[L].

    Parameters
    ----------
    parameters : list of (W, b)
        As from `initialize`.
    X : array_like
        Inputs, (N, n[0]).
    activation : {"tanh", "sigmoid", "relu"}
        g of the hidden layers.

    Returns
    -------
    list of numpy.ndarray
        a[0] = X, a[1], …, a[L-1], z[L]; entry l is (N, n[l]).

    Raises
    ------
    ValueError
        If the activation is unknown or a shape does not fit.
    """
    g = _activation(activation)
    a = [np.asarray(X)]
    for layer, (W, b) in enumerate(parameters, start=1):
        if a[-1].shape[-1] != W.shape[1]:
            raise ValueError(f"layer {layer}: {a[-1].shape[-1]} inputs, but W is {W.shape}")
        z = a[-1] @ W.T + b
        a.append(g.value(z) if layer < len(parameters) else z)
    return a


def cost(scores, y):
    """Mean softmax cross-entropy and its gradient for the scores.

    Parameters
    ----------
    scores : array_like
        z[L], (N, K).
    y : array_like
        Class numbers, (N,).

    Returns
    -------
    cost : float
        J, the mean over the examples.
    dz : numpy.ndarray
        dJ/dz[L] = (softmax(z[L]) - onehot(y)) / N, (N, K).
    """
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dz = np.exp(log_p)
    dz[rows, y] -= 1
    return float(-log_p[rows, y].mean()), dz / len(y)


def backward(parameters, a, dz, activation="tanh"):
    """Backward pass: the gradient of every parameter, last layer first.

    Parameters
    ----------
    parameters : list of (W, b)
        The network.
    a : list of numpy.ndarray
        What `forward` returned.
    dz : numpy.ndarray
        dJ/dz[L], (N, n[L]).
    activation : {"tanh", "sigmoid", "relu"}
        g of the hidden layers.

    Returns
    -------
    list of (dW, db)
        Same shapes and order as `parameters`.
    """
    g = _activation(activation)
    gradients = []
    for layer in range(len(parameters), 0, -1):
        W, _ = parameters[layer - 1]
        gradients.append((dz.T @ a[layer - 1], dz.sum(axis=0)))
        if layer > 1:
            dz = (dz @ W) * g.slope(a[layer - 1])
    return gradients[::-1]


def _activation(name):
    if name not in ACTIVATIONS:
        raise ValueError(f"activation is {name!r}; choose one of {[*ACTIVATIONS]}")
    return ACTIVATIONS[name]
