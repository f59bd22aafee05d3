"""Known wrong answers to the exercises on the page on positions."""

import numpy as np

from companion.exercises import wrong


def matrix_of(features, angles, upper=1.0):
    matrix = np.zeros((features, features))
    for i, angle in enumerate(angles):
        c, s = np.cos(angle), upper * np.sin(angle)
        matrix[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[c, s], [-s, c]]
    return matrix


def speeds(features):
    return 10000.0 ** (-np.arange(0, features, 2) / features)


@wrong("shift-of-waves", fails="test_it_goes_on_by_k")
def shift(features, k):
    """Goes back."""
    return matrix_of(features, k * speeds(features), -1.0)


@wrong("shift-of-waves", fails="test_it_goes_on_by_k")
def shift(features, k):
    """Another speed."""
    return matrix_of(features, k * 10000.0 ** (-np.arange(features // 2) / features))


@wrong("shift-of-waves", fails="test_it_goes_on_by_k")
def shift(features, k):
    """Ignores k."""
    return matrix_of(features, speeds(features))


@wrong("shift-of-waves", fails="test_it_goes_on_by_k")
def shift(features, k):
    """Right at place 0 only: a single column."""
    angles = k * speeds(features)
    matrix = np.zeros((features, features))
    for i, angle in enumerate(angles):
        matrix[2 * i, 2 * i + 1], matrix[2 * i + 1, 2 * i + 1] = np.sin(angle), np.cos(angle)
    return matrix


@wrong("shift-of-waves", fails="test_back_and_nowhere")
def shift(features, k):
    """Takes the absolute value."""
    return matrix_of(features, abs(k) * speeds(features))


def halves(x, sign=1.0, first=0):
    steps, size = x.shape[-2:]
    angle = np.arange(first, first + steps)[:, None] * speeds(size)
    c, s = np.cos(angle), sign * np.sin(angle)
    a, b = x[..., : size // 2], x[..., size // 2 :]
    return np.concatenate([a * c - b * s, a * s + b * c], axis=-1)


@wrong("rotary-halves", fails="test_pairs_of_the_two_halves")
def turn_halves(x):
    """Turns the other way."""
    return halves(x, -1.0).astype(x.dtype)


@wrong("rotary-halves", fails="test_pairs_of_the_two_halves")
def turn_halves(x):
    """Turns neighbours."""
    angle = np.arange(x.shape[-2])[:, None] * speeds(x.shape[-1])
    c, s = np.cos(angle), np.sin(angle)
    out = np.empty_like(x)
    out[..., 0::2] = x[..., 0::2] * c - x[..., 1::2] * s
    out[..., 1::2] = x[..., 0::2] * s + x[..., 1::2] * c
    return out


@wrong("rotary-halves", fails="test_pairs_of_the_two_halves")
def turn_halves(x):
    """Counts places from 1."""
    return halves(x, first=1).astype(x.dtype)


@wrong("rotary-halves", fails="test_pairs_of_the_two_halves")
def turn_halves(x):
    """Writes into the input and uses the new first half for the second."""
    steps, size = x.shape[-2:]
    angle = np.arange(steps)[:, None] * speeds(size)
    c, s = np.cos(angle), np.sin(angle)
    x[..., : size // 2] = x[..., : size // 2] * c - x[..., size // 2 :] * s
    x[..., size // 2 :] = x[..., : size // 2] * s + x[..., size // 2 :] * c
    return x


@wrong("rotary-halves", fails="test_float32_stays")
def turn_halves(x):
    """Returns float64."""
    return halves(x)


@wrong("rotary-halves", fails="test_pairs_of_the_two_halves")
def turn_halves(x):
    """Returns float32, whatever goes in."""
    return halves(x).astype(np.float32)
