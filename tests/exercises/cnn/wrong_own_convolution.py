"""Known wrong answers to the project of part IV."""

import numpy as np

from companion.exercises import wrong
from companion.exercises.parts import (
    adam_step,
    conv2d_backward,
    conv2d_forward,
    max_pool_backward,
    max_pool_forward,
)


def forward(X, weights, pad=None, bend=True, last=False):
    """Activations, pooled maps and scores, with the slips that are asked for."""
    w, b, V, c = weights
    A = conv2d_forward(X, w, b, w.shape[-1] // 2 if pad is None else pad)
    A = np.maximum(A, 0) if bend else A
    P = max_pool_forward(A)
    flat = P.transpose(0, 2, 3, 1) if last else P
    return A, P, flat.reshape(len(X), -1) @ V.T + c


@wrong("stage-forward", fails="test_scores_of_three_images")
def stage_scores(X, weights):
    """Forgets ReLU."""
    return forward(X, weights, bend=False)[2]


@wrong("stage-forward", fails="test_scores_of_three_images")
def stage_scores(X, weights):
    """Lays the channels out last."""
    return forward(X, weights, last=True)[2]


@wrong("stage-forward", fails="test_scores_of_three_images")
def stage_scores(X, weights):
    """A border of two zeros for every kernel."""
    return forward(X, weights, pad=2)[2]


def gradients(X, y, weights, mean=True, bend=True, spread=False):
    """Gradients with the slips that are asked for."""
    w, V = weights[0], weights[2]
    A, P, S = forward(X, weights)
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    if mean:
        G /= len(y)
    dP = (G @ V).reshape(P.shape)
    dA = dP.repeat(2, axis=2).repeat(2, axis=3) if spread else max_pool_backward(dP, A)
    dZ = dA * (A > 0) if bend else dA
    _, dw, db = conv2d_backward(dZ, X, w, w.shape[-1] // 2)
    return [dw, db, G.T @ P.reshape(len(X), -1), G.sum(axis=0)]


@wrong("stage-gradients", fails="test_gradients_are_the_measured_slopes")
def stage_gradients(X, y, weights):
    """Adds over the images."""
    return gradients(X, y, weights, mean=False)


@wrong("stage-gradients", fails="test_gradients_are_the_measured_slopes")
def stage_gradients(X, y, weights):
    """Lets the gradient through where ReLU cut."""
    return gradients(X, y, weights, bend=False)


@wrong("stage-gradients", fails="test_gradients_are_the_measured_slopes")
def stage_gradients(X, y, weights):
    """Hands the gradient of a window to all of its entries."""
    return gradients(X, y, weights, spread=True)


def learn(X, y, X_new, epochs, sign=1, moments=True):
    """Train with the slips that are asked for."""
    X, X_new = (a.reshape(-1, 1, 28, 28).astype(np.float32) for a in (X, X_new))
    rng, t = np.random.default_rng(0), 0
    w = rng.normal(size=(6, 1, 5, 5)) * np.sqrt(2 / 25)
    V = rng.normal(size=(10, 1176)) / np.sqrt(1176)
    weights = [a.astype(np.float32) for a in (w, np.zeros(6), V, np.zeros(10))]
    m = v = [np.zeros_like(a) for a in weights]
    for epoch in range(epochs):
        lr = 0.002 if epoch == epochs - 1 else 0.01
        for batch in np.split(rng.permutation(len(X)), range(50, len(X), 50)):
            t += 1
            g = [sign * a for a in gradients(X[batch], y[batch], weights)]
            each = zip(weights, m, v, g, strict=True)
            steps = [adam_step(*e, t, lr, 0.9, 0.999, 1e-8) for e in each]
            weights, m, v = (list(part) for part in zip(*steps, strict=True))
    return forward(X_new, weights)[2].argmax(axis=1)


@wrong("read-digits", fails="test_it_reads_new_digits")
def read_digits(X, y, X_new, epochs=5):
    """Learns from the first batch only."""
    return learn(X[:50], y[:50], X_new, epochs)


@wrong("read-digits", fails="test_it_reads_new_digits")
def read_digits(X, y, X_new, epochs=5):
    """Climbs."""
    return learn(X, y, X_new, 1, sign=-1)


@wrong("read-digits", fails="test_it_learns_the_labels_that_it_is_given")
def read_digits(X, y, X_new, epochs=5):
    """Always makes one pass."""
    return learn(X, y, X_new, 1)
