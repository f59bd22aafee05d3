"""How wrong a change of the gradient is when it is measured on mini-batches."""

import numpy as np


def pair_errors(gradient_on, theta, count, batch, lengths, draws=6, seed=0):
    """Error of the change y of the gradient over a step, relative to that on all examples.

    Each step goes against the gradient of a first mini-batch. Its end is judged once by another
    mini-batch and once by the same.

    Parameters
    ----------
    gradient_on : callable
        Places of examples → function that returns the gradient (n,) of their mean cost.
    theta : numpy.ndarray
        Where the steps begin, (n,).
    count, batch : int
        Number of examples, at least two mini-batches, and size of a mini-batch.
    lengths : sequence of float
        Lengths of the steps, (L,).
    draws : int
        How many pairs of mini-batches to draw.
    seed : int
        Of the generator.

    Returns
    -------
    numpy.ndarray
        Median error over the draws, (L, 2): with another mini-batch, with the same.

    Notes
    -----
    Used in the chapter :ref:`second_order`.
    """
    rng, everything = np.random.default_rng(seed), gradient_on(np.arange(count))
    start, found = everything(theta), np.empty((draws, len(lengths), 2))
    for draw in found:
        rows = rng.permutation(count)[: 2 * batch].reshape(2, batch)
        same, other = (gradient_on(own) for own in rows)
        g = same(theta)
        for errors, length in zip(draw, lengths, strict=True):
            to = theta - length * g / np.linalg.norm(g)
            y = everything(to) - start
            noisy = [other(to) - g, same(to) - g]
            errors[:] = [np.linalg.norm(v - y) / np.linalg.norm(y) for v in noisy]
    return np.median(found, axis=0)
