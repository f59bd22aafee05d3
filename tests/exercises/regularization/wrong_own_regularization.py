"""Known wrong answers to the project of part III."""

import numpy as np

from companion.exercises import wrong
from companion.exercises.parts import (
    adam_step,
    inverted_dropout,
    penalized_gradients,
    random_shifts,
    stop_now,
)


@wrong("dropped-scores", fails="test_scores_of_a_dropped_network")
def dropped_scores(X, weights, scale=1.0):
    """Forgets the scale."""
    W1, b1, W2, b2 = weights
    return np.maximum(X @ W1.T + b1, 0) @ W2.T + b2


@wrong("dropped-scores", fails="test_scores_of_a_dropped_network")
def dropped_scores(X, weights, scale=1.0):
    """Forgets ReLU."""
    W1, b1, W2, b2 = weights
    return ((X @ W1.T + b1) * scale) @ W2.T + b2


@wrong("dropped-scores", fails="test_scores_of_the_whole_network")
def dropped_scores(X, weights, scale=0.5):
    """Halves the activations where nothing is dropped, as plain dropout would."""
    W1, b1, W2, b2 = weights
    return (np.maximum(X @ W1.T + b1, 0) * scale) @ W2.T + b2


def gradients(X, y, weights, scale, forward=True, back=True, mean=True):
    """Gradients with the slips that are asked for."""
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    A = np.maximum(Z, 0) * scale
    S = A @ W2.T + b2
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    if mean:
        G /= len(y)
    dZ = (G @ W2) * (Z > 0) * (scale if back else 1.0)
    A = A if forward else np.maximum(Z, 0)
    return [dZ.T @ X, dZ.sum(axis=0), G.T @ A, G.sum(axis=0)]


@wrong("dropped-gradients", fails="test_gradients_are_the_measured_slopes")
def dropped_gradients(X, y, weights, scale=1.0):
    """Lets gradients into dropped units."""
    return gradients(X, y, weights, scale, back=False)


@wrong("dropped-gradients", fails="test_gradients_are_the_measured_slopes")
def dropped_gradients(X, y, weights, scale=1.0):
    """Takes the activations without dropout for the second matrix."""
    return gradients(X, y, weights, scale, forward=False)


@wrong("dropped-gradients", fails="test_gradients_are_the_measured_slopes")
def dropped_gradients(X, y, weights, scale=1.0):
    """Adds up over the batch."""
    return gradients(X, y, weights, scale, mean=False)


@wrong("dropped-gradients", fails="test_gradients_are_the_measured_slopes")
def dropped_gradients(X, y, weights, scale=1.0):
    """Gives ReLU the slope 1 at 0."""
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    A = np.maximum(Z, 0) * scale
    S = A @ W2.T + b2
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    G /= len(y)
    dZ = (G @ W2) * scale * (Z >= 0)
    return [dZ.T @ X, dZ.sum(axis=0), G.T @ A, G.sum(axis=0)]


def updated(X, y, weights, m, v, t, lr, limit, rate, lam, rng, slip):
    """One update with a slip."""
    hidden = np.ones((len(X), len(weights[1])))
    if slip == "drops first":
        _, scale = inverted_dropout(hidden, rate, rng)
        moved = random_shifts(X.reshape(-1, 28, 28), limit, rng)
    else:
        moved = random_shifts(X.reshape(-1, 28, 28), limit, rng)
        _, scale = inverted_dropout(hidden, rate, rng)
    g = gradients(moved.reshape(X.shape), y, weights, scale)
    if slip == "penalizes biases":
        g = [a + lam * w for a, w in zip(g, weights, strict=True)]
    elif slip != "no penalty":
        g = penalized_gradients(weights, g, lam)
    found = [
        adam_step(*each, t, lr, 0.9, 0.999, 1e-8) for each in zip(weights, m, v, g, strict=True)
    ]
    weights, m, v = (list(part) for part in zip(*found, strict=True))
    return weights, m, v


