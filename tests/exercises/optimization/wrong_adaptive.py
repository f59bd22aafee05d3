"""Known wrong answers to the exercises of the chapter on adaptive learning rates."""

import numpy as np

from companion.exercises import wrong


@wrong("adam-step", fails="test_first_update_goes_by_the_rate")
def adam_step(theta, m, v, g, t, lr, beta1, beta2, eps):
    """Does not correct the averages."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return theta - lr * m / (np.sqrt(v) + eps), m, v


@wrong("adam-step", fails="test_first_update_goes_by_the_rate")
def adam_step(theta, m, v, g, t, lr, beta1, beta2, eps):
    """Puts eps under the root."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return theta - lr * m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps), m, v


@wrong("adam-step", fails="test_averages_are_weighted_sums")
def adam_step(theta, m, v, g, t, lr, beta1, beta2, eps):
    """Swaps the two memories."""
    m = beta2 * m + (1 - beta2) * g
    v = beta1 * v + (1 - beta1) * g**2
    return theta - lr * m / (1 - beta2**t) / (np.sqrt(v / (1 - beta1**t)) + eps), m, v


@wrong("adam-step", fails="test_averages_are_weighted_sums")
def adam_step(theta, m, v, g, t, lr, beta1, beta2, eps):
    """Hands on the corrected averages."""
    m = (beta1 * m + (1 - beta1) * g) / (1 - beta1**t)
    v = (beta2 * v + (1 - beta2) * g**2) / (1 - beta2**t)
    return theta - lr * m / (np.sqrt(v) + eps), m, v


@wrong("adam-step", fails="test_later_updates_and_the_given_arrays")
def adam_step(theta, m, v, g, t, lr, beta1, beta2, eps):
    """Corrects as if every update were the first."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return theta - lr * m / (1 - beta1) / (np.sqrt(v / (1 - beta2)) + eps), m, v


@wrong("adam-step", fails="test_later_updates_and_the_given_arrays")
def adam_step(theta, m, v, g, t, lr, beta1, beta2, eps):
    """Writes into the caller's arrays."""
    m *= beta1
    m += (1 - beta1) * g
    v *= beta2
    v += (1 - beta2) * g**2
    return theta - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@wrong("adagrad-reach", fails="test_count_of_steps")
def adagrad_steps(distance, lr):
    """Counts from 0 and returns one too few."""
    t = np.arange(1, 300_000)
    return int(np.argmax(np.cumsum(lr / np.sqrt(t)) >= distance))


@wrong("adagrad-reach", fails="test_count_of_steps")
def adagrad_steps(distance, lr):
    """Takes all steps for as long as the first."""
    return int(np.ceil(distance / lr))


@wrong("adagrad-reach", fails="test_count_of_steps")
def adagrad_steps(distance, lr):
    """Uses the approximation by 2 lr √t."""
    return int(np.ceil((distance / (2 * lr)) ** 2))


@wrong("adagrad-reach", fails="test_the_first_step_may_be_enough")
def adagrad_steps(distance, lr):
    """Goes on where the distance is reached exactly."""
    gone, t = 0.0, 0
    while gone <= distance:
        t += 1
        gone += lr / np.sqrt(t)
    return t


@wrong("alternating-signs", fails="test_the_shortest_and_the_longest_step")
def shortest_and_longest():
    """Forgets that the signs cancel in Adam's m."""
    return "Adagrad", "RMSProp"


@wrong("alternating-signs", fails="test_the_shortest_and_the_longest_step")
def shortest_and_longest():
    """Takes Adam's step for η."""
    return "Adagrad", "Adam"


@wrong("alternating-signs", fails="test_the_shortest_and_the_longest_step")
def shortest_and_longest():
    """Gives the longest first."""
    return "RMSProp", "Adam"


@wrong("adam-by-hand", fails="test_the_first_step_by_hand")
def two_steps():
    """Does not correct."""
    return 0.212, 0.0866


@wrong("adam-by-hand", fails="test_the_second_step_by_hand")
def two_steps():
    """Takes the correction of the first update twice."""
    return 0.3, 0.3 * 3 / 54**0.5


@wrong("adam-by-hand", fails="test_the_second_step_by_hand")
def two_steps():
    """Follows the new gradient alone."""
    return 0.3, -0.1


@wrong("adam-by-hand", fails="test_the_second_step_by_hand")
def two_steps():
    """Hands on the corrected averages."""
    return 0.3, 0.3 * (4 / 0.75) / (52 / 0.75) ** 0.5


@wrong("rare-columns", fails="test_all_columns_arrive")
def learn_rare(X, y, steps=60):
    """Takes plain gradient descent at the largest rate that is stable."""
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        w = w - 1.0 * 2 * X.T @ (X @ w - y) / len(X)
    return w


@wrong("rare-columns", fails="test_all_columns_arrive")
def learn_rare(X, y, steps=60):
    """Keeps one sum for all columns."""
    w, s = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        g = 2 * X.T @ (X @ w - y) / len(X)
        s += np.sum(g**2)
        w = w - 0.5 * g / np.sqrt(s)
    return w


@wrong("rare-columns", fails="test_all_columns_arrive")
def learn_rare(X, y, steps=60):
    """Takes too small a rate for 60 updates."""
    w, s = np.zeros(X.shape[1]), np.zeros(X.shape[1])
    for _ in range(steps):
        g = 2 * X.T @ (X @ w - y) / len(X)
        s = s + g**2
        w = w - 0.01 * g / (np.sqrt(s) + 1e-10)
    return w


@wrong("rare-columns", fails="test_other_columns_arrive_and_no_update_is_no_step")
def learn_rare(X, y, steps=60):
    """Always takes 60 updates."""
    w, s = np.zeros(X.shape[1]), np.zeros(X.shape[1])
    for _ in range(60):
        g = 2 * X.T @ (X @ w - y) / len(X)
        s = s + g**2
        w = w - 0.5 * g / (np.sqrt(s) + 1e-10)
    return w
