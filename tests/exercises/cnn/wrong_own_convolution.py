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


def forward(X, weights, pad=None):
    """Sums, activations, pooled maps and scores."""
    w, b, V, c = weights
    Z = conv2d_forward(X, w, b, w.shape[-1] // 2 if pad is None else pad)
    A = np.maximum(Z, 0)
    P = max_pool_forward(A)
    return Z, A, P, P.reshape(len(X), -1) @ V.T + c


def gradients(X, y, weights, pad=None, count=None, passes=None, back=max_pool_backward):
    """Gradients; what is divided by, where ReLU passes and the way back of pooling may be wrong."""
    w, V = weights[0], weights[2]
    Z, A, P, S = forward(X, weights, pad)
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G = G / G.sum(axis=1, keepdims=True) - np.eye(10, dtype=S.dtype)[y]
    G /= len(y) if count is None else count
    dZ = back((G @ V).reshape(P.shape), A) * (Z > 0 if passes is None else passes(Z))
    _, dw, db = conv2d_backward(dZ, X, w, w.shape[-1] // 2 if pad is None else pad)
    return [dw, db, G.T @ P.reshape(len(X), -1), G.sum(axis=0)]


def learn(X, y, X_new, epochs, sign=1):
    """Train, downhill or uphill, and read the new digits."""
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
    return forward(X_new, weights)[3].argmax(axis=1)


@wrong("stage-forward", fails="test_scores_of_three_images")
def stage_scores(X, weights):
    """Forgets ReLU."""
    w, b, V, c = weights
    P = max_pool_forward(conv2d_forward(X, w, b, w.shape[-1] // 2))
    return P.reshape(len(X), -1) @ V.T + c


@wrong("stage-forward", fails="test_scores_of_three_images")
def stage_scores(X, weights):
    """Lays the channels out last."""
    w, b, V, c = weights
    P = max_pool_forward(np.maximum(conv2d_forward(X, w, b, w.shape[-1] // 2), 0))
    return P.transpose(0, 2, 3, 1).reshape(len(X), -1) @ V.T + c


@wrong("stage-forward", fails="test_scores_of_three_images")
def stage_scores(X, weights):
    """A border of two zeros for every kernel."""
    w, b, V, c = weights
    P = max_pool_forward(np.maximum(conv2d_forward(X, w, b, 2), 0))
    return P.reshape(len(X), -1) @ V.T + c


@wrong("stage-forward", fails="test_scores_of_three_images")
def stage_scores(X, weights):
    """A border of one zero for every kernel."""
    w, b, V, c = weights
    P = max_pool_forward(np.maximum(conv2d_forward(X, w, b, 1), 0))
    return P.reshape(len(X), -1) @ V.T + c


@wrong("stage-forward", fails="test_scores_of_three_images")
def stage_scores(X, weights):
    """Takes three images for granted."""
    w, b, V, c = weights
    P = max_pool_forward(np.maximum(conv2d_forward(X, w, b, w.shape[-1] // 2), 0))
    return P.reshape(3, -1) @ V.T + c


@wrong("stage-gradients", fails="test_gradients_are_the_measured_slopes")
def stage_gradients(X, y, weights):
    """Adds over the images."""
    return gradients(X, y, weights, count=1)


@wrong("stage-gradients", fails="test_gradients_are_the_measured_slopes")
def stage_gradients(X, y, weights):
    """Lets the gradient through where ReLU cut."""
    return gradients(X, y, weights, passes=np.ones_like)


@wrong("stage-gradients", fails="test_gradients_are_the_measured_slopes")
def stage_gradients(X, y, weights):
    """Hands the gradient of a window to all of its entries."""

    def spread(dout, A):
        return dout.repeat(2, axis=2).repeat(2, axis=3)

    return gradients(X, y, weights, back=spread)


@wrong("stage-gradients", fails="test_gradients_are_the_measured_slopes")
def stage_gradients(X, y, weights):
    """Gives ReLU the slope 1 at 0."""
    return gradients(X, y, weights, passes=lambda Z: Z >= 0)


@wrong("stage-gradients", fails="test_gradients_are_the_measured_slopes")
def stage_gradients(X, y, weights):
    """A border of one zero for every kernel."""
    return gradients(X, y, weights, pad=1)


@wrong("stage-gradients", fails="test_gradients_are_the_measured_slopes")
def stage_gradients(X, y, weights):
    """Divides by three, whatever the number of images."""
    return gradients(X, y, weights, count=3)


@wrong("read-digits", fails="test_it_reads_new_digits")
def read_digits(X, y, X_new, epochs=3):
    """Learns from the first batch only."""
    return learn(X[:50], y[:50], X_new, epochs)


@wrong("read-digits", fails="test_it_reads_new_digits")
def read_digits(X, y, X_new, epochs=3):
    """Climbs."""
    return learn(X, y, X_new, 1, sign=-1)


@wrong("read-digits", fails="test_it_learns_the_labels_that_it_is_given")
def read_digits(X, y, X_new, epochs=3):
    """Always makes one pass."""
    return learn(X, y, X_new, 1)
