"""Labels made wrong on purpose, at random or by a rule, and how well a search finds them."""

from typing import NamedTuple

import numpy as np

LOOK_ALIKE = np.array([6, 7, 3, 2, 9, 8, 0, 1, 5, 4])
"""A partner for each digit: 0 and 6, 1 and 7, 2 and 3, 4 and 9, 5 and 8."""


class Labels(NamedTuple):
    """Labels of which some are wrong.

    Attributes
    ----------
    given : numpy.ndarray
        What is written on the examples, (N,).
    wrong : numpy.ndarray
        Whether it was made wrong, (N,) bool.
    """

    given: np.ndarray
    wrong: np.ndarray


def _checked(name, y, share, classes):
    y = np.asarray(y)
    if y.ndim != 1:
        raise ValueError(f"{name}: y has shape {y.shape}; expected (N,)")
    if not 0 <= share <= 1:
        raise ValueError(f"{name}: share is {share}; expected a number between 0 and 1")
    if y.size and not (y.min() >= 0 and y.max() < classes):
        raise ValueError(f"{name}: labels go from {y.min()} to {y.max()}, with {classes} classes")
    return y


def _drawn(n, share, seed):
    """Mark round(share · n) of n places at random."""
    rng = np.random.default_rng([seed, 21])
    wrong = np.zeros(n, dtype=bool)
    wrong[rng.permutation(n)[: round(share * n)]] = True
    return wrong, rng


def wrong_at_random(y, share, classes=10, seed=0):
    """Replace a share of the labels by another class, each of the others equally likely.

    Parameters
    ----------
    y : array_like
        True classes, (N,), numbers from 0.
    share : float
        Share to make wrong; it is exactly round(share · N) labels.
    classes : int
        Number of classes, at least 2.
    seed : int
        Decides which labels, and what they become.

    Returns
    -------
    Labels
        The labels, and which of them are wrong. `y` is not changed.

    Raises
    ------
    ValueError
        If `share` is not between 0 and 1, there are fewer than 2 classes, or a label is none.

    Notes
    -----
    Used first in the chapter :ref:`wrong_labels`.
    """
    if classes < 2:
        raise ValueError(f"wrong_at_random: classes is {classes}; a wrong label needs at least 2")
    y = _checked("wrong_at_random", y, share, classes)
    wrong, rng = _drawn(len(y), share, seed)
    given = y.copy()
    given[wrong] = (y[wrong] + rng.integers(1, classes, wrong.sum())) % classes
    return Labels(given, wrong)


def wrong_by_partner(y, share, partner=LOOK_ALIKE, seed=0):
    """Replace a share of the labels, drawn at random, by the partner of their class.

    Parameters
    ----------
    y : array_like
        True classes, (N,).
    share : float
        Share to make wrong; it is exactly round(share · N) labels.
    partner : array_like
        What class k is called when its label is wrong, (K,); never k itself.
    seed : int
        Decides which labels.

    Returns
    -------
    Labels
        The labels, and which of them are wrong.

    Raises
    ------
    ValueError
        If `share` is not between 0 and 1, a label has no partner, or a class is its own.

    Notes
    -----
    Used first in the chapter :ref:`wrong_labels`.
    """
    partner = _partners("wrong_by_partner", partner)
    y = _checked("wrong_by_partner", y, share, len(partner))
    wrong, _ = _drawn(len(y), share, seed)
    return Labels(np.where(wrong, partner[y], y), wrong)


def wrong_by_feature(y, share, feature, partner=LOOK_ALIKE):
    """Replace the labels of those examples of each class that have most of a feature.

    Nothing is drawn at random: the rule can be seen in the examples.

    Parameters
    ----------
    y : array_like
        True classes, (N,).
    share : float
        Share to make wrong in each class; of a class with n examples it is round(share · n).
    feature : array_like
        What the rule goes by, (N,), such as the ink of each digit. Of equals the first is taken.
    partner : array_like
        What class k is called when its label is wrong, (K,); never k itself.

    Returns
    -------
    Labels
        The labels, and which of them are wrong.

    Raises
    ------
    ValueError
        As for `wrong_by_partner`, and if there is not one finite feature for each label.

    Notes
    -----
    Used first in the chapter :ref:`wrong_labels`.
    """
    partner = _partners("wrong_by_feature", partner)
    y = _checked("wrong_by_feature", y, share, len(partner))
    feature = np.asarray(feature, dtype=float)
    if feature.shape != y.shape or not np.isfinite(feature).all():
        raise ValueError(
            f"wrong_by_feature: feature has shape {feature.shape}; expected one finite number for "
            f"each of {len(y)} labels"
        )
    wrong = np.zeros(len(y), dtype=bool)
    for k in np.unique(y):
        rows = np.flatnonzero(y == k)
        most = np.argsort(-feature[rows], kind="stable")[: round(share * len(rows))]
        wrong[rows[most]] = True
    return Labels(np.where(wrong, partner[y], y), wrong)


def _partners(name, partner):
    partner = np.asarray(partner)
    same = np.flatnonzero(partner == np.arange(len(partner)))
    if len(same):
        raise ValueError(f"{name}: the partner of class {same[0]} is {same[0]}; take another class")
    return partner


def precision_at(suspicion, wrong, counts):
    """Share of wrong labels among the most suspicious ones.

    Parameters
    ----------
    suspicion : array_like
        One number for each label, (N,), such as its loss; more is more suspicious.
    wrong : array_like
        Whether it is wrong, (N,) bool.
    counts : array_like
        How many labels are looked at, whole numbers from 1 to N, (C,).

    Returns
    -------
    numpy.ndarray
        For each count the share of wrong ones, (C,). Looking at labels in no order finds the share
        of wrong ones in the whole set. Of equals those that stand first are looked at first.

    Raises
    ------
    ValueError
        If the lengths differ, a suspicion is NaN, or a count is not between 1 and N.

    Notes
    -----
    Used first in the chapter :ref:`wrong_labels`.
    """
    suspicion, wrong = np.asarray(suspicion, dtype=float), np.asarray(wrong, dtype=bool)
    counts = np.asarray(counts, dtype=int)
    if suspicion.shape != wrong.shape or np.isnan(suspicion).any():
        raise ValueError(
            f"precision_at: {suspicion.shape} suspicions, {np.isnan(suspicion).sum()} of them NaN, "
            f"for {wrong.shape} labels; expected one number for each"
        )
    if counts.size and not (counts.min() >= 1 and counts.max() <= len(wrong)):
        raise ValueError(f"precision_at: counts are {counts}; expected 1 to {len(wrong)}")
    found = np.cumsum(wrong[np.argsort(-suspicion, kind="stable")])
    return found[counts - 1] / counts
