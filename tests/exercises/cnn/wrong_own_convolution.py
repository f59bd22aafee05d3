"""Known wrong answers to the project of part IV: each is run alone, so each is complete."""

import numpy as np

from companion.exercises import wrong
from companion.exercises.parts import (
    adam_step,
    conv2d_backward,
    conv2d_forward,
    max_pool_backward,
    max_pool_forward,
)


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
    w, b, V, c = weights
    pad = w.shape[-1] // 2
    A = np.maximum(conv2d_forward(X, w, b, pad), 0)
    P = max_pool_forward(A)
    S = P.reshape(len(X), -1) @ V.T + c
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    dA = max_pool_backward((G @ V).reshape(P.shape), A)
    _, dw, db = conv2d_backward(dA * (A > 0), X, w, pad)
    return [dw, db, G.T @ P.reshape(len(X), -1), G.sum(axis=0)]


@wrong("stage-gradients", fails="test_gradients_are_the_measured_slopes")
def stage_gradients(X, y, weights):
    """Lets the gradient through where ReLU cut."""
    w, b, V, c = weights
    pad = w.shape[-1] // 2
    A = np.maximum(conv2d_forward(X, w, b, pad), 0)
    P = max_pool_forward(A)
    S = P.reshape(len(X), -1) @ V.T + c
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    G /= len(y)
    dA = max_pool_backward((G @ V).reshape(P.shape), A)
    _, dw, db = conv2d_backward(dA, X, w, pad)
    return [dw, db, G.T @ P.reshape(len(X), -1), G.sum(axis=0)]


@wrong("stage-gradients", fails="test_gradients_are_the_measured_slopes")
def stage_gradients(X, y, weights):
    """Hands the gradient of a window to all of its entries."""
    w, b, V, c = weights
    pad = w.shape[-1] // 2
    A = np.maximum(conv2d_forward(X, w, b, pad), 0)
    P = max_pool_forward(A)
    S = P.reshape(len(X), -1) @ V.T + c
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    G /= len(y)
    dA = (G @ V).reshape(P.shape).repeat(2, axis=2).repeat(2, axis=3)
    _, dw, db = conv2d_backward(dA * (A > 0), X, w, pad)
    return [dw, db, G.T @ P.reshape(len(X), -1), G.sum(axis=0)]


@wrong("stage-gradients", fails="test_gradients_are_the_measured_slopes")
def stage_gradients(X, y, weights):
    """Gives ReLU the slope 1 at 0."""
    w, b, V, c = weights
    pad = w.shape[-1] // 2
    Z = conv2d_forward(X, w, b, pad)
    A = np.maximum(Z, 0)
    P = max_pool_forward(A)
    S = P.reshape(len(X), -1) @ V.T + c
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    G /= len(y)
    dA = max_pool_backward((G @ V).reshape(P.shape), A)
    _, dw, db = conv2d_backward(dA * (Z >= 0), X, w, pad)
    return [dw, db, G.T @ P.reshape(len(X), -1), G.sum(axis=0)]


@wrong("stage-gradients", fails="test_gradients_are_the_measured_slopes")
def stage_gradients(X, y, weights):
    """A border of one zero for every kernel."""
    w, b, V, c = weights
    pad = 1
    A = np.maximum(conv2d_forward(X, w, b, pad), 0)
    P = max_pool_forward(A)
    S = P.reshape(len(X), -1) @ V.T + c
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    G /= len(y)
    dA = max_pool_backward((G @ V).reshape(P.shape), A)
    _, dw, db = conv2d_backward(dA * (A > 0), X, w, pad)
    return [dw, db, G.T @ P.reshape(len(X), -1), G.sum(axis=0)]


@wrong("stage-gradients", fails="test_gradients_are_the_measured_slopes")
def stage_gradients(X, y, weights):
    """Divides by three, whatever the number of images."""
    w, b, V, c = weights
    pad = w.shape[-1] // 2
    A = np.maximum(conv2d_forward(X, w, b, pad), 0)
    P = max_pool_forward(A)
    S = P.reshape(len(X), -1) @ V.T + c
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    G /= 3
    dA = max_pool_backward((G @ V).reshape(P.shape), A)
    _, dw, db = conv2d_backward(dA * (A > 0), X, w, pad)
    return [dw, db, G.T @ P.reshape(len(X), -1), G.sum(axis=0)]


