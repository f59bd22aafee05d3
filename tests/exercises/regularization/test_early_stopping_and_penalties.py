"""Checks of the exercise in the page in depth on early stopping and penalties."""

from decimal import Decimal, getcontext

import numpy as np

from companion.exercises import assert_close, check
from companion.exercises.wording import kind_of

getcontext().prec = 60


def kept(t, rate, curvature):
    """Share that t steps keep, with sixty digits."""
    return 1 - (1 - Decimal(rate) * Decimal(curvature)) ** Decimal(int(t))


def first_steps(alpha, rate, curvature):
    """By doubling and bisection: the first t with a share that is large enough."""
    share = Decimal(curvature) / (Decimal(curvature) + Decimal(alpha))
    high = 1
    while kept(high, rate, curvature) < share:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if kept(middle, rate, curvature) >= share else (middle, high)
    return high


@check(
    "steps-for-penalty",
    points=2,
    hints=(
        "After t steps the share 1 - (1 - ηλ)^t is kept; set it equal to λ/(λ + α).",
        "(1 - ηλ)^t ≤ α/(λ + α): take logarithms, and mind the sign of log(1 - ηλ).",
        "np.ceil(np.log(alpha / (curvature + alpha)) / np.log(1 - rate * curvature))",
    ),
)
def test_the_first_step_that_keeps_as_much(student):
    "for several penalties, rates and curvatures, found by trying out"
    cases = (
        (0.1, 0.1, 1.0), (0.1, 0.1, 0.03), (2.0, 0.01, 0.7), (0.003, 0.2, 3.0), (5.0, 0.3, 0.2),
        (1.0, 0.5, 1.0), (1.0, 0.25, 3.0),  # one step keeps exactly the share
    )  # fmt: skip
    for alpha, rate, curvature in cases:
        got = student.steps_for_penalty(alpha, rate, curvature)
        expected = first_steps(alpha, rate, curvature)
        mistakes = {
            "this is 1/(ηα), which holds for small curvatures only": round(1 / (rate * alpha)),
            "round up: one step less keeps too little": expected - 1,
            "the first such number of steps is one less": expected + 1,
        }
        mistakes = {text: t for text, t in mistakes.items() if t != expected}
        what = f"the steps for α = {alpha}, η = {rate}, λ = {curvature}"
        assert_close(got, expected, rtol=0, atol=0.01, mistakes=mistakes, what=what)


@check(
    "steps-for-penalty",
    hidden=True,
    hints=(
        "1 - ηλ is exactly 1 in floating point when ηλ is tiny, and its logarithm 0.",
        "np.log1p(x) computes log(1 + x) without forming 1 + x.",
        "np.log1p(curvature / alpha) / -np.log1p(-rate * curvature)",
    ),
)
def test_tiny_curvatures(student):
    "curvatures down to 10⁻¹² and many steps, to a millionth"
    for alpha, rate, curvature in ((0.1, 0.01, 1e-12), (1e-6, 0.001, 1e-9), (1e-3, 0.1, 1e-10)):
        got = student.steps_for_penalty(alpha, rate, curvature)
        number = isinstance(got, int | float | np.integer)
        assert number, f"expected a number of steps, got {kind_of(got)}"
        expected = first_steps(alpha, rate, curvature)
        what = f"the steps for α = {alpha}, η = {rate}, λ = {curvature}"
        assert_close(float(got), float(expected), rtol=1e-6, atol=1.01, what=what)
