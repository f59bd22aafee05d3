"""Known wrong answers to the exercises of the page about the rates of momentum."""

import numpy as np

from companion.exercises import wrong


@wrong("correction-steps", fails="test_steps_for_some_averages")
def correction_steps(beta, share):
    """Takes the memory for the answer."""
    return round(1 / (1 - beta))


@wrong("correction-steps", fails="test_steps_for_some_averages")
def correction_steps(beta, share):
    """Rounds down."""
    return max(1, int(np.log(share) / np.log(beta)))


@wrong("correction-steps", fails="test_steps_for_some_averages")
def correction_steps(beta, share):
    """Asks for 1 - βᵗ ≥ share."""
    return max(1, int(np.ceil(np.log(1 - share) / np.log(beta))))


@wrong("correction-steps", fails="test_steps_for_some_averages")
def correction_steps(beta, share):
    """Uses log β ≈ -(1 - β), which is near enough only for β near 1."""
    return int(np.ceil(-np.log(share) / (1 - beta)))


@wrong("correction-steps", fails="test_steps_for_some_averages")
def correction_steps(beta, share):
    """One more than rounded down, which is too many where βᵗ meets the share."""
    return int(np.log(share) / np.log(beta)) + 1


@wrong("correction-steps", fails="test_steps_for_some_averages")
def correction_steps(beta, share):
    """A float."""
    return np.ceil(np.log(share) / np.log(beta))


@wrong("correction-steps", fails="test_steps_at_the_ends")
def correction_steps(beta, share):
    """Tries the first hundred thousand steps."""
    for t in range(1, 100_000):
        if beta**t <= share:
            return t


@wrong("step-factor", fails="test_factor_between_and_beyond_the_bounds")
def step_factor(lr, mu, curvature):
    """Ignores momentum."""
    return abs(1 - lr * curvature)


@wrong("step-factor", fails="test_factor_between_and_beyond_the_bounds")
def step_factor(lr, mu, curvature):
    """Says √μ everywhere."""
    return float(np.sqrt(mu))


@wrong("step-factor", fails="test_factor_between_and_beyond_the_bounds")
def step_factor(lr, mu, curvature):
    """Takes the root with the plus sign, also where both are negative."""
    half = (1 + mu - lr * curvature) / 2
    return float(abs(half + np.sqrt(half**2 - mu + 0j)))


@wrong("step-factor", fails="test_factor_on_a_saddle_and_without_memory")
def step_factor(lr, mu, curvature):
    """Takes the absolute value of the curvature."""
    half = (1 + mu - lr * abs(curvature)) / 2
    root = np.sqrt(half**2 - mu + 0j)
    return float(max(abs(half + root), abs(half - root)))


@wrong("best-pair", fails="test_pair_for_turned_ravines")
def best_pair(H):
    """Returns √μ."""
    low, high = np.sqrt(np.linalg.eigvalsh(H)[[0, -1]])
    return (2 / (low + high)) ** 2, (high - low) / (high + low)


@wrong("best-pair", fails="test_pair_for_turned_ravines")
def best_pair(H):
    """Reads the eigenvalues off the diagonal."""
    low, high = np.sqrt(np.sort(np.diag(H))[[0, -1]])
    return (2 / (low + high)) ** 2, ((high - low) / (high + low)) ** 2


@wrong("best-pair", fails="test_pair_for_turned_ravines")
def best_pair(H):
    """Forgets that the formula has roots of the eigenvalues."""
    low, high = np.linalg.eigvalsh(H)[[0, -1]]
    return (2 / (low + high)) ** 2, ((high - low) / (high + low)) ** 2


@wrong("best-pair", fails="test_pair_for_turned_ravines")
def best_pair(H):
    """The other order."""
    low, high = np.sqrt(np.linalg.eigvalsh(H)[[0, -1]])
    return ((high - low) / (high + low)) ** 2, (2 / (low + high)) ** 2
