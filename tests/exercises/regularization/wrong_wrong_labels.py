"""Known wrong answers to the exercises of the chapter on wrong labels."""

import numpy as np

from companion.exercises import wrong


@wrong("outvoted", fails="test_three_others")
def tolerable_shares():
    """Asks for more than half."""
    return 0.5, 2 / 3


@wrong("outvoted", fails="test_two_others")
def tolerable_shares():
    """Spreads over all others again."""
    return 0.75, 0.75


@wrong("outvoted", fails="test_three_others")
def tolerable_shares():
    """Gives the share of right labels."""
    return 0.25, 1 / 3


@wrong("spoil-by-table", fails="test_the_numbers_of_the_table")
def spoil_by_table(y, table, seed):
    """Looks classes up in labels that it has changed already."""
    rng, given = np.random.default_rng(seed), y.copy()
    for i, row in enumerate(table):
        for j, count in enumerate(row):
            if i != j:
                given[rng.permutation(np.flatnonzero(given == i))[:count]] = j
    return given


@wrong("spoil-by-table", fails="test_the_numbers_of_the_table")
def spoil_by_table(y, table, seed):
    """Draws the same example twice."""
    rng, given = np.random.default_rng(seed), y.copy()
    for i, row in enumerate(table):
        for j, count in enumerate(row):
            if i != j:
                given[rng.permutation(np.flatnonzero(y == i))[:count]] = j
    return given


@wrong("spoil-by-table", fails="test_the_numbers_of_the_table")
def spoil_by_table(y, table, seed):
    """Takes rows for columns."""
    rng, given = np.random.default_rng(seed), y.copy()
    for i, row in enumerate(np.transpose(table)):
        free = rng.permutation(np.flatnonzero(y == i))
        for j, count in enumerate(row):
            if j != i:
                given[free[:count]] = j
                free = free[count:]
    return given


@wrong("spoil-by-table", fails="test_chance_decides_which")
def spoil_by_table(y, table, seed):
    """Takes the first examples of each class."""
    given = y.copy()
    for i, row in enumerate(table):
        free = np.flatnonzero(y == i)
        for j, count in enumerate(row):
            if j != i:
                given[free[:count]] = j
                free = free[count:]
    return given


@wrong("spoil-by-table", fails="test_chance_decides_which")
def spoil_by_table(y, table, seed):
    """Writes into the labels that it was given."""
    rng = np.random.default_rng(seed)
    places = [rng.permutation(np.flatnonzero(y == i)) for i in range(len(table))]
    for i, (row, free) in enumerate(zip(table, places)):
        for j, count in enumerate(row):
            if j != i:
                y[free[:count]] = j
                free = free[count:]
    return y


@wrong("find-planted", fails="test_suspects_are_wrong")
def suspects(X, given, k):
    """Takes the least suspicious ones."""
    A = np.hstack([X, np.ones((len(X), 1))])
    says = A @ np.linalg.lstsq(A, np.eye(10)[given], rcond=None)[0]
    return np.argsort(says.max(axis=1) - says[np.arange(len(X)), given])[:k]


@wrong("find-planted", fails="test_suspects_are_wrong")
def suspects(X, given, k):
    """Lets each digit be its own nearest neighbour."""
    distance = ((X[:, None] - X[None]) ** 2).sum(axis=-1)
    nearest = distance.argmin(axis=1)
    return np.argsort(given[nearest] == given, kind="stable")[:k]


@wrong("find-planted", fails="test_suspects_are_wrong")
def suspects(X, given, k):
    """Takes what is far from the mean of its class, which is unusual, not wrong."""
    means = np.stack([X[given == c].mean(axis=0) for c in range(10)])
    return np.argsort(-np.sum((X - means[given]) ** 2, axis=1))[:k]


@wrong("find-planted", fails="test_suspects_are_wrong")
def suspects(X, given, k):
    """Names one suspect again and again."""
    return np.zeros(k, dtype=int)
