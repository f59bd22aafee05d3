"""Checks of the exercises on the page about the rates of momentum."""

import math
from numbers import Integral

import numpy as np

from companion.exercises import assert_close, check
from companion.exercises.wording import kind_of

LOG = math.log1p(-1e-6)  # of 0.999999


def smallest(beta, share):
    """The first t with βᵗ ≤ share, by trying."""
    t, left = 1, beta
    while left > share:
        t, left = t + 1, left * beta
    return t


@check(
    "correction-steps",
    hints=(
        "Without correction the share βᵗ is missing.",
        "Solve βᵗ ≤ share for t with logarithms; mind that log β is negative.",
        "int(np.ceil(np.log(share) / np.log(beta)))",
    ),
)
def test_steps_for_some_averages(student):
    "5 % for β = 0.9 takes 29 steps, and others as many as one finds by trying"
    for beta, share in ((0.9, 0.05), (0.99, 0.01), (0.5, 0.3), (0.5, 0.25)):
        expected = smallest(beta, share)
        mistakes = {
            "this is the last step with more missing": expected - 1,
            "this is 1/(1 - β)": round(1 / (1 - beta)),
            "this is when `share` is left of the weight, not missing": smallest(beta, 1 - share),
        }
        if beta**expected == share:
            mistakes["“at most” means that exactly the share is little enough"] = expected + 1
        got = student.correction_steps(beta, share)
        assert_close(got, expected, mistakes=mistakes)
        assert isinstance(got, Integral), f"expected an int, got {kind_of(got)}"


@check(
    "correction-steps",
    hidden=True,
    hints=(
        "Where βᵗ gets below the share at once, the answer is 1; elsewhere it may be millions.",
        "Use logarithms instead of a loop.",
        "int(np.ceil(np.log(share) / np.log(beta)))",
    ),
)
def test_steps_at_the_ends(student):
    "the answer is at least 1, and comes at once for β = 0.999999"
    assert_close(student.correction_steps(0.2, 0.9), 1)
    assert_close(student.correction_steps(0.999999, 0.01), math.ceil(math.log(0.01) / LOG))


def largest_root(lr, mu, curvature):
    return float(np.abs(np.roots([1.0, -(1 + mu - lr * curvature), mu])).max())


@check(
    "step-factor",
    points=2,
    hints=(
        "Solve the quadratic equation; its roots may be a complex pair.",
        "A complex pair has the absolute value √μ. Of two real roots take the larger |r|.",
        "half = (1 + mu - lr * curvature) / 2; the roots are half ± sqrt(half² - mu)",
    ),
)
def test_factor_between_and_beyond_the_bounds(student):
    "the factor is right where the roots are complex, and for rates too small and too large"
    for lr, mu, curvature in ((0.1, 0.81, 5.0), (0.01, 0.5, 1.0), (0.5, 0.3, 6.0)):
        expected = largest_root(lr, mu, curvature)
        half = (1 + mu - lr * curvature) / 2
        mistakes = {
            "this is the factor without momentum": abs(1 - lr * curvature),
            "this is μ; the product of the roots is μ, and each is its root": mu,
            "this is √μ, which holds for complex roots only": np.sqrt(mu),
            "the root with the plus sign is not always the larger in absolute value": abs(
                half + np.sqrt(max(half**2 - mu, 0))
            ),
        }
        got = student.step_factor(lr, mu, curvature)
        assert_close(got, expected, mistakes=mistakes)


@check(
    "step-factor",
    hidden=True,
    after="test_factor_between_and_beyond_the_bounds",
    hints=(
        "On a saddle the distance grows; without momentum the factor is |1 - ηλ|.",
        "Nothing changes in the equation for negative λ or μ = 0.",
        "With curvature < 0 both roots are real and positive, and one is above 1.",
    ),
)
def test_factor_on_a_saddle_and_without_memory(student):
    "negative curvature gives a factor above 1, and no momentum gives |1 - ηλ|"
    for lr, mu, curvature in ((0.1, 0.9, -2.0), (0.3, 0.0, 4.0), (0.3, 0.0, -4.0), (0.2, 1.0, 3.0)):
        expected = largest_root(lr, mu, curvature)
        assert_close(student.step_factor(lr, mu, curvature), expected)


def turned(eigenvalues, seed):
    """A symmetric matrix with the given eigenvalues along random directions."""
    Q = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(eigenvalues),) * 2))[0]
    return Q @ np.diag(eigenvalues) @ Q.T


@check(
    "best-pair",
    points=2,
    hints=(
        "Only the smallest and the largest eigenvalue matter.",
        "np.linalg.eigvalsh(H) lists them in rising order; the formula gives √μ.",
        "low, high = np.sqrt(eigenvalues[[0, -1]]); (2/(low+high))**2, ((high-low)/(high+low))**2",
    ),
)
def test_pair_for_turned_ravines(student):
    "both bounds of the complex roots are met, whichever way the ravine runs"
    for eigenvalues, seed in (((1.0, 9.0), 0), ((0.5, 2.0, 8.0), 1)):
        H, low, high = turned(eigenvalues, seed), eigenvalues[0], eigenvalues[-1]
        got = student.best_pair(H)
        assert isinstance(got, tuple), f"expected a tuple (lr, mu), got {kind_of(got)}"
        # By the two conditions the pair is defined by, solved for √μ and η.
        root = (np.sqrt(high / low) - 1) / (np.sqrt(high / low) + 1)
        rate = (1 - root) ** 2 / low
        diagonal = np.sort(np.diag(H))[[0, -1]]
        small, large = np.sqrt(diagonal)
        mistakes = {
            "this is √μ instead of μ": (rate, root),
            "the order is (lr, mu)": (root**2, rate),
            "the best rate without momentum": (2 / (low + high), root**2),
            "the diagonal of H does not hold its eigenvalues": (
                (2 / (small + large)) ** 2,
                ((large - small) / (large + small)) ** 2,
            ),
        }
        assert_close(got, (rate, root**2), mistakes=mistakes)


@check(
    "best-pair",
    hidden=True,
    after="test_pair_for_turned_ravines",
    hints=(
        "If all curvatures are equal, one step can reach the minimum.",
        "Then κ = 1, and no momentum is needed.",
        "The same formula gives lr = 1/λ and mu = 0.",
    ),
)
def test_pair_for_a_round_bowl(student):
    "a round bowl needs no momentum, and a single number works as well"
    assert_close(student.best_pair(4.0 * np.eye(3)), (0.25, 0.0))
    assert_close(student.best_pair(np.array([[0.5]])), (2.0, 0.0))
