"""Non-linear functions between the layers of a network, under torch's names and with its options.

Compared with each other in the chapter :ref:`activations`. All keep the type of their input, are
finite wherever the function itself is, and have torch's slope at their kinks. Temporaries are
written over, and no branch is taken per value: both matter more for speed than the arithmetic.
"""

from functools import reduce

import numpy as np

from companion.gradients.gelu import gelu  # noqa: F401 - stands here with the others
from companion.gradients.selection import only_where
from companion.gradients.tape import primitive

SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946
"""The two constants of `selu`, as printed by Klambauer et al. (2017)."""


@primitive
@np.errstate(over="ignore")
def sigmoid(z):
    """Logistic function 1 / (1 + e^-z), stable for any z. Pullback: da * a * (1 - a)."""
    a = _logistic(z)
    return a, lambda da: _times(1 - a, a, da)


@primitive
def tanh(z):
    """Hyperbolic tangent. Pullback: da * (1 - a²)."""
    a = np.tanh(z)
    return a, lambda da: _times(1 - a * a, da)


@primitive
def relu(z):
    """Rectified linear unit max(z, 0). Pullback: da where z > 0, else 0 (at 0 too, as in torch)."""
    a = _positive_part(z)
    return a, lambda da: only_where(a > 0, da)


@primitive
def leaky_relu(z, *, negative_slope=0.01):
    """Rectified linear unit with a leak: z where z > 0, else `negative_slope` z.

    Pullback: da times 1 or `negative_slope` (the latter at 0). Source: Maas et al. (2013).
    """
    # Of the two lines the upper one counts, or the lower one if the leak is steeper than 1.
    pick = np.maximum if negative_slope <= 1 else np.minimum
    a = pick(z, negative_slope * z)
    return a, lambda da: _times(_two_slopes(z, negative_slope), da)


@primitive
def prelu(z, weight):
    """Leaky unit that learns its slope below 0. z: (N, …) or (N, C, …), weight: a number or (C,).

    Pullbacks: da times 1 or w, and the sum of da z over the values that w multiplied. Source: He
    et al. (2015).
    """
    z, weight = np.asarray(z), np.asarray(weight)
    channels = z.shape[1] if z.ndim > 1 else 1
    if weight.ndim > 1 or weight.size not in (1, channels):
        raise ValueError(f"expected one weight or {channels}, one for each channel of axis 1")
    w = weight.reshape(-1, *[1] * (z.ndim - 2)) if weight.size > 1 else weight.reshape(())
    below = np.clip(z, -np.inf, 0)
    others = tuple(axis for axis in range(z.ndim) if weight.size == 1 or axis != 1)

    def for_weight(da):
        return (da * below).sum(axis=others).reshape(weight.shape)

    return _positive_part(z) + w * below, lambda da: _times(_two_slopes(z, w), da), for_weight


@primitive
def elu(z, *, alpha=1.0):
    """Exponential linear unit: z where z > 0, else alpha (e^z - 1).

    Pullback: da times 1 or alpha e^z (the latter at 0). Source: Clevert et al. (2016).
    """
    return _scaled_elu(z, alpha, 1.0)


@primitive
@np.errstate(over="ignore")
def selu(z):
    """Scaled `elu` whose constants keep mean 0 and variance 1 from layer to layer.

    Pullback: that of `elu`, scaled. Source: Klambauer et al. (2017).
    """
    return _scaled_elu(z, SELU_ALPHA, SELU_SCALE)


@primitive
@np.errstate(over="ignore", invalid="ignore")
def silu(z):
    """Sigmoid linear unit z σ(z), also called swish. Pullback: da * (σ + a (1 - σ)).

    Source: Elfwing et al. (2018), Ramachandran et al. (2017).
    """
    s = _logistic(z)
    a = z * s

    @np.errstate(invalid="ignore")
    def pullback(da):
        slope = _times(1 - s, a)
        slope += s
        return _times(slope, da)

    return a, pullback


