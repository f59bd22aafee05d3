"""Summing vectors over workers in a ring, where each worker speaks to its right neighbour only."""

from typing import NamedTuple

import numpy as np


class Reduced(NamedTuple):
    """What `ring_all_reduce` returns.

    Attributes
    ----------
    sums : list of numpy.ndarray
        What each worker holds at the end: the sum of all vectors, (D,).
    sent : numpy.ndarray
        Numbers each worker has sent, (W,).
    """

    sums: list
    sent: np.ndarray


def ring_all_reduce(vectors):
    """Add up the vectors of all workers, so that each worker has the sum.

    Each vector is cut into as many pieces as there are workers. For W - 1 rounds every worker sends
    one piece to the right, where it is added; then each worker holds one finished piece. For W - 1
    more rounds the finished pieces go around.

    Parameters
    ----------
    vectors : sequence of array_like
        One vector a worker, all of one length, (W, D). They are not changed.

    Returns
    -------
    Reduced
        The sums, and how much each worker has sent: 2 (W - 1) / W · D numbers, rounded to whole
        pieces.

    Raises
    ------
    ValueError
        If there are no vectors, or they are not vectors of one length.

    Notes
    -----
    Patarasuk and Yuan (2009); derived in the chapter :ref:`frameworks`.
    """
    held = [np.array(vector) for vector in vectors]
    shapes = {vector.shape for vector in held}
    if len(shapes) != 1 or held[0].ndim != 1:
        raise ValueError(
            f"ring_all_reduce: got shapes {[v.shape for v in held]}; "
            "expected at least one vector, all of one length"
        )
    workers = len(held)
    pieces = [np.array_split(vector, workers) for vector in held]  # views: adding changes `held`
    sent = np.zeros(workers, dtype=int)
    for turn in range(workers - 1):
        for rank, number, piece in _messages(pieces, -turn, sent):
            pieces[rank][number] += piece
    for turn in range(workers - 1):
        for rank, number, piece in _messages(pieces, 1 - turn, sent):
            pieces[rank][number][...] = piece
    return Reduced(held, sent)


def _messages(pieces, offset, sent):
    """List what arrives in one round: worker `rank` sends its piece `rank` + `offset`."""
    workers, arriving = len(pieces), []
    for rank in range(workers):
        number = (rank + offset) % workers
        piece = pieces[rank][number].copy()
        sent[rank] += len(piece)
        arriving.append(((rank + 1) % workers, number, piece))
    return arriving
