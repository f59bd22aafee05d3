"""Known wrong answers to the exercises of the chapter on self-attention."""

import numpy as np

from companion.exercises import wrong


@wrong("self-attention-by-hand", fails="test_the_share")
def look_by_hand():
    """Takes the scores for shares."""
    return np.log(3) / np.log(3), 10.0


@wrong("self-attention-by-hand", fails="test_the_share")
def look_by_hand():
    """Divides by the others only."""
    return 3 / 3, 10.0


@wrong("self-attention-by-hand", fails="test_the_mean")
def look_by_hand():
    """Takes the plain mean."""
    return 0.5, 7.0


@wrong("self-attention-by-hand", fails="test_the_mean")
def look_by_hand():
    """Does not divide."""
    return 0.5, 60.0


@wrong("own-causal-mask", fails="test_who_may_look")
def may_look(steps):
    """Rows and columns exchanged."""
    place = np.arange(steps)
    return place >= place[:, None]


@wrong("own-causal-mask", fails="test_who_may_look")
def may_look(steps):
    """Not at itself."""
    place = np.arange(steps)
    return place < place[:, None]


@wrong("own-causal-mask", fails="test_who_may_look")
def may_look(steps):
    """True forbids."""
    place = np.arange(steps)
    return place > place[:, None]


@wrong("own-causal-mask", fails="test_who_may_look")
def may_look(steps):
    """Numbers, not booleans."""
    return np.tri(steps)


@wrong("own-causal-mask", fails="test_who_may_look")
def may_look(steps):
    """The mask of three places, whatever is asked."""
    return np.tri(3, dtype=bool)


def weights(q, k, mask, scale=None):
    scores = q @ k.swapaxes(-2, -1) / (q.shape[-1] ** 0.5 if scale is None else scale)
    scores = np.where(mask, scores, -np.inf).astype(q.dtype)
    a = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return a / a.sum(axis=-1, keepdims=True)


@wrong("attention-forward", fails="test_the_means")
def attend(q, k, v, mask):
    """Does not scale."""
    return weights(q, k, mask, 1.0) @ v


@wrong("attention-forward", fails="test_the_means")
def attend(q, k, v, mask):
    """Divides by D."""
    return weights(q, k, mask, q.shape[-1]) @ v


@wrong("attention-forward", fails="test_the_means")
def attend(q, k, v, mask):
    """Ignores the mask."""
    return weights(q, k, np.ones_like(mask)) @ v


@wrong("attention-forward", fails="test_the_means")
def attend(q, k, v, mask):
    """Masks after the softmax."""
    return (weights(q, k, np.ones_like(mask)) * mask).astype(q.dtype) @ v


@wrong("attention-forward", fails="test_the_means")
def attend(q, k, v, mask):
    """Softmax over the queries."""
    scores = q @ k.swapaxes(-2, -1) / q.shape[-1] ** 0.5
    scores = np.where(mask, scores, -1e9)
    a = np.exp(scores - scores.max(axis=-2, keepdims=True))
    return (a / a.sum(axis=-2, keepdims=True)).astype(q.dtype) @ v


@wrong("attention-forward", fails="test_the_means")
def attend(q, k, v, mask):
    """A causal mask, whatever is given."""
    return weights(q, k, np.tri(len(mask), dtype=bool)) @ v


@wrong("attention-forward", fails="test_the_means")
def attend(q, k, v, mask):
    """Transposes all axes, which is wrong with a batch."""
    scores = np.where(mask, q @ k.T / q.shape[-1] ** 0.5, -np.inf)
    a = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return a / a.sum(axis=-1, keepdims=True) @ v


@wrong("attention-forward", fails="test_float32_stays")
def attend(q, k, v, mask):
    """Computes in float64."""
    return weights(q.astype(float), k, mask) @ v


@wrong("attention-forward", fails="test_large_scores")
def attend(q, k, v, mask):
    """Exponentials of the scores as they are."""
    a = np.exp(q @ k.swapaxes(-2, -1) / q.shape[-1] ** 0.5) * mask
    a = a.astype(q.dtype)
    return a / a.sum(axis=-1, keepdims=True) @ v


@wrong("attention-forward", fails="test_large_scores")
def attend(q, k, v, mask):
    """Subtracts the largest score, also if it is forbidden."""
    scores = q @ k.swapaxes(-2, -1) / q.shape[-1] ** 0.5
    a = (np.exp(scores - scores.max(axis=-1, keepdims=True)) * mask).astype(q.dtype)
    return a / a.sum(axis=-1, keepdims=True) @ v


def back(dy, q, k, v, mask, subtract=True):
    root = q.shape[-1] ** 0.5
    a = weights(q, k, mask)
    da = dy @ v.swapaxes(-2, -1)
    ds = a * (da - (a * da).sum(axis=-1, keepdims=True) * subtract) / root
    return a, ds


@wrong("attention-back", fails="test_the_values")
def attend_back(dy, q, k, v, mask):
    """Forgets to transpose the shares."""
    a, ds = back(dy, q, k, v, mask)
    return ds @ k, ds.swapaxes(-2, -1) @ q, a @ dy


