"""Known wrong answers to the exercise of the page on early stopping and penalties."""

import numpy as np

from companion.exercises import wrong


@wrong("steps-for-penalty", fails="test_the_first_step_that_keeps_as_much")
def steps_for_penalty(alpha, rate, curvature):
    """Takes the rule for small curvatures."""
    return int(np.ceil(1 / (rate * alpha)))


@wrong("steps-for-penalty", fails="test_the_first_step_that_keeps_as_much")
def steps_for_penalty(alpha, rate, curvature):
    """Rounds down."""
    left = -np.log1p(curvature / alpha)
    return int(left / np.log1p(-rate * curvature))


@wrong("steps-for-penalty", fails="test_the_first_step_that_keeps_as_much")
def steps_for_penalty(alpha, rate, curvature):
    """Sets what is lost equal to what is kept."""
    kept = curvature / (curvature + alpha)
    return int(np.ceil(np.log(kept) / np.log1p(-rate * curvature)))


@wrong("steps-for-penalty", fails="test_the_first_step_that_keeps_as_much")
def steps_for_penalty(alpha, rate, curvature):
    """Rounds down and adds one, also where the steps come out whole."""
    left = -np.log1p(curvature / alpha)
    return int(left / np.log1p(-rate * curvature)) + 1


@wrong("steps-for-penalty", fails="test_tiny_curvatures")
def steps_for_penalty(alpha, rate, curvature):
    """Loses a tiny curvature in 1 - ηλ."""
    left = np.log(alpha / (curvature + alpha))
    return int(np.ceil(left / np.log(1 - rate * curvature)))
