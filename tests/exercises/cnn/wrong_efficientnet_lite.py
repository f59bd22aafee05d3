"""Known wrong answers to the exercises of the chapter on EfficientNet-Lite0, layer by layer."""

import numpy as np

from companion.exercises import wrong


@wrong("two-knobs", fails="test_the_factor")
def price_factor():
    """Squares neither."""
    return 1.8


@wrong("two-knobs", fails="test_the_factor")
def price_factor():
    """Squares the side only."""
    return 2.7


@wrong("two-knobs", fails="test_the_factor")
def price_factor():
    """Adds the prices."""
    return 3.69


@wrong("same-border", fails="test_how_many_zeros")
def same_border(n, k, s):
    """Half a kernel on both sides."""
    return k // 2, k // 2


@wrong("same-border", fails="test_the_odd_zero")
def same_border(n, k, s):
    """Puts the odd zero before."""
    p = max((-(-n // s) - 1) * s + k - n, 0)
    return p - p // 2, p // 2


@wrong("same-border", fails="test_strides_larger_than_kernels")
def same_border(n, k, s):
    """Lets the border become negative."""
    p = (-(-n // s) - 1) * s + k - n
    return p // 2, p - p // 2


@wrong("same-border", fails="test_how_many_zeros")
def same_border(n, k, s):
    """Rounds the places down."""
    p = max((n // s - 1) * s + k - n, 0)
    return p // 2, p - p // 2


@wrong("scale-of-a-file", fails="test_the_factor_is_found")
def scale_of_a_file(measured, stored, least=1e-3):
    """Forgets the root."""
    alive = (measured >= least) & (stored >= least)
    return np.median(stored[alive] / measured[alive])


@wrong("scale-of-a-file", fails="test_the_factor_is_found")
def scale_of_a_file(measured, stored, least=1e-3):
    """The other way round."""
    alive = (measured >= least) & (stored >= least)
    return np.median(np.sqrt(measured[alive] / stored[alive]))


@wrong("scale-of-a-file", fails="test_dead_channels")
def scale_of_a_file(measured, stored, least=1e-3):
    """Keeps dead channels."""
    return np.median(np.sqrt(stored / np.maximum(measured, 1e-300)))


@wrong("scale-of-a-file", fails="test_dead_channels")
def scale_of_a_file(measured, stored, least=1e-3):
    """Leaves out what is dead in the file only."""
    alive = stored >= least
    return np.median(np.sqrt(stored[alive] / measured[alive]))


@wrong("scale-of-a-file", fails="test_dead_channels")
def scale_of_a_file(measured, stored, least=1e-3):
    """Keeps a channel if one of its two variances is large enough."""
    alive = (measured >= least) | (stored >= least)
    return np.median(np.sqrt(stored[alive] / measured[alive]))


@wrong("scale-of-a-file", fails="test_dead_channels")
def scale_of_a_file(measured, stored, least=1e-3):
    """Leaves out what equals the limit."""
    alive = (measured > least) & (stored > least)
    return np.median(np.sqrt(stored[alive] / measured[alive]))


@wrong("scale-of-a-file", fails="test_dead_channels")
def scale_of_a_file(measured, stored, least=1e-3):
    """Takes the root of the median, not the median of the roots."""
    alive = (measured >= least) & (stored >= least)
    return np.sqrt(np.median(stored[alive] / measured[alive]))


@wrong("scale-of-a-file", fails="test_dead_channels")
def scale_of_a_file(measured, stored, least=1e-3):
    """Takes the upper of two middle values."""
    alive = (measured >= least) & (stored >= least)
    factors = np.sort(np.sqrt(stored[alive] / measured[alive]))
    return factors[len(factors) // 2]
