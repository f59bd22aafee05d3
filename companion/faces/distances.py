"""How far apart encodings are: all pairs at once, in either engine."""

EPS = 1e-12
"""Added below a root, so that two equal encodings have a distance and a slope."""


def squared_distances(a, b):
    """Squared Euclidean distances of all pairs.

    Parameters
    ----------
    a, b : Tensor or numpy.ndarray
        Encodings (N, D) and (M, D) of one engine, or arrays.

    Returns
    -------
    Tensor or numpy.ndarray
        (N, M). By differences, not by products: equal encodings are exactly 0 apart. Takes memory
        for N · M · D numbers.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    Chapter :ref:`one_shot`.
    """
    if len(a.shape) != 2 or len(b.shape) != 2 or a.shape[1] != b.shape[1]:
        raise ValueError(
            f"squared_distances: encodings {tuple(a.shape)} and {tuple(b.shape)}; "
            "expected (N, D) and (M, D)"
        )
    return ((a[:, None] - b[None]) ** 2).sum(2)


def euclidean_distances(a, b):
    """Distances of all pairs: roots of `squared_distances`, plus a trifle below the root.

    Parameters
    ----------
    a, b : Tensor or numpy.ndarray
        Encodings (N, D) and (M, D).

    Returns
    -------
    Tensor or numpy.ndarray
        (N, M).

    Notes
    -----
    Chapter :ref:`one_shot`.
    """
    return (squared_distances(a, b) + EPS) ** 0.5


def cosine_similarities(a, b):
    """Cosines of the angles between all pairs.

    Parameters
    ----------
    a, b : Tensor or numpy.ndarray
        Encodings (N, D) and (M, D), none of them 0.

    Returns
    -------
    Tensor or numpy.ndarray
        (N, M), from −1 to 1. For encodings of length 1, d² = 2 − 2 cos.

    Notes
    -----
    Chapter :ref:`one_shot`.
    """
    return unit_length(a) @ unit_length(b).T


def unit_length(z):
    """Scale encodings (N, D) to length 1; in either engine."""
    return z / ((z * z).sum(1)[:, None] + EPS) ** 0.5
