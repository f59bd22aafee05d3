"""Known wrong answers to the exercises on the page about GloVe."""

import numpy as np

from companion.exercises import wrong


@wrong("glove-by-hand", fails="test_the_gradient_of_the_neighbour")
def gradient_by_hand():
    """Without the factor 2."""
    return 1.0, 0.0


@wrong("glove-by-hand", fails="test_the_gradient_of_the_neighbour")
def gradient_by_hand():
    """Without the weight."""
    return 16.0, 0.0


@wrong("glove-by-hand", fails="test_the_gradient_of_the_neighbour")
def gradient_by_hand():
    """For the word instead of the neighbour."""
    return 3.0, 1.0


@wrong("weighted-counts", fails="test_words_that_differ")
def weighted_counts(tokens, size, window):
    """Neighbours to the right only."""
    X = np.zeros((size, size))
    for d in range(1, min(window, len(tokens) - 1) + 1):
        np.add.at(X, (tokens[:-d], tokens[d:]), 1 / d)
    return X


@wrong("weighted-counts", fails="test_words_that_differ")
def weighted_counts(tokens, size, window):
    """Every neighbour counts 1."""
    X = np.zeros((size, size))
    for d in range(1, min(window, len(tokens) - 1) + 1):
        np.add.at(X, (tokens[:-d], tokens[d:]), 1)
    return X + X.T


@wrong("weighted-counts", fails="test_repeated_pairs_and_short_texts")
def weighted_counts(tokens, size, window):
    """Counts a repeated pair once."""
    X = np.zeros((size, size))
    for d in range(1, min(window, len(tokens) - 1) + 1):
        X[tokens[:-d], tokens[d:]] += 1 / d
    return X + X.T


@wrong("weighted-counts", fails="test_repeated_pairs_and_short_texts")
def weighted_counts(tokens, size, window):
    """Leaves the diagonal out."""
    X = np.zeros((size, size))
    for d in range(1, min(window, len(tokens) - 1) + 1):
        np.add.at(X, (tokens[:-d], tokens[d:]), 1 / d)
    X = X + X.T
    np.fill_diagonal(X, 0)
    return X


@wrong("glove-by-hand", fails="test_the_gradient_of_the_neighbour")
def gradient_by_hand():
    """Texts in the place of numbers."""
    return "2", "0"


@wrong("weighted-counts", fails="test_repeated_pairs_and_short_texts")
def weighted_counts(tokens, size, window):
    """No window is wider than four."""
    X = np.zeros((size, size))
    for d in range(1, min(window, 4) + 1):
        np.add.at(X, (tokens[:-d], tokens[d:]), 1 / d)
    return X + X.T


@wrong("weighted-counts", fails="test_repeated_pairs_and_short_texts")
def weighted_counts(tokens, size, window):
    """Adds up one order only on the diagonal."""
    X = np.zeros((size, size))
    for d in range(1, window + 1):
        np.add.at(X, (tokens[:-d], tokens[d:]), 1 / d)
    return X + X.T - np.diag(np.diag(X))


@wrong("weighted-counts", fails="test_words_that_differ")
def weighted_counts(tokens, size, window):
    """Writes texts into the table."""
    X = np.zeros((size, size))
    for d in range(1, window + 1):
        np.add.at(X, (tokens[:-d], tokens[d:]), 1 / d)
    return (X + X.T).astype(str)
