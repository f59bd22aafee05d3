"""Gradients by measurement: slow, simple, and independent of any derivation.

Derived in the chapter :ref:`backpropagation`; the chapter on gradient checking takes it further.
"""

import numpy as np

from companion.gradients.tape import Tensor


def numerical_gradient(f, x, eps=1e-6):
    """Central difference (f(x + ε) - f(x - ε)) / 2ε for each coordinate.

    Parameters
    ----------
    f : callable
        Maps an array like `x` to a number. Called twice per coordinate.
    x : array_like
        Where, any shape; taken as float64.
    eps : float
        Step ε. The error is about ε² from the formula and 1e-16/ε from rounding.

    Returns
    -------
    numpy.ndarray
        Gradient, same shape as `x`, float64.
    """
    x = np.array(x, dtype=float)
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + eps
        above = float(f(x))
        x[index] = kept - eps
        below = float(f(x))
        x[index] = kept
        gradient[index] = (above - below) / (2 * eps)
    return gradient


def relative_difference(a, b):
    """Distance of two gradients relative to their sizes, ‖a - b‖ / (‖a‖ + ‖b‖).

    Parameters
    ----------
    a, b : array_like
        Gradients of equal shape.

    Returns
    -------
    float
        From 0 (equal) to 1 (opposite); 0 where both are zero.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(a - b) / size) if size else 0.0


def gradcheck(operation, *inputs, eps=1e-6):
    """Compare the gradient of an operation with central differences, input by input.

    Parameters
    ----------
    operation : callable
        Maps tensors to one tensor of any shape.
    *inputs : array_like
        Where to check; taken as float64.
    eps : float
        Step of the differences.

    Returns
    -------
    list of float
        Relative difference for each input. Expect 1e-7 or less for a smooth operation.
    """
    inputs = [np.array(x, dtype=float) for x in inputs]
    tensors = [Tensor(x, requires_grad=True) for x in inputs]
    out = operation(*tensors)
    # A random direction weighs all outputs, so that errors in different ones do not cancel.
    weight = np.random.default_rng(0).normal(size=out.shape)
    out.backward(weight)

    def along(position):
        def f(x):
            given = [*inputs[:position], x, *inputs[position + 1 :]]
            return np.sum(weight * operation(*map(Tensor, given)).numpy())

        return f

    numeric = [numerical_gradient(along(i), x, eps) for i, x in enumerate(inputs)]
    found = [
        np.zeros_like(x) if t.grad is None else t.grad for x, t in zip(inputs, tensors, strict=True)
    ]
    return [relative_difference(a, n) for a, n in zip(found, numeric, strict=True)]
