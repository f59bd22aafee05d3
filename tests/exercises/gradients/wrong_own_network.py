"""Known wrong answers to the project of part I."""

import numpy as np
from scipy.special import expit

from companion.exercises import wrong
from companion.exercises.parts import (
    clip_together,
    directional_check,
    log_mean_exp,
    swish_pullback,
    three_sets,
    weight_std,
)


@wrong("network-cost", fails="test_the_cost_of_a_batch")
def network_cost(X, y, weights):
    """Takes the logarithm of the mean for that of the sum."""
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    S = (Z * expit(Z)) @ W2.T + b2
    return float(np.mean(log_mean_exp(S.T) - S[np.arange(len(y)), y]))


@wrong("network-cost", fails="test_the_cost_of_a_batch")
def network_cost(X, y, weights):
    """Adds up over the batch."""
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    S = (Z * expit(Z)) @ W2.T + b2
    return float(np.sum(log_mean_exp(S.T) + np.log(S.shape[1]) - S[np.arange(len(y)), y]))


@wrong("network-cost", fails="test_large_scores_cost_a_finite_number")
def network_cost(X, y, weights):
    """Takes the exponential of scores as they are."""
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    S = (Z * expit(Z)) @ W2.T + b2
    with np.errstate(all="ignore"):
        return float(np.mean(np.log(np.exp(S).sum(axis=1)) - S[np.arange(len(y)), y]))


@wrong("network-gradients", fails="test_gradients_are_the_measured_slopes")
def network_gradients(X, y, weights):
    """Forgets the pullback of the activation."""
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    A = Z * expit(Z)
    S = A @ W2.T + b2
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    G /= len(y)
    dZ = G @ W2
    return [dZ.T @ X, dZ.sum(axis=0), G.T @ A, G.sum(axis=0)]


@wrong("network-gradients", fails="test_gradients_are_the_measured_slopes")
def network_gradients(X, y, weights):
    """Does not divide by the number of examples."""
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    A = Z * expit(Z)
    S = A @ W2.T + b2
    G = np.exp(S - S.max(axis=1, keepdims=True))
    G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    dZ = swish_pullback(Z, G @ W2)
    return [dZ.T @ X, dZ.sum(axis=0), G.T @ A, G.sum(axis=0)]


@wrong("network-gradients", fails="test_large_scores_have_gradients")
def network_gradients(X, y, weights):
    """Takes the exponential of scores as they are."""
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    A = Z * expit(Z)
    with np.errstate(all="ignore"):
        G = np.exp(A @ W2.T + b2)
        G /= G.sum(axis=1, keepdims=True)
    G[np.arange(len(y)), y] -= 1
    G /= len(y)
    dZ = swish_pullback(Z, G @ W2)
    return [dZ.T @ X, dZ.sum(axis=0), G.T @ A, G.sum(axis=0)]


@wrong("worst-weight", fails="test_the_culprit_is_named")
def worst_weight(X, y, weights, gradients, directions):
    """Names the weight with the largest gradient."""
    sizes = [np.linalg.norm(g) for g in gradients]
    return ["W1", "b1", "W2", "b2"][int(np.argmax(sizes))]


@wrong("worst-weight", fails="test_the_culprit_is_named")
def worst_weight(X, y, weights, gradients, directions):
    """Names the weight that fits best."""
    misfits = []
    for k in range(4):

        def cost(w, k=k):
            W1, b1, W2, b2 = [*weights[:k], w, *weights[k + 1 :]]
            Z = X @ W1.T + b1
            S = (Z * expit(Z)) @ W2.T + b2
            return float(np.mean(log_mean_exp(S.T) - S[np.arange(len(y)), y]))

        misfits.append(directional_check(cost, weights[k], gradients[k], directions[k]))
    return ["W1", "b1", "W2", "b2"][int(np.argmin(misfits))]


@wrong("worst-weight", fails="test_the_culprit_is_named")
def worst_weight(X, y, weights, gradients, directions):
    """Returns the number in place of the name."""
    return 0


@wrong("train-network", fails="test_it_reads_new_digits")
def train_network(X, y, hidden=32, epochs=6, seed=0):
    """Never trains: returns the first weights."""
    rng = np.random.default_rng(seed)
    shapes = [(hidden, X.shape[1]), (10, hidden)]
    W1, W2 = (rng.normal(size=s) * weight_std(s, "he") for s in shapes)
    return (W1, np.zeros(hidden), W2, np.zeros(10)), 0.1


@wrong("train-network", fails="test_it_reads_new_digits")
def train_network(X, y, hidden=32, epochs=6, seed=0):
    """Starts from weights that are all zero."""
    train, dev, _ = three_sets(len(X), len(X) // 10, 0, seed)
    shapes = [(hidden, X.shape[1]), (hidden,), (10, hidden), (10,)]
    weights = [np.zeros(shape) for shape in shapes]
    for start in range(0, len(train), 50):
        batch = train[start : start + 50]
        G = np.full((len(batch), 10), 0.1)
        G[np.arange(len(batch)), y[batch]] -= 1
        clipped, _ = clip_together([G.sum(axis=0) / len(batch)], 1.0)
        weights[3] = weights[3] - 0.3 * clipped[0]
    return tuple(weights), 0.1


@wrong("train-network", fails="test_the_accuracy_is_that_of_the_development_set")
def train_network(X, y, hidden=32, epochs=6, seed=0):
    """Measures the accuracy on the training set."""
    train, _, _ = three_sets(len(X), len(X) // 10, 0, seed)
    rng = np.random.default_rng(seed)
    shapes = [(hidden, X.shape[1]), (10, hidden)]
    W1, W2 = (rng.normal(size=s) * weight_std(s, "he") for s in shapes)
    weights = [W1, np.zeros(hidden), W2, np.zeros(10)]

    def forward(rows):
        W1, b1, W2, b2 = weights
        Z = X[rows] @ W1.T + b1
        A = Z * expit(Z)
        return Z, A, A @ W2.T + b2

    for _ in range(epochs):
        order = rng.permutation(train)
        for start in range(0, len(order), 50):
            rows = order[start : start + 50]
            Z, A, S = forward(rows)
            G = np.exp(S - S.max(axis=1, keepdims=True))
            G /= G.sum(axis=1, keepdims=True)
            G[np.arange(len(rows)), y[rows]] -= 1
            G /= len(rows)
            dZ = swish_pullback(Z, G @ weights[2])
            gradients = [dZ.T @ X[rows], dZ.sum(axis=0), G.T @ A, G.sum(axis=0)]
            clipped, _ = clip_together(gradients, 1.0)
            weights = [w - 0.3 * g for w, g in zip(weights, clipped, strict=True)]
    right = forward(train)[2].argmax(axis=1) == y[train]
    return tuple(weights), float(np.mean(right))
