"""Three first layers with the same outputs: all wires, near wires, near wires with shared weights.

What follows is the same for all: maximum pooling, ReLU, a dense layer.
"""

from typing import NamedTuple

import numpy as np

from companion.data.digits import ThreeWay, pooled, train_dev_test
from companion.experiments.regularization import small_sets as small
from companion.gradients.activations import relu
from companion.gradients.module import Module, Parameter
from companion.gradients.tensor import Tensor

WAYS = ("dense", "local", "shared")


class Layout(NamedTuple):
    """Sizes of the first layer and of what follows it.

    Attributes
    ----------
    side : int
        Rows and columns of the images, which have one channel.
    kernel, stride, maps : int
        Side of the kernel, its step, and number of maps.
    pool : int
        Side of the pooling windows; it divides the side of a map.
    hidden, classes : int
        Units of the dense layer behind the pooling, and scores at the end.
    """

    side: int = 14
    kernel: int = 5
    stride: int = 1
    maps: int = 8
    pool: int = 2
    hidden: int = 50
    classes: int = 10

    @property
    def out(self):
        """Side of a map."""
        return (self.side - self.kernel) // self.stride + 1


class Connected(Module):
    """R networks side by side that differ in their first weights.

    Parameters
    ----------
    way : {"dense", "local", "shared"}
        Which wires the first layer has: all; those within a kernel's window; the same with one
        kernel a map for all windows.
    seeds : sequence of int
        Seed of each network, R of them.
    layout : Layout
        Sizes.

    Raises
    ------
    ValueError
        If there is no such way, or the pooling windows do not fill a map.

    Notes
    -----
    All weights are (R, inputs, outputs) and start uniform in ±1/√D, with D the inputs of one
    output; those of the first layer have a last input that is always 1, the bias. Used in the
    chapter :ref:`local_and_shared`.
    """

    def __init__(self, way, seeds, layout=None):
        layout = layout or Layout()
        if way not in WAYS:
            raise ValueError(f"Connected: there is no way {way!r}; choose one of {WAYS}")
        if layout.out % layout.pool:
            raise ValueError(
                f"Connected: windows of {layout.pool} do not fill a map of {layout.out}; "
                "choose a divisor"
            )
        self.way, self.layout = way, layout
        places, K, D = layout.out**2, layout.kernel**2 + 1, layout.side**2 + 1
        first = {
            "dense": (D, places * layout.maps),
            "local": (places * K, layout.maps),
            "shared": (K, layout.maps),
        }
        features = places // layout.pool**2 * layout.maps
        rngs = [np.random.default_rng([seed, 51]) for seed in seeds]

        def fresh(*shape, inputs):
            draws = [rng.uniform(-1, 1, shape) / np.sqrt(inputs) for rng in rngs]
            return Parameter(np.stack(draws).astype(np.float32))

        self.first_weight = fresh(*first[way], inputs=(D if way == "dense" else K) - 1)
        self.hidden_weight = fresh(features, layout.hidden, inputs=features)
        self.hidden_bias = fresh(1, layout.hidden, inputs=features)
        self.last_weight = fresh(layout.hidden, layout.classes, inputs=layout.hidden)
        self.last_bias = fresh(1, layout.classes, inputs=layout.hidden)

    @property
    def numbers(self):
        """Numbers that the first layer of one network learns."""
        return self.first_weight[0].numel()

    def forward(self, x):
        """Map images (N, D), or for each network its own (R, N, D), to scores (R, N, classes)."""
        x = np.broadcast_to(x.numpy(), (len(self.first_weight), *x.shape[-2:]))
        maps = relu(self._pooled(np.ascontiguousarray(x)))
        hidden = relu(maps @ self.hidden_weight + self.hidden_bias)
        return hidden @ self.last_weight + self.last_bias

    def _pooled(self, x):
        """Largest output of each pooling window, (R, N, windows * maps)."""
        one, (R, N, _) = self.layout, x.shape
        if self.way == "dense":  # its outputs have no place until the pooling gives them one
            return (_with_one(x) @ self.first_weight).reshape(R, N, one.pool**2, -1).max(axis=2)
        patches = _with_one(self._patches(x))
        P, K = patches.shape[1], patches.shape[-1]
        if self.way == "shared":
            out = patches.reshape(R, P * N, K) @ self.first_weight
        else:
            out = patches @ self.first_weight.reshape(R, P, K, one.maps)
        return out.reshape(R, one.pool**2, -1, N, one.maps).max(axis=1).transpose(1, 2).flatten(2)

    def _patches(self, x):
        """Cut out what each window of the kernel sees, (R, places, N, K).

        The places are sorted by where they stand in their pooling window, then by window, so that
        pooling is one reduction.
        """
        one, (R, N, _) = self.layout, x.shape
        images = x.reshape(R, N, one.side, one.side)
        seen = np.lib.stride_tricks.sliding_window_view(images, (one.kernel,) * 2, (2, 3))
        seen = seen[:, :, :: one.stride, :: one.stride]
        n = one.out // one.pool
        seen = seen.reshape(R, N, n, one.pool, n, one.pool, -1)
        return seen.transpose(0, 3, 5, 2, 4, 1, 6).reshape(R, one.out**2, N, -1)


