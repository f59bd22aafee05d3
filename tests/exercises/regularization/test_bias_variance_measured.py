"""Checks of the exercises in the chapter on bias and variance measured."""

import numpy as np

from companion.exercises import assert_close, check
from companion.exercises.wording import kind_of


def by_projection(features, sigma):
    """Both errors from the projection itself: how much noise stays, how much is added."""
    features = np.asarray(features, dtype=float)
    H = features @ np.linalg.pinv(features)
    N = len(features)
    left = np.sum((np.eye(N) - H) ** 2) / N
    return sigma**2 * left, sigma**2 * (1 + np.sum(H**2) / N)


def two(got):
    """Two numbers, checked for their kind."""
    assert isinstance(got, tuple | list), f"expected two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected two numbers, got {len(got)}"
    return got


@check(
    "line-twenty",
    hints=(
        "A line has two parameters; the fit learns a share of the noise by heart.",
        "The share is D/N = 2/20. It is missing on the training answers.",
        "10 · (1 - 0.1)",
    ),
)
def test_the_training_answers_of_a_line(student):
    "the error on the training answers"
    x = np.linspace(0, 1, 20)
    expected, new = by_projection(np.vander(x, 2), 10**0.5)
    mistakes = {
        "a line has two parameters, slope and height": 9.5,
        "this is the error on new answers": new,
        "the fit follows a part of the noise": 10,
        "this is without bias, and divides by N - 2": 10 * 20 / 18,
    }
    got = two(student.line_through_twenty())[0]
    assert_close(got, expected, rtol=0.005, mistakes=mistakes, what="the first error")


@check(
    "line-twenty",
    hints=(
        "New answers bring new noise; what was learned by heart comes on top.",
        "Noise plus variance: σ² + σ² D/N.",
        "10 + 1",
    ),
)
def test_new_answers_for_a_line(student):
    "the error on new answers"
    x = np.linspace(0, 1, 20)
    train, expected = by_projection(np.vander(x, 2), 10**0.5)
    mistakes = {
        "this is the variance; new answers have noise, too": expected - 10,
        "this is the error on the training answers": train,
        "a line has two parameters, slope and height": 10.5,
        "this is the noise; the variance is missing": 10,
    }
    got = two(student.line_through_twenty())[1]
    assert_close(got, expected, rtol=0.005, mistakes=mistakes, what="the second error")


@check(
    "expected-errors",
    points=2,
    hints=(
        "Which share of the noise does the fit learn by heart?",
        "The share D/N; it is missing on the training answers and added on new ones.",
        "sigma**2 * (1 - share), sigma**2 * (1 + share)",
    ),
)
def test_independent_features(student):
    "both errors for independent features"
    for N, D, sigma, seed in ((10, 3, 0.5, 0), (7, 1, 2.0, 1), (6, 6, 1.5, 2)):
        features = np.random.default_rng(seed).normal(size=(N, D))
        expected = by_projection(features, sigma)
        share = D / N
        mistakes = {
            "sigma is a standard deviation; square it": (
                sigma * (1 - share),
                sigma * (1 + share),
            ),
            "new answers first; the training answers are asked for first": expected[::-1],
            "the second is the noise alone": (expected[0], sigma**2),
            "the second is the variance alone": (expected[0], sigma**2 * share),
        }
        got = tuple(two(student.expected_errors(features, sigma)))
        what = f"both errors for features ({N}, {D})"
        assert_close(got, expected, atol=1e-9, mistakes=mistakes, what=what)


@check(
    "expected-errors",
    points=2,
    hidden=True,
    hints=(
        "A column that is a sum of others lets the fit bend no further.",
        "What counts is the rank of the features.",
        "np.linalg.matrix_rank(features) / len(features)",
    ),
)
def test_dependent_features(student):
    "both errors when columns are sums of others, or more than there are examples"
    rng = np.random.default_rng(3)
    base = rng.normal(size=(9, 3))
    for features in (np.hstack([base, base @ rng.normal(size=(3, 2))]), rng.normal(size=(4, 7))):
        N, D = features.shape
        expected = by_projection(features, 2.0)
        mistakes = {"columns are counted, not their rank": (4 * (1 - D / N), 4 * (1 + D / N))}
        got = tuple(two(student.expected_errors(features, 2.0)))
        what = f"both errors for dependent features ({N}, {D})"
        assert_close(got, expected, atol=1e-9, mistakes=mistakes, what=what)
