"""Non-linear functions between the layers of a network.

Derived in the chapters :ref:`perceptron` (sigmoid) and :ref:`backpropagation` (tanh, ReLU).
"""

import numpy as np
from scipy.special import expit

from companion.gradients.tape import primitive


@primitive
def sigmoid(z):
    """Logistic function 1 / (1 + e^-z), stable for any z. Pullback: da * a * (1 - a)."""
    a = expit(z)
    return a, lambda da: da * a * (1 - a)


@primitive
def tanh(z):
    """Hyperbolic tangent. Pullback: da * (1 - a²)."""
    a = np.tanh(z)
    return a, lambda da: da * (1 - a * a)


@primitive
def relu(z):
    """Rectified linear unit max(z, 0). Pullback: da where z > 0, else 0 (at 0 too, as in torch)."""
    a = np.maximum(z, 0)
    return a, lambda da: da * (a > 0)


@primitive
def softmax(z, *, dim):
    """Shares e^z / Σ e^z along `dim`, finite for any finite z. Pullback: p * (dp - Σ p dp)."""
    p = np.exp(z - z.max(axis=dim, keepdims=True))
    p /= p.sum(axis=dim, keepdims=True)
    return p, lambda dp: p * (dp - (p * dp).sum(axis=dim, keepdims=True))
