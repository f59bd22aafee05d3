"""Three first layers with the same outputs: all wires, near wires, near wires with shared weights.

What follows is the same for all: maximum pooling, ReLU, a dense layer.
"""

from math import prod
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
    classes : int
        Scores at the end.
    """

    side: int = 14
    kernel: int = 5
    stride: int = 1
    maps: int = 8
    pool: int = 2
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
    output. Used in the chapter :ref:`local_and_shared`.
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
        places, K, D = layout.out**2, layout.kernel**2, layout.side**2
        first = {"dense": (D, places * layout.maps), "local": (places * K, layout.maps)}
        first = first.get(way, (K, layout.maps))
        biases = {"dense": places * layout.maps, "local": places * layout.maps}
        features = (layout.out // layout.pool) ** 2 * layout.maps
        rngs = [np.random.default_rng([seed, 51]) for seed in seeds]

        def fresh(*shape, inputs):
            draws = [rng.uniform(-1, 1, shape) / np.sqrt(inputs) for rng in rngs]
            return Parameter(np.stack(draws).astype(np.float32))

        inputs = D if way == "dense" else K
        self.weight = fresh(*first, inputs=inputs)
        self.bias = fresh(1, biases.get(way, layout.maps), inputs=inputs)
        self.head = fresh(features, layout.classes, inputs=features)
        self.head_bias = fresh(1, layout.classes, inputs=features)

    @property
    def numbers(self):
        """Numbers that the first layer of one network learns."""
        return (self.weight.numel() + self.bias.numel()) // self.weight.shape[0]

    def forward(self, x):
        """Map images (N, D), or for each network its own (R, N, D), to scores (R, N, classes)."""
        x = np.broadcast_to(x.numpy(), (self.weight.shape[0], *x.shape[-2:]))
        one, (R, N, _) = self.layout, x.shape
        maps = self._first(x).reshape(R, N, *[one.out // one.pool, one.pool] * 2, one.maps)
        largest = maps.max(axis=(3, 5)).reshape(R, N, -1)
        return relu(largest) @ self.head + self.head_bias

    def _first(self, x):
        """Outputs of the first layer, (R, N, places, maps)."""
        one, (R, N, _) = self.layout, x.shape
        if self.way == "dense":
            return (Tensor(x) @ self.weight + self.bias).reshape(R, N, -1, one.maps)
        images = x.reshape(R, N, one.side, one.side)
        windows = np.lib.stride_tricks.sliding_window_view(images, (one.kernel,) * 2, (2, 3))
        windows = windows[:, :, :: one.stride, :: one.stride]
        places, K = prod(windows.shape[2:4]), one.kernel**2
        windows = windows.reshape(R, N, places, K)
        if self.way == "shared":
            flat = Tensor(windows.reshape(R, N * places, K)) @ self.weight + self.bias
            return flat.reshape(R, N, places, one.maps)
        own = self.weight.reshape(R, places, K, one.maps)
        out = Tensor(np.ascontiguousarray(windows.swapaxes(1, 2))) @ own
        return out.transpose(1, 2) + self.bias.reshape(R, 1, places, one.maps)


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


def small_digits(order=None):
    """Load the digits, averaged to 14 × 14, with their pixels in another order if one is given.

    Parameters
    ----------
    order : array_like, optional
        A permutation of the 196 pixels, the same for all digits.

    Returns
    -------
    ThreeWay
        3,000 / 1,000 / 1,000 digits, (N, 196).
    """
    data = train_dev_test()
    order = slice(None) if order is None else np.asarray(order)
    parts = [pooled(X)[:, order] for X in (data.X_train, data.X_dev, data.X_test)]
    return ThreeWay(
        *[part for pair in zip(parts, (data.y_train, data.y_dev, data.y_test), strict=True)
          for part in pair]
    )


def shifted(X, right, down=0):
    """Move images (N, side²) by whole pixels; what enters is 0, what leaves is gone."""
    side = int(len(X[0]) ** 0.5)
    images, moved = X.reshape(-1, side, side), np.zeros((len(X), side, side), X.dtype)
    rows = slice(max(0, down), side + min(0, down)), slice(max(0, -down), side + min(0, -down))
    columns = slice(max(0, right), side + min(0, right)), slice(max(0, -right), side + min(0, -right))
    moved[:, rows[0], columns[0]] = images[:, rows[1], columns[1]]
    return moved.reshape(X.shape)
