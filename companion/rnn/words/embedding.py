"""A table with a row for each token: taking rows is the product with one-hot vectors.

Derived in the chapter :ref:`embeddings`.
"""

import numpy as np

from companion.gradients.generator import generator
from companion.gradients.module import Module, Parameter
from companion.gradients.tape import primitive
from companion.gradients.tensor import Tensor


@primitive
def embedding_rows(weight, *, index, padding_idx=None):
    """Rows of a table. weight: (V, D), index: (…) of integers → (…, D).

    Pullback: each row of the table gets the sum of the gradients of the places that took it; the
    row `padding_idx` gets none.
    """
    shape = weight.shape

    def pullback(dy):
        dw = np.zeros(shape, dy.dtype)
        rows, sums = summed_rows(index, dy)
        dw[rows] = sums
        if padding_idx is not None:
            dw[padding_idx] = 0
        return dw

    return weight[index], pullback


def summed_rows(index, dy):
    """Return the rows that were taken, each once, and the sum of the gradients of each.

    Parameters
    ----------
    index : numpy.ndarray
        Row numbers, any shape.
    dy : numpy.ndarray
        Gradients of what was taken, shape of `index` and D.

    Returns
    -------
    rows : numpy.ndarray
        (R,), in order.
    sums : numpy.ndarray
        (R, D).
    """
    flat, dy = index.ravel(), dy.reshape(index.size, dy.shape[-1])
    if not flat.size:
        return flat, dy
    order = np.argsort(flat, kind="stable")
    rows, starts = np.unique(flat[order], return_index=True)
    return rows, np.add.reduceat(dy[order], starts, axis=0)


def embedding(input, weight, padding_idx=None):
    """Look tokens up in a table.

    Parameters
    ----------
    input : Tensor or array_like of int
        Token numbers, any shape.
    weight : Tensor or array
        (V, D).
    padding_idx : int, optional
        Row that gets no gradient, also counted from the end.

    Returns
    -------
    Tensor
        Shape of `input` and D.

    Raises
    ------
    ValueError
        If a number is no integer or no row of the table.

    Notes
    -----
    Derived in the chapter :ref:`embeddings`.
    """
    index = np.asarray(input.data if isinstance(input, Tensor) else input)
    rows = weight.shape[0]
    if index.dtype.kind not in "iu":
        raise ValueError(f"embedding: tokens of type {index.dtype}; expected integers")
    if index.size and not (index.min() >= 0 and index.max() < rows):
        wrong = index[(index < 0) | (index >= rows)][0]
        raise ValueError(f"embedding: token {wrong}, but the table has rows 0 … {rows - 1}")
    if padding_idx is not None:
        padding_idx = _row("embedding", padding_idx, rows)
    return embedding_rows(weight, index=index, padding_idx=padding_idx)


class Embedding(Module):
    """A learned vector for each token.

    Parameters
    ----------
    num_embeddings, embedding_dim : int
        Tokens V and length D of a vector.
    padding_idx : int, optional
        Token whose vector is zero and stays so.

    Raises
    ------
    ValueError
        If a size is below 1 or `padding_idx` is no row.

    Notes
    -----
    ``weight`` is (V, D), standard normal at first, as in torch. Derived in the chapter
    :ref:`embeddings`.
    """

    def __init__(self, num_embeddings, embedding_dim, padding_idx=None):
        if num_embeddings < 1 or embedding_dim < 1:
            raise ValueError(f"Embedding: ({num_embeddings}, {embedding_dim}); expected at least 1")
        if padding_idx is not None:
            padding_idx = _row("Embedding", padding_idx, num_embeddings)
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = padding_idx
        values = generator().normal(size=(num_embeddings, embedding_dim)).astype(np.float32)
        if padding_idx is not None:
            values[padding_idx] = 0
        self.weight = Parameter(values)

    def forward(self, input):
        """Look up tokens: (…) → (…, D)."""
        return embedding(input, self.weight, self.padding_idx)

    def extra_repr(self):
        """Return the sizes."""
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"


def _row(who, row, rows):
    if not -rows <= row < rows:
        raise ValueError(f"{who}: padding_idx={row}; expected a row from {-rows} to {rows - 1}")
    return row % rows
