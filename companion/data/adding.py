"""The adding problem: two numbers far apart in a long sequence are to be added."""

import numpy as np


def adding_problem(count, length, seed=0):
    """Draw sequences of numbers of which two are marked, and the sums of the marked ones.

    Parameters
    ----------
    count : int
        Sequences N.
    length : int
        Steps T, at least 2. One mark stands in the first half, the other in the second.
    seed : int or numpy.random.Generator
        Of the draw.

    Returns
    -------
    sequences : numpy.ndarray
        (T, N, 2) float32: a number, uniform from 0 to 1, and 1 where it is marked, else 0.
    sums : numpy.ndarray
        (N,) float32. Who always says 1 has a mean squared error of 1/6.

    Raises
    ------
    ValueError
        If there is no sequence, or one is shorter than 2.

    Notes
    -----
    After Hochreiter and Schmidhuber (1997), in the simpler form of Le, Jaitly and Hinton (2015).
    Used first in the chapter :ref:`gated`.
    """
    if count < 1 or length < 2:
        raise ValueError(
            f"adding_problem: {count} sequences of {length} steps; expected at least 1 of 2"
        )
    rng = np.random.default_rng(seed)
    numbers = rng.random((length, count))
    marks = np.zeros((length, count))
    half, rows = length // 2, np.arange(count)
    first, second = rng.integers(0, half, count), rng.integers(half, length, count)
    marks[first, rows] = marks[second, rows] = 1
    sums = (numbers * marks).sum(axis=0)
    return np.stack([numbers, marks], axis=2).astype(np.float32), sums.astype(np.float32)
