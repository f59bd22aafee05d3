"""Checks of the exercises in the chapter on the layers that hold style and content."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check


@check(
    "other-column",
    hints=(
        "With one place the Gram matrix is f fᵀ. Which other column has the same products?",
        "x · x = 9, y · y = 16 and x · y = 12 leave the sizes 3 and 4; only signs are free.",
        "Both signs must change, or x · y would.",
    ),
)
def test_the_other_column(student):
    "the other column with the same Gram matrix"
    f = np.array([3.0, 4.0])
    turned = np.array([[0.0, 1.0], [1.0, 0.0]]) @ f
    mistakes = {
        "this is the column itself": f,
        "x · y has changed its sign": f * [-1, 1],
        "x · y has changed its sign ": f * [1, -1],
        "x · x has changed: the channels changed places": turned,
    }
    got = np.array(student.other_column(), dtype=float)
    assert_close(got, -f, mistakes=mistakes, what="the column")


def gram_of(F):
    return np.array(F) @ np.array(F).T / np.shape(F)[1]


def wanted(seed, C, rank=None):
    A = np.random.default_rng(seed).normal(size=(C, rank or C))
    return A @ A.T


def shape_of(F, expected):
    assert np.shape(F) == expected, f"expected maps of shape {expected}, got {np.shape(F)}"
    return F


@check(
    "maps-from-gram",
    points=2,
    hints=(
        "You need a root of the matrix: R with R Rᵀ = G.",
        "Eigenvalues λ and eigenvectors V give R = V √λ; then F = √P R, and zeros for the rest.",
        "values, V = np.linalg.eigh(G); F[:, :C] = np.sqrt(P) * V * np.sqrt(values)",
    ),
)
def test_maps_with_this_gram_matrix(student):
    "maps with as many places as channels"
    G = wanted(0, 4)
    F = shape_of(student.maps_from_gram(G, 4), (4, 4))
    mistakes = {
        "the mean over the places is forgotten: multiply by √P": G / 4,
        "√P stands on the wrong side of the bar": G / 16,
        "P in place of its root": 4 * G,
        "the eigenvalues need a root": G @ G,
    }
    assert_close(gram_of(F), G, mistakes=mistakes, what="the Gram matrix of the maps")
    assert_unchanged(student.maps_from_gram)


@check(
    "maps-from-gram",
    after="test_maps_with_this_gram_matrix",
    hints=(
        "More places than needed may be empty.",
        "Make an array of zeros (C, P) and fill its first C columns; √P grows with P.",
        "F = np.zeros((C, P))",
    ),
)
def test_more_places_than_channels(student):
    "maps with more places than channels"
    for C, P in ((3, 10), (1, 5)):
        G = wanted(C, C)
        F = shape_of(student.maps_from_gram(G, P), (C, P))
        assert_close(gram_of(F), G, what=f"for {C} channels and {P} places, the Gram matrix")


@check(
    "maps-from-gram",
    after="test_maps_with_this_gram_matrix",
    hidden=True,
    hints=(
        "Gram matrices often have eigenvalues 0, and rounding makes them slightly negative.",
        "A root of a negative number is NaN: set such eigenvalues to 0 first.",
        "np.sqrt(np.maximum(values, 0))",
    ),
)
def test_a_matrix_of_low_rank(student):
    "a Gram matrix that is not of full rank"
    for seed in range(8):
        G = wanted(seed, 6, rank=2)
        F = shape_of(student.maps_from_gram(G, 7), (6, 7))
        assert_close(gram_of(F), G, rtol=1e-5, what="the Gram matrix of the maps")
