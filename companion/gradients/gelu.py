"""The Gaussian error linear unit, exact and by its usual approximation.

Compared with the other activations in the chapter :ref:`activations`.
"""

import numpy as np
from scipy.special import ndtr

from companion.gradients.tape import primitive

TAIL = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
"""Abramowitz and Stegun (1964), 7.1.26, highest power first: the error function to 1.5e-7."""


@primitive
@np.errstate(over="ignore", invalid="ignore")
def gelu(z, *, approximate="none"):
    """Gaussian error linear unit z Φ(z), with the distribution function Φ of the standard normal.

    With ``approximate="tanh"``, Φ is ½ (1 + tanh(√(2/π) (z + 0.044715 z³))). Pullback: da times
    Φ + z Φ'. Source: Hendrycks and Gimpel (2016). Raises a ValueError for another `approximate`.
    """
    if approximate not in ("none", "tanh"):
        raise ValueError(f"approximate is {approximate!r}; choose 'none' or 'tanh'")
    return _gelu_by_tanh(z) if approximate == "tanh" else _gelu(z)


def _gelu(z):
    bell = z * z
    bell *= -0.5
    bell = np.exp(bell)
    share = _share(z, bell) if z.dtype == np.float32 else ndtr(z)

    @np.errstate(over="ignore", invalid="ignore")
    def pullback(da):
        slope = z * bell
        slope *= (2 * np.pi) ** -0.5
        slope += share
        slope *= da
        return slope

    return z * share, pullback


def _share(z, bell):
    """Return Φ(z) as a 32-bit number, given exp(-z²/2); `ndtr` takes eight times as long."""
    t = np.abs(z)
    t *= 0.3275911 * 0.5**0.5
    t += 1
    t = 1 / t
    tail = TAIL[0] * t
    for coefficient in TAIL[1:]:
        tail += coefficient
        tail *= t
    tail *= bell
    tail *= -0.5
    tail += 0.5  # the area between 0 and |z|
    return 0.5 + np.copysign(tail, z)


def _gelu_by_tanh(z):
    # Beyond |z| = 100 tanh is ±1 in any type; without the limit z³ would be ∞ and its slope ∞ · 0.
    square = np.minimum(z * z, 1e4)
    t = (2 / np.pi) ** 0.5 * z
    t *= 1 + 0.044715 * square
    t = np.tanh(t)
    half = 0.5 + 0.5 * t

    @np.errstate(invalid="ignore")
    def pullback(da):
        slope = 1 - t * t
        slope *= z
        slope *= 0.5 * (2 / np.pi) ** 0.5 * (1 + 3 * 0.044715 * square)
        slope += half
        slope *= da
        return slope

    return z * half, pullback
