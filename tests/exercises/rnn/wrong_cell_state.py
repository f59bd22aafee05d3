"""Known wrong answers to the exercises on the page about the cell state."""

import numpy as np

from companion.exercises import wrong


@wrong("forget-bias", fails="test_fifty_steps")
def forget_bias(kept, steps):
    """Gives the gate."""
    return kept ** (1 / steps)


@wrong("forget-bias", fails="test_fifty_steps")
def forget_bias(kept, steps):
    """Takes the rule for 1/e."""
    return np.log(steps - 1)


@wrong("forget-bias", fails="test_fifty_steps")
def forget_bias(kept, steps):
    """Forgets the root."""
    return np.log(kept / (1 - kept))


@wrong("forget-bias", fails="test_other_memories")
def forget_bias(kept, steps):
    """Takes half for any share."""
    f = 0.5 ** (1 / steps)
    return np.log(f / (1 - f))


@wrong("forget-bias", fails="test_other_memories")
def forget_bias(kept, steps):
    """Lets no bias be below -1/2."""
    return max(-np.log(np.expm1(-np.log(kept) / steps)), -0.5)


def split(a):
    return np.split(a, 4, axis=1)


def s(v):
    return 1 / (1 + np.exp(-v))


@wrong("peephole-step", fails="test_the_cell")
def peephole_step(a, c, p):
    """Has no peepholes into the cell."""
    i, f, g, o = split(a)
    c = s(f) * c + s(i) * np.tanh(g)
    return s(o + p[2] * c) * np.tanh(c), c


@wrong("peephole-step", fails="test_the_cell")
def peephole_step(a, c, p):
    """Exchanges two peepholes."""
    i, f, g, o = split(a)
    c = s(f + p[0] * c) * c + s(i + p[1] * c) * np.tanh(g)
    return s(o + p[2] * c) * np.tanh(c), c


@wrong("peephole-step", fails="test_the_state")
def peephole_step(a, c, p):
    """Lets the output gate see the old cell."""
    i, f, g, o = split(a)
    new = s(f + p[1] * c) * c + s(i + p[0] * c) * np.tanh(g)
    return s(o + p[2] * c) * np.tanh(new), new


@wrong("peephole-step", fails="test_the_state")
def peephole_step(a, c, p):
    """Shows the cell itself."""
    i, f, g, o = split(a)
    c = s(f + p[1] * c) * c + s(i + p[0] * c) * np.tanh(g)
    return s(o + p[2] * c) * c, c


@wrong("peephole-step", fails="test_the_cell")
def peephole_step(a, c, p):
    """Returns float32 whatever goes in."""
    i, f, g, o = split(a)
    c = s(f + p[1] * c) * c + s(i + p[0] * c) * np.tanh(g)
    return (s(o + p[2] * c) * np.tanh(c)).astype(np.float32), c.astype(np.float32)


@wrong("peephole-step", fails="test_the_state")
def peephole_step(a, c, p):
    """Collects in arrays of zeros, which are float64."""
    i, f, g, o = split(a)
    new = np.zeros(c.shape)
    new += s(f + p[1] * c) * c + s(i + p[0] * c) * np.tanh(g)
    return s(o + p[2] * new) * np.tanh(new), new
