"""Dropout: units that are left out at random while a network learns.

Derived in the chapter :ref:`dropout`. Each is a product with a random scale, so that the engine
brings the gradient back through the same scale. ``manual_seed`` makes what is drawn repeatable.
"""

import numpy as np

from companion.gradients.activations import SELU_ALPHA, SELU_SCALE
from companion.gradients.arithmetic import mul
from companion.gradients.generator import generator
from companion.gradients.module import Module
from companion.gradients.tensor import Tensor


def random_scale(shape, p, dtype=np.float32):
    """Draw what inverted dropout multiplies by: 0 with probability p, else 1 / (1 - p).

    Parameters
    ----------
    shape : tuple of int
        Shape of the array.
    p : float
        Probability of a 0, from 0 to 1.
    dtype : numpy.dtype
        float32 or float64.

    Returns
    -------
    numpy.ndarray
        The scale; its expected value is 1 for any p below 1.
    """
    kept = generator().random(shape, dtype=dtype) >= p
    return kept.astype(dtype) * np.dtype(dtype).type(1 / (1 - p) if p < 1 else 0)


def dropout(input, p=0.5, training=True):
    """Set entries to 0 at random and divide the others by the keep probability.

    Parameters
    ----------
    input : Tensor or array_like
        Floating point, any shape.
    p : float
        Probability to drop an entry, from 0 to 1.
    training : bool
        Without it nothing happens.

    Returns
    -------
    Tensor
        Same shape and type. Its expected value is the input.

    Raises
    ------
    ValueError
        If `p` is not a probability.
    TypeError
        If the input is not floating point.

    Notes
    -----
    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, *Dropout: a simple way to prevent
    neural networks from overfitting* (2014), scaled as in their section 10. Derived in the chapter
    :ref:`dropout`.
    """
    return _dropped("dropout", input, p, training, lambda shape: shape)


def dropout1d(input, p=0.5, training=True):
    """Drop whole channels of sequences; see `dropout`.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, L) or (C, L).
    p : float
        Probability to drop a channel.
    training : bool
        Without it nothing happens.

    Returns
    -------
    Tensor
        Same shape and type.

    Raises
    ------
    ValueError
        If `p` is not a probability or the input has other axes.
    """
    _check_axes("dropout1d", input, (2, 3), "(N, C, L) or (C, L)")
    return _dropped("dropout1d", input, p, training, lambda shape: (*shape[:-1], 1))


def dropout2d(input, p=0.5, training=True):
    """Drop whole channels of images; see `dropout`.

    Parameters
    ----------
    input : Tensor or array_like
        (N, C, H, W).
    p : float
        Probability to drop a channel.
    training : bool
        Without it nothing happens.

    Returns
    -------
    Tensor
        Same shape and type.

    Raises
    ------
    ValueError
        If `p` is not a probability or the input has other axes.

    Notes
    -----
    Tompson et al., *Efficient object localization using convolutional networks* (2015).
    Neighbouring pixels are alike, so that a single one left out is no loss.
    """
    _check_axes("dropout2d", input, (4,), "(N, C, H, W)")
    return _dropped("dropout2d", input, p, training, lambda shape: (*shape[:2], 1, 1))


def alpha_dropout(input, p=0.5, training=False):
    """Set entries to the limit of SELU at random, then restore mean 0 and variance 1.

    Parameters
    ----------
    input : Tensor or array_like
        Floating point, any shape; of mean 0 and variance 1, as `selu` keeps its units.
    p : float
        Probability to replace an entry.
    training : bool
        Without it nothing happens; the default is torch's.

    Returns
    -------
    Tensor
        Same shape and type. With p = 1 all entries are 0, as in torch.

    Raises
    ------
    ValueError
        If `p` is not a probability.

    Notes
    -----
    Klambauer, Unterthiner, Mayr and Hochreiter, *Self-normalizing neural networks* (2017). With the
    limit -λα for what is dropped, the factor a = ((1 - p)(1 + p λ²α²))^-1/2 keeps the variance
    and the shift b = a p λα the mean.
    """
    x = _checked("alpha_dropout", input, p)
    if not training or p == 0:
        return x
    limit = -SELU_SCALE * SELU_ALPHA if p < 1 else 0.0
    a = ((1 - p) * (1 + p * limit**2)) ** -0.5 if p < 1 else 0.0
    kept = generator().random(x.shape, dtype=x.dtype) >= p
    shift = np.where(kept, -a * p * limit, a * limit * (1 - p))
    return mul(x, (kept * a).astype(x.dtype)) + shift.astype(x.dtype)


class Dropout(Module):
    """Leave out entries at random in training; do nothing in evaluation; see `dropout`.

    Parameters
    ----------
    p : float
        Probability to drop an entry, from 0 to 1.

    Raises
    ------
    ValueError
        If `p` is not a probability.
    """

    function = staticmethod(dropout)

    def __init__(self, p=0.5):
        self.p = check_probability(type(self).__name__, p)

    def forward(self, x):
        """Return x with entries dropped, or x itself in evaluation; same shape."""
        return self.function(x, self.p, self.training)

    def extra_repr(self):
        """Return the probability."""
        return f"p={self.p}"


class Dropout1d(Dropout):
    """Leave out whole channels of sequences, (N, C, L) or (C, L); see `dropout1d`."""

    function = staticmethod(dropout1d)


class Dropout2d(Dropout):
    """Leave out whole channels of images, (N, C, H, W); see `dropout2d`."""

    function = staticmethod(dropout2d)


class AlphaDropout(Dropout):
    """Dropout after SELU, which keeps mean and variance; see `alpha_dropout`."""

    function = staticmethod(alpha_dropout)


class PlainDropout(Dropout):
    """Dropout as it was first written down: nothing is scaled in training, all in evaluation.

    Notes
    -----
    In evaluation entries are multiplied by 1 - p, the probability to *keep* one. Hinton et al.,
    *Improving neural networks by preventing co-adaptation of feature detectors* (2012).
    """

    def forward(self, x):
        """Return x with entries dropped, or in evaluation (1 - p) x; same shape."""
        x = _checked("PlainDropout", x, self.p)
        if not self.training:
            return x * (1 - self.p)
        return mul(x, (generator().random(x.shape) >= self.p).astype(x.dtype))


def check_probability(name, p):
    """Return p, or raise a ValueError in the name of the caller if it is no probability."""
    if not 0 <= p <= 1:
        raise ValueError(f"{name}: p is {p}; expected a probability to drop, from 0 to 1")
    return p


def _dropped(name, input, p, training, units):
    x = _checked(name, input, p)
    return mul(x, random_scale(units(x.shape), p, x.dtype)) if training and p > 0 else x


def _checked(name, input, p):
    check_probability(name, p)
    x = input if isinstance(input, Tensor) else Tensor(input)
    if x.dtype.kind != "f":
        raise TypeError(f"{name}: got {x.dtype}; scale the input to floating-point numbers first")
    return x


def _check_axes(name, input, axes, expected):
    if np.ndim(getattr(input, "data", input)) not in axes:
        raise ValueError(f"{name}: got {np.shape(input)}, expected {expected}")
