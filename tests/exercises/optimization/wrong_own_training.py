"""Known wrong answers to the project of part II."""

import numpy as np

from companion.exercises import wrong
from companion.exercises.parts import adam_step, rms_pullback, standardize_both, warm_wave


@wrong("normalized-scores", fails="test_scores_of_a_batch")
def normalized_scores(X, weights, eps=1e-5):
    """Takes the mean over the batch."""
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    R = Z / np.sqrt(np.mean(Z**2, axis=0) + eps)
    return np.maximum(R, 0) @ W2.T + b2


@wrong("normalized-scores", fails="test_scores_of_a_batch")
def normalized_scores(X, weights, eps=1e-5):
    """Divides by the standard deviation of the centred row."""
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    R = (Z - Z.mean(axis=1, keepdims=True)) / np.sqrt(Z.var(axis=1, keepdims=True) + eps)
    return np.maximum(R, 0) @ W2.T + b2


@wrong("normalized-scores", fails="test_a_row_of_zeros_and_a_large_eps")
def normalized_scores(X, weights, eps=1e-5):
    """Leaves ε out."""
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    with np.errstate(all="ignore"):
        R = Z / np.sqrt(np.mean(Z**2, axis=1, keepdims=True))
    return np.maximum(R, 0) @ W2.T + b2


@wrong("normalized-gradients", fails="test_gradients_are_the_measured_slopes")
def normalized_gradients(X, y, weights, eps=1e-5):
    """Takes the root mean square for a constant: no pullback of it."""
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    size = np.sqrt(np.mean(Z**2, axis=1, keepdims=True) + eps)
    R = Z / size
    A = np.maximum(R, 0)
    S = A @ W2.T + b2
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    G /= len(y)
    dZ = (G @ W2) * (R > 0) / size
    return [dZ.T @ X, dZ.sum(axis=0), G.T @ A, G.sum(axis=0)]


@wrong("normalized-gradients", fails="test_gradients_are_the_measured_slopes")
def normalized_gradients(X, y, weights, eps=1e-5):
    """Forgets the slope of ReLU."""
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    R = Z / np.sqrt(np.mean(Z**2, axis=1, keepdims=True) + eps)
    A = np.maximum(R, 0)
    S = A @ W2.T + b2
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    G /= len(y)
    dZ = rms_pullback(Z, G @ W2, eps)
    return [dZ.T @ X, dZ.sum(axis=0), G.T @ A, G.sum(axis=0)]


@wrong("normalized-gradients", fails="test_gradients_are_the_measured_slopes")
def normalized_gradients(X, y, weights, eps=1e-5):
    """Adds up over the batch."""
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    R = Z / np.sqrt(np.mean(Z**2, axis=1, keepdims=True) + eps)
    A = np.maximum(R, 0)
    S = A @ W2.T + b2
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    dZ = rms_pullback(Z, (G @ W2) * (R > 0), eps)
    return [dZ.T @ X, dZ.sum(axis=0), G.T @ A, G.sum(axis=0)]


@wrong("scheduled-update", fails="test_updates_in_the_warm_up_and_later")
def scheduled_update(weights, gradients, m, v, t, total, peak):
    """Hands Adam the number that counts from zero."""
    rate = warm_wave(t, total // 10, total, peak)
    with np.errstate(all="ignore"):
        moved = [
            adam_step(*each, t, rate, 0.9, 0.999, 1e-8)
            for each in zip(weights, m, v, gradients, strict=True)
        ]
    return tuple(list(part) for part in zip(*moved, strict=True))


@wrong("scheduled-update", fails="test_updates_in_the_warm_up_and_later")
def scheduled_update(weights, gradients, m, v, t, total, peak):
    """Forgets the schedule."""
    moved = [
        adam_step(*each, t + 1, peak, 0.9, 0.999, 1e-8)
        for each in zip(weights, m, v, gradients, strict=True)
    ]
    return tuple(list(part) for part in zip(*moved, strict=True))


@wrong("scheduled-update", fails="test_updates_in_the_warm_up_and_later")
def scheduled_update(weights, gradients, m, v, t, total, peak):
    """Mixes up the two averages."""
    rate = warm_wave(t, total // 10, total, peak)
    moved = [
        adam_step(w, np.abs(b), np.abs(a), g, t + 1, rate, 0.9, 0.999, 1e-8)
        for w, a, b, g in zip(weights, m, v, gradients, strict=True)
    ]
    return tuple(list(part) for part in zip(*moved, strict=True))


@wrong("digits-in-updates", fails="test_it_reads_new_digits")
def read_digits(X, y, X_new, updates=280, hidden=32, seed=0):
    """Says the most frequent class."""
    return np.full(len(X_new), np.bincount(y).argmax())


@wrong("digits-in-updates", fails="test_it_reads_new_digits")
def read_digits(X, y, X_new, updates=280, hidden=32, seed=0):
    """Never trains."""
    X, X_new = standardize_both(X, X_new)
    rng = np.random.default_rng(seed)
    W1 = rng.normal(size=(hidden, X.shape[1])) * np.sqrt(2 / X.shape[1])
    W2 = rng.normal(size=(10, hidden)) * np.sqrt(2 / hidden)
    return (np.maximum(X_new @ W1.T, 0) @ W2.T).argmax(axis=1)


@wrong("digits-in-updates", fails="test_a_digit_alone_is_read_as_among_others")
def read_digits(X, y, X_new, updates=280, hidden=32, seed=0):
    """Standardizes training and new digits together; a linear model is enough for the accuracy."""
    everything, _ = standardize_both(np.concatenate([X, X_new]), X_new)
    inside, outside = everything[: len(X)], everything[len(X) :]
    W = np.zeros((10, X.shape[1]))
    for t in range(updates):
        rows = slice(50 * (t % 40), 50 * (t % 40) + 50)
        S = inside[rows] @ W.T
        G = np.exp(S - S.max(axis=1, keepdims=True))
        G /= G.sum(axis=1, keepdims=True)
        G[np.arange(50), y[rows]] -= 1
        W -= 0.0005 * G.T @ inside[rows]
    return (outside @ W.T).argmax(axis=1)
