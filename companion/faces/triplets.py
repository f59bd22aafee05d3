"""The triplet loss: a picture of the same person is nearer than one of anybody else."""

import numpy as np

from companion.faces.distances import euclidean_distances, squared_distances
from companion.faces.mining import batch_all
from companion.training.engines import to_numpy


def triplet_loss(margin=0.3, mine=batch_all, squared=True):
    """Make the loss of a batch of encodings: the mean over the triplets that are chosen.

    Parameters
    ----------
    margin : float
        By how much a negative must be farther away than a positive, at least 0.
    mine : callable
        ``mine(distances, labels, margin)`` → (T, 3), one of `companion.faces.mining`.
    squared : bool
        Whether distances are squared, as in FaceNet, or plain.

    Returns
    -------
    callable
        ``loss(encodings, labels)`` for (B, D) of either engine and (B,); 0, with gradients of 0,
        if nothing is chosen.

    Raises
    ------
    ValueError
        If the margin is negative; by the loss, if the numbers of encodings and labels differ.

    Notes
    -----
    Schroff et al. (2015): max(‖A − P‖² − ‖A − N‖² + margin, 0). Chapter :ref:`triplet`.
    """
    if not margin >= 0:
        raise ValueError(f"triplet_loss: margin is {margin}; expected at least 0")
    between = squared_distances if squared else euclidean_distances

    def loss(encodings, labels):
        labels = to_numpy(labels)
        if len(labels) != len(encodings):
            raise ValueError(f"triplet_loss: {len(encodings)} encodings, {len(labels)} labels")
        distances = between(encodings, encodings)
        a, p, n = np.asarray(mine(to_numpy(distances), labels, margin)).T
        if not len(a):
            return (encodings * 0).sum()
        return (distances[a, p] - distances[a, n] + margin).clip(min=0).mean()

    return loss
