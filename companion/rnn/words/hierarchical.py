"""Hierarchical softmax: a word's probability is that of its turns on the way down a tree.

Derived on the page :ref:`many_words`.
"""

import numpy as np
from scipy.special import expit

from companion.gradients.tape import primitive
from companion.rnn.words.sparse_rows import row_gradient


@primitive
def hierarchical_softmax(hidden, weight, *, word, paths):
    """Loss −log P(word) of each example. h: (N, D), weight: (V − 1, D), one row a node → (N,).

    P is the product of σ(t · wₙ·h) over the nodes n on the way to the word, where t is 1 for left
    and −1 for right. Pullback: with the errors e = −t (1 − σ(t · wₙ·h)), h gets Σ e·wₙ and wₙ gets
    e·h. Only the nodes on the way are read.
    """
    word = np.asarray(word)
    nodes, turns = paths.nodes[word], paths.turns[word].astype(hidden.dtype)
    # Behind the end of a way the turn is 0; the row read there does not count.
    rows = weight[nodes]
    scores = turns * np.einsum("nd,nld->nl", hidden, rows)
    loss = (np.logaddexp(0, -scores) * (turns != 0)).sum(axis=1)

    def errors(dy):
        return dy[:, None] * -turns * expit(-scores)

    def to_weight(dy):
        there = nodes >= 0
        gradients = errors(dy)[:, :, None] * hidden[:, None]
        return row_gradient(nodes[there], gradients[there]).dense(len(weight))

    return loss, lambda dy: np.einsum("nl,nld->nd", errors(dy), rows), to_weight


def word_probabilities(hidden, weight, paths):
    """Return the probability of every word: (N, D) → (N, V), each row adds up to 1.

    This walks to all words, which costs as much as the full softmax; learning never needs it.

    Parameters
    ----------
    hidden : numpy.ndarray
        (N, D).
    weight : numpy.ndarray
        (V − 1, D), a row for each inner node.
    paths : Paths
        Of the tree.

    Returns
    -------
    numpy.ndarray
        (N, V).
    """
    scores = (hidden @ weight.T)[:, paths.nodes] * paths.turns
    return np.where(paths.turns, expit(scores), 1).prod(axis=2)
