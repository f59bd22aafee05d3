"""The one rule behind batch, layer and group normalization, with its pullbacks.

Derived in the chapter :ref:`normalization`. Each normalization looks at its input as an array
(A, B, C) and standardizes it for each b, over all a and c; they differ in what they take for b.
"""

import numpy as np

from companion.gradients.tape import primitive
from companion.optimization.normalization.passes import Layout

FAR = 100
"""From so many standard deviations away from 0 on, a mean is worth computing twice."""


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
    x_hat, mean, variance, pullback = standardize(x, Layout(statistics), eps)
    if observe is not None:
        observe(mean, variance)
    units = Layout(affine)
    gain, shift = units.along(weight), units.along(bias)
    y = np.empty(units.rows, x.dtype)
    x_hat = x_hat.reshape(units.rows)
    for here, its in units.blocks():
        part = np.multiply(x_hat[here], gain[its], out=y[here])
        part += shift[its]
    totals = _once(lambda dy: (units.sums(dy), units.sums_of_products(dy, x_hat)))

    @np.errstate(over="ignore", invalid="ignore")
    def for_x(dy):
        if statistics == affine:  # what is constant for each b comes out of the means
            return pullback(dy, weight.reshape(-1), totals(dy)).reshape(x.shape)
        return pullback(dy.reshape(units.rows) * gain).reshape(x.shape)

    return (
        y.reshape(x.shape),
        for_x,
        lambda dy: _shaped(totals(dy)[1], weight.shape),
        lambda dy: _shaped(totals(dy)[0], bias.shape),
    )


def standardize(x, layout, eps):
    """Give `x` mean 0 and variance 1 for each b of `layout`; biased variance, plus `eps`.

    Returns x̂ in the layout's rows, the means and the variances, (B,) each, and the pullback from
    dx̂ to dx: dx = (dx̂ - mean(dx̂) - x̂ mean(dx̂ x̂)) / √(variance + eps).
    """
    count, along = layout.count, layout.along
    x = x.reshape(layout.rows)
    mean = layout.sums(x) / count
    x_hat = x - along(mean)
    variance = layout.sums_of_products(x_hat, x_hat) / count
    for _ in range(2):
        far = mean**2 > FAR**2 * (variance + eps)
        if not far.any():
            break
        # Rounding spoils the sum of large numbers; it cannot spoil that of what is left of them.
        left = np.where(far, layout.sums(x_hat) / count, 0)
        x_hat -= along(left)
        mean = mean + left
        variance = np.where(far, layout.sums_of_products(x_hat, x_hat) / count, variance)
    inverse = 1 / np.sqrt(variance + x.dtype.type(eps))
    x_hat *= along(inverse)

    def pullback(dx_hat, gain=1, totals=None):
        """Return gain dx, given dx̂ and perhaps Σ dx̂ and Σ dx̂ x̂."""
        totals = totals or (layout.sums(dx_hat), layout.sums_of_products(dx_hat, x_hat))
        shift, slope = (along(total / count) for total in totals)
        dx_hat, factor = dx_hat.reshape(layout.rows), along(gain * inverse)
        dx = np.empty_like(dx_hat)
        for here, its in layout.blocks():
            part = np.multiply(x_hat[here], slope[its], out=dx[here])
            part += shift[its]
            part = np.subtract(dx_hat[here], part, out=part)
            part *= factor[its]
        return dx

    return x_hat, mean, variance, pullback


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
