"""Networks that learn clean digits and are judged by altered ones, with four sets for each run."""

from typing import NamedTuple

import numpy as np
from scipy.ndimage import rotate

from companion.data.digits import train_dev_test
from companion.experiments.regularization.small_sets import errors, own_sets

SETS = ("train", "train_dev", "dev", "test")


class FourSets(NamedTuple):
    """Four sets of digits for each of R runs, no digit in two sets of the same run.

    Each is a pair of inputs, (R, N, 784), and classes, (R, N).
    """

    train: tuple
    train_dev: tuple
    dev: tuple
    test: tuple


def four_sets(seeds, size=500, n=1000, data=None):
    """Draw a training set for each seed, and three sets of unseen digits.

    Parameters
    ----------
    seeds : sequence of int
        R seeds.
    size : int
        Digits to learn from, drawn as `own_sets` draws them.
    n : int
        Digits in each of the other sets, drawn from what is left of the pool and the dev part. The
        test part of the data is not touched: `test` stands in for it.
    data : ThreeWay, optional
        Where from; by default the digits of `companion.data.digits.train_dev_test`.

    Returns
    -------
    FourSets
        All of one source.

    Raises
    ------
    ValueError
        If there are not enough digits for that.
    """
    data = train_dev_test() if data is None else data
    X = np.concatenate([data.X_train, data.X_dev])
    y = np.concatenate([data.y_train, data.y_dev])
    pool = len(data.X_train)
    if n < 1 or size + 3 * n > len(X):
        raise ValueError(
            f"four_sets: {size} digits to learn from and three times {n} others; there are {len(X)}"
        )
    train, rows = own_sets(seeds, size, data), []
    for seed in seeds:
        rest = np.random.default_rng([seed, 11]).permutation(pool)[size:]
        rest = np.concatenate([rest, np.arange(pool, len(X))])
        rows.append(np.random.default_rng([seed, 13]).permutation(rest)[: 3 * n].reshape(3, n))
    return FourSets(train, *((X[at], y[at]) for at in np.stack(rows, axis=1)))


def rotated(X, degrees):
    """Turn digits (…, 784) counter-clockwise about their middle; what comes in is paper."""
    X = np.asarray(X)
    if not degrees:
        return X
    pictures = X.reshape(-1, 28, 28)
    return rotate(pictures, degrees, axes=(2, 1), reshape=False, order=1).reshape(X.shape)


def noisy(X, deviation, seed=0):
    """Add normal noise of a standard deviation to every pixel of digits (…, 784)."""
    X, rng = np.asarray(X), np.random.default_rng([seed, 14])
    return X + np.float32(deviation) * rng.standard_normal(X.shape, dtype=np.float32)


def faded(X, loss):
    """Take away a share of the contrast of digits (…, 784): 1 leaves an even grey."""
    return np.asarray(X) * np.float32(1 - loss) + np.float32(loss / 2)


def four_errors(networks, sets, alter=None):
    """Measure R networks on their four sets, dev and test set altered.

    Parameters
    ----------
    networks : SideBySide
        R networks in evaluation mode.
    sets : FourSets
        As `four_sets` draws them.
    alter : callable, optional
        Inputs (R, N, 784) → altered inputs.

    Returns
    -------
    dict
        "train", "train_dev", "dev" and "test" → share of mistakes, (R,).
    """
    found = {}
    for name, (X, y) in zip(SETS, sets, strict=True):
        seen = alter(X) if alter is not None and name in ("dev", "test") else X
        found[name] = errors(networks, seen, y)
    return found
