"""Cutting a batch among workers, so that together they see what one process would see."""

import numpy as np


def shard(batch, rank, workers):
    """Return the part of a batch that belongs to one worker: every `workers`-th example.

    Parameters
    ----------
    batch : array_like
        Examples, or their numbers, (B, …).
    rank : int
        Number of the worker, 0 to `workers` - 1.
    workers : int
        Number of workers.

    Returns
    -------
    numpy.ndarray
        Examples `rank`, `rank` + `workers`, …, as a view. The parts of all workers hold each
        example once; their lengths differ by at most 1, and a part may be empty.

    Raises
    ------
    ValueError
        If there is no such worker.

    Notes
    -----
    torch's ``DistributedSampler`` deals out in the same order, over a whole epoch, but repeats or
    drops examples until all parts are equally long. Told in the chapter :ref:`frameworks`.
    """
    if not 0 <= rank < workers:
        raise ValueError(f"shard: rank is {rank}; with {workers} workers it is 0 to {workers - 1}")
    return np.asarray(batch)[rank::workers]
