"""Judging pairs in folds: the threshold comes from all other folds."""

import numpy as np


def best_threshold(distances, same):
    """Find the threshold with which most pairs are judged right.

    Parameters
    ----------
    distances : array_like
        (K,) of pairs.
    same : array_like
        (K,) bool.

    Returns
    -------
    float
        A pair is called the same if its distance is at most that. Halfway between two observed
        distances, of equally good ones the smallest; below the smallest distance or twice the
        largest where it is best to reject or to accept all.

    Raises
    ------
    ValueError
        If there is no pair, lengths differ, or a distance is NaN or negative.

    Notes
    -----
    Chapter :ref:`face_folders`.
    """
    distances, same = _checked("best_threshold", distances, same)
    levels = np.unique(distances)
    below = np.searchsorted(np.sort(distances[same]), levels, side="right")
    wrong = np.searchsorted(np.sort(distances[~same]), levels, side="right")
    gains = np.concatenate([[0], below - wrong])
    lowest = 0.0 if levels[0] > 0 else -1.0
    ends = np.concatenate([[lowest], levels, [3 * levels[-1]]])
    return float((ends[:-1] + ends[1:])[gains.argmax()] / 2)


def judged_in_folds(distances, same, folds):
    """Judge each fold of pairs at the threshold that is best for all the others together.

    Parameters
    ----------
    distances, same : array_like
        (K,) of pairs, and (K,) bool.
    folds : array_like
        (K,) int, at least two different.

    Returns
    -------
    accuracies : numpy.ndarray
        (F,) share of the pairs of each fold that are judged right.
    thresholds : numpy.ndarray
        (F,) which threshold each was judged at.

    Raises
    ------
    ValueError
        As for `best_threshold`, or if there are fewer than two folds.

    Notes
    -----
    The protocol of LFW (Huang et al., 2007): its ten folds share no people. Reported are mean and
    standard error over folds. Chapter :ref:`face_folders`.
    """
    distances, same = _checked("judged_in_folds", distances, same)
    folds = np.asarray(folds)
    if folds.shape != distances.shape:
        raise ValueError(f"judged_in_folds: {len(distances)} pairs, folds {folds.shape}")
    names = np.unique(folds)
    if len(names) < 2:
        raise ValueError(f"judged_in_folds: {len(names)} fold; expected at least two")
    thresholds = [best_threshold(distances[folds != f], same[folds != f]) for f in names]
    right = [np.mean((distances[folds == f] <= t) == same[folds == f])
             for f, t in zip(names, thresholds, strict=True)]  # fmt: skip
    return np.array(right), np.array(thresholds)


def _checked(name, distances, same):
    distances, same = np.asarray(distances, dtype=float), np.asarray(same, dtype=bool)
    if distances.ndim != 1 or distances.shape != same.shape or not len(distances):
        raise ValueError(
            f"{name}: distances {distances.shape}, same {same.shape}; expected (K,), K ≥ 1"
        )
    if not (distances >= 0).all():
        raise ValueError(f"{name}: a distance is NaN or negative")
    return distances, same
