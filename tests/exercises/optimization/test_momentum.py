"""Checks of the exercises in the chapter on momentum."""

import math
from numbers import Integral

import numpy as np

from companion.exercises import Source, assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

LOG = math.log1p(-1e-6)  # of 0.999999


def weights_by_running(beta, t):
    """Weights as they come out of the running average of t unit vectors."""
    average = np.zeros(t)
    for value in np.eye(t):
        average = beta * average + (1 - beta) * value
    return average / average.sum()


@check(
    "average-weights",
    hints=(
        "A value that came k steps ago has a weight proportional to βᵏ.",
        "The oldest of t values is t - 1 steps old. Divide by the sum of all weights.",
        "weights = beta ** np.arange(t)[::-1]; return weights / weights.sum()",
    ),
)
def test_weights_are_those_of_the_average(student):
    "the weights are those that the running average gives to its values, corrected"
    for beta, t in ((0.9, 4), (0.5, 7)):
        expected = weights_by_running(beta, t)
        ages = np.arange(t)[::-1]
        mistakes = {
            "the newest value comes first": expected[::-1],
            "this is without bias correction": (1 - beta) * beta**ages,
            "the weights do not add up to 1": beta**ages,
        }
        assert_close(student.average_weights(beta, t), expected, mistakes=mistakes)


@check(
    "average-weights",
    hidden=True,
    hints=(
        "With β = 0 the average is the newest value; one value has the weight 1.",
        "In NumPy 0.0 ** 0 is 1.",
        "float(beta) ** np.arange(t)[::-1]",
    ),
)
def test_weights_at_the_ends(student):
    "β = 0 keeps the newest value alone, and a single value has the weight 1"
    assert_close(student.average_weights(0.0, 3), np.array([0.0, 0.0, 1.0]))
    assert_close(student.average_weights(0.7, 1), np.array([1.0]))
    assert_close(student.average_weights(0.999, 500), weights_by_running(0.999, 500))


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


QUARTIC = Source("lambda x: np.array([4.0, 1.0]) * x + x**3")
PULL = Source("lambda x: np.array([[3.0, 1.0], [1.0, 2.0]]) @ x - 1.0")
GRADIENTS = {
    QUARTIC: lambda x: np.array([4.0, 1.0]) * x + x**3,
    PULL: lambda x: np.array([[3.0, 1.0], [1.0, 2.0]]) @ x - 1.0,
}


def by_differences(gradient, theta, lr, mu, steps, ahead=True):
    """The rule without a velocity: θ moves by μ times its last move, then down the slope there."""
    path = [np.array(theta, dtype=float)]
    for _ in range(steps):
        coming = path[-1] + mu * (path[-1] - path[-2]) if len(path) > 1 else path[-1]
        path.append(coming - lr * gradient(coming if ahead else path[-1]))
    return np.array(path)


def too_far(gradient, theta, lr, mu, steps):
    """The rule with the gradient where the last move, taken again in full, would lead."""
    path = [np.array(theta, dtype=float)]
    for _ in range(steps):
        move = path[-1] - path[-2] if len(path) > 1 else 0 * path[-1]
        path.append(path[-1] + mu * move - lr * gradient(path[-1] + move))
    return np.array(path)


@check(
    "lookahead-path",
    points=2,
    hints=(
        "The gradient is taken at θ - ημv, with the old velocity.",
        "First v, then θ: v = mu * v + gradient(theta - lr * mu * v); theta = theta - lr * v.",
        "Start with path = [theta] and append the new theta after each step.",
    ),
)
def test_path_of_the_first_form(student):
    "the points are those of Nesterov's rule, the start first"
    for source, start, lr, mu in (
        (QUARTIC, np.array([1.0, -0.5]), 0.1, 0.8),
        (PULL, np.array([0.3, 2.0]), 0.2, 0.5),
    ):
        gradient = GRADIENTS[source]
        expected = by_differences(gradient, start, lr, mu, 6)
        shifted = expected.copy()
        shifted[1:] += mu * np.diff(expected, axis=0)
        mistakes = {
            "the gradient is taken at θ, not ahead": by_differences(
                gradient, start, lr, mu, 6, ahead=False
            ),
            "these are the points ahead": shifted,
            "the point ahead is θ - ημv, not θ - ηv": too_far(gradient, start, lr, mu, 6),
            "the start is missing": expected[1:],
        }
        got = student.lookahead_path(source, start, lr, mu, 6)
        assert_close(got, expected, mistakes=mistakes)


@check(
    "lookahead-path",
    hidden=True,
    after="test_path_of_the_first_form",
    hints=(
        "A list of arrays holds the arrays themselves; changing one in place changes its past.",
        "Make a new array at each step, and copy the start.",
        "theta = theta - lr * v, not theta -= lr * v",
    ),
)
def test_start_is_left_alone(student):
    "the start is not changed, no steps return the start alone, and θ may be a matrix"
    start = np.array([1.0, 2.0])
    assert_close(student.lookahead_path(QUARTIC, start, 0.1, 0.9, 0), start[None])
    assert_unchanged(student.lookahead_path)
    got = student.lookahead_path(QUARTIC, start, 0.1, 0.0, 3)
    assert_unchanged(student.lookahead_path)
    expected = by_differences(GRADIENTS[QUARTIC], start, 0.1, 0.0, 3)
    assert_close(got, expected, what="the path without momentum")
    start = np.array([[1.0, 2.0], [-0.5, 0.3], [0.0, 1.0]])
    expected = by_differences(GRADIENTS[QUARTIC], start, 0.1, 0.5, 3)
    assert_close(student.lookahead_path(QUARTIC, start, 0.1, 0.5, 3), expected)


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
