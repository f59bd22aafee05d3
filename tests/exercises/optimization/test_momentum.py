"""Checks of the exercises in the chapter on momentum."""

from fractions import Fraction

import numpy as np

from companion.exercises import Source, assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def steps_of(slope=lambda theta: theta, eta=Fraction(1, 2), mu=Fraction(1, 2), share=1):
    """Three steps of momentum from 8, in exact fractions."""
    theta, v, path = Fraction(8), Fraction(0), []
    for _ in range(3):
        v = mu * v + share * slope(theta)
        theta = theta - eta * v
        path.append(float(theta))
    return tuple(path)


@check(
    "three-steps",
    points=2,
    hints=(
        "Keep two numbers: the velocity and the point. First the velocity, then the point.",
        "v₁ = 8, so θ₁ = 8 - 8/2 = 4. Then v₂ = v₁/2 + 4.",
        "v₁, v₂, v₃ = 8, 8, 4, and each point is the last one minus half the velocity",
    ),
)
def test_three_points(student):
    "the three points that a pencil finds"
    mistakes = {
        "this is without momentum": steps_of(mu=Fraction(0)),
        "the old velocity is halved first": steps_of(mu=Fraction(1)),
        "the slope is that of the new point, not 8 each time": steps_of(lambda theta: 8),
        "there is no factor 1 - μ here": steps_of(share=Fraction(1, 2)),
        "these are the velocities": (8.0, 8.0, 4.0),
    }
    got = student.three_steps()
    assert isinstance(got, tuple | list), f"expected a tuple of three numbers, got {kind_of(got)}"
    assert_close(tuple(got), steps_of(), mistakes=mistakes, what="the points")


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


VALLEY = """
class Valley:
    def __init__(self, curvatures, seed):
        Q = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(curvatures),) * 2))[0]
        self.H, self.left = Q @ np.diag(curvatures) @ Q.T, 200

    def __call__(self, theta):
        self.left -= 1
        if self.left < 0:
            raise RuntimeError("all 200 gradients are used")
        return self.H @ (theta - np.linspace(-1, 2, len(self.H)))
"""


def assert_arrives(student, curvatures, seed):
    """Grade what comes out on a valley that lies askew."""
    D = len(curvatures)
    minimum, start = np.linspace(-1, 2, D), np.linspace(-1, 2, D) + np.arange(D, 0.0, -1)
    got = student.down_the_valley(Source(f"Valley({curvatures}, {seed})", VALLEY), start)
    assert isinstance(got, np.ndarray), f"expected an array of {D} numbers, got {kind_of(got)}"
    assert got.shape == (D,), f"expected the shape ({D},), got {got.shape}"
    with np.errstate(over="ignore", invalid="ignore"):
        left = np.linalg.norm(got - minimum) / np.linalg.norm(start - minimum)
    assert left <= 0.01, (
        f"{left:.2g} of the distance is left; 0.01 is allowed"
        if np.isfinite(left)
        else "the walk diverged: lower the rate"
    )


@check(
    "valley-budget",
    points=2,
    hints=(
        "Along the flattest direction plain gradient descent creeps. Give it a memory.",
        "With momentum the rate must stay below 2 (1 + μ) / 1000; try μ = 0.9.",
        "v = 0.9 * v + gradient(theta); theta = theta - 0.003 * v, 200 times",
    ),
)
def test_arrives_within_the_budget(student):
    "a turned valley with curvatures 1, 30 and 1,000"
    assert_arrives(student, [1.0, 30.0, 1000.0], 0)


@check(
    "valley-budget",
    hidden=True,
    after="test_arrives_within_the_budget",
    hints=(
        "Another valley is turned another way.",
        "Use nothing but the gradient and the start; the curvatures still lie between 1 and 1,000.",
        "v = 0.9 * v + gradient(theta); theta = theta - 0.003 * v, 200 times",
    ),
)
def test_arrives_in_other_valleys_and_leaves_the_start_alone(student):
    "other valleys, in two and in six dimensions; the start is not changed"
    assert_arrives(student, [1.0, 1000.0], 3)
    assert_unchanged(student.down_the_valley)
    assert_arrives(student, [1.0, 2.0, 10.0, 100.0, 500.0, 1000.0], 4)