@wrong("regularized-update", fails="test_an_update_with_all_cures")
def regularized_update(X, y, weights, m, v, t, lr, limit, rate, lam, rng):
    """Penalizes the biases, too."""
    return updated(X, y, weights, m, v, t, lr, limit, rate, lam, rng, "penalizes biases")


@wrong("regularized-update", fails="test_an_update_with_all_cures")
def regularized_update(X, y, weights, m, v, t, lr, limit, rate, lam, rng):
    """Draws in another order."""
    return updated(X, y, weights, m, v, t, lr, limit, rate, lam, rng, "drops first")


@wrong("regularized-update", fails="test_an_update_with_all_cures")
def regularized_update(X, y, weights, m, v, t, lr, limit, rate, lam, rng):
    """Forgets the penalty."""
    return updated(X, y, weights, m, v, t, lr, limit, rate, lam, rng, "no penalty")


def learned(X, y, X_dev, y_dev, X_new, epochs, patience, limit=2, rate=0.3, last=False):
    """The whole loop, with what is left out."""
    rng = np.random.default_rng(0)
    shapes = [(128, X.shape[1]), (10, 128)]
    W1, W2 = (rng.normal(size=s) * np.sqrt(2 / s[1]) for s in shapes)
    weights = [W1, np.zeros(128), W2, np.zeros(10)]
    m, v = ([np.zeros_like(w) for w in weights] for _ in range(2))
    t, losses, kept, stop = 0, [], [], False
    while len(losses) < epochs and not stop:
        order = rng.permutation(len(X))
        for batch in np.split(order, range(50, len(X), 50)):
            t += 1
            given = (X[batch], y[batch], weights, m, v, t, 0.002, limit, rate, 1e-4, rng)
            weights, m, v = updated(*given, "none")
        S = scores_of(X_dev, weights)
        S = S - S.max(axis=1, keepdims=True)
        losses.append(np.mean(np.log(np.exp(S).sum(axis=1)) - S[np.arange(len(S)), y_dev]))
        kept.append(list(weights))
        stop, best = stop_now(losses, patience)
    return scores_of(X_new, kept[-1 if last else best]).argmax(axis=1)


def scores_of(X, weights):
    """Scores of the whole network."""
    W1, b1, W2, b2 = weights
    return np.maximum(X @ W1.T + b1, 0) @ W2.T + b2


@wrong("learn-from-few", fails="test_it_reads_digits_after_500")
def learn_from_few(X, y, X_dev, y_dev, X_new, epochs=100, patience=20):
    """Leaves the cures out."""
    return learned(X, y, X_dev, y_dev, X_new, epochs, patience, limit=0, rate=0.0)


@wrong("learn-from-few", fails="test_the_weights_of_the_best_pass_are_used")
def learn_from_few(X, y, X_dev, y_dev, X_new, epochs=100, patience=20):
    """Uses the weights of the last pass."""
    return learned(X, y, X_dev, y_dev, X_new, epochs, patience, last=True)


@wrong("learn-from-few", fails="test_it_reads_digits_after_500")
def learn_from_few(X, y, X_dev, y_dev, X_new, epochs=100, patience=20):
    """Shifts by up to 12 pixels: parts of the digits leave the picture."""
    return learned(X, y, X_dev, y_dev, X_new, epochs, patience, limit=12)


@wrong("learn-from-few", fails="test_the_weights_of_the_best_pass_are_used")
def learn_from_few(X, y, X_dev, y_dev, X_new, epochs=100, patience=20):
    """Makes a hundred passes, however many are asked for."""
    return learned(X, y, X_dev, y_dev, X_new, 100, patience)


@wrong("learn-from-few", fails="test_the_weights_of_the_best_pass_are_used")
def learn_from_few(X, y, X_dev, y_dev, X_new, epochs=100, patience=20):
    """Never stops before the last pass."""
    return learned(X, y, X_dev, y_dev, X_new, epochs, epochs)
