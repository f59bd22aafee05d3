"""Checks of the exercises in the chapter on EfficientNet-Lite0, layer by layer."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


@check(
    "two-knobs",
    hints=(
        "Width and resolution both enter by their squares.",
        "Channels come in and go out, and an image has two sides.",
        "1.2² · 1.5²",
    ),
)
def test_the_factor(student):
    "the factor"
    mistakes = {
        "both factors are squared": 1.2 * 1.5,
        "the side is squared too: there are rows and columns": 1.2**2 * 1.5,
        "the width is squared too: channels in and out": 1.2 * 1.5**2,
        "prices multiply": 1.2**2 + 1.5**2,
    }
    assert_close(student.price_factor(), 3.24, mistakes=mistakes, what="the factor")


def zeros(n, k, s):
    """Fewest zeros for ⌈n / s⌉ places, found by trying."""
    places = len(range(0, n, s))
    p = 0
    while (n + p - k) // s + 1 < places:
        p += 1
    return p


def pair_of(student, *how):
    got = student.same_border(*how)
    is_pair = isinstance(got, tuple | list | np.ndarray)
    assert is_pair, f"expected a pair of numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    return got


@check(
    "same-border",
    hints=(
        "How many places are wanted, and how far do their kernels reach?",
        "⌈n / s⌉ places; the last begins at (places − 1) · s and is k long.",
        "p = (-(-n // s) - 1) * s + k - n",
    ),
)
def test_how_many_zeros(student):
    "how many zeros there are"
    for how in ((225, 3, 2), (224, 3, 2), (224, 5, 2), (7, 5, 1), (10, 3, 3)):
        n, k, s = how
        mistakes = {
            "round the places up": max((n // s - 1) * s + k - n, 0),
            "that is half a kernel on both sides": k // 2 * 2,
        }
        got = sum(pair_of(student, *how))
        assert_close(got, zeros(*how), mistakes=mistakes, what=f"zeros in all for n, k, s = {how}")


@check(
    "same-border",
    after="test_how_many_zeros",
    hints=(
        "An odd number cannot be halved.",
        "TensorFlow puts the odd zero behind.",
        "return p // 2, p - p // 2",
    ),
)
def test_the_odd_zero(student):
    "where the odd zero goes"
    for how in ((224, 3, 2), (224, 5, 2), (9, 4, 1)):
        p = zeros(*how)
        mistakes = {"the odd zero goes behind": np.array([p - p // 2, p // 2])}
        got = np.array(pair_of(student, *how))
        right = np.array([p // 2, p - p // 2])
        assert_close(got, right, mistakes=mistakes, what=f"the border for n, k, s = {how}")


@check(
    "same-border",
    hidden=True,
    after="test_how_many_zeros",
    hints=(
        "A stride larger than the kernel leaves pixels out.",
        "Then the formula gives less than 0, and nothing is added.",
        "max(..., 0)",
    ),
)
def test_strides_larger_than_kernels(student):
    "no zeros where none are needed"
    for how in ((9, 1, 2), (10, 1, 4), (8, 2, 4)):
        got = np.array(pair_of(student, *how))
        assert_close(got, np.zeros(2, int), what=f"the border for n, k, s = {how}")


def file_of(a, seed=0, C=9):
    """Variances as they are, and those with images a times as large, with a little noise."""
    rng = np.random.default_rng(seed)
    measured = rng.uniform(0.05, 2, C)
    return measured, a**2 * measured * rng.uniform(0.9, 1.1, C)


@check(
    "scale-of-a-file",
    points=2,
    hints=(
        "What does a factor do to a variance?",
        "It multiplies it by the factor's square; so take roots, channel by channel.",
        "np.median(np.sqrt(stored / measured))",
    ),
)
def test_the_factor_is_found(student):
    "the factor"
    for seed, a in enumerate((2.0, 4.4, 1.0, 255.0)):
        measured, stored = file_of(a, seed)
        right = np.median(np.sqrt(stored / measured))
        mistakes = {
            "a factor multiplies variances by its square: take the root": right**2,
            "stored over measured, not the other way round": 1 / right,
            "the median over channels was asked for": np.mean(np.sqrt(stored / measured)),
        }
        got = student.scale_of_a_file(measured, stored)
        assert_close(got, right, rtol=1e-6, mistakes=mistakes, what="the factor")
        assert_unchanged(student.scale_of_a_file)


@check(
    "scale-of-a-file",
    after="test_the_factor_is_found",
    hints=(
        "Channels that hardly vary say nothing.",
        "Keep those of which both variances are at least `least`.",
        "alive = (measured >= least) & (stored >= least)",
    ),
)
def test_dead_channels(student):
    "channels that are almost constant, in the file or on the photographs"
    measured, stored = file_of(2.0, 5)
    measured[:3], stored[2:4] = 1e-9, 0
    alive = np.arange(9) > 3
    right = np.median(np.sqrt(stored[alive] / measured[alive]))
    got = student.scale_of_a_file(measured, stored)
    assert_close(got, right, rtol=1e-6, what="the factor with four dead channels")
    got = student.scale_of_a_file(measured * 1e-6, stored * 1e-6, least=1e-8)
    assert_close(got, right, rtol=1e-6, what="the factor with another `least`")
    measured, stored = np.array([0.25, 0.25, 0.5]), np.array([4.0, 9.0, 0.5])
    got = student.scale_of_a_file(measured, stored, least=0.25)
    assert_close(got, 4.0, rtol=1e-6, what="the factor where a variance equals `least`")
    got = student.scale_of_a_file(np.ones(4), np.array([25.0, 1.0, 16.0, 4.0]))
    assert_close(got, 3.0, rtol=1e-6, what="the factor of an even number of channels")
    mirrored = np.array([1e-9, 1e-9, 1e-9, 0.5, 1.0]), np.array([1.0, 1.0, 1.0, 2.0, 4.0])
    got = student.scale_of_a_file(*mirrored)
    assert_close(got, 2.0, rtol=1e-6, what="the factor if most channels are dead on photographs")
    got = student.scale_of_a_file(*mirrored[::-1])
    assert_close(got, 0.5, rtol=1e-6, what="the factor if most channels are dead in the file")
