"""The one seeded generator that fresh weights and random layers draw from."""

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


def generator():
    """Return the generator itself, to draw from."""
    return _generator
