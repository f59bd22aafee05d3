"""Read one sequence, then say another: an encoder and a decoder.

Derived in the chapters :ref:`seq2seq` and :ref:`attention`.
"""

from typing import NamedTuple

import numpy as np

from companion.gradients.activations import tanh
from companion.gradients.layers import Linear
from companion.gradients.module import Module
from companion.gradients.shaping import cat
from companion.gradients.tensor import Tensor
from companion.rnn.recurrence.layers import GRU
from companion.rnn.recurrence.packing import pack_padded_sequence, pad_packed_sequence
from companion.rnn.translation.pairs import PADDING, lengths_of
from companion.rnn.words.embedding import Embedding


class Memory(NamedTuple):
    """What a decoder carries along while it speaks; each array has the texts on its first axis.

    Attributes
    ----------
    state : Tensor
        (N, H): of the decoder.
    read : Tensor
        (N, S, 2H): states of the encoder, from both directions, at each token that was read.
    mask : numpy.ndarray
        (N, S) bool: True where a token was read, False on padding.
    """

    state: Tensor
    read: Tensor
    mask: np.ndarray


class EncoderDecoder(Module):
    """A conditional model of language: scores of the next token, given a text that was read.

    The encoder reads in both directions; its last states, mixed, are the decoder's first.

    Parameters
    ----------
    sources, targets : int
        Sizes of the two vocabularies.
    hidden_size : int
        H, of each direction of the encoder and of the decoder.
    embedding_dim : int
        Length of a token's vector.

    Raises
    ------
    ValueError
        If a size is below 1.

    Notes
    -----
    Cho et al. (2014); Sutskever, Vinyals and Le (2014). Derived in the chapter :ref:`seq2seq`.
    """

    def __init__(self, sources, targets, hidden_size=64, embedding_dim=32):
        self.source_embedding = Embedding(sources, embedding_dim)
        self.encoder = GRU(embedding_dim, hidden_size, batch_first=True, bidirectional=True)
        self.bridge = Linear(2 * hidden_size, hidden_size)
        self.target_embedding = Embedding(targets, embedding_dim)
        self.decoder = GRU(embedding_dim, hidden_size, batch_first=True)
        self.head = Linear(hidden_size, targets)

    def encode(self, source):
        """Read: (N, S) tokens → `Memory`."""
        source, lengths = np.asarray(source), lengths_of(source)
        vectors = self.source_embedding(source)
        packed = pack_padded_sequence(vectors, lengths, batch_first=True, enforce_sorted=False)
        states, last = self.encoder(packed)
        read, _ = pad_packed_sequence(states, batch_first=True, total_length=vectors.shape[1])
        return Memory(tanh(self.bridge(cat(last[0], last[1], dim=1))), read, source != PADDING)

    def decode(self, memory, said):
        """Go on speaking: memory and (N, T) tokens → scores (N, T, V) and the memory afterwards."""
        vectors = self.target_embedding(said)
        states, last = self.decoder(vectors, memory.state.unsqueeze(0))
        return self.head(self.look(states, memory)), memory._replace(state=last[0])

    def look(self, states, memory):
        """Return what is scored at each step: here the states (N, T, H) alone."""
        return states

    def forward(self, pairs):
        """Score what should come next: `Pairs` → (N, T, V)."""
        return self.decode(self.encode(pairs.source), pairs.said)[0]


class AttentiveEncoderDecoder(EncoderDecoder):
    """The same, whose decoder looks back at what was read before each token it says.

    Parameters
    ----------
    sources, targets, hidden_size, embedding_dim
        As in `EncoderDecoder`.
    attention : Module
        ``attention(states, read, mask)`` maps (N, T, H), (N, S, 2H) and (N, S) to contexts
        (N, T, 2H) and weights (N, T, S).

    Notes
    -----
    The look comes after the step of the recurrence, as in Luong, Pham and Manning (2015). Derived
    in the chapter :ref:`attention`.
    """

    def __init__(self, sources, targets, attention, hidden_size=64, embedding_dim=32):
        super().__init__(sources, targets, hidden_size, embedding_dim)
        self.attention = attention
        self.mix = Linear(3 * hidden_size, hidden_size)

    def look(self, states, memory):
        """Mix each state with what it looks at: (N, T, H)."""
        context, _ = self.attention(states, memory.read, memory.mask)
        return tanh(self.mix(cat(context, states, dim=2)))

    def weights(self, pairs):
        """Return where was looked, (N, T, S), while `pairs` were translated."""
        memory = self.encode(pairs.source)
        vectors = self.target_embedding(pairs.said)
        states, _ = self.decoder(vectors, memory.state.unsqueeze(0))
        return self.attention(states, memory.read, memory.mask)[1]
