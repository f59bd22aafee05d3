"""Known wrong answers to the exercises of the chapter on borrowed data."""

import numpy as np

from companion.exercises import wrong


@wrong("five-labels", fails="test_the_order_at_five_labels")
def ranking_at_five_labels():
    """Trusts what is learned on the right kind of pictures alone."""
    return "scratch", "fine-tuned", "frozen"


@wrong("five-labels", fails="test_the_order_at_five_labels")
def ranking_at_five_labels():
    """Takes few numbers to learn for what counts most."""
    return "frozen", "fine-tuned", "scratch"


@wrong("five-labels", fails="test_the_order_at_five_labels")
def ranking_at_five_labels():
    """Names the best one only."""
    return "fine-tuned"


@wrong("what-learns", fails="test_how_many_numbers_learn")
def numbers_that_learn():
    """Keeps the old head."""
    return 21196, 126


@wrong("what-learns", fails="test_how_many_numbers_learn")
def numbers_that_learn():
    """Forgets the biases."""
    return 400 * 50 + 50 * 20 + 20 * 4, 80


@wrong("what-learns", fails="test_how_many_numbers_there_are")
def numbers_that_learn():
    """Does not count what is frozen with the head."""
    return 21070, 84


@wrong("two-rates", fails="test_the_head_takes_the_full_rate")
def two_rate_step(W, v, x, y, rate, factor):
    """Lets the head move at the rate of the trunk."""
    z = W @ x
    h = np.maximum(z, 0)
    slope = v @ h - y
    dW = slope * np.outer(v * (z > 0), x)
    return W - rate * factor * dW, v - rate * factor * slope * h


@wrong("two-rates", fails="test_the_trunk_takes_the_smaller_rate")
def two_rate_step(W, v, x, y, rate, factor):
    """Forgets the derivative of the ReLU."""
    h = np.maximum(W @ x, 0)
    slope = v @ h - y
    return W - rate * factor * slope * np.outer(v, x), v - rate * slope * h


@wrong("two-rates", fails="test_the_trunk_takes_the_smaller_rate")
def two_rate_step(W, v, x, y, rate, factor):
    """Moves the head first and takes the gradient of the trunk there."""
    z = W @ x
    h = np.maximum(z, 0)
    v = v - rate * (v @ h - y) * h
    dW = (v @ h - y) * np.outer(v * (z > 0), x)
    return W - rate * factor * dW, v


@wrong("two-rates", fails="test_the_trunk_takes_the_smaller_rate")
def two_rate_step(W, v, x, y, rate, factor):
    """Moves both at one rate."""
    z = W @ x
    h = np.maximum(z, 0)
    slope = v @ h - y
    return W - rate * slope * np.outer(v * (z > 0), x), v - rate * slope * h


@wrong("two-rates", fails="test_the_trunk_takes_the_smaller_rate")
def two_rate_step(W, v, x, y, rate, factor):
    """Changes the arrays that it was given."""
    z = W @ x
    h = np.maximum(z, 0)
    slope = v @ h - y
    W -= rate * factor * slope * np.outer(v * (z > 0), x)
    v -= rate * slope * h
    return W, v


@wrong("frozen-head", fails="test_the_head_reads_new_digits")
def learn_head(features, labels):
    """Returns the head it began with."""
    return np.zeros((features.shape[1], 10)), np.zeros(10)


@wrong("frozen-head", fails="test_the_head_reads_new_digits")
def learn_head(features, labels):
    """Takes the steps uphill."""
    W, b = np.zeros((features.shape[1], 10)), np.zeros(10)
    for _ in range(50):
        scores = features @ W + b
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        error = p / p.sum(axis=1, keepdims=True) - np.eye(10)[labels]
        W += 0.01 * features.T @ error / len(error)
        b += 0.01 * error.mean(axis=0)
    return W, b


@wrong("frozen-head", fails="test_the_head_reads_new_digits")
def learn_head(features, labels):
    """Takes the mean of each class as its weights, and no bias."""
    means = [features[labels == k].mean(axis=0) for k in range(10)]
    return np.array(means).T, np.zeros(10)


@wrong("frozen-head", fails="test_the_head_reads_new_digits")
def learn_head(features, labels):
    """Normalizes over the examples in place of the classes."""
    W, b = np.zeros((features.shape[1], 10)), np.zeros(10)
    rate = 1 / np.mean(np.sum(features**2, axis=1))
    for _ in range(500):
        scores = features @ W + b
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        error = p / p.sum(axis=0, keepdims=True) - np.eye(10)[labels]
        W -= rate * features.T @ error / len(error)
        b -= rate * error.mean(axis=0)
    return W, b
