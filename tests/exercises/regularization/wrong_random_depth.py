"""Known wrong answers to the exercises on the page on random depth and bounded weights."""

import numpy as np

from companion.exercises import wrong


@wrong("expected-depth", fails="test_depth_along_a_line")
def depth_by_hand():
    """Counts what is left out."""
    return 2.2, 6.0


@wrong("expected-depth", fails="test_depth_along_a_line")
def depth_by_hand():
    """Lets the line begin at 0."""
    return 8.0, 6.0


@wrong("expected-depth", fails="test_depth_with_one_probability")
def depth_by_hand():
    """Counts what is left out in the second part."""
    return 7.8, 4.0


@wrong("project-rows", fails="test_rows_within_their_limits")
def project_rows(W, limits):
    """Stretches short rows as well."""
    lengths = np.linalg.norm(W, axis=1)
    factor = limits / np.where(lengths > 0, lengths, 1)
    return W * factor[:, None], int((lengths > limits).sum())


@wrong("project-rows", fails="test_rows_within_their_limits")
def project_rows(W, limits):
    """Limits each weight."""
    out = np.clip(W, -limits[:, None], limits[:, None])
    return out, int((np.linalg.norm(W, axis=1) > limits).sum())


@wrong("project-rows", fails="test_rows_within_their_limits")
def project_rows(W, limits):
    """Changes the array that it was given."""
    lengths = np.linalg.norm(W, axis=1)
    long = lengths > limits
    W[long] *= (limits[long] / lengths[long])[:, None]
    return W, int(long.sum())


@wrong("project-rows", fails="test_count_of_shortened_rows")
def project_rows(W, limits):
    """Counts all rows."""
    lengths = np.linalg.norm(W, axis=1)
    long = lengths > limits
    factor = np.where(long, limits / np.where(long, lengths, 1), 1)
    return W * factor[:, None], len(W)


@wrong("project-rows", fails="test_rows_of_zeros")
def project_rows(W, limits):
    """Divides by the length of zeros."""
    lengths = np.linalg.norm(W, axis=1)
    factor = np.minimum(1, limits / lengths)
    return W * factor[:, None], int((lengths > limits).sum())
