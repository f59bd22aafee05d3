"""Known wrong answers to the exercises of the chapter on the layers that hold style and content."""

import numpy as np

from companion.exercises import wrong


@wrong("other-column", fails="test_the_other_column")
def other_column():
    """The column itself."""
    return [3, 4]


@wrong("other-column", fails="test_the_other_column")
def other_column():
    """Changes one sign only."""
    return [-3, 4]


@wrong("other-column", fails="test_the_other_column")
def other_column():
    """Swaps the channels."""
    return [4, 3]


@wrong("maps-from-gram", fails="test_maps_with_this_gram_matrix")
def maps_from_gram(G, P):
    """Forgets that the Gram matrix is a mean."""
    values, V = np.linalg.eigh(G)
    F = np.zeros((len(G), P))
    F[:, : len(G)] = V * np.sqrt(np.maximum(values, 0))
    return F


@wrong("maps-from-gram", fails="test_maps_with_this_gram_matrix")
def maps_from_gram(G, P):
    """Takes no root of the eigenvalues."""
    values, V = np.linalg.eigh(G)
    F = np.zeros((len(G), P))
    F[:, : len(G)] = np.sqrt(P) * V * values
    return F


@wrong("maps-from-gram", fails="test_more_places_than_channels")
def maps_from_gram(G, P):
    """Knows only as many places as channels."""
    values, V = np.linalg.eigh(G)
    return np.sqrt(len(G)) * V * np.sqrt(np.maximum(values, 0))


@wrong("maps-from-gram", fails="test_a_matrix_of_low_rank")
def maps_from_gram(G, P):
    """Takes roots of what rounding has made negative."""
    values, V = np.linalg.eigh(G)
    F = np.zeros((len(G), P))
    with np.errstate(all="ignore"):
        F[:, : len(G)] = np.sqrt(P) * V * np.sqrt(values)
    return F


@wrong("maps-from-gram", fails="test_a_matrix_of_low_rank")
def maps_from_gram(G, P):
    """Needs a matrix of full rank."""
    F = np.zeros((len(G), P))
    F[:, : len(G)] = np.sqrt(P) * np.linalg.cholesky(G)
    return F
