"""How good is a verifier: its errors at a threshold, at all thresholds, and what sums them up."""

from typing import NamedTuple

import numpy as np


class Roc(NamedTuple):
    """Rates of a verifier at every threshold that makes a difference, from strict to lenient.

    Attributes
    ----------
    thresholds : numpy.ndarray
        (T,): −∞, at which nothing is accepted, then each distance that occurs, ascending.
    false_accepts : numpy.ndarray
        (T,) share of the different pairs with d ≤ threshold: FAR.
    true_accepts : numpy.ndarray
        (T,) share of the same pairs with d ≤ threshold: 1 − FRR.
    """

    thresholds: np.ndarray
    false_accepts: np.ndarray
    true_accepts: np.ndarray


def error_rates(distances, same, threshold):
    """Judge a verifier that accepts a pair where d ≤ threshold.

    Parameters
    ----------
    distances : array_like
        (K,) distances of pairs; smaller is more alike.
    same : array_like
        (K,) bool: whether a pair shows one person.
    threshold : float
        The greatest distance that is accepted.

    Returns
    -------
    false_accept_rate, false_reject_rate : float
        Shares of the different pairs that are accepted, and of the same pairs that are rejected.

    Raises
    ------
    ValueError
        If lengths differ, a distance is not finite or the threshold is NaN, or pairs of one kind
        are missing.

    Notes
    -----
    Chapter :ref:`verification`.
    """
    distances, same = _checked("error_rates", distances, same)
    if np.isnan(threshold):
        raise ValueError("error_rates: the threshold is NaN; give a distance")
    accepted = distances <= threshold
    return float(accepted[~same].mean()), float((~accepted[same]).mean())


def roc(distances, same):
    """Move the threshold over all distances and note both rates.

    Parameters
    ----------
    distances, same
        As for `error_rates`.

    Returns
    -------
    Roc
        At the first threshold nothing is accepted, at the last everything.

    Raises
    ------
    ValueError
        As for `error_rates`.

    Notes
    -----
    Pairs with equal distances are accepted together, so they make one step. Fawcett (2006).
    Chapter :ref:`verification`.
    """
    distances, same = _checked("roc", distances, same)
    order = np.argsort(distances, kind="stable")
    distances, same = distances[order], same[order]
    last = np.append(distances[1:] > distances[:-1], True)  # the last of equal ones
    accepts = [np.append(0, np.cumsum(kind)[last]) / kind.sum() for kind in (~same, same)]
    return Roc(np.append(-np.inf, distances[last]), *accepts)


def auc(distances, same):
    """Measure the area under the ROC curve.

    Parameters
    ----------
    distances, same
        As for `error_rates`.

    Returns
    -------
    float
        The chance that a same pair is nearer than a different one, both drawn at random, where
        equal distances count one half: 0.5 is guessing, 1 perfect.

    Raises
    ------
    ValueError
        As for `error_rates`.

    Notes
    -----
    Hanley and McNeil (1982). Chapter :ref:`verification`.
    """
    _, wrong, right = roc(distances, same)
    return float((np.diff(wrong) * (right[1:] + right[:-1])).sum() / 2)


def equal_error_rate(distances, same):
    """Find where false accepts and false rejects are equally frequent.

    Parameters
    ----------
    distances, same
        As for `error_rates`.

    Returns
    -------
    threshold, rate : float
        Where the ROC curve, points joined by lines, meets the line FAR = FRR. The threshold lies
        between those of the two points in the same proportion.

    Raises
    ------
    ValueError
        As for `error_rates`.

    Notes
    -----
    Chapter :ref:`verification`.
    """
    thresholds, wrong, right = roc(distances, same)
    ahead = wrong - (1 - right)  # FAR − FRR, never falling, from −1 to 1
    k = int(np.argmax(ahead >= 0))
    share = -ahead[k - 1] / (ahead[k] - ahead[k - 1])
    rate = wrong[k - 1] + share * (wrong[k] - wrong[k - 1])
    below = thresholds[k - 1] if k > 1 else thresholds[k]
    return float(below + share * (thresholds[k] - below)), float(rate)


def accepts_at(distances, same, far):
    """Find the most lenient threshold that keeps false accepts at or below a stated rate.

    Parameters
    ----------
    distances, same
        As for `error_rates`.
    far : float
        Greatest FAR, from 0 to 1.

    Returns
    -------
    threshold, rate : float
        The threshold, −∞ if every one accepts too much, and the share of the same pairs that it
        accepts. Below 1 / (number of different pairs) only a FAR of 0 will do.

    Raises
    ------
    ValueError
        If `far` lies outside 0 to 1, or as for `error_rates`.

    Notes
    -----
    Chapter :ref:`verification`.
    """
    if not 0 <= far <= 1:
        raise ValueError(f"accepts_at: far is {far}; expected a share from 0 to 1")
    thresholds, wrong, right = roc(distances, same)
    k = np.flatnonzero(wrong <= far)[-1]
    return float(thresholds[k]), float(right[k])


def _checked(name, distances, same):
    distances, same = np.asarray(distances, dtype=float), np.asarray(same)
    if distances.ndim != 1 or distances.shape != same.shape:
        raise ValueError(
            f"{name}: distances {distances.shape}, same {same.shape}; expected (K,) and (K,)"
        )
    if same.dtype != bool:
        raise ValueError(f"{name}: same has dtype {same.dtype}; expected bool, as from a == b")
    if not np.isfinite(distances).all():
        k = np.flatnonzero(~np.isfinite(distances))[0]
        raise ValueError(f"{name}: distance {k} is {distances[k]}; did training diverge?")
    if not 0 < same.sum() < len(same):
        kind = "different" if len(same) and same.all() else "same"
        raise ValueError(
            f"{name}: none of the {len(same)} pairs is a {kind} one, so a rate would be 0 / 0; "
            "give pairs of both kinds"
        )
    return distances, same
