"""Positions as waves: a sine and a cosine of each of several lengths.

Derived in the chapter :ref:`positions`.
"""

import numpy as np


def waves(steps, features):
    """Give each place a vector: sines and cosines whose lengths go from 2π to 20,000π.

    Parameters
    ----------
    steps : int
        Places T, at least 1.
    features : int
        Length E of a vector, even.

    Returns
    -------
    numpy.ndarray
        (T, E) float32: column 2i holds sin(t / 10000^(2i/E)), column 2i + 1 the cosine.

    Raises
    ------
    ValueError
        If `steps` is below 1, or `features` is odd or below 2.

    Notes
    -----
    Vaswani et al. (2017).
    """
    if steps < 1 or features < 2 or features % 2:
        raise ValueError(f"waves: steps={steps}, features={features}; expected an even number")
    angles = np.arange(steps)[:, None] * 10000.0 ** (-np.arange(0, features, 2) / features)
    return np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(steps, -1).astype(np.float32)
