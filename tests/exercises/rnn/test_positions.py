"""Checks of the exercises on the page on positions."""

import math

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check


def waves(place, features):
    """The encoding of one place, number by number."""
    row = np.empty(features)
    for i in range(features // 2):
        angle = place * 10000.0 ** (-2 * i / features)
        row[2 * i], row[2 * i + 1] = math.sin(angle), math.cos(angle)
    return row


def blocks(features, k, upper=1.0, exponent=2.0):
    matrix = np.zeros((features, features))
    for i in range(features // 2):
        angle = k * 10000.0 ** (-exponent * i / features)
        c, s = math.cos(angle), math.sin(angle)
        matrix[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[c, upper * s], [-upper * s, c]]
    return matrix


@check(
    "shift-of-waves",
    points=2,
    hints=(
        "A block of two rows and two columns for each pair of features, zeros elsewhere.",
        "The block is that of the formula for sin(a + b) and cos(a + b); its angle is kθ_i.",
        "matrix[2*i:2*i+2, 2*i:2*i+2] = [[cos, sin], [-sin, cos]]",
    ),
)
def test_it_goes_on_by_k(student):
    "from every place"
    for features, k in ((2, 1), (4, 3), (8, 1), (6, 7), (16, 100)):
        expected = blocks(features, k)
        got = student.shift(features, k)
        mistakes = {
            "this goes back by k places": blocks(features, k, upper=-1.0),
            "the speed of pair i is 10000^(-2i/E)": blocks(features, k, exponent=1.0),
            "one place only": blocks(features, 1),
        }
        mistakes = {t: v for t, v in mistakes.items() if not np.allclose(v, expected)}
        assert_close(got, expected, mistakes=mistakes, what=f"M for E = {features}, k = {k}")
        for place in (0, 1, 5, 200):
            moved = np.asarray(got) @ waves(place, features)
            assert_close(moved, waves(place + k, features), what=f"M times place {place}")


@check(
    "shift-of-waves",
    after="test_it_goes_on_by_k",
    hints=(
        "Back is a turn by a negative angle; by 0 places nothing changes.",
        "cos stays, sin changes its sign; do not take k from its absolute value.",
        "the same formula with k as it is",
    ),
)
def test_back_and_nowhere(student):
    "k below 0, and 0"
    for features, k in ((4, -2), (8, -50), (6, 0), (2, -1)):
        what = f"M for E = {features}, k = {k}"
        assert_close(student.shift(features, k), blocks(features, k), what=what)


def turned(x, sign=1.0, neighbours=False):
    """Pairs as complex numbers, times e^(i t θ)."""
    steps, size = x.shape[-2:]
    half = size // 2
    theta = 10000.0 ** (-2 * np.arange(half) / size)
    first, second = (x[..., 0::2], x[..., 1::2]) if neighbours else (x[..., :half], x[..., half:])
    z = (first + 1j * second) * np.exp(sign * 1j * np.outer(np.arange(steps), theta))
    if neighbours:
        return np.stack([z.real, z.imag], axis=-1).reshape(x.shape)
    return np.concatenate([z.real, z.imag], axis=-1)


def kept_dtype(got, dtype):
    found = getattr(got, "dtype", type(got).__name__)
    assert found == dtype, f"{np.dtype(dtype)} goes in, {found} comes out"


SHAPES = ((4, 6), (1, 2), (2, 5, 8), (2, 3, 7, 4), (30, 2))


@check(
    "rotary-halves",
    points=2,
    hints=(
        "Cut the features into two halves; feature i of both is a pair.",
        "a, b = x[..., : D // 2], x[..., D // 2 :]; angles (T, D/2).",
        "np.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)",
    ),
)
def test_pairs_of_the_two_halves(student):
    "against complex multiplication"
    for seed, shape in enumerate(SHAPES):
        x = np.random.default_rng(seed).normal(size=shape)
        expected = turned(x)
        got = student.turn_halves(x)
        assert_unchanged(student.turn_halves)
        mistakes = {
            "a pair is one feature of each half, not two neighbours": turned(x, neighbours=True),
            "turned the other way": turned(x, sign=-1.0),
            "place 0 is not turned, place 1 is turned once": turned(
                np.concatenate([x[..., :1, :], x], axis=-2)
            )[..., 1:, :],
        }
        mistakes = {t: v for t, v in mistakes.items() if not np.allclose(v, expected)}
        assert_close(got, expected, mistakes=mistakes, what="the turned features")
        kept_dtype(got, np.float64)


@check(
    "rotary-halves",
    after="test_pairs_of_the_two_halves",
    hints=(
        "float32 goes in, float32 comes out.",
        "The angles are float64; what they multiply becomes float64, too.",
        "end with .astype(x.dtype)",
    ),
)
def test_float32_stays(student):
    "inputs in float32"
    x = np.random.default_rng(9).normal(size=(3, 5, 6)).astype(np.float32)
    got = student.turn_halves(x)
    assert_unchanged(student.turn_halves)
    kept_dtype(got, np.float32)
    assert_close(got, turned(x), rtol=1e-4, atol=1e-5, what="the turned features")
