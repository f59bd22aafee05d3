"""Known wrong answers to the exercise on the page that measures dropout."""

import numpy as np

from companion.exercises import wrong


@wrong("dropout-crowd", fails="test_plain_mean")
def ask_crowd(h, W, b, p, samples, rng):
    """Leaves out the division."""

    def log_softmax(z):
        z = z - z.max(axis=1, keepdims=True)
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))

    logs = np.array(
        [log_softmax(h * (rng.random(h.shape) >= p) @ W + b) for _ in range(samples)]
    )
    return np.exp(logs).mean(axis=0), np.exp(log_softmax(logs.mean(axis=0)))


@wrong("dropout-crowd", fails="test_geometric_mean")
def ask_crowd(h, W, b, p, samples, rng):
    """Does not scale the geometric mean."""

    def log_softmax(z):
        z = z - z.max(axis=1, keepdims=True)
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))

    logs = np.array(
        [log_softmax(h * (rng.random(h.shape) >= p) / (1 - p) @ W + b) for _ in range(samples)]
    )
    return np.exp(logs).mean(axis=0), np.exp(logs.mean(axis=0))


@wrong("dropout-crowd", fails="test_geometric_mean")
def ask_crowd(h, W, b, p, samples, rng):
    """Gives the plain mean twice."""

    def log_softmax(z):
        z = z - z.max(axis=1, keepdims=True)
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))

    logs = np.array(
        [log_softmax(h * (rng.random(h.shape) >= p) / (1 - p) @ W + b) for _ in range(samples)]
    )
    return np.exp(logs).mean(axis=0), np.exp(logs).mean(axis=0)


@wrong("dropout-crowd", fails="test_large_scores")
def ask_crowd(h, W, b, p, samples, rng):
    """Takes exponentials of the bare scores."""
    powers = np.array(
        [np.exp(h * (rng.random(h.shape) >= p) / (1 - p) @ W + b) for _ in range(samples)]
    )
    probabilities = powers / powers.sum(axis=2, keepdims=True)
    geometric = np.exp(np.log(probabilities).mean(axis=0))
    return probabilities.mean(axis=0), geometric / geometric.sum(axis=1, keepdims=True)
