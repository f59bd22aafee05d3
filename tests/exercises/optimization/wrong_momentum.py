"""Known wrong answers to the exercises of the chapter on momentum."""

import numpy as np

from companion.exercises import wrong


@wrong("average-weights", fails="test_weights_are_those_of_the_average")
def average_weights(beta, t):
    """Newest first."""
    weights = float(beta) ** np.arange(t)
    return weights / weights.sum()


@wrong("average-weights", fails="test_weights_are_those_of_the_average")
def average_weights(beta, t):
    """Forgets the correction."""
    return (1 - beta) * float(beta) ** np.arange(t)[::-1]


@wrong("average-weights", fails="test_weights_are_those_of_the_average")
def average_weights(beta, t):
    """Begins to count the age at 1, and divides by 1 - βᵗ."""
    return (1 - beta) * float(beta) ** np.arange(1, t + 1)[::-1] / (1 - beta**t)


@wrong("average-weights", fails="test_weights_at_the_ends")
def average_weights(beta, t):
    """Goes back from the newest weight by dividing by β."""
    if beta == 0:
        return np.ones(t) / t
    weights = beta ** (t - 1.0) / beta ** np.arange(t)
    return weights / weights.sum()


@wrong("lookahead-path", fails="test_path_of_the_first_form")
def lookahead_path(gradient, theta, lr, mu, steps):
    """Classical momentum."""
    theta = np.array(theta, dtype=float)
    v, path = np.zeros_like(theta), [theta]
    for _ in range(steps):
        v = mu * v + gradient(theta)
        theta = theta - lr * v
        path.append(theta)
    return np.array(path)


@wrong("lookahead-path", fails="test_path_of_the_first_form")
def lookahead_path(gradient, theta, lr, mu, steps):
    """Looks back instead of ahead."""
    theta = np.array(theta, dtype=float)
    v, path = np.zeros_like(theta), [theta]
    for _ in range(steps):
        v = mu * v + gradient(theta + lr * mu * v)
        theta = theta - lr * v
        path.append(theta)
    return np.array(path)


@wrong("lookahead-path", fails="test_path_of_the_first_form")
def lookahead_path(gradient, theta, lr, mu, steps):
    """PyTorch's form: these are the points ahead."""
    theta = np.array(theta, dtype=float)
    v, path = np.zeros_like(theta), [theta]
    for _ in range(steps):
        g = gradient(theta)
        v = mu * v + g
        theta = theta - lr * (g + mu * v)
        path.append(theta)
    return np.array(path)


@wrong("lookahead-path", fails="test_path_of_the_first_form")
def lookahead_path(gradient, theta, lr, mu, steps):
    """One array, changed in place, in every entry of the list."""
    theta = np.array(theta, dtype=float)
    v, path = np.zeros_like(theta), [theta]
    for _ in range(steps):
        v = mu * v + gradient(theta - lr * mu * v)
        theta -= lr * v
        path.append(theta)
    return np.array(path)


@wrong("lookahead-path", fails="test_path_of_the_first_form")
def lookahead_path(gradient, theta, lr, mu, steps):
    """Looks ahead by the whole last step."""
    theta = np.array(theta, dtype=float)
    v, path = np.zeros_like(theta), [theta]
    for _ in range(steps):
        v = mu * v + gradient(theta - lr * v)
        theta = theta - lr * v
        path.append(theta)
    return np.array(path)


@wrong("lookahead-path", fails="test_start_is_left_alone")
def lookahead_path(gradient, theta, lr, mu, steps):
    """Takes θ for a vector."""
    theta = np.ravel(theta).astype(float)
    v, path = np.zeros_like(theta), [theta]
    for _ in range(steps):
        v = mu * v + gradient(theta - lr * mu * v)
        theta = theta - lr * v
        path.append(theta)
    return np.array(path)


@wrong("lookahead-path", fails="test_start_is_left_alone")
def lookahead_path(gradient, theta, lr, mu, steps):
    """Writes into the start."""
    v, path = np.zeros_like(theta), [theta.copy()]
    for _ in range(steps):
        v = mu * v + gradient(theta - lr * mu * v)
        theta -= lr * v
        path.append(theta.copy())
    return np.array(path)


@wrong("three-steps", fails="test_three_points")
def three_steps():
    """Forgets the velocity."""
    return 4, 2, 1


@wrong("three-steps", fails="test_three_points")
def three_steps():
    """Does not let the velocity fade."""
    return 4, -2, -7


@wrong("three-steps", fails="test_three_points")
def three_steps():
    """Puts 1 - μ in front of the slope."""
    return 6, 3.5, 1.375


@wrong("three-steps", fails="test_three_points")
def three_steps():
    """Returns the velocities."""
    return 8, 8, 4


@wrong("valley-budget", fails="test_arrives_within_the_budget")
def down_the_valley(gradient, start):
    """Plain gradient descent at its best rate."""
    theta = start.copy()
    for _ in range(200):
        theta = theta - 2 / 1001 * gradient(theta)
    return theta


@wrong("valley-budget", fails="test_arrives_within_the_budget")
def down_the_valley(gradient, start):
    """Momentum at a rate that is too large."""
    theta, v = start.copy(), np.zeros_like(start)
    for _ in range(200):
        v = 0.9 * v + gradient(theta)
        theta = theta - 0.01 * v
    return theta


@wrong("valley-budget", fails="test_arrives_within_the_budget")
def down_the_valley(gradient, start):
    """Ten times as many steps as allowed."""
    theta = start.copy()
    for _ in range(5000):
        theta = theta - 2 / 1001 * gradient(theta)
    return theta


@wrong("valley-budget", fails="test_arrives_in_other_valleys_and_leaves_the_start_alone")
def down_the_valley(gradient, start):
    """Changes the start in place."""
    v = np.zeros_like(start)
    for _ in range(200):
        v = 0.9 * v + gradient(start)
        start -= 0.003 * v
    return start
