"""Two readers and an adder as one network: what two sets of scores say about the sum."""

import numpy as np

from companion.gradients.tape import primitive


@primitive
def log_probabilities_of_sum(a, b):
    """Log-probabilities of i + j, for i and j drawn by softmax(a) and softmax(b), independently.

    a: (N, I), b: (N, J) scores → (N, I + J - 1): entry k is log Σ p_i q_j over i + j = k.

    Pullback: with the share r_kij = p_i q_j / Σ p q of a pair in its sum, the scores get
    da_i = Σ dl_k r_kij - p_i Σ dl_k, and b likewise: what the pair did for its sum, minus what the
    softmax takes back.
    """
    if a.ndim != 2 or b.ndim != 2 or len(a) != len(b) or not a.shape[1] * b.shape[1]:
        raise ValueError(f"expected (N, I) and (N, J) scores, got {a.shape} and {b.shape}")
    log_p, log_q = _log_softmax(a), _log_softmax(b)
    pairs = log_p[:, :, None] + log_q[:, None, :]
    # Row i moved right by i, so that the pairs of one sum stand in one column: (N, I, I + J - 1).
    rows = np.arange(a.shape[1])[:, None]
    columns = rows + np.arange(b.shape[1])
    sheared = np.full((*a.shape, columns[-1, -1] + 1), -np.inf, dtype=pairs.dtype)
    sheared[:, rows, columns] = pairs
    top = sheared.max(axis=1, initial=-np.inf, keepdims=True)
    shares = np.exp(sheared - top)
    total = shares.sum(axis=1, keepdims=True)
    shares /= total

    def back(dl, axis, log_probability):
        of_pairs = (dl[:, None] * shares)[:, rows, columns]
        taken = np.exp(log_probability) * dl.sum(axis=1, keepdims=True)
        return of_pairs.sum(axis=axis) - taken

    return (
        (top + np.log(total))[:, 0],
        lambda dl: back(dl, 2, log_p),
        lambda dl: back(dl, 1, log_q),
    )


def _log_softmax(z):
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
