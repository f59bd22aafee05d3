"""Where a place stands: waves, learned rows, and turns of queries and keys.

Derived in the chapter :ref:`positions`.
"""

import math
from numbers import Integral

import numpy as np

from companion.gradients.module import Module
from companion.gradients.shaping import flip
from companion.gradients.tensor import Tensor
from companion.rnn.words.embedding import Embedding


def frequencies(features, base=10000.0):
    """Return how fast each pair of features turns, in radians a place.

    Parameters
    ----------
    features : int
        E, even.
    base : float
        The slowest pair turns about this many times slower than the fastest.

    Returns
    -------
    numpy.ndarray
        (E/2,): base^(-2i/E), from 1 down.

    Raises
    ------
    ValueError
        If the features do not part into pairs, or `base` is not positive.
    """
    if not 0 < base < math.inf:
        raise ValueError(f"positions: base={base}; expected a positive number, such as 10000")
    if not isinstance(features, Integral) or features < 2 or features % 2:
        raise ValueError(f"positions: {features} features do not part into pairs; take an even E")
    return base ** (-np.arange(0, features, 2) / features)


def sinusoidal_positions(steps, features, first=0, base=10000.0):
    """Describe each place by waves of several lengths.

    Parameters
    ----------
    steps : int
        T, at least 1.
    features : int
        E, even.
    first : int
        Number of the first place.
    base : float
        As in `frequencies`.

    Returns
    -------
    numpy.ndarray
        (T, E) float32: the sine of each frequency at the even features, its cosine beside it.

    Raises
    ------
    ValueError
        If there is no place, one before 0, or the features do not part into pairs.

    Notes
    -----
    Vaswani et al. (2017). Derived in the chapter :ref:`positions`.
    """
    angles = _angles(steps, features, first, base)
    waves = np.stack([np.sin(angles), np.cos(angles)], axis=-1)
    return waves.reshape(steps, features).astype(np.float32)


def rotary(x, first=0, base=10000.0):
    """Turn each pair of features by an angle that grows with the place.

    Parameters
    ----------
    x : Tensor or array
        (…, T, D): queries or keys, D even.
    first : int
        Number of the first place.
    base : float
        As in `frequencies`.

    Returns
    -------
    Tensor
        Of the same shape. Products of turned queries and keys depend on their distance alone.

    Raises
    ------
    ValueError
        As `sinusoidal_positions`.

    Notes
    -----
    Su et al. (2021). Pairs are neighbours: features 0 and 1, 2 and 3 and so on. Derived in the
    chapter :ref:`positions`.
    """
    x = x if isinstance(x, Tensor) else Tensor(x)
    if x.ndim < 2:
        raise ValueError(f"rotary: {x.shape}; expected (…, T, D)")
    if x.dtype.kind != "f":
        raise ValueError(f"rotary: {x.dtype}; expected floats; turn x into them by astype")
    angles = _angles(*x.shape[-2:], first, base)
    pairs = x.reshape(*x.shape[:-1], -1, 2)
    cosine = np.cos(angles)[..., None].astype(x.dtype)
    sine = np.stack([-np.sin(angles), np.sin(angles)], axis=-1).astype(x.dtype)
    return (pairs * cosine + flip(pairs, dims=(-1,)) * sine).reshape(*x.shape)


class LearnedPositions(Module):
    """A row of numbers for each place, learned, that is added to what stands there.

    Parameters
    ----------
    places : int
        The longest sequence.
    features : int
        E.
    """

    def __init__(self, places, features):
        self.table = Embedding(places, features)

    def forward(self, x, first=0):
        """Add the rows of the places from `first` on to x (…, T, E).

        Raises
        ------
        ValueError
            If there are more places than rows: nobody taught those that are missing.
        """
        places, features = self.table.weight.shape
        if x.ndim < 2 or x.shape[-1] != features:
            raise ValueError(f"LearnedPositions: {x.shape}; expected (…, T, {features})")
        if first < 0 or first + x.shape[-2] > places:
            raise ValueError(
                f"LearnedPositions: places {first} … {first + x.shape[-2] - 1}, but there are rows "
                f"for 0 … {places - 1}; cut the sequence, or make the table larger before training"
            )
        return x + self.table.weight[first : first + x.shape[-2]]


def _angles(steps, features, first, base):
    if not all(isinstance(n, Integral) for n in (steps, first)) or steps < 1 or first < 0:
        raise ValueError(
            f"positions: {steps} places from {first} on; expected whole numbers, at least one "
            "place, from 0"
        )
    return np.arange(first, first + steps)[:, None] * frequencies(features, base)
