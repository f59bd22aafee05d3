"""How well a state fits what was read: the scores of attention in translation.

Derived in the chapters :ref:`attention` and :ref:`attention_scores`.
"""

import numpy as np

from companion.gradients.activations import softmax, tanh
from companion.gradients.layers import Linear
from companion.gradients.module import Module
from companion.gradients.shaping import cat, expand
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
            If a shape does not fit, nothing was read in a row, or the mask is not of booleans.
        """
        shapes = f"states {states.shape}, read {read.shape}, mask {np.shape(mask)}"
        if states.ndim != 3 or read.ndim != 3 or np.shape(mask) != read.shape[:2]:
            raise ValueError(
                f"{type(self).__name__}: {shapes}; expected (N, T, H), (N, S, M), (N, S)"
            )
        if states.shape[0] != read.shape[0]:
            raise ValueError(f"{type(self).__name__}: {shapes}: other numbers of texts")
        scores, mask = self.scores(states, read), np.asarray(mask)
        if mask.dtype != bool:
            raise ValueError(
                f"{type(self).__name__}: a mask of {mask.dtype}; expected booleans, True where "
                "something was read"
            )
        weights = softmax(scores + to_add(mask[:, None, :], states.dtype), dim=-1)
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


class DotAttention(Attention):
    """Scores s · h: no weights at all, so a state and what was read have to be equally long.

    Notes
    -----
    Luong, Pham and Manning (2015). Derived in the chapter :ref:`attention_scores`.
    """

    def scores(self, states, read):
        """Compare each with each: (N, T, H) and (N, S, H) → (N, T, S)."""
        if states.shape[2] != read.shape[2]:
            raise ValueError(
                f"DotAttention: states of {states.shape[2]} numbers, read {read.shape[2]}; make "
                "them equally long, or take GeneralAttention"
            )
        return states @ read.transpose(1, 2)


class GeneralAttention(Attention):
    """Scores s · (W h): a dot product after a map of what was read.

    Parameters
    ----------
    state_size, read_size : int
        H of the states, M of what was read.

    Notes
    -----
    Luong, Pham and Manning (2015). Derived in the chapter :ref:`attention_scores`.
    """

    def __init__(self, state_size, read_size):
        self.of_read = Linear(read_size, state_size, bias=False)

    def scores(self, states, read):
        """Compare each with each: (N, T, H) and (N, S, M) → (N, T, S)."""
        return states @ self.of_read(read).transpose(1, 2)


class ConcatAttention(Attention):
    """Scores v · tanh(W [s; h]): the small network gets each pair side by side.

    The same function as `AdditiveAttention`, computed by one product for each pair.

    Parameters
    ----------
    state_size, read_size : int
        H of the states, M of what was read.
    hidden_size : int
        Units of the small network.

    Notes
    -----
    Luong, Pham and Manning (2015), with a bias. Derived in the chapter :ref:`attention_scores`.
    """

    def __init__(self, state_size, read_size, hidden_size):
        self.sizes = state_size, read_size
        self.of_pair = Linear(state_size + read_size, hidden_size)
        self.v = Linear(hidden_size, 1, bias=False)

    def scores(self, states, read):
        """Compare each with each: (N, T, H) and (N, S, M) → (N, T, S)."""
        if (states.shape[2], read.shape[2]) != self.sizes:
            raise ValueError(
                f"ConcatAttention: states of {states.shape[2]} numbers, read {read.shape[2]}; "
                f"expected {self.sizes[0]} and {self.sizes[1]}"
            )
        n, steps, places = *states.shape[:2], read.shape[1]
        first = expand(states.unsqueeze(2), shape=(n, steps, places, states.shape[2]))
        second = expand(read.unsqueeze(1), shape=(n, steps, places, read.shape[2]))
        return self.v(tanh(self.of_pair(cat(first, second, dim=3)))).squeeze(3)
