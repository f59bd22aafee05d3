"""A bag of words as one vector: the mean of its words, their order forgotten.

Derived in the chapter :ref:`word2vec`.
"""

import numpy as np
from scipy.sparse import csr_array

from companion.rnn.words.sparse_rows import row_gradient


def bag_means(table, bags):
    """Average rows of a table.

    Parameters
    ----------
    table : numpy.ndarray
        (V, D).
    bags : numpy.ndarray
        (N, W) rows of each bag, −1 where there is none; at least one in each.

    Returns
    -------
    means : numpy.ndarray
        (N, D).
    back : callable
        Gradient of the means (N, D) → `RowGradient` of the table: each word of a bag of m gets the
        m-th part.

    Raises
    ------
    ValueError
        If a bag is empty.
    """
    there = bags >= 0
    sizes = there.sum(axis=1)
    if not (sizes > 0).all():
        raise ValueError(f"bag_means: bag {np.argmin(sizes)} holds no word; leave it out")
    owners, words = np.repeat(np.arange(len(bags)), sizes), bags[there]
    share = (1 / sizes).astype(table.dtype)[:, None]
    ends = np.concatenate([[0], np.cumsum(sizes)])
    bag = csr_array((np.ones(len(words), table.dtype), words, ends), (len(bags), len(table)))
    return bag @ table * share, lambda dy: row_gradient(words, (dy * share)[owners])