@primitive
@np.errstate(over="ignore")
def softplus(z, *, beta=1.0, threshold=20.0):
    """Smooth ReLU log(1 + e^(beta z)) / beta; z itself where beta z > `threshold`, as in torch.

    Pullback: da * σ(beta z), and da above the threshold. Source: Dugas et al. (2000). Raises a
    ValueError unless `beta` is positive.
    """
    if not beta > 0:
        raise ValueError(f"beta is {beta}; expected a positive number")
    u = z if beta == 1 else z * beta
    # log(1 + e^u) = max(u, 0) + log(1 + e^-|u|) never overflows.
    a = _inside(np.exp, -1.0 * np.abs(u))
    a = _inside(np.log1p, a)
    above = u > threshold if u.size and u.max() > threshold else False  # seldom: spare the mask
    if above is not False:
        a *= ~above
    if beta != 1:
        a /= beta
    a += _positive_part(z)

    @np.errstate(over="ignore")
    def pullback(da):
        slope = _logistic(u)
        return _times(slope if above is False else np.maximum(slope, above), da)

    return a, pullback


@primitive
@np.errstate(invalid="ignore")
def softmax(z, *, dim):
    """Shares e^z / Σ e^z along `dim`, finite for any finite z. Pullback: p * (dp - Σ p dp)."""
    p = _inside(np.exp, z - _largest(z, dim))
    p /= p.sum(axis=dim, keepdims=True)

    def pullback(dp):
        dz = p * dp
        dz = np.subtract(dp, dz.sum(axis=dim, keepdims=True), out=_place(dz))
        return _times(dz, p)

    return p, pullback


@primitive
@np.errstate(invalid="ignore")
def log_softmax(z, *, dim):
    """Logarithm z - log Σ e^z of the softmax along `dim`. Pullback: dl - p Σ dl."""
    shifted = z - _largest(z, dim)
    e = np.exp(shifted)
    total = e.sum(axis=dim, keepdims=True)

    def pullback(dl):
        dz = e * (dl.sum(axis=dim, keepdims=True) / total)
        return np.subtract(dl, dz, out=_place(dz))

    shifted -= np.log(total)
    return shifted, pullback


@primitive
def maxout(z, *, pieces):
    """Largest of each group of `pieces` neighbours. z: (…, M · pieces) → (…, M).

    Pullback: da to the largest of its group, in equal parts where several are equal. Source:
    Goodfellow et al. (2013). Raises a ValueError if the last axis cannot be cut into such groups.
    """
    length = z.shape[-1] if z.ndim else 1
    if pieces < 1 or z.ndim == 0 or length % pieces:
        raise ValueError(f"{length} values cannot be cut into groups of {pieces}")
    groups = z.reshape(*z.shape[:-1], length // pieces, pieces)
    a = reduce(np.maximum, np.moveaxis(groups, -1, 0))

    @np.errstate(invalid="ignore")
    def pullback(da):
        largest = groups == a[..., None]
        share = da / largest.sum(axis=-1, dtype=da.dtype)
        return np.where(largest, share[..., None], 0).reshape(z.shape)

    return a, pullback


def _logistic(z):
    # Where e^-z overflows, 1 / ∞ is the right answer. A factor -1.0, as 8-bit numbers have no sign.
    a = _inside(np.exp, -1.0 * z)
    a += 1
    return _inside(np.reciprocal, a)


def _positive_part(z):
    """Return max(z, 0); with both ends clipping is much faster than `np.maximum` with a number."""
    return np.clip(z, 0, np.inf)


def _times(product, *factors):
    """Multiply a fresh array in place (a number, which has no place, anew)."""
    for factor in factors:
        product *= factor
    return product


def _largest(z, dim):
    """Return the largest value along `dim`, kept as an axis; of no values it is never used."""
    return z.max(axis=dim, keepdims=True) if z.size else z.sum(axis=dim, keepdims=True)


def _place(fresh):
    """Return a fresh array as a place to write to; a number is none."""
    return fresh if isinstance(fresh, np.ndarray) else None


def _inside(function, fresh):
    """Apply to a fresh array in place (anew to a number, and to integers, which cannot hold it)."""
    own = isinstance(fresh, np.ndarray) and fresh.dtype.kind == "f"
    return function(fresh, out=fresh) if own else function(fresh)


def _two_slopes(z, below):
    """Return 1 where z > 0, else `below`."""
    slope = (z > 0).astype(z.dtype)
    slope *= 1 - below
    slope += below
    return slope


def _scaled_elu(z, alpha, scale):
    below = np.clip(z, -np.inf, 0)
    a = _times(np.expm1(below), alpha)
    a += _positive_part(z)

    def pullback(da):
        slope = _times(np.exp(below), scale * alpha)
        if alpha != 1:
            slope += _times((z > 0).astype(slope.dtype), scale * (1 - alpha))
        return _times(slope, da)

    return (a if scale == 1 else _times(a, scale)), pullback
