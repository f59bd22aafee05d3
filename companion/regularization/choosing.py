"""One number to choose models by: limits that must be met, and precision and recall in one."""

from typing import NamedTuple

import numpy as np


class Hits(NamedTuple):
    """How well one class is found; see `hits`.

    Attributes
    ----------
    precision : float
        Of the examples that were called positive, the share that are; 0 if none was called so.
    recall : float
        Of the positive examples, the share that was found; 0 if there are none.
    f1 : float
        Harmonic mean of the two, 0 if both are 0.
    """

    precision: float
    recall: float
    f1: float


def hits(y, predicted, positive=1):
    """Measure precision, recall and their harmonic mean F₁ for one class.

    Parameters
    ----------
    y, predicted : array_like
        True and predicted classes, (N,).
    positive : object
        The class to be found.

    Returns
    -------
    Hits
        Three numbers, 0 … 1.

    Raises
    ------
    ValueError
        If the shapes differ or there are no examples.

    Notes
    -----
    F₁: C. J. van Rijsbergen, *Information Retrieval*, 1979. Derived in the chapter :ref:`strategy`.
    """
    y, predicted = np.asarray(y), np.asarray(predicted)
    if y.shape != predicted.shape or y.ndim != 1 or not len(y):
        raise ValueError(
            f"hits: shapes are {y.shape} and {predicted.shape}; expected (N,) twice, N at least 1"
        )
    found = np.sum((y == positive) & (predicted == positive))
    called, there = np.sum(predicted == positive), np.sum(y == positive)
    precision = found / called if called else 0.0
    recall = found / there if there else 0.0
    f1 = 2 * precision * recall / (precision + recall) if found else 0.0
    return Hits(float(precision), float(recall), float(f1))


def choose(models, optimize, limits=None):
    """Choose the model with the smallest measure among those that meet all limits.

    Parameters
    ----------
    models : dict
        Name → measures, a dictionary of numbers that are better when smaller, such as
        ``{"error": 0.12, "ms": 3.5}``.
    optimize : str
        The optimizing metric: the measure to make small.
    limits : dict, optional
        The satisficing metrics: measure → largest value that is allowed.

    Returns
    -------
    object
        Name of the model; of equals the one given first. A NaN meets no limit and is never best.

    Raises
    ------
    ValueError
        If there are no models, none meets the limits, or none of those has a number to optimize.
    KeyError
        If a model lacks a measure that is asked for.

    Notes
    -----
    Explained in the chapter :ref:`strategy`.
    """
    limits = {} if limits is None else limits
    if not models:
        raise ValueError("choose: got no models; need at least one")
    for name, measures in models.items():
        missing = [key for key in (optimize, *limits) if key not in measures]
        if missing:
            raise KeyError(f"choose: {name!r} has no {missing[0]!r}, only {list(measures)}")
    left = dict(models)
    for key, limit in limits.items():
        met = {name: m for name, m in left.items() if m[key] <= limit}
        if not met:
            lowest = min(m[key] for m in left.values())
            raise ValueError(
                f"choose: no model with {key} of at most {limit}; the lowest of those left is "
                f"{lowest}. Relax the limit, or make a model that meets it"
            )
        left = met
    left = {name: m for name, m in left.items() if not np.isnan(m[optimize])}
    if not left:
        raise ValueError(f"choose: {optimize} is NaN for every model that meets the limits")
    return min(left, key=lambda name: left[name][optimize])
