"""Attention block by block: the same result without the table of all scores.

Derived in the chapter :ref:`attention_speed`.
"""

from numbers import Integral

import numpy as np


def attention_by_blocks(query, key, value, block):
    """Mix values by how well a query fits their keys, with a few keys at a time.

    Parameters
    ----------
    query : numpy.ndarray
        (…, T, D).
    key, value : numpy.ndarray
        (…, S, D) and (…, S, E).
    block : int
        Keys that are looked at together, at least 1; the last block may be shorter.

    Returns
    -------
    numpy.ndarray
        (…, T, E), what `scaled_dot_product_attention` gives without a mask. At no time are more
        than (…, T, block) scores there.

    Raises
    ------
    ValueError
        If the block is empty, or shapes do not fit.

    Notes
    -----
    Milakov and Gimelshein (2018) for the softmax, Dao et al. (2022) for attention. Only the way
    forward. Derived in the chapter :ref:`attention_speed`.
    """
    if not isinstance(block, Integral) or block < 1:
        raise ValueError(
            f"attention_by_blocks: block={block!r}; expected at least 1, a whole number"
        )
    query, key, value = (np.asarray(x) for x in (query, key, value))
    if min(query.ndim, key.ndim, value.ndim) < 2:
        raise ValueError(
            f"attention_by_blocks: queries {query.shape}, keys {key.shape}, values {value.shape}; "
            "expected (…, T, D), (…, S, D), (…, S, E)"
        )
    if query.shape[-1] != key.shape[-1] or key.shape[-2] != value.shape[-2] or not key.shape[-2]:
        raise ValueError(
            f"attention_by_blocks: queries {query.shape}, keys {key.shape}, values {value.shape} "
            "do not fit each other"
        )
    query = query / np.sqrt(query.shape[-1]).astype(query.dtype)
    top, total, mixed = -np.inf, 0, 0  # largest score, sum of exponentials, their sum of values
    for start in range(0, key.shape[-2], block):
        part = slice(start, start + block)
        scores = query @ key[..., part, :].swapaxes(-2, -1)
        higher = np.maximum(top, scores.max(axis=-1, keepdims=True))
        shrink, raw = np.exp(top - higher), np.exp(scores - higher)
        total = total * shrink + raw.sum(axis=-1, keepdims=True)
        mixed = mixed * shrink + raw @ value[..., part, :]
        top = higher
    return mixed / total
