"""Known wrong answers to the exercises of the chapter on attention."""

import numpy as np

from companion.exercises import wrong

MEAN = np.array([2.0, 2.5])


@wrong("look-by-hand", fails="test_the_shares")
def look_by_hand():
    """Gives the padding its share."""
    return np.array([1, 3, 2, 5]) / 11, MEAN


@wrong("look-by-hand", fails="test_the_shares")
def look_by_hand():
    """Sets the score of the padding to 0."""
    return np.array([1, 3, 2, 1]) / 7, MEAN


@wrong("look-by-hand", fails="test_the_shares")
def look_by_hand():
    """Zeroes the share afterwards."""
    return np.array([1, 3, 2, 0]) / 11, MEAN


@wrong("look-by-hand", fails="test_what_is_seen")
def look_by_hand():
    """Takes the plain mean."""
    return np.array([1, 3, 2, 0]) / 6, np.array([3.0, 2.0])


@wrong("look-by-hand", fails="test_what_is_seen")
def look_by_hand():
    """Takes the vector with the largest share."""
    return np.array([1, 3, 2, 0]) / 6, np.array([0.0, 3.0])


def read_of(scores, lengths):
    return (np.arange(scores.shape[2]) < np.asarray(lengths)[:, None])[:, None]


def soft(z, axis=-1):
    z = np.exp(z - z.max(axis=axis, keepdims=True))
    return z / z.sum(axis=axis, keepdims=True)


@wrong("shares-of-what-was-read", fails="test_shares")
def shares(scores, lengths):
    """Ignores the lengths."""
    return soft(scores)


@wrong("shares-of-what-was-read", fails="test_shares")
def shares(scores, lengths):
    """Sets the scores of padding to 0."""
    return soft(np.where(read_of(scores, lengths), scores, 0))


@wrong("shares-of-what-was-read", fails="test_shares")
def shares(scores, lengths):
    """Zeroes shares afterwards."""
    return soft(scores) * read_of(scores, lengths)


@wrong("shares-of-what-was-read", fails="test_shares")
def shares(scores, lengths):
    """Takes shares over the steps."""
    return soft(np.where(read_of(scores, lengths), scores, -1e9), axis=1)


@wrong("shares-of-what-was-read", fails="test_shares")
def shares(scores, lengths):
    """Writes into its input."""
    scores[~np.broadcast_to(read_of(scores, lengths), scores.shape)] = -np.inf
    return soft(scores)


@wrong("shares-of-what-was-read", fails="test_large_scores")
def shares(scores, lengths):
    """Overflows."""
    e = np.exp(scores) * read_of(scores, lengths)
    return e / e.sum(axis=-1, keepdims=True)


@wrong("shares-of-what-was-read", fails="test_large_scores")
def shares(scores, lengths):
    """Subtracts the largest score, which may stand in the padding."""
    e = np.exp(scores - scores.max(axis=-1, keepdims=True)) * read_of(scores, lengths)
    return e / e.sum(axis=-1, keepdims=True)


@wrong("shares-of-what-was-read", fails="test_large_scores")
def shares(scores, lengths):
    """Takes -100 for minus infinity."""
    e = soft(np.where(read_of(scores, lengths), scores, scores.dtype.type(-100)))
    return e * read_of(scores, lengths)


@wrong("shares-of-what-was-read", fails="test_large_scores")
def shares(scores, lengths):
    """Takes -4000 for minus infinity."""
    return soft(np.where(read_of(scores, lengths), scores, scores.dtype.type(-4000)))


@wrong("additive-scores", fails="test_scores")
def additive_scores(s, h, w, u, b, v):
    """Forgets to bend."""
    return ((s @ w.T)[:, :, None] + (h @ u.T)[:, None] + b) @ v


@wrong("additive-scores", fails="test_scores")
def additive_scores(s, h, w, u, b, v):
    """Exchanges steps and places."""
    return np.tanh((s @ w.T)[:, None] + (h @ u.T)[:, :, None] + b) @ v


@wrong("additive-scores", fails="test_scores")
def additive_scores(s, h, w, u, b, v):
    """Forgets the bias."""
    return np.tanh((s @ w.T)[:, :, None] + (h @ u.T)[:, None]) @ v


