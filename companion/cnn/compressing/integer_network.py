"""A whole network in whole numbers, from the images to the last sums.

Real numbers come in twice only: as scales, when the network is made, and at the very end, when the
last sums are turned into scores.
"""

import copy
from typing import NamedTuple

import numpy as np

from companion.cnn.compressing.batch_norm_folding import fold_batch_norm_
from companion.cnn.compressing.integer_arithmetic import fixed_point, integer_product, rescaled
from companion.cnn.compressing.quantization import Grid, grid_for, observed, quantize, weight_grid
from companion.training import engines


class Weighted(NamedTuple):
    """A dense or convolutional layer in whole numbers, with the ReLU behind it if there is one.

    Attributes
    ----------
    weight : numpy.ndarray
        (O, C, K, K) or (O, D), int8.
    bias : numpy.ndarray
        (O,) int32, in units of `unit`; what the input's zero point adds is taken off.
    unit : numpy.ndarray
        (O,), what 1 in a sum stands for: scale of the input times scale of the weights.
    given, made : Grid
        Of what comes in, and of what goes out; None for the last layer, whose sums are kept.
    stride, padding : tuple of int
        Of a convolution.
    """

    weight: np.ndarray
    bias: np.ndarray
    unit: np.ndarray
    given: Grid
    made: Grid | None
    bits: int
    stride: tuple = (1, 1)
    padding: tuple = (0, 0)

    def sums(self, q):
        """Return the sums of 32 bits, bias included: (N, O) or (N, O, H′, W′)."""
        kernels = self.weight.reshape(len(self.weight), -1).T
        if self.weight.ndim == 2:
            return integer_product(q, kernels) + self.bias
        rows, (N, H, W) = _windows(q, self)
        sums = integer_product(rows, kernels) + self.bias
        return np.moveaxis(sums.reshape(N, H, W, -1), 3, 1)

    def __call__(self, q):
        """Map whole numbers on the grid `given` to whole numbers on the grid `made`."""
        sums = self.sums(q)
        if self.made is None:
            return sums
        column = (-1, *[1] * (sums.ndim - 2))
        factor, shift = (part.reshape(column) for part in fixed_point(self.unit / self.made.scale))
        q = rescaled(sums, factor, shift) + self.made.zero_point
        return q.clip(self.made.low, self.made.high).astype(self.made.dtype)


class Pooled(NamedTuple):
    """Max pooling over squares that do not overlap: whole numbers are as good as real ones."""

    size: int

    def __call__(self, q):
        """Map (N, C, H, W) to (N, C, H // size, W // size)."""
        N, C, H, W = q.shape
        h, w, s = H // self.size, W // self.size, self.size
        return q[:, :, : h * s, : w * s].reshape(N, C, h, s, w, s).max(axis=(3, 5))


class Flattened(NamedTuple):
    """The numbers of each example in one row."""

    def __call__(self, q):
        """Map (N, …) to (N, D)."""
        return q.reshape(len(q), -1)


