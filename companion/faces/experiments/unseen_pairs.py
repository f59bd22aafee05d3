"""How well distances tell all pairs of people that nobody has learned from."""

import numpy as np

from companion.faces.comparing_head import pairs
from companion.faces.distances import euclidean_distances, unit_length
from companion.faces.experiments.learned import encodings_of
from companion.training import predict


def errors_of_pairs(distances, names):
    """Judge distances by all pairs of pictures.

    Parameters
    ----------
    distances : array_like
        (N, N); only those above the diagonal count. Small means the same person.
    names : array_like
        (N,) who is on each.

    Returns
    -------
    auc : float
        Chance that a pair of one person is nearer than a pair of two; ties count half.
    eer : float
        Mean of the false accept and the false reject rate where they differ least.

    Raises
    ------
    ValueError
        If a distance is NaN or one kind of pair is missing.
    """
    i, j, same = pairs(names)
    d = np.asarray(distances)[i, j]
    if np.isnan(d).any():
        raise ValueError("errors_of_pairs: a distance is NaN; did training diverge?")
    if same.all() or not same.any():
        raise ValueError("errors_of_pairs: pairs of one kind only; expected same and different")
    alike, apart = np.sort(d[same]), np.sort(d[~same])
    low, high = (np.searchsorted(apart, alike, side) for side in ("left", "right"))
    auc = 1 - (low + high).mean() / 2 / len(apart)
    at = np.unique(d)
    rejected = 1 - np.searchsorted(alike, at, "right") / len(alike)
    accepted = np.searchsorted(apart, at, "right") / len(apart)
    best = np.argmin(np.abs(rejected - accepted).round(12))  # of equal gaps the first
    return float(auc), float((rejected[best] + accepted[best]) / 2)


def distances_of(model, images):
    """Euclidean distances (N, N) between pictures, of encodings scaled to length 1."""
    z = unit_length(encodings_of(model, images).astype(np.float64))
    return euclidean_distances(z, z)


def judged(model, head, unknown):
    """Judge an encoder on people it has never seen, and its head where that compares pairs.

    Parameters
    ----------
    model, head : Module
        As `learn_with_head` returns them.
    unknown : People
        Nobody of them was learned from.

    Returns
    -------
    dict
        "distance": AUC and equal error rate of distances; "head": those of the head's logits.
    """
    found = {"distance": errors_of_pairs(distances_of(model, unknown.images), unknown.names)}
    if hasattr(head, "weigh"):
        logits = predict(head, encodings_of(model, unknown.images), batch_size=len(unknown))
        found["head"] = errors_of_pairs(-np.asarray(logits), unknown.names)
    return found