@wrong("additive-scores", fails="test_scores")
def additive_scores(s, h, w, u, b, v):
    """Bends the parts."""
    return (np.tanh(s @ w.T)[:, :, None] + np.tanh(h @ u.T + b)[:, None]) @ v


@wrong("additive-scores", fails="test_float32_stays")
def additive_scores(s, h, w, u, b, v):
    """Fills an array of float64."""
    out = np.zeros((len(s), s.shape[1], h.shape[1]))
    for t in range(s.shape[1]):
        out[:, t] = np.tanh((s[:, t] @ w.T)[:, None] + h @ u.T + b) @ v
    return out


@wrong("additive-scores", fails="test_scores")
def additive_scores(s, h, w, u, b, v):
    """Turns everything into float32."""
    both = (s @ w.T)[:, :, None] + (h @ u.T)[:, None] + b
    return (np.tanh(both) @ v).astype(np.float32)


@wrong("look-back", fails="test_gradient_of_what_was_read")
def look_back(dc, e, h):
    """Weighs with the scores."""
    a, da = soft(e), dc @ h.T
    return a * (da - (a * da).sum(axis=1, keepdims=True)), e.T @ dc


@wrong("look-back", fails="test_gradient_of_what_was_read")
def look_back(dc, e, h):
    """Takes shares over the steps."""
    a, da = soft(e, axis=0), dc @ h.T
    return a * (da - (a * da).sum(axis=0)), a.T @ dc


@wrong("look-back", fails="test_gradient_of_the_scores")
def look_back(dc, e, h):
    """Forgets the softmax."""
    return dc @ h.T, soft(e).T @ dc


@wrong("look-back", fails="test_gradient_of_the_scores")
def look_back(dc, e, h):
    """Forgets what the others lose."""
    a = soft(e)
    return a * (dc @ h.T), a.T @ dc


@wrong("look-back", fails="test_gradient_of_the_scores")
def look_back(dc, e, h):
    """Takes the slope of a sigmoid."""
    a = soft(e)
    return a * (1 - a) * (dc @ h.T), a.T @ dc


@wrong("look-back", fails="test_gradient_of_the_scores")
def look_back(dc, e, h):
    """Subtracts one mean of everything."""
    a, da = soft(e), dc @ h.T
    return a * (da - (a * da).sum()), a.T @ dc


@wrong("look-back", fails="test_large_scores_and_float32")
def look_back(dc, e, h):
    """Overflows."""
    a = np.exp(e) / np.exp(e).sum(axis=1, keepdims=True)
    da = dc @ h.T
    return a * (da - (a * da).sum(axis=1, keepdims=True)), a.T @ dc


@wrong("look-back", fails="test_large_scores_and_float32")
def look_back(dc, e, h):
    """Computes in float64."""
    a, da = soft(e.astype(float)), dc @ h.T
    return a * (da - (a * da).sum(axis=1, keepdims=True)), a.T @ dc


def sums_wrong(weights):
    return not np.allclose(weights.sum(axis=1), 1)


@wrong("which-fault", fails="test_columns")
def fault(weights, length):
    """Looks at all sums together."""
    if not np.isclose(weights.sum(), 1):
        return "fine"
    return "columns"


@wrong("which-fault", fails="test_padding")
def fault(weights, length):
    """Looks at the mean over the rows, and is off by one."""
    if sums_wrong(weights):
        return "columns"
    if weights[:, length + 1 :].any():
        return "padding"
    return "blind" if np.ptp(weights, axis=0).max() < 0.01 else "fine"


@wrong("which-fault", fails="test_padding")
def fault(weights, length):
    """Looks at the first row only."""
    if sums_wrong(weights):
        return "columns"
    if weights[0, length:].any():
        return "padding"
    return "blind" if np.ptp(weights, axis=0).max() < 0.01 else "fine"


@wrong("which-fault", fails="test_blind")
def fault(weights, length):
    """Compares along the rows."""
    if sums_wrong(weights):
        return "columns"
    if weights[:, length:].any():
        return "padding"
    return "blind" if np.ptp(weights, axis=1).max() < 0.01 else "fine"


