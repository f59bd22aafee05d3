"""The digits as a tilted scanner sees them, and small sets with as many of each class."""

import numpy as np

from companion.data.digits import pooled
from companion.experiments.regularization.planted_mismatch import rotated


def tilted(X, angle=0):
    """Turn digits and average blocks of 2 × 2 pixels.

    Parameters
    ----------
    X : array_like
        Digits, (N, 784).
    angle : float
        Degrees, anticlockwise. What leaves the picture is lost, and what comes in is paper.

    Returns
    -------
    numpy.ndarray
        (N, 196) float32, 14 × 14 pixels, from 0 to 1.
    """
    return pooled(rotated(np.asarray(X, dtype=np.float32), angle if angle % 360 else 0))


def few_of_each(y, count, seeds):
    """Draw as many examples of each class, for each seed its own; a larger set holds a smaller one.

    Parameters
    ----------
    y : array_like
        Classes, (N,).
    count : int
        Examples of each class.
    seeds : sequence of int
        R seeds.

    Returns
    -------
    numpy.ndarray
        Numbers of examples, (R, count · K), for the K classes there are.

    Raises
    ------
    ValueError
        If a class has fewer than `count` examples.
    """
    y = np.asarray(y)
    classes, there = np.unique(y, return_counts=True)
    if not 1 <= count <= there.min():
        raise ValueError(
            f"few_of_each: count is {count}; expected 1 to {there.min()}, the smallest class"
        )
    rows = []
    for seed in seeds:
        order = np.random.default_rng([seed, 21]).permutation(len(y))
        rows.append(np.concatenate([order[y[order] == k][:count] for k in classes]))
    return np.array(rows)
