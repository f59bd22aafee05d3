"""Attention by dot products: scores, shares, a mean.

Derived in the chapter :ref:`self_attention`.
"""

import math

from companion.gradients.activations import softmax
from companion.gradients.tensor import Tensor
from companion.regularization.dropout import dropout
from companion.rnn.attention.masks import causal_mask, to_add


def attention_weights(query, key, attn_mask=None, is_causal=False, scale=None):
    """Say how much each query looks at each key: softmax(q kᵀ / √D).

    Parameters
    ----------
    query : Tensor or array
        (…, T, D).
    key : Tensor or array
        (…, S, D).
    attn_mask : array_like, optional
        Broadcasts to (…, T, S). Of booleans: True where a look is allowed. Of numbers: added to the
        scores.
    is_causal : bool
        Whether place t sees keys 0 … t only.
    scale : float, optional
        Factor of the scores instead of 1/√D.

    Returns
    -------
    Tensor
        (…, T, S); each row adds up to 1.

    Raises
    ------
    ValueError
        If shapes do not fit, a mask forbids every look of a query, or two masks are given.
    """
    query, key = _tensor(query), _tensor(key)
    if query.ndim < 2 or key.ndim < 2 or query.shape[-1] != key.shape[-1]:
        raise ValueError(
            f"attention: queries {query.shape} and keys {key.shape}: other features; expected "
            "(…, T, D) and (…, S, D)"
        )
    if not query.shape[-1] or not key.shape[-2]:
        raise ValueError(
            f"attention: queries {query.shape} and keys {key.shape}; expected at least one feature "
            "and one key"
        )
    if attn_mask is not None and is_causal:
        raise ValueError("attention: give attn_mask or is_causal, not both")
    if is_causal:
        attn_mask = causal_mask(max(query.shape[-2], key.shape[-2]))
        attn_mask = attn_mask[: query.shape[-2], : key.shape[-2]]
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = (query * scale) @ key.transpose(-2, -1)
    if attn_mask is not None:
        scores = scores + to_add(attn_mask, scores.dtype)
    return softmax(scores, dim=-1)


def scaled_dot_product_attention(
    query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None
):
    """Mix values by how well a query fits their keys.

    Parameters
    ----------
    query : Tensor or array
        (…, T, D).
    key, value : Tensor or array
        (…, S, D) and (…, S, E).
    attn_mask, is_causal, scale
        As in `attention_weights`.
    dropout_p : float
        Share of the weights that is set to 0, always: pass 0 when nothing is to be dropped.

    Returns
    -------
    Tensor
        (…, T, E).

    Raises
    ------
    ValueError
        As `attention_weights`, or if keys and values differ in number.

    Notes
    -----
    Vaswani et al. (2017). Where a mask forbids every look, torch returns zeros; here that is an
    error. Derived in the chapter :ref:`self_attention`.
    """
    key, value = _tensor(key), _tensor(value)
    if key.ndim < 2 or value.ndim < 2 or value.shape[-2] != key.shape[-2]:
        raise ValueError(f"attention: keys {key.shape} and values {value.shape}: other places")
    weights = attention_weights(query, key, attn_mask, is_causal, scale)
    return dropout(weights, dropout_p, True) @ value


def _tensor(x):
    return x if isinstance(x, Tensor) else Tensor(x)
