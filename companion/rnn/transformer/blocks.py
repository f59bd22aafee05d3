"""The blocks of a Transformer, under torch's names: look, then think, each added to what came in.

Derived in the chapter :ref:`transformer`.
"""

from companion.gradients.activations import gelu, relu
from companion.gradients.layers import Linear
from companion.gradients.tensor import Tensor
from companion.optimization.normalization.layer_norm import LayerNorm
from companion.regularization.dropout import Dropout
from companion.rnn.attention.multi_head import MultiheadAttention
from companion.rnn.attention.named_inputs import NamedInputs

ACTIVATIONS = {"relu": relu, "gelu": gelu}


class _Layer(NamedInputs):
    """What encoder and decoder share: two linear layers, and how a part is added."""

    def _think_with(self, width, hidden, dropout, activation, bias):
        if hidden < 1:
            raise ValueError(
                f"{type(self).__name__}: dim_feedforward={hidden}; expected at least 1"
            )
        if not callable(activation) and not (
            isinstance(activation, str) and activation in ACTIVATIONS
        ):
            raise ValueError(
                f"{type(self).__name__}: activation {activation!r}; expected "
                f"{' or '.join(map(repr, ACTIVATIONS))}, or a function"
            )
        self.linear1 = Linear(width, hidden, bias)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(hidden, width, bias)
        self.activation = activation if callable(activation) else ACTIVATIONS[activation]

    def _think(self, x):
        return self.linear2(self.dropout(self.activation(self.linear1(x))))

    def _added(self, x, part, norm, dropout):
        """Add a part to x, with its norm before it or behind the sum."""
        if self.norm_first:
            return x + dropout(part(norm(x)))
        return norm(x + dropout(part(x)))


class TransformerEncoderLayer(_Layer):
    """A block that reads: every place looks at all places, then thinks by itself.

    Parameters
    ----------
    d_model : int
        Features E.
    nhead : int
        Heads, a divisor of E.
    dim_feedforward : int
        Units of the hidden layer between.
    dropout : float
        Share that is dropped in training: of weights of attention, hidden units, and what is added.
    activation : {"relu", "gelu"} or callable
        Of the hidden layer.
    layer_norm_eps : float
        ε of the norms.
    batch_first : bool
        Whether the batch comes before the places.
    norm_first : bool
        Whether each norm stands before its part (pre-norm), or behind the sum (post-norm).
    bias : bool
        Whether linear layers and norms have one.

    Raises
    ------
    ValueError
        If E is not a multiple of the heads, or the activation is unknown.

    Notes
    -----
    Vaswani et al. (2017), post-norm; Xiong et al. (2020) compare with pre-norm. Derived in the
    chapter :ref:`transformer`.
    """

    def __init__(self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation="relu",
                 layer_norm_eps=1e-5, batch_first=False, norm_first=False, bias=True):  # fmt: skip
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first)
        self.norm_first = norm_first
        self._think_with(d_model, dim_feedforward, dropout, activation, bias)
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias)
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)

    def forward(self, src, src_mask=None, src_key_padding_mask=None, is_causal=False):
        """Read.

        Parameters
        ----------
        src : Tensor or array
            (S, N, E), or (N, S, E) with ``batch_first``, or (S, E).
        src_mask : array_like, optional
            (S, S) or (N · H, S, S): booleans, True forbids; or numbers that are added.
        src_key_padding_mask : array_like of bool, optional
            (N, S): True where there is only padding.
        is_causal : bool
            A hint, as in torch; it needs the mask all the same.

        Returns
        -------
        Tensor
            As `src`.
        """

        def look(x):
            return self.self_attn(
                x, x, x, src_key_padding_mask, False, src_mask, is_causal=is_causal
            )[0]

        x = self._added(_tensor(src), look, self.norm1, self.dropout1)
        return self._added(x, self._think, self.norm2, self.dropout2)


class TransformerDecoderLayer(_Layer):
    """A block that speaks: looks at what was said, then at what was read, then thinks.

    Parameters
    ----------
    d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first,
    bias
        As in `TransformerEncoderLayer`.

    Raises
    ------
    ValueError
        As there.

    Notes
    -----
    It forbids no look of its own: pass `tgt_mask` to keep a place from what comes after it.
    Vaswani et al. (2017). Derived in the chapter :ref:`transformer`.
    """

    def __init__(self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation="relu",
                 layer_norm_eps=1e-5, batch_first=False, norm_first=False, bias=True):  # fmt: skip
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first)
        self.multihead_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first)
        self.norm_first = norm_first
        self._think_with(d_model, dim_feedforward, dropout, activation, bias)
        for k in (1, 2, 3):
            setattr(self, f"norm{k}", LayerNorm(d_model, layer_norm_eps, bias=bias))
            setattr(self, f"dropout{k}", Dropout(dropout))

    def forward(
        self,
        tgt,
        memory,
        tgt_mask=None,
        memory_mask=None,
        tgt_key_padding_mask=None,
        memory_key_padding_mask=None,
        tgt_is_causal=False,
        memory_is_causal=False,
    ):
        """Go on speaking.

        Parameters
        ----------
        tgt : Tensor or array
            (T, N, E), or (N, T, E) with ``batch_first``, or (T, E): what was said.
        memory : Tensor or array
            (S, N, E), laid out as `tgt`: what was read.
        tgt_mask, memory_mask : array_like, optional
            (T, T) and (T, S), or with (N · H) in front: booleans, True forbids; or numbers that
            are added.
        tgt_key_padding_mask, memory_key_padding_mask : array_like of bool, optional
            (N, T) and (N, S): True where there is only padding.
        tgt_is_causal, memory_is_causal : bool
            Hints, as in torch.

        Returns
        -------
        Tensor
            As `tgt`.
        """
        memory = _tensor(memory)

        def look_back(x):
            return self.self_attn(
                x, x, x, tgt_key_padding_mask, False, tgt_mask, is_causal=tgt_is_causal
            )[0]

        def look_across(x):
            return self.multihead_attn(
                x, memory, memory, memory_key_padding_mask, False, memory_mask,
                is_causal=memory_is_causal,
            )[0]  # fmt: skip

        x = self._added(_tensor(tgt), look_back, self.norm1, self.dropout1)
        x = self._added(x, look_across, self.norm2, self.dropout2)
        return self._added(x, self._think, self.norm3, self.dropout3)


def _tensor(x):
    x = x if isinstance(x, Tensor) else Tensor(x)
    if 0 in x.shape:
        raise ValueError(
            f"Transformer layer: x {x.shape}; expected at least one text and one place"
        )
    return x
