"""The one rule behind batch, layer and group normalization, with its pullbacks.

Derived on the page :ref:`why_normalization_works`. Each normalization looks at its input as an
array (A, B, C) and standardizes it for each b, over all a and c; they differ in what they take for
b.
"""

import numpy as np

from companion.gradients.tape import primitive
from companion.optimization.normalization.passes import Layout

FAR = 4
"""From so many standard deviations away from 0 on, numbers are centred before they are squared."""


@primitive
@np.errstate(over="ignore", invalid="ignore")
def normalize(x, weight, bias, *, statistics, affine, eps=1e-5, observe=None):
    """Standardize, then scale and shift: y = weight x̂ + bias.

    `statistics` and `affine` are shapes with three axes. In the first, x̂ has mean 0 and variance 1
    over the outer two for each index of the middle one; in the second, `weight` and `bias` belong
    to the middle one, or are one number for all. `observe`, if given, is called with the means and
    the variances.

    Pullbacks: that of `standardize`, for weight dy; Σ dy x̂ and Σ dy over the outer axes.
    """
    weight, bias = (np.asarray(v, dtype=x.dtype) for v in (weight, bias))
    own, units = Layout(statistics), Layout(affine)
    if statistics == affine:
        y, moments, pullback, totals = standardize(x, own, eps, weight.reshape(-1), bias)
    else:
        x_hat, moments, pullback, _ = standardize(x, own, eps)
        y = units.affine(x_hat, weight, bias)
        totals = _once(lambda dy: (units.sums(dy), units.sums_of_products(dy, x_hat)))
    if observe is not None:
        observe(*moments)

    @np.errstate(over="ignore", invalid="ignore")
    def for_x(dy):
        return pullback(dy if statistics == affine else units.affine(dy, weight, 0))

    return (
        y,
        for_x,
        lambda dy: _shaped(totals(dy)[1], weight.shape),
        lambda dy: _shaped(totals(dy)[0], bias.shape),
    )


def standardize(x, layout, eps, gain=1, shift=0):
    """Give `x` mean 0 and variance 1 for each b of `layout`; then y = gain x̂ + shift.

    Biased variance, plus `eps`. Returns y, the means and variances, the pullback from dy to
    dx = gain (dy - mean(dy) - x̂ mean(dy x̂)) / √(variance + eps), and Σ dy and Σ dy x̂ as a function
    of dy. x̂ itself is never stored: it is (z - left) inverse.
    """
    z, left, mean, variance = _near_zero(x, layout, eps)
    inverse = 1 / np.sqrt(variance + x.dtype.type(eps))
    slope = gain * inverse
    y = layout.affine(z, slope, np.reshape(shift, -1) - slope * left)

    @_once
    def totals(dy):
        sums = layout.sums(dy)
        return sums, (layout.sums_of_products(dy, z) - left * sums) * inverse

    def pullback(dy):
        means, along = (total / layout.count for total in totals(dy))
        along = along * inverse
        return layout.scaled_residual(dy, z, along, means - along * left, slope)

    return y, (mean, variance), pullback, totals


def _near_zero(x, layout, eps):
    """Shift `x` where its mean is large; return it, what is left of the mean, mean and variance.

    Rounding spoils the sum of the squares of numbers far from 0; it cannot spoil that of what is
    left of them.
    """
    z = x
    left = mean = layout.sums(z) / layout.count
    for _ in range(3):
        squares = layout.sums_of_products(z, z) / layout.count
        variance = np.maximum(squares - left**2, 0)
        far = ~(left**2 <= FAR**2 * (variance + eps))  # also where the squares overflow
        if not far.any():
            break
        z = layout.affine(z, 1, np.where(far, -left, 0))
        left = np.where(far, layout.sums(z) / layout.count, left)
        mean = np.where(far, mean + left, mean)
    return z, left, mean, variance


def _shaped(totals, shape):
    """Give the totals of all b the shape of the parameter; a single number gets their sum."""
    return totals.reshape(shape) if shape else totals.sum()


def _once(function):
    """Remember the last result: all pullbacks of a value are given the same gradient."""
    last = [None, None]

    def again(dy):
        if last[0] is not dy:
            last[:] = dy, function(dy)
        return last[1]

    return again
