"""A recurrent model of language: token → vector → state → scores of the next token.

Derived in the chapter :ref:`language_models`.
"""

from companion.gradients.layers import Linear
from companion.gradients.module import Module
from companion.rnn.recurrence.layers import GRU, LSTM, RNN
from companion.rnn.words.embedding import Embedding

LAYERS = {"RNN": RNN, "GRU": GRU, "LSTM": LSTM}


class LanguageModel(Module):
    """Scores of the next token after each token of a text.

    Parameters
    ----------
    tokens : int
        Size V of the vocabulary.
    hidden_size : int
        Length H of the state.
    kind : {"RNN", "GRU", "LSTM"}
        The recurrence.
    embedding_dim : int
        Length of a token's vector.
    num_layers : int
        Recurrent layers on top of each other.

    Raises
    ------
    ValueError
        If the kind is unknown.

    Notes
    -----
    Mikolov et al. (2010). Derived in the chapter :ref:`language_models`.
    """

    def __init__(self, tokens, hidden_size=64, kind="RNN", embedding_dim=16, num_layers=1):
        if kind not in LAYERS:
            raise ValueError(f"LanguageModel: kind {kind!r}; expected one of {sorted(LAYERS)}")
        self.embedding = Embedding(tokens, embedding_dim)
        self.recurrence = LAYERS[kind](embedding_dim, hidden_size, num_layers, batch_first=True)
        self.head = Linear(hidden_size, tokens)

    def forward(self, tokens):
        """Score what comes next: (N, T) tokens → (N, T, V)."""
        return self.advance(tokens)[0]

    def advance(self, tokens, state=None):
        """Go on from a state: return scores (N, T, V) and the state after the last token."""
        states, state = self.recurrence(self.embedding(tokens), state)
        return self.head(states), state
