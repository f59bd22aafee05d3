"""Noise words: drawn by chance from the vocabulary, frequent ones a little less than they occur.

Derived in the chapter :ref:`word2vec`.
"""

import numpy as np


def noise_distribution(counts, power=0.75):
    """Return the chance of each word to be drawn, proportional to countᵖ.

    Parameters
    ----------
    counts : array_like
        (V,) how often each word occurs.
    power : float
        p: 1 as often as it occurs, 0 all alike.

    Returns
    -------
    numpy.ndarray
        (V,), adds up to 1.

    Raises
    ------
    ValueError
        If there are no words, or a count is not above 0.
    """
    counts = np.asarray(counts, float)
    if not counts.size or not (counts > 0).all():
        raise ValueError(f"noise_distribution: {counts.size} counts; expected some, all above 0")
    weights = (counts / counts.max()) ** power
    return weights / weights.sum()


def drawn_words(distribution, size, rng):
    """Draw words with replacement.

    Parameters
    ----------
    distribution : numpy.ndarray
        (V,) chances that add up to 1.
    size : int or tuple of int
        Shape of what is drawn.
    rng : numpy.random.Generator
        Draws.

    Returns
    -------
    numpy.ndarray
        Of shape `size`, int64.
    """
    edges = np.cumsum(distribution)
    return np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
