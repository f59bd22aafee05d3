"""Gradients that name only the rows in use, and optimizers that touch no others.

Derived on the page :ref:`many_words`.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from companion.gradients.module import Parameter
from companion.rnn.words.embedding import embedding_rows


class RowGradient(NamedTuple):
    """Gradient of a table (V, D) that is zero outside of some rows.

    Attributes
    ----------
    rows : numpy.ndarray
        (R,) numbers of the rows, each once, in order.
    values : numpy.ndarray
        (R, D) their gradients.
    """

    rows: np.ndarray
    values: np.ndarray

    def dense(self, count):
        """Return the same gradient with all `count` rows."""
        full = np.zeros((count, self.values.shape[1]), self.values.dtype)
        full[self.rows] = self.values
        return full


def row_gradient(index, dy):
    """Sum the gradients of vectors that were taken from a table.

    Parameters
    ----------
    index : numpy.ndarray
        Row of each vector, any shape.
    dy : numpy.ndarray
        Their gradients, shape of `index` and D.

    Returns
    -------
    RowGradient
        A row that was taken several times gets the sum.
    """
    index, dy = np.ravel(index), dy.reshape(np.size(index), dy.shape[-1])
    order = np.argsort(index, kind="stable")
    rows, starts = np.unique(index[order], return_index=True)
    # A matrix of ones adds up faster than a loop over the groups.
    ends, ones = np.append(starts, len(order)), np.ones(len(order), dy.dtype)
    return RowGradient(rows, csr_array((ones, order, ends), (len(rows), len(order))) @ dy)


class TakenRows:
    """The rows of a table that a batch uses, as a small leaf of the graph.

    Parameters
    ----------
    table : numpy.ndarray
        (V, D).
    index : numpy.ndarray of int
        Which rows are used, any shape.

    Attributes
    ----------
    rows : numpy.ndarray
        (R,) each used row once.
    leaf : Parameter
        (R, D) a copy of these rows.
    """

    def __init__(self, table, index):
        self.rows, places = np.unique(index, return_inverse=True)
        self.places = places.reshape(np.shape(index))
        self.leaf = Parameter(table[self.rows])

    def vectors(self):
        """Look the batch up: shape of the index and D."""
        return embedding_rows(self.leaf, index=self.places)

    def gradient(self):
        """Return what `backward` left, for the rows of the table."""
        return RowGradient(self.rows, self.leaf.grad)


class RowSGD:
    """θ ← θ − ηg on the rows that have a gradient.

    Parameters
    ----------
    lr : float
        Learning rate η.
    """

    def __init__(self, lr):
        self.lr = lr

    def step(self, table, gradient):
        """Move the rows that `gradient` names, in place."""
        table[gradient.rows] -= table.dtype.type(self.lr) * gradient.values


class RowAdagrad:
    """Adagrad on the rows that have a gradient; equal to Adagrad on the whole table.

    A coordinate whose gradient is 0 is not moved by Adagrad, and its sum of squares stays.

    Parameters
    ----------
    table : numpy.ndarray
        (V, D) what will be moved; only its shape and type count here.
    lr : float
        Learning rate η.
    eps : float
        Added to the root.
    """

    def __init__(self, table, lr=1e-2, eps=1e-10):
        self.lr, self.eps, self.sum = lr, eps, np.zeros_like(table)

    def step(self, table, gradient):
        """Move the rows that `gradient` names, in place."""
        rows, g = gradient
        squares = self.sum[rows] + g * g
        self.sum[rows] = squares
        table[rows] -= self.lr * g / (np.sqrt(squares) + self.eps)


class RowAdam:
    """Adam that runs only for the rows that have a gradient, as torch's ``SparseAdam``.

    This is *not* Adam on the whole table: there the averages of all rows fade with each step and
    move rows that were not used.

    Parameters
    ----------
    table, eps
        As for `RowAdagrad`.
    lr : float
        Learning rate η.
    betas : (float, float)
        How much of each average is kept when a row is used.
    """

    def __init__(self, table, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.lr, self.betas, self.eps, self.t = lr, betas, eps, 0
        self.mean, self.square = np.zeros_like(table), np.zeros_like(table)

    def step(self, table, gradient):
        """Move the rows that `gradient` names, in place."""
        rows, g = gradient
        one, two = self.betas
        self.t += 1
        m = self.mean[rows] = one * self.mean[rows] + (1 - one) * g
        s = self.square[rows] = two * self.square[rows] + (1 - two) * g * g
        rate = self.lr * np.sqrt(1 - two**self.t) / (1 - one**self.t)
        table[rows] -= rate * m / (np.sqrt(s) + self.eps)
