"""Where fresh weights come from: one seeded generator, and torch's default rule."""

import numpy as np

_generator = np.random.default_rng()


def manual_seed(seed):
    """Make the weights drawn from here on repeatable; same name as in torch, other numbers.

    Parameters
    ----------
    seed : int
        Any non-negative integer.
    """
    global _generator
    _generator = np.random.default_rng(seed)


def get_state():
    """Return the state of the generator, as plain values."""
    return _generator.bit_generator.state


def set_state(state):
    """Restore what `get_state` returned."""
    _generator.bit_generator.state = state


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
    return _generator.uniform(-bound, bound, shape).astype(np.float32)