def _with_one(x):
    """Add a 1 behind the inputs, whose weights are the biases."""
    return Tensor(np.concatenate([x, np.ones((*x.shape[:-1], 1), x.dtype)], axis=-1))


class Trained(NamedTuple):
    """Networks of one way after training.

    Attributes
    ----------
    rate : float
        Learning rate, chosen on the tuning seeds.
    networks : Connected
        Of the reported seeds.
    tried : numpy.ndarray
        Mean development error of the tuning seeds at each rate.
    """

    rate: float
    networks: Connected
    tried: np.ndarray


def trained(way, data, make, rates, *, seeds, size, epochs, tuning=(100, 101), layout=None):
    """Choose a learning rate on seeds that are used for nothing else, then train others with it.

    Parameters
    ----------
    way, layout
        As for `Connected`.
    data : ThreeWay
        Small images; each network learns `size` of the training part.
    make : callable
        ``make(parameters, lr=...)`` → optimizer.
    rates : sequence of float
        To choose from, by the development error after training.
    seeds, tuning : sequence of int
        Of the networks to report, and of those to choose by.
    size, epochs : int
        Examples for each network, and passes over them.

    Returns
    -------
    Trained
        Rate, networks, and errors of the choice.

    Raises
    ------
    ValueError
        If a seed is used for both.
    """
    if set(seeds) & set(tuning):
        raise ValueError(f"trained: seeds {sorted(set(seeds) & set(tuning))} would choose for both")

    def learned(seeds, rates):
        networks = Connected(way, seeds, layout)
        optimizer = make(networks.parameters(), lr=np.float32(rates).reshape(-1, 1, 1))
        small.learn(networks, *small.own_sets(seeds, size, data), optimizer, epochs=epochs)
        return networks

    tries = learned([*tuning] * len(rates), np.repeat(rates, len(tuning)))
    errors = small.errors(tries, data.X_dev, data.y_dev).reshape(len(rates), -1).mean(axis=1)
    rate = float(rates[np.argmin(errors)])
    return Trained(rate, learned(seeds, [rate] * len(seeds)), errors)


def small_digits(reach=0, order=None, seed=0):
    """Load the digits, averaged to 14 × 14 pixels.

    Parameters
    ----------
    reach : int
        Each digit is moved by its own whole number of pixels, at most so many, in either direction;
        the outer two rows and columns are almost empty.
    order : array_like, optional
        A permutation of the 196 pixels, the same for all digits, applied after the move.
    seed : int
        Of the moves.

    Returns
    -------
    ThreeWay
        3,000 / 1,000 / 1,000 digits, (N, 196).
    """
    data, order = train_dev_test(), slice(None) if order is None else np.asarray(order)
    rng, parts = np.random.default_rng([seed, 52]), []
    for X in (data.X_train, data.X_dev, data.X_test):
        moves = rng.integers(-reach, reach + 1, size=(len(X), 2))
        parts.append(shifted(pooled(X), *moves.T)[:, order])
    labels = data.y_train, data.y_dev, data.y_test
    return ThreeWay(*[part for pair in zip(parts, labels, strict=True) for part in pair])


def shifted(X, right, down=0):
    """Move square images by whole pixels; what enters is 0, what leaves is gone.

    Parameters
    ----------
    X : numpy.ndarray
        (N, side²).
    right, down : int or array_like of int
        How far, for all images or for each, (N,).

    Returns
    -------
    numpy.ndarray
        Images of the same shape.
    """
    N, side = len(X), round(X.shape[1] ** 0.5)
    i = np.arange(side)[None, :, None] - np.reshape(down, (-1, 1, 1))
    j = np.arange(side)[None, None, :] - np.reshape(right, (-1, 1, 1))
    inside = (i >= 0) & (i < side) & (j >= 0) & (j < side)
    n = np.arange(N)[:, None, None]
    images = X.reshape(N, side, side)[n, i.clip(0, side - 1), j.clip(0, side - 1)]
    return np.where(inside, images, 0).astype(X.dtype).reshape(X.shape)