@wrong("attention-back", fails="test_the_values")
def attend_back(dy, q, k, v, mask):
    """Ignores the mask."""
    a, ds = back(dy, q, k, v, np.ones_like(mask))
    return ds @ k, ds.swapaxes(-2, -1) @ q, a.swapaxes(-2, -1) @ dy


@wrong("attention-back", fails="test_queries_and_keys")
def attend_back(dy, q, k, v, mask):
    """Does not subtract the mean of the row."""
    a, ds = back(dy, q, k, v, mask, subtract=False)
    return ds @ k, ds.swapaxes(-2, -1) @ q, a.swapaxes(-2, -1) @ dy


@wrong("attention-back", fails="test_queries_and_keys")
def attend_back(dy, q, k, v, mask):
    """Forgets the root of D on the way back."""
    a, ds = back(dy, q, k, v, mask)
    ds = ds * q.shape[-1] ** 0.5
    return ds @ k, ds.swapaxes(-2, -1) @ q, a.swapaxes(-2, -1) @ dy


@wrong("attention-back", fails="test_queries_and_keys")
def attend_back(dy, q, k, v, mask):
    """Forgets to transpose for the keys."""
    a, ds = back(dy, q, k, v, mask)
    return ds @ k, ds @ q, a.swapaxes(-2, -1) @ dy


@wrong("attention-back", fails="test_queries_and_keys")
def attend_back(dy, q, k, v, mask):
    """Exchanges dq and dk."""
    a, ds = back(dy, q, k, v, mask)
    return ds.swapaxes(-2, -1) @ q, ds @ k, a.swapaxes(-2, -1) @ dy


@wrong("attention-back", fails="test_float32_and_large_scores")
def attend_back(dy, q, k, v, mask):
    """Computes in float64."""
    a, ds = back(dy, q.astype(float), k, v, mask)
    return ds @ k, ds.swapaxes(-2, -1) @ q, a.swapaxes(-2, -1) @ dy


@wrong("attention-back", fails="test_float32_and_large_scores")
def attend_back(dy, q, k, v, mask):
    """Exponentials of the scores as they are."""
    root = q.shape[-1] ** 0.5
    a = np.exp(q @ k.swapaxes(-2, -1) / root) * mask.astype(q.dtype)
    a = a / a.sum(axis=-1, keepdims=True)
    da = dy @ v.swapaxes(-2, -1)
    ds = a * (da - (a * da).sum(axis=-1, keepdims=True)) / root
    return ds @ k, ds.swapaxes(-2, -1) @ q, a.swapaxes(-2, -1) @ dy


@wrong("attention-back", fails="test_float32_and_large_scores")
def attend_back(dy, q, k, v, mask):
    """Takes -3000 for minus infinity."""
    root = q.shape[-1] ** 0.5
    scores = np.where(mask, q @ k.swapaxes(-2, -1) / root, -3000).astype(q.dtype)
    a = np.exp(scores - scores.max(axis=-1, keepdims=True))
    a = a / a.sum(axis=-1, keepdims=True)
    da = dy @ v.swapaxes(-2, -1)
    ds = a * (da - (a * da).sum(axis=-1, keepdims=True)) / root
    return ds @ k, ds.swapaxes(-2, -1) @ q, a.swapaxes(-2, -1) @ dy


def parts(lengths, steps):
    place = np.arange(steps)
    return place, place < np.asarray(lengths)[:, None], place <= place[:, None]


@wrong("two-mask-conventions", fails="test_the_mask_of_the_function")
def both_masks(lengths, steps):
    """True forbids in both."""
    _, there, causal = parts(lengths, steps)
    return ~(there[:, None, :] & causal)[:, None], ~there


@wrong("two-mask-conventions", fails="test_the_mask_of_the_function")
def both_masks(lengths, steps):
    """Padding along the rows."""
    _, there, causal = parts(lengths, steps)
    return (there[:, :, None] & causal)[:, None], ~there


@wrong("two-mask-conventions", fails="test_the_mask_of_the_function")
def both_masks(lengths, steps):
    """Forgets the padding."""
    _, there, causal = parts(lengths, steps)
    return np.tile(causal, (len(there), 1, 1, 1)), ~there


@wrong("two-mask-conventions", fails="test_the_mask_of_the_function")
def both_masks(lengths, steps):
    """Forgets not to look ahead."""
    _, there, causal = parts(lengths, steps)
    return (there[:, None, :] & np.ones_like(causal))[:, None], ~there


@wrong("two-mask-conventions", fails="test_the_mask_of_the_layer")
def both_masks(lengths, steps):
    """True allows in both."""
    _, there, causal = parts(lengths, steps)
    return (there[:, None, :] & causal)[:, None], there


@wrong("two-mask-conventions", fails="test_the_mask_of_the_layer")
def both_masks(lengths, steps):
    """The first place of the padding counts."""
    place, there, causal = parts(lengths, steps)
    return (there[:, None, :] & causal)[:, None], place > np.asarray(lengths)[:, None]