@wrong("read-digits", fails="test_it_reads_new_digits")
def read_digits(X, y, X_new, epochs=3):
    """Learns from the first batch only."""

    def stage(X):
        w, b, V, c = weights
        A = np.maximum(conv2d_forward(X, w, b, 2), 0)
        P = max_pool_forward(A)
        return A, P, P.reshape(len(X), -1) @ V.T + c

    def slopes(X, y):
        A, P, S = stage(X)
        G = np.exp(S - S.max(axis=1, keepdims=True))
        G = (G / G.sum(axis=1, keepdims=True) - np.eye(10, dtype=S.dtype)[y]) / len(y)
        dA = max_pool_backward((G @ weights[2]).reshape(P.shape), A)
        _, dw, db = conv2d_backward(dA * (A > 0), X, weights[0], 2)
        return [dw, db, G.T @ P.reshape(len(X), -1), G.sum(axis=0)]

    X, y = X[:50], y[:50]
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
            each = zip(weights, m, v, slopes(X[batch], y[batch]), strict=True)
            steps = [adam_step(*e, t, lr, 0.9, 0.999, 1e-8) for e in each]
            weights, m, v = (list(part) for part in zip(*steps, strict=True))
    return stage(X_new)[2].argmax(axis=1)


@wrong("read-digits", fails="test_it_reads_new_digits")
def read_digits(X, y, X_new, epochs=3):
    """Climbs."""

    def stage(X):
        w, b, V, c = weights
        A = np.maximum(conv2d_forward(X, w, b, 2), 0)
        P = max_pool_forward(A)
        return A, P, P.reshape(len(X), -1) @ V.T + c

    def slopes(X, y):
        A, P, S = stage(X)
        G = np.exp(S - S.max(axis=1, keepdims=True))
        G = (G / G.sum(axis=1, keepdims=True) - np.eye(10, dtype=S.dtype)[y]) / len(y)
        dA = max_pool_backward((G @ weights[2]).reshape(P.shape), A)
        _, dw, db = conv2d_backward(dA * (A > 0), X, weights[0], 2)
        return [-dw, -db, -G.T @ P.reshape(len(X), -1), -G.sum(axis=0)]

    epochs = 1
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
            each = zip(weights, m, v, slopes(X[batch], y[batch]), strict=True)
            steps = [adam_step(*e, t, lr, 0.9, 0.999, 1e-8) for e in each]
            weights, m, v = (list(part) for part in zip(*steps, strict=True))
    return stage(X_new)[2].argmax(axis=1)


@wrong("read-digits", fails="test_it_learns_the_labels_that_it_is_given")
def read_digits(X, y, X_new, epochs=3):
    """Always makes one pass."""

    def stage(X):
        w, b, V, c = weights
        A = np.maximum(conv2d_forward(X, w, b, 2), 0)
        P = max_pool_forward(A)
        return A, P, P.reshape(len(X), -1) @ V.T + c

    def slopes(X, y):
        A, P, S = stage(X)
        G = np.exp(S - S.max(axis=1, keepdims=True))
        G = (G / G.sum(axis=1, keepdims=True) - np.eye(10, dtype=S.dtype)[y]) / len(y)
        dA = max_pool_backward((G @ weights[2]).reshape(P.shape), A)
        _, dw, db = conv2d_backward(dA * (A > 0), X, weights[0], 2)
        return [dw, db, G.T @ P.reshape(len(X), -1), G.sum(axis=0)]

    epochs = 1
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
            each = zip(weights, m, v, slopes(X[batch], y[batch]), strict=True)
            steps = [adam_step(*e, t, lr, 0.9, 0.999, 1e-8) for e in each]
            weights, m, v = (list(part) for part in zip(*steps, strict=True))
    return stage(X_new)[2].argmax(axis=1)
