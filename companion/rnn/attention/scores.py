"""How well a state fits what was read: the scores of attention in translation.

Derived in the chapter :ref:`attention`.
"""

import numpy as np

from companion.gradients.activations import softmax, tanh
from companion.gradients.layers import Linear
from companion.gradients.module import Module
from companion.rnn.attention.masks import to_add


class Attention(Module):
    """Base: scores become shares, and shares a mean of what was read. Subclasses give the scores.

    The mean has no weights of its own.
    """

    def forward(self, states, read, mask):
        """Look back.

        Parameters
        ----------
        states : Tensor
            (N, T, H): who looks.
        read : Tensor
            (N, S, M): what is looked at.
        mask : array_like of bool
            (N, S): True where something was read.

        Returns
        -------
        context : Tensor
            (N, T, M).
        weights : Tensor
            (N, T, S); each row adds up to 1, and is 0 where nothing was read.

        Raises
        ------
        ValueError
            If a shape does not fit, or nothing was read in a row.
        """
        shapes = f"states {states.shape}, read {read.shape}, mask {np.shape(mask)}"
        if states.ndim != 3 or read.ndim != 3 or np.shape(mask) != read.shape[:2]:
            raise ValueError(
                f"{type(self).__name__}: {shapes}; expected (N, T, H), (N, S, M), (N, S)"
            )
        if states.shape[0] != read.shape[0]:
            raise ValueError(f"{type(self).__name__}: {shapes}: other numbers of texts")
        allowed = np.asarray(mask, bool)[:, None, :]
        weights = softmax(self.scores(states, read) + to_add(allowed, states.dtype), dim=-1)
        return weights @ read, weights


class AdditiveAttention(Attention):
    """Scores v · tanh(W s + U h): a small network compares a state with what was read.

    Parameters
    ----------
    state_size, read_size : int
        H of the states, M of what was read.
    hidden_size : int
        Units of the small network.

    Notes
    -----
    Bahdanau, Cho and Bengio (2015). Derived in the chapter :ref:`attention`.
    """

    def __init__(self, state_size, read_size, hidden_size):
        self.of_state = Linear(state_size, hidden_size, bias=False)
        self.of_read = Linear(read_size, hidden_size)
        self.v = Linear(hidden_size, 1, bias=False)

    def scores(self, states, read):
        """Compare each with each: (N, T, H) and (N, S, M) → (N, T, S)."""
        both = self.of_state(states).unsqueeze(2) + self.of_read(read).unsqueeze(1)
        return self.v(tanh(both)).squeeze(3)
