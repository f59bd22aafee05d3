"""Keys and values are kept, so that each new token is read once.

Derived in the chapter :ref:`cached_generation`.
"""

from numbers import Integral
from typing import NamedTuple

import numpy as np

from companion.gradients.module import Module
from companion.rnn.transformer.gpt import first_in_sight, gone_on


class Cache(NamedTuple):
    """What a model remembers of a text.

    Attributes
    ----------
    tokens : numpy.ndarray
        (N, L): all so far.
    past : list of pair
        Keys and values (N, H, S, D) of each block, for the last S tokens.
    """

    tokens: np.ndarray
    past: list


class Cached(Module):
    """A `GPT` that goes on with a cache; same scores, each token read once.

    Parameters
    ----------
    model : GPT
        Whose weights are used.

    Notes
    -----
    When the context is full, the second half of it is read anew, as `GPT.advance` does: places are
    counted from where reading began, so old keys would stand at wrong ones.
    """

    def __init__(self, model):
        self.model = model

    def forward(self, tokens):
        """Score what comes next: (N, T) tokens → (N, T, V)."""
        return self.model(tokens)

    def advance(self, tokens, state=None):
        """Go on after what was read before.

        Parameters
        ----------
        tokens : array_like of int
            (N, T), at least one.
        state : Cache, optional
            What this returned for the tokens before.

        Returns
        -------
        scores : Tensor
            (N, T, V); of fewer places if the context does not hold them all.
        state : Cache
            Afterwards.

        Raises
        ------
        ValueError
            If the tokens are not (N, T) with T at least 1, or the state is of other texts.
        """
        if state is not None and not isinstance(state, Cache):
            raise ValueError(
                f"Cached.advance: state {type(state).__name__}; expected the Cache that it returned"
            )
        before = None if state is None else state.tokens
        tokens, every = gone_on("Cached.advance", tokens, before)
        first = first_in_sight(every.shape[1], self.model.context)
        if state is None or first != first_in_sight(state.tokens.shape[1], self.model.context):
            scores, past = self.model.scores(every[:, first:])
        else:
            scores, past = self.model.scores(tokens, state.past)
        return scores[:, -tokens.shape[1] :], Cache(every, past)


def cache_size(model, texts=1):
    """Count the numbers that a full cache holds: 2 · blocks · context · features, for each text.

    Parameters
    ----------
    model : GPT
        Whose cache.
    texts : int
        N.

    Returns
    -------
    int
        Numbers, not bytes.

    Raises
    ------
    ValueError
        If `texts` is no whole number from 1 on.
    """
    if not isinstance(texts, Integral) or texts < 1:
        raise ValueError(f"cache_size: texts={texts!r}; expected a whole number, at least 1")
    return 2 * len(model.blocks) * model.context * model.table.embedding_dim * texts
