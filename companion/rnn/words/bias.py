"""A direction that pairs of words share: measured, taken away, made even.

Bolukbasi, Chang, Zou, Saligrama and Kalai (2016). Derived in the chapter :ref:`debiasing`.
"""

from typing import NamedTuple

import numpy as np

TINY = 1e-4


class Direction(NamedTuple):
    """What differences of pairs have in common.

    Attributes
    ----------
    direction : numpy.ndarray
        (D,), length 1; on the whole the first words of the pairs lie on its positive side.
    shares : numpy.ndarray
        Share of the squared differences along each principal direction, largest first.
    """

    direction: np.ndarray
    shares: np.ndarray


def bias_direction(first, second):
    """Find the direction in which the members of pairs differ most.

    Parameters
    ----------
    first, second : array_like
        (P, D): the pairs' first and second words.

    Returns
    -------
    Direction
        First principal direction of the differences, which are not centred.

    Raises
    ------
    ValueError
        If shapes differ, or all differences are zero.

    Notes
    -----
    Each pair is centred at its own middle, as in the paper; its two halves differ in sign only, so
    the differences say the same. Derived in the chapter :ref:`debiasing`.
    """
    first, second = np.asarray(first), np.asarray(second)
    if first.shape != second.shape or first.ndim != 2:
        raise ValueError(f"bias_direction: {first.shape} and {second.shape}; expected twice (P, D)")
    differences = first - second
    if not differences.any():
        raise ValueError("bias_direction: the pairs do not differ")
    _, s, directions = np.linalg.svd(differences, full_matrices=False)
    direction = directions[0]
    if direction @ differences.sum(axis=0) < 0:
        direction = -direction
    return Direction(direction, s**2 / np.sum(s**2))


def neutralize(vectors, direction):
    """Take away what vectors have along a direction.

    Parameters
    ----------
    vectors : array_like
        (…, D).
    direction : array_like
        (D,), of any length but zero.

    Returns
    -------
    numpy.ndarray
        (…, D), at right angles to the direction; not scaled to length 1.

    Raises
    ------
    ValueError
        If D differs or the direction is zero.

    Notes
    -----
    Derived in the chapter :ref:`debiasing`.
    """
    vectors = np.asarray(vectors)
    direction = _unit("neutralize", direction, vectors)
    return vectors - (vectors @ direction)[..., None] * direction


def equalize(first, second, direction):
    """Let two words differ in the direction alone, by the same amount to both sides.

    Parameters
    ----------
    first, second : array_like
        (…, D), each of length 1.
    direction : array_like
        (D,), of any length but zero.

    Returns
    -------
    tuple of numpy.ndarray
        (…, D) each, of length 1. Whichever has more along the direction keeps the positive side.

    Raises
    ------
    ValueError
        If D differs, the direction is zero, a vector has not length 1, or two words have the same
        amount along the direction, so that neither side is one's own.

    Notes
    -----
    Derived in the chapter :ref:`debiasing`.
    """
    first, second = np.asarray(first), np.asarray(second)
    direction = _unit("equalize", direction, first, second)
    for lengths in (np.linalg.norm(first, axis=-1), np.linalg.norm(second, axis=-1)):
        if not np.allclose(lengths, 1, atol=TINY):
            worst = np.ravel(lengths)[np.argmax(np.abs(np.ravel(lengths) - 1))]
            raise ValueError(
                f"equalize: a vector of length {worst:.4g}; scale all words to length 1 first"
            )
    ahead = (first - second) @ direction
    if (np.abs(ahead) < np.finfo(first.dtype).eps).any():
        raise ValueError("equalize: two words have the same amount along the direction")
    shared = neutralize((first + second) / 2, direction)
    height = np.sqrt(np.maximum(1 - np.sum(shared**2, axis=-1), 0))
    step = (np.sign(ahead) * height)[..., None] * direction
    return shared + step, shared - step


def linear_rest(vectors, direction):
    """Share of the projections on a direction that can be read, linearly, off what is left.

    Parameters
    ----------
    vectors : array_like
        (N, D), with a covariance of full rank.
    direction : array_like
        (D,), of any length but zero.

    Returns
    -------
    float
        R² of the best linear function of the neutralized vectors, from 0 to 1: 0 only if the
        direction is a principal direction of the vectors.

    Raises
    ------
    ValueError
        If D differs or the direction is zero.

    Notes
    -----
    Derived in the chapter :ref:`hidden_bias`.
    """
    vectors = np.asarray(vectors)
    direction = _unit("linear_rest", direction, vectors)
    covariance = np.cov(vectors, rowvar=False)
    along = direction @ covariance @ direction
    return float(1 - 1 / (along * (direction @ np.linalg.solve(covariance, direction))))


def _unit(who, direction, *vectors):
    direction = np.asarray(direction)
    length = np.linalg.norm(direction)
    if direction.ndim != 1 or any(v.shape[-1:] != direction.shape for v in vectors):
        shapes = " and ".join(str(v.shape) for v in vectors)
        raise ValueError(f"{who}: vectors {shapes}, direction {direction.shape}; expected equal D")
    if not np.isfinite(length) or length == 0:
        raise ValueError(f"{who}: a direction of length {length}")
    return direction / length
