"""A recurrent model of language: token → vector → state → scores of the next token.

Derived in the chapter :ref:`language_models`.
"""

from companion.gradients.layers import Linear
from companion.gradients.module import Module
from companion.regularization.dropout import dropout
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
    dropout : float
        Share that is dropped in training from the tokens' vectors, between layers, and from the
        states before they are scored; never from one step to the next.

    Raises
    ------
    ValueError
        If the kind is unknown.

    Notes
    -----
    Mikolov et al. (2010), with dropout as by Zaremba et al. (2014). Derived in the chapter
    :ref:`language_models`.
    """

    def __init__(
        self, tokens, hidden_size=64, kind="RNN", embedding_dim=16, num_layers=1, dropout=0.0
    ):
        if kind not in LAYERS:
            raise ValueError(f"LanguageModel: kind {kind!r}; expected one of {sorted(LAYERS)}")
        self.embedding = Embedding(tokens, embedding_dim)
        self.dropout = float(dropout)
        self.recurrence = LAYERS[kind](
            embedding_dim, hidden_size, num_layers, batch_first=True, dropout=self.dropout
        )
        self.head = Linear(hidden_size, tokens)

    def forward(self, tokens):
        """Score what comes next: (N, T) tokens → (N, T, V)."""
        return self.advance(tokens)[0]

    def advance(self, tokens, state=None):
        """Go on from a state: return scores (N, T, V) and the state after the last token."""
        vectors = dropout(self.embedding(tokens), self.dropout, self.training)
        states, state = self.recurrence(vectors, state)
        return self.head(dropout(states, self.dropout, self.training)), state
