"""Linear models on few patients, with features that say nothing added to those that do."""

from typing import NamedTuple

import numpy as np

from companion.data.diabetes import diabetes

PARTS = 242, 342
"""Patients up to the first are the pool to learn from, up to the second the development set."""


class Patients(NamedTuple):
    """Standardized patients in three parts.

    Attributes
    ----------
    X_train, X_dev, X_test : numpy.ndarray
        Features, (N, 10 + useless), the ten measurements first; each with mean 0 and standard
        deviation 1 on the training set.
    y_train, y_dev, y_test : numpy.ndarray
        Progression of the disease, minus its mean on the training set, over its standard deviation
        in the pool, (N,).
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_dev: np.ndarray
    y_dev: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


class Chosen(NamedTuple):
    """A model whose strength of the penalty the development set chose.

    Attributes
    ----------
    lam : float
        The strength.
    weights : numpy.ndarray
        (D,).
    train, dev, test : float
        Mean squared errors.
    dev_errors : numpy.ndarray
        The error on the development set at every strength, (K,).
    train_errors : numpy.ndarray
        That on the training set, (K,).
    """

    lam: float
    weights: np.ndarray
    train: float
    dev: float
    test: float
    dev_errors: np.ndarray
    train_errors: np.ndarray


def own_patients(seed, useless=0, size=100):
    """Draw a training set of patients and useless features for everybody.

    The 442 patients are in three parts that never change: a pool of 242, a development set of 100
    and a test set of 100.

    Parameters
    ----------
    seed : int
        Which patients of the pool, and which features.
    useless : int
        How many features to add that are random numbers, at least 0.
    size : int
        Patients in the training set, from 2 to the pool's 242.

    Returns
    -------
    Patients
        All three parts.

    Raises
    ------
    ValueError
        If a count is out of its range.

    Notes
    -----
    Used first in the chapter :ref:`penalties`.
    """
    if useless < 0 or not 2 <= size <= PARTS[0]:
        raise ValueError(
            f"own_patients: got {useless} useless features and {size} patients; "
            f"expected at least 0, and from 2 to {PARTS[0]}"
        )
    X, y = diabetes()
    pool, dev, test = np.split(np.random.default_rng(0).permutation(len(y)), PARTS)
    rng = np.random.default_rng([seed, 5])
    rows = rng.permutation(pool)[:size]
    X = np.hstack([X, rng.normal(size=(len(y), useless))])
    X = (X - X[rows].mean(axis=0)) / X[rows].std(axis=0)
    scaled = (y - y[rows].mean()) / y[pool].std()
    return Patients(*(part[k] for k in (rows, dev, test) for part in (X, scaled)))


def chosen_by_dev(path, data, lams):
    """Fit a model at each strength and keep the one with the lowest development error.

    Parameters
    ----------
    path : callable
        ``path(X, y, lams)`` returns weights (K, D).
    data : Patients
        Where from; the test set plays no part in the choice.
    lams : array_like
        K strengths.

    Returns
    -------
    Chosen
        The model and its errors.
    """
    weights = np.asarray(path(data.X_train, data.y_train, lams))
    train, dev, test = (
        np.mean((X @ weights.T - y[:, None]) ** 2, axis=0)
        for X, y in zip(data[::2], data[1::2], strict=True)
    )
    k = int(np.argmin(dev))
    return Chosen(float(lams[k]), weights[k], train[k], dev[k], test[k], dev, train)