class IntegerNetwork(NamedTuple):
    """A network that computes with whole numbers; `in_integers` makes it.

    Attributes
    ----------
    grid : Grid
        Of the images.
    layers : list
        Of `Weighted`, `Pooled` and `Flattened`.
    """

    grid: Grid
    layers: list

    def __call__(self, images):
        """Map images (N, C, H, W) to scores (N, K), float32."""
        q = quantize(images, self.grid)
        for layer in self.layers:
            q = layer(q)
        return (q * self.layers[-1].unit).astype(np.float32)

    @property
    def nbytes(self):
        """Bytes of weights (packed, if of fewer than 8 bits), biases, factors and shifts."""
        total = 0
        for layer in self.layers:
            if isinstance(layer, Weighted):
                total += -(-layer.weight.size * layer.bits // 8)
                # A factor takes 4 bytes and a shift 1; the units of the last layer take 4.
                total += len(layer.bias) * (4 + (5 if layer.made else 4))
        return total


def in_integers(
    nn, network, images, *, bits=8, activation_bits=8, per_channel=True, percentile=100.0
):
    """Turn a trained network into one of whole numbers.

    Parameters
    ----------
    nn : module
        ``companion.nn`` or ``torch.nn``, the engine of the network.
    network : Sequential
        In evaluation mode; left as it was. Its layers: `Conv2d` (one group, no dilation, numbers
        as padding), `BatchNorm2d` right behind one, `Linear`, `ReLU` right behind these,
        `MaxPool2d` (squares that do not overlap), `Flatten`, `Dropout`, `Identity`; the last a
        `Linear`.
    images : numpy.ndarray
        (N, C, H, W), for calibration: the ranges of the activations are those seen with them.
    bits, activation_bits : int
        Of weights and of activations, 2 to 8. The images themselves come in 8.
    per_channel : bool
        Whether the weights of each output have a scale of their own.
    percentile : float
        As for `companion.cnn.compressing.quantization.observed`, for the activations.

    Returns
    -------
    IntegerNetwork
        Maps images to scores.

    Raises
    ------
    TypeError
        If there is a layer of another kind, or in another place.
    ValueError
        If a number of bits is not from 2 to 8.

    Notes
    -----
    Jacob and others (2018). Derived in the chapter :ref:`quantization`.
    """
    if not {bits, activation_bits} <= set(range(2, 9)):
        raise ValueError(f"in_integers: {bits} and {activation_bits} bits; choose 2 to 8")
    network = fold_batch_norm_(nn, copy.deepcopy(network))
    given = first = grid_for(*observed(images))
    layers, steps = [], _with_ranges(nn, network, images, percentile)
    for k, (layer, ends) in enumerate(steps):
        if isinstance(layer, nn.Flatten):
            layers.append(Flattened())
        elif isinstance(layer, nn.MaxPool2d):
            layers.append(Pooled(_side(layer)))
        else:
            made = grid_for(*ends, activation_bits) if k < len(steps) - 1 else None
            layers.append(_weighted(layer, given, made, bits, per_channel))
            given = made
    return IntegerNetwork(first, layers)


def _with_ranges(nn, network, images, percentile):
    """List (layer, range of what it puts out), a ReLU together with the layer before it."""
    steps, (x,) = [], engines.adapt(network, images)
    with engines.no_grad(network):
        for k, layer in enumerate(network):
            x = layer(x)
            if isinstance(layer, nn.ReLU) and steps and hasattr(steps[-1][0], "weight"):
                steps[-1] = steps[-1][0], observed(engines.to_numpy(x), percentile)
            elif _fits(nn, layer):
                steps.append((layer, observed(engines.to_numpy(x), percentile)))
            elif not isinstance(layer, nn.Identity | nn.Dropout):
                raise TypeError(f"in_integers: layer {k}, {layer}, has no twin in whole numbers")
    if not steps or not isinstance(network[-1], nn.Linear):
        raise TypeError("in_integers: the last layer must be a Linear, whose sums are the scores")
    return steps


def _fits(nn, layer):
    if isinstance(layer, nn.Conv2d):
        plain = layer.groups == 1 and tuple(layer.dilation) == (1, 1)
        return plain and layer.padding_mode == "zeros" and not isinstance(layer.padding, str)
    if isinstance(layer, nn.MaxPool2d):
        return _side(layer) is not None
    return isinstance(layer, nn.Linear | nn.Flatten)


def _side(pool):
    """Return the side of the squares that a pooling layer picks from, or None if they are none."""
    options = getattr(pool, "options", vars(pool))  # the companion's or torch's
    names = "kernel_size", "stride", "padding"
    sides, steps, border = (set(np.ravel(options[name]).tolist()) for name in names)
    return sides.pop() if len(sides) == 1 and sides == steps and border == {0} else None


def _weighted(layer, given, made, bits, per_channel):
    weight = engines.to_numpy(layer.weight).astype(np.float64)
    b = 0.0 if layer.bias is None else engines.to_numpy(layer.bias).astype(np.float64)
    b = np.broadcast_to(b, len(weight))
    grid = weight_grid(weight, bits, per_channel=per_channel)
    # Where all weights are tiny, the scale has to be large enough for the bias to fit 30 bits.
    least = abs(b).reshape(-1, *[1] * (weight.ndim - 1)) / given.scale / 2**30
    grid = grid._replace(scale=np.maximum(grid.scale, least if per_channel else least.max()))
    unit = np.broadcast_to(np.ravel(grid.scale), len(b)) * given.scale
    q = quantize(weight, grid)
    offset = given.zero_point * q.reshape(len(q), -1).sum(axis=1, dtype=np.int64)
    bias = (np.rint(b / unit) - offset).astype(np.int32)
    if not hasattr(layer, "kernel_size"):
        return Weighted(q, bias, unit, given, made, bits)
    stride, padding = (tuple(np.broadcast_to(p, 2)) for p in (layer.stride, layer.padding))
    return Weighted(q, bias, unit, given, made, bits, stride, padding)


def _windows(q, layer):
    """Write each window of an image out as a row: (N · H′ · W′, C · K · K), and (N, H′, W′)."""
    (h, w), (down, right) = layer.weight.shape[2:], layer.stride
    border = [(0, 0), (0, 0), *((p, p) for p in layer.padding)]
    # What stands for 0 fills the border, and that is the zero point.
    q = np.pad(q, border, constant_values=layer.given.zero_point)
    windows = np.lib.stride_tricks.sliding_window_view(q, (h, w), axis=(2, 3))
    windows = windows[:, :, ::down, ::right].transpose(0, 2, 3, 1, 4, 5)
    return windows.reshape(-1, q.shape[1] * h * w), windows.shape[:3]
