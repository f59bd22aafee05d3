"""A small GPT: blocks of attention that look back only, one token after the other.

Derived in the chapter :ref:`small_gpt`.
"""

from numbers import Integral

import numpy as np

from companion.gradients.activations import relu
from companion.gradients.initialization import normal_
from companion.gradients.layers import Linear
from companion.gradients.module import Module, Sequential
from companion.gradients.shaping import cat
from companion.optimization.normalization.layer_norm import LayerNorm
from companion.regularization.dropout import Dropout
from companion.rnn.attention.masks import causal_mask
from companion.rnn.attention.positions import sinusoidal_positions
from companion.rnn.attention.scaled_dot_product import scaled_dot_product_attention
from companion.rnn.words.embedding import Embedding


class CausalAttention(Module):
    """Several heads of attention, each place looking at itself and at what stands before it.

    Parameters
    ----------
    embed_dim : int
        Features E.
    num_heads : int
        H, a divisor of E.
    attend : callable
        ``attend(q, k, v, mask)`` maps (N, H, T, D), twice (N, H, S, D) and (T, S) bool to
        (N, H, T, D).

    Raises
    ------
    ValueError
        If E is not a multiple of H.
    """

    def __init__(self, embed_dim, num_heads, attend=scaled_dot_product_attention):
        whole = isinstance(num_heads, Integral) and isinstance(embed_dim, Integral)
        if not whole or num_heads < 1 or embed_dim < 1 or embed_dim % num_heads:
            raise ValueError(
                f"CausalAttention: {embed_dim} features do not part into {num_heads} heads; "
                "expected whole numbers, the first a multiple of the second"
            )
        self.num_heads, self.attend = num_heads, attend
        self.qkv = Linear(embed_dim, 3 * embed_dim)
        self.out = Linear(embed_dim, embed_dim)

    def forward(self, x, past=None):
        """Look back: (N, T, E) and keys and values of before → (N, T, E), keys and values."""
        if x.ndim != 3 or 0 in x.shape:
            raise ValueError(f"CausalAttention: x {x.shape}; expected (N, T, E), at least one each")
        n, steps, features = x.shape
        parts = self.qkv(x).reshape(n, steps, 3, self.num_heads, -1).permute(2, 0, 3, 1, 4)
        q, k, v = parts[0], parts[1], parts[2]
        if past is not None:
            k, v = cat(past[0], k, dim=2), cat(past[1], v, dim=2)
        mask = causal_mask(k.shape[2])[-steps:]
        mixed = self.attend(q, k, v, mask).transpose(1, 2)
        return self.out(mixed.reshape(n, steps, features)), (k, v)


class Block(Module):
    """Look back, then think: attention and two layers, each added to what came in.

    Parameters
    ----------
    embed_dim, num_heads, attend
        As in `CausalAttention`.
    dropout : float
        Share that is dropped from what is added, in training.

    Notes
    -----
    With the norms first, as in GPT-2 (Radford et al., 2019), which has GELU where this has ReLU.
    """

    def __init__(self, embed_dim, num_heads, dropout=0.0, attend=scaled_dot_product_attention):
        self.norm1 = LayerNorm(embed_dim)
        self.attention = CausalAttention(embed_dim, num_heads, attend)
        self.norm2 = LayerNorm(embed_dim)
        self.wide = Linear(embed_dim, 4 * embed_dim)
        self.narrow = Linear(4 * embed_dim, embed_dim)
        self.dropout = Dropout(dropout)

    def forward(self, x, past=None):
        """Map (N, T, E) → (N, T, E); also return keys and values, for `past` next time."""
        looked, kept = self.attention(self.norm1(x), past)
        x = x + self.dropout(looked)
        thought = self.narrow(relu(self.wide(self.norm2(x))))
        return x + self.dropout(thought), kept


