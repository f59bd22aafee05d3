"""GloVe: vectors whose products are the logarithms of counts, by weighted least squares.

Derived on the page :ref:`glove`.
"""

import numpy as np

from companion.gradients.tape import primitive
from companion.rnn.words.cooccurrence import cooccurrence
from companion.rnn.words.sparse_rows import RowAdagrad, row_gradient
from companion.rnn.words.word2vec import Learned


def glove_weights(counts, x_max=100.0, alpha=0.75):
    """Return f(X) = min(1, (X / x_max)^α): rare pairs count less, frequent ones not ever more.

    Parameters
    ----------
    counts : array_like
        X, at least 0.
    x_max, alpha : float
        Where f becomes 1, and how it gets there.

    Returns
    -------
    numpy.ndarray
        Shape of `counts`, from 0 to 1.

    Raises
    ------
    ValueError
        If a count is negative or `x_max` is not above 0.
    """
    counts = np.asarray(counts, float)
    if not x_max > 0 or (counts < 0).any():
        raise ValueError(
            f"glove_weights: x_max={x_max}; expected it above 0, and no negative count"
        )
    return np.minimum(1, counts / x_max) ** alpha


@primitive
def glove_loss(word, other, bias, other_bias, *, log_counts, weights):
    """Loss of each pair: f (w·w̃ + b + b̃ − log X)². w, w̃: (N, D), b, b̃: (N,) → (N,).

    Pullback: with the residual r = w·w̃ + b + b̃ − log X and e = 2f r, w gets e·w̃, w̃ gets e·w,
    and both biases get e.
    """
    logs, weights = (np.asarray(a, word.dtype) for a in (log_counts, weights))
    loss, back = squared_errors(word, other, bias, other_bias, logs, weights)
    return (loss, *(lambda dy, k=k: back(dy)[k] for k in range(4)))


def squared_errors(word, other, bias, other_bias, log_counts, weights):
    """Compute `glove_loss` on arrays.

    Returns
    -------
    loss : numpy.ndarray
        (N,).
    back : callable
        dLoss (N,) → gradients of the four inputs.
    """
    error = np.einsum("nd,nd->n", word, other) + bias + other_bias - log_counts

    def back(dy):
        e = dy * 2 * weights * error
        return e[:, None] * other, e[:, None] * word, e, e

    return weights * error**2, back


def glove(corpus, *, dimensions=50, window=10, x_max=100.0, alpha=0.75, lr=0.05, epochs=15,
          batch_size=1000, seed=0):  # fmt: skip
    """Learn vectors from counts.

    Parameters
    ----------
    corpus : Corpus
        The text.
    dimensions : int
        Length D of a vector.
    window : int
        Of `cooccurrence`.
    x_max, alpha : float
        Of `glove_weights`.
    lr : float
        Learning rate of Adagrad on the rows in use.
    epochs, batch_size, seed : int
        An epoch is all counts that are not zero, once.

    Returns
    -------
    Learned
        ``vectors`` is the sum of both tables, as the paper takes it, ``outputs`` the second table;
        ``losses`` one mean loss an epoch.

    Notes
    -----
    Pennington, Socher and Manning (2014). Derived on the page :ref:`glove`.
    """
    rows, columns, counts = cooccurrence(corpus, window)
    log_counts = np.log(counts).astype(np.float32)
    weights = glove_weights(counts, x_max, alpha).astype(np.float32)
    rng = np.random.default_rng(seed)
    shape = len(corpus.words), dimensions + 1  # the last column is the bias
    tables = [((rng.random(shape) - 0.5) / dimensions).astype(np.float32) for _ in range(2)]
    movers = [RowAdagrad(table, lr) for table in tables]
    losses = []
    for _ in range(epochs):
        order, total = rng.permutation(len(counts)), 0.0
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            places = rows[batch], columns[batch]
            (w, b), (other, c) = (
                (t[p, :-1], t[p, -1]) for t, p in zip(tables, places, strict=True)
            )
            loss, back = squared_errors(w, other, b, c, log_counts[batch], weights[batch])
            dw, dother, db, dc = back(np.ones_like(loss))
            for table, mover, place, d, of_bias in zip(
                tables, movers, places, (dw, dother), (db, dc), strict=True
            ):
                mover.step(table, row_gradient(place, np.column_stack([d, of_bias])))
            total += float(loss.sum())
        losses.append(total / len(counts))
    words, others = (table[:, :-1] for table in tables)
    return Learned(words + others, others, np.array(losses))
