"""Known wrong answers to the exercises of the chapter on what debiasing leaves."""

import numpy as np

from companion.exercises import wrong


@wrong("trace-left", fails="test_along_the_first_axis")
def two_traces():
    """Returns what is not explained."""
    return 0.75, 1.0


@wrong("trace-left", fails="test_along_the_first_axis")
def two_traces():
    """Returns the correlation."""
    return 0.5, 0.0


@wrong("trace-left", fails="test_along_the_diagonal")
def two_traces():
    """Takes (1, 1) without scaling it."""
    return 0.25, 0.75


@wrong("trace-left", fails="test_along_the_diagonal")
def two_traces():
    """Thinks that every direction leaves the same trace."""
    return 0.25, 0.25


@wrong("trace-left", fails="test_along_the_first_axis")
def two_traces():
    """Gives a percentage."""
    return 25, 0


@wrong("trace-left", fails="test_along_the_first_axis")
def two_traces():
    """Gives texts for numbers."""
    return "0.25", "0"


@wrong("remove-several", fails="test_two_directions")
def without_all(vectors, directions):
    """One after the other."""
    for d in directions:
        vectors = vectors - np.outer(vectors @ d, d) / (d @ d)
    return vectors


@wrong("remove-several", fails="test_two_directions")
def without_all(vectors, directions):
    """Subtracts all projections of the given vectors."""
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    return vectors - vectors @ unit.T @ unit


@wrong("remove-several", fails="test_two_directions")
def without_all(vectors, directions):
    """Removes the mean direction."""
    d = directions.mean(axis=0)
    return vectors - np.outer(vectors @ d, d) / (d @ d)


@wrong("remove-several", fails="test_other_sizes")
def without_all(vectors, directions):
    """Works for two directions at most."""
    basis = np.linalg.qr(directions[:2].T)[0]
    return vectors - vectors @ basis @ basis.T


@wrong("remove-several", fails="test_two_directions")
def without_all(vectors, directions):
    """One after the other, ten times."""
    for d in [*directions] * 10:
        vectors = vectors - np.outer(vectors @ d, d) / (d @ d)
    return vectors


@wrong("remove-several", fails="test_other_sizes")
def without_all(vectors, directions):
    """Makes each direction perpendicular to the one before only."""
    before = np.zeros(vectors.shape[1])
    for d in directions:
        before = d - (d @ before) * before
        before = before / np.linalg.norm(before)
        vectors = vectors - np.outer(vectors @ before, before)
    return vectors


@wrong("remove-several", fails="test_other_sizes")
def without_all(vectors, directions):
    """Takes short directions for none."""
    return vectors - vectors @ np.linalg.pinv(directions, rcond=1e-3) @ directions