class GPT(Module):
    """A model of language that looks back by attention.

    Parameters
    ----------
    tokens : int
        Size V of the vocabulary.
    context : int
        Most tokens C that it can look at.
    embed_dim, num_heads : int
        Features E of a token, and heads.
    num_layers : int
        Blocks.
    dropout : float
        Share that is dropped in training.
    attend : callable
        As in `CausalAttention`.

    Raises
    ------
    ValueError
        If a size does not fit.

    Notes
    -----
    Radford et al. (2018, 2019), without their size. The table of tokens also scores (Press and
    Wolf, 2017). Places are learned, and begin as waves. Derived in the chapter :ref:`small_gpt`.
    """

    def __init__(self, tokens, context=64, embed_dim=64, num_heads=4, num_layers=2, dropout=0.0,
                 attend=scaled_dot_product_attention):  # fmt: skip
        if not all(isinstance(size, Integral) and size >= 1 for size in (context, num_layers)):
            raise ValueError(
                f"GPT: context={context!r}, num_layers={num_layers!r}; expected whole numbers, at "
                "least 1 each"
            )
        self.context = context
        self.table = Embedding(tokens, embed_dim)
        self.places = Embedding(context, embed_dim)
        self.dropout = Dropout(dropout)
        self.blocks = Sequential(
            *(Block(embed_dim, num_heads, dropout, attend) for _ in range(num_layers))
        )
        self.norm = LayerNorm(embed_dim)
        self._begin()

    def _begin(self):
        """Draw first weights: small ones, smaller where a block adds; places begin as waves."""
        for name, weight in self.blocks.named_parameters():
            if name.endswith("bias") and weight.ndim == 1:
                weight.data[:] = 0
            elif weight.ndim == 2:
                adds = name.endswith(("out.weight", "narrow.weight"))
                normal_(weight, std=0.64 / np.sqrt(self.table.embedding_dim * (4 if adds else 1)))
        normal_(self.table.weight, std=0.1)
        self.places.weight.data = 0.2 * sinusoidal_positions(self.context, self.table.embedding_dim)

    def forward(self, tokens):
        """Score what comes next: (N, T) tokens → (N, T, V), with T at most the context."""
        return self.scores(tokens)[0]

    def scores(self, tokens, past=None):
        """Score what comes next, and return keys and values of each block for `past` next time.

        Parameters
        ----------
        tokens : array_like of int
            (N, T).
        past : list of pair, optional
            What this returned for the tokens before: keys and values (N, H, S, D) of each block.

        Returns
        -------
        scores : Tensor
            (N, T, V).
        past : list of pair
            With the new tokens behind the old ones.

        Raises
        ------
        ValueError
            If the tokens are not (N, T) with T at least 1, or more than the context holds.
        """
        tokens = np.asarray(tokens)
        if past is not None and len(past) != len(self.blocks):
            raise ValueError(
                f"GPT: past of {len(past)} blocks, but the model has {len(self.blocks)}; pass what "
                "the same model returned"
            )
        before = 0 if past is None else past[0][0].shape[2]
        if tokens.ndim != 2 or not tokens.size or before + tokens.shape[1] > self.context:
            raise ValueError(
                f"GPT: tokens {tokens.shape} after {before}; expected (N, T), at least one and at "
                f"most {self.context} in all"
            )
        places = np.arange(before, before + tokens.shape[1])
        x = self.dropout(self.table(tokens) + self.places(places))
        found, past = [], [None] * len(self.blocks) if past is None else past
        for block, kept in zip(self.blocks.children(), past, strict=True):
            x, kept = block(x, kept)
            found.append(kept)
        return self.norm(x) @ self.table.weight.T, found

    def advance(self, tokens, state=None):
        """Go on after what was read before, reading all of it anew.

        Parameters
        ----------
        tokens : array_like of int
            (N, T), at least one.
        state : numpy.ndarray, optional
            What this returned for the tokens before.

        Returns
        -------
        scores : Tensor
            (N, T, V); of fewer places if the context does not hold them all.
        state : numpy.ndarray
            All tokens so far.

        Raises
        ------
        ValueError
            If the tokens are not (N, T) with T at least 1, or the state is of other texts.
        """
        tokens, every = gone_on("GPT.advance", tokens, state)
        scores = self.forward(every[:, first_in_sight(every.shape[1], self.context) :])
        return scores[:, -tokens.shape[1] :], every


def gone_on(what, tokens, before=None):
    """Put new tokens behind those before.

    Parameters
    ----------
    what : str
        Who asks, for messages.
    tokens : array_like of int
        (N, T), at least one.
    before : numpy.ndarray, optional
        (N, L): what was read.

    Returns
    -------
    tokens, every : numpy.ndarray
        (N, T) and (N, L + T).

    Raises
    ------
    ValueError
        If they are not that.
    """
    tokens = np.asarray(tokens)
    if tokens.ndim != 2 or not tokens.size:
        raise ValueError(f"{what}: tokens {tokens.shape}; expected (N, T), at least one each")
    if before is None:
        return tokens, tokens
    if not isinstance(before, np.ndarray) or before.shape[:1] != tokens.shape[:1]:
        raise ValueError(
            f"{what}: tokens {tokens.shape} after a state of {type(before).__name__} "
            f"{getattr(before, 'shape', '')}; pass the state that it returned for these texts"
        )
    return tokens, np.concatenate([before, tokens], axis=1)


def first_in_sight(length, context):
    """Return where a model begins to read if a text is longer than its context.

    It forgets half a context whenever the context is full.

    Parameters
    ----------
    length : int
        Tokens so far.
    context : int
        C.

    Returns
    -------
    int
        The smallest multiple of C/2 (rounded up) that leaves at most C tokens.

    Raises
    ------
    ValueError
        If the length is no whole number from 0 on, or the context none from 1 on.
    """
    whole = isinstance(length, Integral) and isinstance(context, Integral)
    if not whole or length < 0 or context < 1:
        raise ValueError(
            f"first_in_sight: length={length!r}, context={context!r}; expected whole numbers, from "
            "0 and from 1 on"
        )
    half = (context + 1) // 2
    return -(-max(length - context, 0) // half) * half
