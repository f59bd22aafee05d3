"""Several looks at once: attention in parts of the features.

Derived in the chapter :ref:`self_attention`.
"""

from numbers import Integral

import numpy as np

from companion.gradients.initialization import xavier_uniform_
from companion.gradients.layers import Linear, linear
from companion.gradients.module import Parameter
from companion.gradients.tensor import Tensor
from companion.regularization.dropout import dropout
from companion.rnn.attention.masks import to_add
from companion.rnn.attention.named_inputs import NamedInputs
from companion.rnn.attention.scaled_dot_product import attention_weights


class MultiheadAttention(NamedInputs):
    """Attention whose queries, keys and values are learned, in H parts side by side.

    Parameters
    ----------
    embed_dim : int
        Features E of queries and of the result.
    num_heads : int
        H, a divisor of E.
    dropout : float
        Share of the weights that is dropped in training.
    bias : bool
        Whether the maps have one.
    batch_first : bool
        Whether the batch comes before the places.

    Raises
    ------
    ValueError
        If E is not a multiple of H, or `dropout` is no share.

    Notes
    -----
    Vaswani et al. (2017). ``in_proj_weight`` (3E, E) holds the maps of queries, keys and values
    below each other, as in torch. Of torch's options ``kdim``, ``vdim``, ``add_bias_kv`` and
    ``add_zero_attn`` are not there. Derived in the chapter :ref:`self_attention`.
    """

    def __init__(self, embed_dim, num_heads, dropout=0.0, bias=True, batch_first=False):
        if not all(isinstance(n, Integral) for n in (embed_dim, num_heads)):
            raise ValueError(
                f"MultiheadAttention: {embed_dim!r} features, {num_heads!r} heads; expected whole "
                "numbers"
            )
        if num_heads < 1 or embed_dim < 1 or embed_dim % num_heads:
            raise ValueError(
                f"MultiheadAttention: {embed_dim} features do not part into {num_heads} heads"
            )
        if not 0 <= dropout <= 1:
            raise ValueError(f"MultiheadAttention: dropout={dropout}; expected a share from 0 to 1")
        self.embed_dim, self.num_heads, self.dropout = embed_dim, num_heads, float(dropout)
        self.batch_first = batch_first
        self.in_proj_weight = Parameter(np.empty((3 * embed_dim, embed_dim), np.float32))
        xavier_uniform_(self.in_proj_weight)
        self.in_proj_bias = Parameter(np.zeros(3 * embed_dim, np.float32)) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias)
        if bias:
            self.out_proj.bias.data[:] = 0

    def forward(
        self,
        query,
        key,
        value,
        key_padding_mask=None,
        need_weights=True,
        attn_mask=None,
        average_attn_weights=True,
        is_causal=False,
    ):
        """Look from each query at the keys.

        Parameters
        ----------
        query : Tensor or array
            (T, N, E), or (N, T, E) with ``batch_first``, or (T, E).
        key, value : Tensor or array
            (S, N, E), laid out as the queries.
        key_padding_mask : array_like of bool, optional
            (N, S) or (S,): True where there is only padding. As everywhere in torch's layer, and
            other than in `scaled_dot_product_attention`, True *forbids*.
        need_weights : bool
            Whether to return the weights.
        attn_mask : array_like, optional
            (T, S) or (N · H, T, S): booleans, True forbids; or numbers that are added.
        average_attn_weights : bool
            Whether to return the mean over heads, or each.
        is_causal : bool
            A hint in torch, which needs `attn_mask` all the same; so here.

        Returns
        -------
        output : Tensor
            As `query`.
        weights : Tensor or None
            (N, T, S), or (N, H, T, S) of each head; without N for one sequence.

        Raises
        ------
        ValueError
            If a shape does not fit, a query may look nowhere, or `is_causal` comes without a mask.
        """
        query, key, value = (x if isinstance(x, Tensor) else Tensor(x) for x in (query, key, value))
        self._check(query, key, value)
        if is_causal and attn_mask is None:
            raise ValueError("MultiheadAttention: is_causal is a hint; pass attn_mask as well")
        single = query.ndim == 2
        q, k, v = (self._batched(x) for x in (query, key, value))
        mask = self._mask(attn_mask, key_padding_mask, q, k)
        q, k, v = (self._heads(x, part) for part, x in enumerate((q, k, v)))
        weights = attention_weights(q, k, mask)
        dropped = dropout(weights, self.dropout, self.training)
        mixed = (dropped @ v).transpose(1, 2)
        out = self.out_proj(mixed.reshape(*mixed.shape[:2], self.embed_dim))
        out = out.squeeze(0) if single else out if self.batch_first else out.transpose(0, 1)
        if not need_weights:
            return out, None
        weights = weights.mean(axis=1) if average_attn_weights else weights
        return out, weights.squeeze(0) if single else weights

    def _batched(self, x):
        """Return (N, T, E) of any of the three layouts."""
        return x.unsqueeze(0) if x.ndim == 2 else x if self.batch_first else x.transpose(0, 1)

    def _heads(self, x, part):
        """Map (N, T, E) by the part of the weights for queries, keys or values: (N, H, T, E/H)."""
        rows = slice(part * self.embed_dim, (part + 1) * self.embed_dim)
        w = self.in_proj_weight[rows]
        x = x @ w.T if self.in_proj_bias is None else linear(x, w, self.in_proj_bias[rows])
        n, steps = x.shape[:2]
        return x.reshape(n, steps, self.num_heads, -1).transpose(1, 2)

    def _mask(self, attn_mask, key_padding_mask, q, k):
        """Join both masks into what is added to scores (N, H, T, S), or None."""
        n, steps, places = q.shape[0], q.shape[1], k.shape[1]
        shape, joined = (n, self.num_heads, steps, places), None
        if attn_mask is not None:
            mask = np.asarray(attn_mask)
            expected = ((steps, places), (n * self.num_heads, steps, places))
            if mask.shape not in expected:
                raise ValueError(
                    f"MultiheadAttention: attn_mask {mask.shape}; expected one of {expected}"
                )
            if mask.dtype.kind not in "bf":
                raise ValueError(
                    f"MultiheadAttention: attn_mask of {mask.dtype}; expected booleans (True "
                    "forbids), or floats that are added"
                )
            joined = mask if mask.ndim == 2 else mask.reshape(shape)
        if key_padding_mask is not None:
            padding = np.atleast_2d(np.asarray(key_padding_mask))
            if padding.shape != (n, places) or padding.dtype != bool:
                raise ValueError(
                    f"MultiheadAttention: key_padding_mask {padding.dtype} {padding.shape}; "
                    f"expected booleans {(n, places)}"
                )
            padding = padding[:, None, None, :]
            if joined is None or joined.dtype == bool:
                joined = padding if joined is None else padding | joined
            else:
                joined = np.where(padding, -np.inf, joined)
        if joined is None or joined.dtype != bool:
            return joined
        return to_add(~joined, q.dtype)

    def _check(self, query, key, value):
        if 0 in (*query.shape, *key.shape):
            raise ValueError(
                f"MultiheadAttention: queries {query.shape}, keys {key.shape}; expected at least "
                "one place and one sequence"
            )
        shapes = f"queries {query.shape}, keys {key.shape}, values {value.shape}"
        if query.ndim not in (2, 3) or not query.ndim == key.ndim == value.ndim:
            raise ValueError(f"MultiheadAttention: {shapes}; expected (T, N, E) or (T, E) each")
        if {x.shape[-1] for x in (query, key, value)} != {self.embed_dim}:
            raise ValueError(f"MultiheadAttention: {shapes}; expected {self.embed_dim} features")
        batch = 0 if self.batch_first else 1
        alike = key.shape == value.shape and (
            query.ndim == 2 or query.shape[batch] == key.shape[batch]
        )
        if not alike:
            raise ValueError(f"MultiheadAttention: {shapes} do not fit each other")

    def extra_repr(self):
        """Return the sizes."""
        return f"{self.embed_dim}, num_heads={self.num_heads}"
