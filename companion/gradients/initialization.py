"""Rules for fresh weights. Derived in the chapter :ref:`vanishing`."""

import numpy as np

from companion.gradients.generator import generator


def fan_in_uniform(shape, fan_in):
    """Draw float32 values uniformly from ±1/√fan_in, torch's default for `Linear`.

    Parameters
    ----------
    shape : tuple of int
        Shape of the array.
    fan_in : int
        Number of inputs that one output sums over.

    Returns
    -------
    numpy.ndarray
        Array of `shape`; empty fan-in gives zeros.
    """
    bound = fan_in**-0.5 if fan_in else 0.0
    return generator().uniform(-bound, bound, shape).astype(np.float32)
