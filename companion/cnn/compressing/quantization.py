"""Quantization: real numbers on a grid of few whole ones.

A grid has a scale and a zero point. Whether a scale belongs to a whole tensor or to each of its
channels is a question of shape: a grid with one scale a channel broadcasts.
"""

from typing import NamedTuple

import numpy as np

from companion.training import engines


class Grid(NamedTuple):
    """Real numbers that a few whole ones stand for: q stands for scale · (q − zero_point).

    Attributes
    ----------
    scale : float or numpy.ndarray
        Distance of neighbours, above 0; an array broadcasts against the numbers.
    zero_point : int or numpy.ndarray
        The whole number that stands for 0.
    bits : int
        From 2 to 16.
    signed : bool
        Whether the whole numbers run from −(2ᵇ⁻¹ − 1) to 2ᵇ⁻¹ − 1 rather than 0 to 2ᵇ − 1.
    """

    scale: float | np.ndarray
    zero_point: int | np.ndarray
    bits: int = 8
    signed: bool = False

    @property
    def low(self):
        """The smallest whole number."""
        return 1 - 2 ** (self.bits - 1) if self.signed else 0

    @property
    def high(self):
        """The largest whole number."""
        return 2 ** (self.bits - 1) - 1 if self.signed else 2**self.bits - 1

    @property
    def dtype(self):
        """The NumPy type that holds the whole numbers."""
        return np.dtype(f"{'int' if self.signed else 'uint'}{8 if self.bits <= 8 else 16}")


def grid_for(low, high, bits=8, *, symmetric=False):
    """Choose scale and zero point for numbers from `low` to `high`.

    Parameters
    ----------
    low, high : float or array_like
        Ends of the range; arrays make a grid of one scale for each entry. A range without 0 is
        widened to hold it, so that 0 is always met exactly.
    bits : int
        From 2 to 16.
    symmetric : bool
        Whether the zero point is 0 and the whole numbers are signed; the range is then widened to
        the larger of -low and high, to both sides.

    Returns
    -------
    Grid
        A range of nothing but 0 gets the scale 1.

    Raises
    ------
    ValueError
        If a number of bits is out of range, or the range is not finite or does not rise.

    Notes
    -----
    Jacob and others (2018), section 2.1. Derived in the chapter :ref:`quantization`.
    """
    if bits not in range(2, 17):
        raise ValueError(f"grid_for: {bits} bits; choose 2 to 16")
    low, high = np.asarray(low, np.float64), np.asarray(high, np.float64)
    if not (np.isfinite(low).all() and np.isfinite(high).all() and (low <= high).all()):
        raise ValueError(f"grid_for: a range from {low} to {high}; both must be finite, low ≤ high")
    if symmetric:
        reach, steps = np.maximum(abs(low), abs(high)), 2 ** (bits - 1) - 1
        scale, zero = reach / steps, np.zeros(reach.shape, np.int64)
    else:
        low, high, steps = np.minimum(low, 0), np.maximum(high, 0), 2**bits - 1
        scale = (high - low) / steps
        zero = np.rint(-low / np.where(scale > 0, scale, 1)).astype(np.int64)
    scale = np.where(scale > 0, scale, 1.0)
    if scale.ndim == 0:
        scale, zero = float(scale), int(zero)
    return Grid(scale, zero, bits, symmetric)


def quantize(x, grid):
    """Return the nearest whole numbers of a grid; what lies beyond its ends goes to its ends.

    Parameters
    ----------
    x : array_like
        Real numbers, any shape.
    grid : Grid
        Its scale broadcasts against `x`.

    Returns
    -------
    numpy.ndarray
        clip(round(x / scale) + zero_point), same shape, of the grid's type. Halves go to the even
        neighbour.

    Raises
    ------
    ValueError
        If a number is NaN, for which no whole number can stand.
    """
    x = np.asarray(x)
    if np.isnan(x).any():
        raise ValueError("quantize: NaN among the numbers; look for its cause before quantizing")
    q = np.rint(x / grid.scale) + grid.zero_point
    return q.clip(grid.low, grid.high).astype(grid.dtype)


def dequantize(q, grid):
    """Return the real numbers that whole ones stand for: scale · (q − zero_point), in float32."""
    return (grid.scale * (np.asarray(q, np.int64) - grid.zero_point)).astype(np.float32)


def rounded(x, grid):
    """Move real numbers to the nearest point of a grid, in float32 ("fake quantization")."""
    return dequantize(quantize(x, grid), grid)


def observed(values, percentile=100.0):
    """Say in which range numbers lie.

    Parameters
    ----------
    values : array_like
        Any shape.
    percentile : float
        100 takes smallest and largest; 99.9 cuts off one in a thousand at the upper end, and as
        many at the lower one.

    Returns
    -------
    tuple of float
        Lower and upper end.

    Raises
    ------
    ValueError
        If there are no numbers, or the percentile is not above 50 and at most 100.
    """
    values = np.asarray(values)
    if not values.size or not 50 < percentile <= 100:
        raise ValueError(
            f"observed: {values.size} numbers, percentile {percentile}; expected at least one "
            "number, and a percentile above 50 and at most 100"
        )
    low, high = np.percentile(values, [100 - percentile, percentile])
    return float(low), float(high)


def weight_grid(weight, bits=8, *, per_channel=True):
    """Choose a symmetric grid for the weights of a dense or convolutional layer.

    Parameters
    ----------
    weight : array_like
        (O, …), one row or kernel for each output.
    bits : int
        From 2 to 16.
    per_channel : bool
        Whether each of the O outputs gets a scale of its own.

    Returns
    -------
    Grid
        Its scale is a number, or (O, 1, …).
    """
    size = abs(np.asarray(weight))
    axes = tuple(range(1, size.ndim)) if per_channel else None
    reach = size.max(axis=axes, keepdims=per_channel, initial=0)
    return grid_for(-reach, reach, bits, symmetric=True)


def round_weights_(network, bits=8, *, per_channel=True):
    """Move the weights of a network to grids of few bits, in place; biases stay as they are.

    Parameters
    ----------
    network : Module
        Of either engine. Weights are the parameters of two or more axes, those of dense and
        convolutional layers; what normalizes has one axis.
    bits, per_channel
        As for `weight_grid`.

    Returns
    -------
    Module
        The network. It computes with real numbers as before, so this shows what fewer bits do to
        its answers, not to its speed.
    """
    for parameter in network.parameters():
        value = engines.to_numpy(parameter)
        if value.ndim > 1:
            new = rounded(value, weight_grid(value, bits, per_channel=per_channel))
            (parameter.data[...],) = engines.adapt(network, new.astype(value.dtype))
    return network
