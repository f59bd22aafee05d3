"""How well distances tell all pairs of people that nobody has learned from."""

import numpy as np

from companion.faces.curves import auc, equal_error_rate
from companion.faces.distances import euclidean_distances, unit_length
from companion.faces.experiments.learned import encodings_of
from companion.faces.pairs import all_pairs
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
        The rate at which false accepts and false rejects are equally frequent.

    Raises
    ------
    ValueError
        If a distance is not finite or one kind of pair is missing.
    """
    i, j, same = all_pairs(names)
    between = np.asarray(distances)[i, j]
    return auc(between, same), equal_error_rate(between, same)[1]


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