@wrong("which-fault", fails="test_fine")
def fault(weights, length):
    """Takes every healthy map for blind."""
    if sums_wrong(weights):
        return "columns"
    return "padding" if weights[:, length:].any() else "blind"


@wrong("which-fault", fails="test_columns")
def fault(weights, length):
    """Looks at the sum of everything."""
    if not np.isclose(weights.sum(), len(weights)):
        return "columns"
    if (weights[:, length:].sum(axis=1) > 0.001).any():
        return "padding"
    return "blind" if np.ptp(weights, axis=0).max() < 0.01 else "fine"


@wrong("which-fault", fails="test_columns")
def fault(weights, length):
    """Adds up the first row only."""
    if not np.isclose(weights[0].sum(), 1):
        return "columns"
    if (weights[:, length:].sum(axis=1) > 0.001).any():
        return "padding"
    return "blind" if np.ptp(weights, axis=0).max() < 0.01 else "fine"


@wrong("which-fault", fails="test_columns")
def fault(weights, length):
    """Asks whether columns add up to 1."""
    if np.allclose(weights[:, :length].sum(axis=0), 1):
        return "columns"
    if (weights[:, length:].sum(axis=1) > 0.001).any():
        return "padding"
    return "blind" if np.ptp(weights, axis=0).max() < 0.01 else "fine"


@wrong("which-fault", fails="test_padding")
def fault(weights, length):
    """Looks at the first place of the padding only."""
    if sums_wrong(weights):
        return "columns"
    if length < weights.shape[1] and weights[:, length].max() > 0.001:
        return "padding"
    return "blind" if np.ptp(weights, axis=0).max() < 0.01 else "fine"


@wrong("which-fault", fails="test_padding")
def fault(weights, length):
    """Looks for much of a look at padding."""
    if sums_wrong(weights):
        return "columns"
    if (weights[:, length:].sum(axis=1) > 0.1).any():
        return "padding"
    return "blind" if np.ptp(weights, axis=0).max() < 0.01 else "fine"


@wrong("which-fault", fails="test_padding")
def fault(weights, length):
    """Looks at each padded place for itself."""
    if sums_wrong(weights):
        return "columns"
    if (weights[:, length:] > 0.001).any():
        return "padding"
    return "blind" if np.ptp(weights, axis=0).max() < 0.01 else "fine"


@wrong("which-fault", fails="test_fine")
def fault(weights, length):
    """Takes a trace on padding for a fault."""
    if sums_wrong(weights):
        return "columns"
    if weights[:, length:].any():
        return "padding"
    return "blind" if np.ptp(weights, axis=0).max() < 0.01 else "fine"


@wrong("which-fault", fails="test_blind")
def fault(weights, length):
    """Wants rows that are exactly the same."""
    if sums_wrong(weights):
        return "columns"
    if (weights[:, length:].sum(axis=1) > 0.001).any():
        return "padding"
    return "blind" if (weights == weights[0]).all() else "fine"


@wrong("which-fault", fails="test_fine")
def fault(weights, length):
    """Compares the first two rows only."""
    if sums_wrong(weights):
        return "columns"
    if (weights[:, length:].sum(axis=1) > 0.001).any():
        return "padding"
    return "blind" if abs(weights[0] - weights[1]).max() < 0.01 else "fine"


@wrong("which-fault", fails="test_fine")
def fault(weights, length):
    """Compares where rows have their largest share."""
    if sums_wrong(weights):
        return "columns"
    if (weights[:, length:].sum(axis=1) > 0.001).any():
        return "padding"
    return "blind" if np.ptp(weights.argmax(axis=1)) == 0 else "fine"


@wrong("which-fault", fails="test_fine")
def fault(weights, length):
    """Takes the mean of the differences."""
    if sums_wrong(weights):
        return "columns"
    if (weights[:, length:].sum(axis=1) > 0.001).any():
        return "padding"
    return "blind" if abs(weights - weights.mean(axis=0)).mean() < 0.01 else "fine"


@wrong("which-fault", fails="test_blind")
def fault(weights, length):
    """Needs some padding."""
    if sums_wrong(weights):
        return "columns"
    if weights[:, length:].max() > 0.001:
        return "padding"
    return "blind" if np.ptp(weights, axis=0).max() < 0.01 else "fine"
