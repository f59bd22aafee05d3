"""A decoder that looks before it steps, so that what it sees changes its state.

Derived in the chapter :ref:`attention_scores`.
"""

from companion.gradients.activations import tanh
from companion.gradients.shaping import cat, stack
from companion.rnn.recurrence.cells import GRUCell
from companion.rnn.translation.encoder_decoder import AttentiveEncoderDecoder


class LookFirstEncoderDecoder(AttentiveEncoderDecoder):
    """The state before a step looks, and the recurrence gets what it saw along with the token.

    Parameters
    ----------
    sources, targets, attention, hidden_size, embedding_dim
        As in `AttentiveEncoderDecoder`.

    Notes
    -----
    The placement of Bahdanau, Cho and Bengio (2015). Their output layer sees the last token as
    well and takes maxima of pairs of units; here it is that of `AttentiveEncoderDecoder`, so that
    the two differ in nothing but the placement. As each look waits for the step before, the
    decoder cannot scan all steps at once. Derived in the chapter :ref:`attention_scores`.
    """

    def __init__(self, sources, targets, attention, hidden_size=64, embedding_dim=32):
        super().__init__(sources, targets, attention, hidden_size, embedding_dim)
        self.decoder = GRUCell(embedding_dim + 2 * hidden_size, hidden_size)

    def decode(self, memory, said):
        """Go on speaking: memory and (N, T) tokens → scores (N, T, V) and the memory afterwards."""
        states, contexts, _ = self._steps(memory, said)
        mixed = tanh(self.mix(cat(stack(*contexts, dim=1), stack(*states, dim=1), dim=2)))
        return self.head(mixed), memory._replace(state=states[-1])

    def weights(self, pairs):
        """Return where was looked, (N, T, S), while `pairs` were translated."""
        return stack(*self._steps(self.encode(pairs.source), pairs.said)[2], dim=1)

    def _steps(self, memory, said):
        """Look and step, token by token: lists of states (N, H), contexts (N, 2H), weights."""
        vectors, state = self.target_embedding(said), memory.state
        states, contexts, weights = [], [], []
        for t in range(vectors.shape[1]):
            context, where = self.attention(state.unsqueeze(1), memory.read, memory.mask)
            contexts.append(context.squeeze(1))
            weights.append(where.squeeze(1))
            state = self.decoder(cat(vectors[:, t], contexts[-1], dim=1), state)
            states.append(state)
        return states, contexts, weights
