"""Read one sequence, say another, by attention alone.

Derived in the chapter :ref:`transformer`.
"""

from typing import NamedTuple

import numpy as np

from companion.gradients.layers import Linear
from companion.gradients.module import Module, Sequential
from companion.gradients.tensor import Tensor
from companion.optimization.normalization.layer_norm import LayerNorm
from companion.regularization.dropout import Dropout
from companion.rnn.attention.masks import causal_mask
from companion.rnn.attention.positions import sinusoidal_positions
from companion.rnn.transformer.blocks import TransformerDecoderLayer, TransformerEncoderLayer
from companion.rnn.translation.pairs import PADDING, lengths_of
from companion.rnn.words.embedding import Embedding


class Told(NamedTuple):
    """What a decoder carries along while it speaks; each array has the texts on its first axis.

    Attributes
    ----------
    read : Tensor
        (N, S, E): of the encoder, at each token that was read.
    mask : numpy.ndarray
        (N, S) bool: True where a token was read.
    said : numpy.ndarray
        (N, T) int64: tokens said so far, none at first.
    """

    read: Tensor
    mask: np.ndarray
    said: np.ndarray


class Transformer(Module):
    """Scores of the next token, given a text that was read; without any recurrence.

    It has the face of `companion.rnn.translation.encoder_decoder.EncoderDecoder`, so that the same
    functions train it and let it speak.

    Parameters
    ----------
    sources, targets : int
        Sizes of the two vocabularies.
    embed_dim, num_heads : int
        Features E, even, and heads.
    num_layers : int
        Blocks of the encoder, and as many of the decoder.
    dim_feedforward : int
        Units of the hidden layers.
    dropout : float
        Share that is dropped in training.

    Raises
    ------
    ValueError
        If a size does not fit.

    Notes
    -----
    Vaswani et al. (2017), with the norms first. Derived in the chapter :ref:`transformer`.
    """

    def __init__(self, sources, targets, embed_dim=64, num_heads=4, num_layers=1,
                 dim_feedforward=128, dropout=0.0):  # fmt: skip
        if num_layers < 1:
            raise ValueError(f"Transformer: num_layers={num_layers}; expected at least 1")
        if embed_dim % 2:
            raise ValueError(
                f"Transformer: embed_dim={embed_dim}; expected an even number, as places are waves "
                "in pairs"
            )
        sizes = {"dim_feedforward": dim_feedforward, "dropout": dropout}
        sizes |= {"batch_first": True, "norm_first": True}
        self.source_embedding = Embedding(sources, embed_dim)
        self.target_embedding = Embedding(targets, embed_dim)
        self.dropout = Dropout(dropout)
        self.encoder = Sequential(
            *(TransformerEncoderLayer(embed_dim, num_heads, **sizes) for _ in range(num_layers))
        )
        self.encoder_norm = LayerNorm(embed_dim)
        self.decoder = Sequential(
            *(TransformerDecoderLayer(embed_dim, num_heads, **sizes) for _ in range(num_layers))
        )
        self.decoder_norm = LayerNorm(embed_dim)
        self.head = Linear(embed_dim, targets)

    def encode(self, source):
        """Read: (N, S) tokens → `Told`, with nothing said yet."""
        source = np.asarray(source)
        if source.ndim != 2 or not source.size:
            raise ValueError(
                f"Transformer: source {source.shape}; expected (N, S), at least one each"
            )
        lengths_of(source)  # says what is wrong with padding
        x, here = self._placed(self.source_embedding(source)), source != PADDING
        for block in self.encoder.children():
            x = block(x, src_key_padding_mask=~here)
        return Told(self.encoder_norm(x), here, np.empty((len(source), 0), np.int64))

    def decode(self, told, said):
        """Go on speaking: (N, T) tokens → scores (N, T, V) and what was told afterwards."""
        said = np.asarray(said)
        if said.ndim != 2 or not said.size or len(said) != len(told.said):
            raise ValueError(
                f"Transformer: said {said.shape} to {len(told.said)} texts that were read; "
                "expected (N, T) of as many texts, at least one token"
            )
        every = np.concatenate([told.said, said], axis=1)
        x = self._placed(self.target_embedding(every))
        after = ~causal_mask(every.shape[1])
        for block in self.decoder.children():
            x = block(x, told.read, tgt_mask=after, memory_key_padding_mask=~told.mask)
        scores = self.head(self.decoder_norm(x[:, -said.shape[1] :]))
        return scores, told._replace(said=every)

    def forward(self, pairs):
        """Score what should come next: `Pairs` → (N, T, V)."""
        return self.decode(self.encode(pairs.source), pairs.said)[0]

    def _placed(self, vectors):
        """Add to each vector its place."""
        steps, features = vectors.shape[1:]
        return self.dropout(vectors + sinusoidal_positions(steps, features).astype(vectors.dtype))
