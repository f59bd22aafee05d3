"""Deep networks of equal layers: what reaches each layer, and how fast they learn.

A stack is a network 196–32–…–32–10 for the digits averaged to 14 × 14 pixels. `stack` makes one,
`gradient_norms` and `signals` look inside before the first update, `contest` trains stacks from
different starts side by side, each at the best of the same learning rates.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from companion.experiments.side_by_side import SideBySide
from companion.gradients.generator import manual_seed
from companion.gradients.initialization import zeros_
from companion.gradients.layers import Linear
from companion.gradients.losses.cross_entropies import CrossEntropyLoss
from companion.gradients.module import Sequential
from companion.gradients.tensor import Tensor
from companion.training.recording import record

REMEDIES = ("normalization", "residual")


def stack(depth, activation, rule=None, *, seed=0, width=32, inputs=196, outputs=10):
    """Make a network of `depth` linear layers with an activation after each but the last.

    Parameters
    ----------
    depth : int
        Number of linear layers, at least 1.
    activation : callable
        Makes an activation layer, such as ``nn.Tanh``.
    rule : callable, optional
        Fills a tensor of weights, such as ``nn.init.xavier_normal_``; biases are then 0. By
        default layers keep what `Linear` draws.
    seed : int
        Seed of the weights.
    width, inputs, outputs : int
        Units of a hidden layer, inputs, outputs.

    Returns
    -------
    Sequential
        The network, float32.

    Raises
    ------
    ValueError
        If there is no layer.
    """
    if depth < 1:
        raise ValueError(f"stack: depth is {depth}; expected at least 1")
    manual_seed(seed)
    layers = []
    for fan_in, fan_out in pairwise([inputs, *[width] * (depth - 1), outputs]):
        layers += [Linear(fan_in, fan_out), activation()]
    if rule is not None:
        for linear in layers[::2]:
            rule(linear.weight)
            zeros_(linear.bias)
    return Sequential(*layers[:-1])


def gradient_norms(model, X, y):
    """Norm of the gradient of each linear layer's weights, first layer first.

    Parameters
    ----------
    model : Sequential
        The network; in float64, since gradients below 1e-45 are 0 in float32.
    X, y : numpy.ndarray
        Inputs (N, D) and class numbers (N,) of one mini-batch.

    Returns
    -------
    numpy.ndarray
        One norm for each layer with weights.
    """
    norms = [row.weight_gradient_norm for row in _recorded(model, X, y)]
    return np.array(norms)[~np.isnan(norms)]


def signals(model, X, y):
    """Measure what each hidden layer puts out and what comes back to it.

    Parameters
    ----------
    model, X, y
        As for `gradient_norms`.

    Returns
    -------
    spread : numpy.ndarray
        Deviation of the activations over the examples, root mean square over the units.
    gradient : numpy.ndarray
        Norm of the gradient with respect to them.
    """
    hidden = [row for row in _recorded(model, X, y) if np.isnan(row.weight_gradient_norm)]
    return tuple(np.array([(row.spread, row.gradient_norm) for row in hidden]).reshape(-1, 2).T)


def likeness(model, X):
    """Mean cosine between what two different examples become, after each hidden layer.

    Parameters
    ----------
    model : Sequential
        The network.
    X : numpy.ndarray
        Inputs, (N, D).

    Returns
    -------
    numpy.ndarray
        One number for each activation; 1 where all examples point the same way.
    """
    a, found = Tensor(X), []
    for layer in model:
        a = layer(a)
        if not isinstance(layer, Linear):
            u = a.data / np.linalg.norm(a.data, axis=1, keepdims=True)
            found.append(((u @ u.T).sum() - len(u)) / (len(u) * (len(u) - 1)))
    return np.array(found)


class RemediedStacks(SideBySide):
    """Stacks side by side, every hidden layer with the same remedy against lost signals.

    Parameters
    ----------
    models : sequence of Sequential
        R stacks of equal shape.
    remedy : {None, "normalization", "residual"}
        Nothing; weighted sums brought to mean 0 and variance 1 over the examples, without scale
        and shift; or the input of each hidden layer but the first added to its output.

    Raises
    ------
    ValueError
        If the remedy is unknown.
    """

    def __init__(self, models, remedy=None):
        if remedy not in (None, *REMEDIES):
            raise ValueError(f"remedy is {remedy!r}; choose one of {[*REMEDIES]} or None")
        super().__init__(models)
        self.remedy = remedy

    def forward(self, x):
        """Return the scores of each network, (R, N, K), for inputs (N, D)."""
        *hidden, (weight, bias) = self._layers
        for k, (pair, activation) in enumerate(zip(hidden[::2], hidden[1::2], strict=True)):
            z = x @ pair[0] + pair[1]
            a = activation(_normalized(z) if self.remedy == "normalization" else z)
            x = x + a if self.remedy == "residual" and k else a
        return x @ weight + bias


def losses_of(nets, x, y):
    """Mean cross-entropy of each of R networks on one mini-batch, (R,)."""
    scores = nets(Tensor(x))
    count, examples, classes = scores.shape
    each = CrossEntropyLoss(reduction="none")(scores.reshape(-1, classes), np.tile(y, count))
    return each.reshape(-1, examples).mean(axis=1)


class Start(NamedTuple):
    """Where stacks of one kind begin, and how they learned at their best learning rate.

    Attributes
    ----------
    rate : float
        The best of the rates: lowest median loss over the last twenty updates.
    losses : numpy.ndarray
        Loss of each mini-batch at that rate, (S, steps).
    """

    rate: float
    losses: np.ndarray

    @property
    def ends(self):
        """Mean loss over the last twenty updates of each seed, (S,)."""
        return self.losses[:, -20:].mean(axis=1)


@np.errstate(over="ignore", invalid="ignore")
def contest(starts, rates, batches, *, optimizer, seeds=3, remedy=None):
    """Train stacks from several starts, each at several rates and from several seeds.

    Parameters
    ----------
    starts : dict
        Name → function from a seed to a stack; all of equal shape.
    rates : sequence of float
        Learning rates, the same for every start.
    batches : sequence of (numpy.ndarray, numpy.ndarray)
        Mini-batches (x, y) in the order of training; every run sees the same.
    optimizer : callable
        ``optimizer(parameters, lr)`` makes an optimizer that works entry by entry, such as
        ``optim.SGD``; ``lr`` is an array (R, 1, 1).
    seeds : int
        How many seeds.
    remedy : str, optional
        As for `RemediedStacks`.

    Returns
    -------
    dict of str to Start
        What the best rate of each start gave.
    """
    models = [make(seed) for make in starts.values() for _ in rates for seed in range(seeds)]
    nets = RemediedStacks(models, remedy)
    each = np.tile(np.repeat(np.float32(rates), seeds), len(starts)).reshape(-1, 1, 1)
    steps, history = optimizer(list(nets.parameters()), lr=each), []
    for x, y in batches:
        losses = losses_of(nets, x, y)
        steps.zero_grad()
        losses.sum().backward()
        steps.step()
        history.append(losses.data)
    shape = len(starts), len(rates), seeds, len(batches)
    runs = np.array(history).T.reshape(shape)
    return {name: _best(rates, own) for name, own in zip(starts, runs, strict=True)}


def _best(rates, runs):
    ends = np.nan_to_num(runs[..., -20:].mean(axis=2), nan=np.inf)
    best = int(np.median(ends, axis=1).argmin())
    return Start(float(rates[best]), runs[best])


def _recorded(model, X, y):
    with record(model) as layers:
        CrossEntropyLoss()(model(X), y).backward()
    return layers.statistics()


def _normalized(z, eps=1e-5):
    """Mean 0 and variance 1 over the examples, the axis before the last."""
    z = z - z.mean(axis=-2, keepdims=True)
    return z / ((z * z).mean(axis=-2, keepdims=True) + eps).sqrt()
