"""Calibration: whether a network that says 80 % comes out right four times in five.

Derived in the chapter :ref:`calibration`. The measures look at the class that is predicted and at
its probability, the *confidence*.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import softmax


class Reliability(NamedTuple):
    """Confidence against accuracy in bins of equal width; see `reliability`.

    Attributes
    ----------
    edges : numpy.ndarray
        Borders of the bins, (B + 1,), from 0 to 1.
    counts : numpy.ndarray
        Examples in each bin, (B,).
    confidence, accuracy : numpy.ndarray
        Mean confidence, and share of right predictions, (B,); NaN in an empty bin.
    """

    edges: np.ndarray
    counts: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray

    @property
    def gaps(self):
        """Confidence minus accuracy in each bin, (B,), 0 where it is empty."""
        return np.where(self.counts > 0, self.confidence - self.accuracy, 0.0)

    @property
    def expected_error(self):
        """Expected calibration error (ECE): mean size of the gap, each bin by its examples."""
        return float(np.abs(self.gaps) @ self.counts / self.counts.sum())

    @property
    def maximum_error(self):
        """Maximum calibration error (MCE): the largest gap."""
        return float(np.abs(self.gaps).max())


def reliability(probabilities, y, bins=10):
    """Sort predictions into bins by their confidence, and see how many of each are right.

    Parameters
    ----------
    probabilities : array_like
        Predicted probabilities, (N, K), each row with sum 1.
    y : array_like
        Class numbers, (N,).
    bins : int
        Bins of equal width; a confidence on a border belongs to the bin below it.

    Returns
    -------
    Reliability
        What a reliability diagram shows, and the two errors.

    Raises
    ------
    ValueError
        If shapes do not fit, there is no example or no bin, or a row holds no probabilities.

    Notes
    -----
    Guo, Pleiss, Sun, Weinberger, *On Calibration of Modern Neural Networks* (2017).
    """
    p, y = _checked("reliability", probabilities, y)
    off = np.maximum(np.abs(p.sum(axis=1) - 1), -p.min(axis=1))
    if not off.max() <= 1e-3:
        row = np.argmax(off)
        raise ValueError(
            f"reliability: row {row} holds no probabilities, its sum is {p[row].sum():.4g}; "
            "pass softmax(logits, axis=1)"
        )
    if bins < 1:
        raise ValueError(f"reliability: bins is {bins}; at least 1 needed")
    confidence, right = p.max(axis=1), p.argmax(axis=1) == y
    edges = np.linspace(0, 1, bins + 1)
    place = np.searchsorted(edges[1:-1], confidence)
    counts = np.bincount(place, minlength=bins)
    sums = [np.bincount(place, weights, minlength=bins) for weights in (confidence, right)]
    with np.errstate(invalid="ignore"):
        return Reliability(edges, counts, *(total / counts for total in sums))


def expected_calibration_error(probabilities, y, bins=10):
    """Mean gap between confidence and accuracy over the bins of `reliability`."""
    return reliability(probabilities, y, bins).expected_error


def maximum_calibration_error(probabilities, y, bins=10):
    """Largest gap between confidence and accuracy in the bins of `reliability`."""
    return reliability(probabilities, y, bins).maximum_error


def fit_temperature(logits, y, tolerance=1e-10, most=200):
    """Find the temperature that makes the cross-entropy on held-out examples smallest.

    With the inverse temperature b the cross-entropy of softmax(b z) is convex in b: its slope is
    the mean of Σ p z - z_y, its curvature the mean variance of z under p. Newton's steps go to the
    zero of the slope; a step that leaves the interval known to hold it halves the interval.

    Parameters
    ----------
    logits : array_like
        Scores z of examples that were not learned from, (N, K).
    y : array_like
        Class numbers, (N,).
    tolerance : float
        Relative change of b at which to end.
    most : int
        Steps at most.

    Returns
    -------
    float
        Temperature T > 0; ``softmax(logits / T)`` predicts the same classes.

    Raises
    ------
    ValueError
        If shapes do not fit, a score is not finite, every highest score is at the right class (the
        best T would be 0), or the scores say no more than chance (it would be infinite).

    Notes
    -----
    Temperature scaling, Guo et al. (2017).
    """
    z, y = _checked("fit_temperature", logits, y)
    if not np.isfinite(z).all():
        raise ValueError("fit_temperature: a score is not finite; look for NaN in the inputs")
    z = z - z.max(axis=1, keepdims=True)
    size = -z.min() or 1.0  # from here on scores lie between -1 and 0
    z = z / size
    right = z[np.arange(len(z)), y]
    if not right.any():
        raise ValueError(
            "fit_temperature: every highest score is at the right class, so that T would be 0; "
            "take more examples, none of them learned from"
        )
    if right.mean() <= z.mean():
        raise ValueError(
            "fit_temperature: the right classes score no higher than the mean, so that T would be "
            "infinite; are the labels those of these examples?"
        )
    low, high, b = 0.0, np.inf, size
    for _ in range(most):
        p = softmax(b * z, axis=1)
        middle = (p * z).sum(axis=1)
        slope = (middle - right).mean()
        curvature = (p * z**2).sum(axis=1).mean() - (middle**2).mean()
        low, high = (b, high) if slope < 0 else (low, b)
        step = b - slope / curvature if curvature > 0 else np.inf
        if not low < step < high:
            step = (low + high) / 2 if high < np.inf else 2 * b
        b, before = step, b
        if abs(b - before) <= tolerance * b:
            break
    return float(size / b)


def _checked(name, scores, y):
    scores, y = np.asarray(scores, dtype=float), np.asarray(y)
    if scores.ndim != 2 or y.shape != scores.shape[:1] or y.dtype.kind not in "iu" or not y.size:
        raise ValueError(
            f"{name}: got {scores.shape} and y {y.shape} of {y.dtype}; expected (N, K) and integer "
            "class numbers (N,), at least one"
        )
    classes = scores.shape[1]
    if y.min() < 0 or y.max() >= classes:
        wrong = y[(y < 0) | (y >= classes)][0]
        raise ValueError(f"{name}: class {wrong} in y, but classes are 0 … {classes - 1}")
    return scores, y
