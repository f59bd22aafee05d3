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


@wrong("decoupled-adagrad", fails="test_decoupled_update")
def adagrad_w_step(theta, s, g, lr, weight_decay, eps):
    """Adds the penalty to the gradient."""
    g = g + weight_decay * theta
    s = s + g**2
    return theta - lr * g / (np.sqrt(s) + eps), s


@wrong("decoupled-adagrad", fails="test_decoupled_update")
def adagrad_w_step(theta, s, g, lr, weight_decay, eps):
    """Lets the decay go by the effective rate."""
    s = s + g**2
    return theta - lr * (g + weight_decay * theta) / (np.sqrt(s) + eps), s


@wrong("decoupled-adagrad", fails="test_decoupled_update")
def adagrad_w_step(theta, s, g, lr, weight_decay, eps):
    """Forgets the rate in the decay."""
    s = s + g**2
    return (1 - weight_decay) * theta - lr * g / (np.sqrt(s) + eps), s


@wrong("decoupled-adagrad", fails="test_decoupled_update_leaves_the_arrays")
def adagrad_w_step(theta, s, g, lr, weight_decay, eps):
    """Adds into the caller's sum."""
    s += g**2
    return (1 - lr * weight_decay) * theta - lr * g / (np.sqrt(s) + eps), s


@wrong("after-a-spike", fails="test_updates_below_one_half")
def slow_updates(G, beta1=0.9, beta2=0.999):
    """Counts the updates right after the spike as well."""
    k = np.arange(60_000)
    m = 1 + (1 - beta1) * beta1**k * (G - 1)
    v = 1 + (1 - beta2) * beta2**k * (G**2 - 1)
    below = np.flatnonzero(m / np.sqrt(v) < 0.5)
    return int(below[-1] + 1) if len(below) else 0


@wrong("after-a-spike", fails="test_updates_below_one_half")
def slow_updates(G, beta1=0.9, beta2=0.999):
    """Stops at the first update that is not slow, which is the spike."""
    m, v, slow = beta1 + (1 - beta1) * G, beta2 + (1 - beta2) * G**2, 0
    while m / np.sqrt(v) < 0.5:
        slow += 1
        m = beta1 * m + (1 - beta1)
        v = beta2 * v + (1 - beta2)
    return slow


@wrong("after-a-spike", fails="test_updates_below_one_half")
def slow_updates(G, beta1=0.9, beta2=0.999):
    """Forgets the root."""
    k = np.arange(60_000)
    m = 1 + (1 - beta1) * beta1**k * (G - 1)
    v = 1 + (1 - beta2) * beta2**k * (G**2 - 1)
    return int(np.sum(m / v < 0.5))


@wrong("after-a-spike", fails="test_small_spikes_and_large_ones")
def slow_updates(G, beta1=0.9, beta2=0.999):
    """Looks at the first five thousand updates only."""
    k = np.arange(5000)
    m = 1 + (1 - beta1) * beta1**k * (G - 1)
    v = 1 + (1 - beta2) * beta2**k * (G**2 - 1)
    return int(np.sum(m / np.sqrt(v) < 0.5))


@wrong("wrong-rmsprop", fails="test_right_and_without_root")
def diagnose_rmsprop(gradients, moves, alpha):
    """Starts the average at the first square."""
    v = [gradients[0] ** 2]
    for g in gradients[1:]:
        v.append(alpha * v[-1] + (1 - alpha) * g**2)
    if moves[0] == 0:
        return "late"
    if np.allclose(moves, gradients / np.sqrt(v)):
        return "right"
    return "no root" if np.allclose(moves, gradients / np.array(v)) else "swapped"


@wrong("wrong-rmsprop", fails="test_swapped_and_late")
def diagnose_rmsprop(gradients, moves, alpha):
    """Does not know the late program."""

    def averages(keep):
        v = [0.0]
        for g in gradients:
            v.append(keep * v[-1] + (1 - keep) * g**2)
        return np.array(v[1:])

    tries = {
        "right": gradients / np.sqrt(averages(alpha)),
        "no root": gradients / averages(alpha),
        "swapped": gradients / np.sqrt(averages(1 - alpha)),
    }
    return min(tries, key=lambda word: np.abs(tries[word] - moves).max())


@wrong("wrong-rmsprop", fails="test_other_memories_and_sizes")
def diagnose_rmsprop(gradients, moves, alpha):
    """Takes alpha for 0.9 or 0.95, whatever was given."""

    def averages(keep):
        v = [0.0]
        for g in gradients:
            v.append(keep * v[-1] + (1 - keep) * g**2)
        return np.array(v)

    alpha = 0.9 if alpha < 0.93 else 0.95
    v = averages(alpha)
    tries = {
        "right": gradients / np.sqrt(v[1:]),
        "no root": gradients / v[1:],
        "late": np.append(0, gradients[1:] / np.sqrt(v[1:-1])),
        "swapped": gradients / np.sqrt(averages(1 - alpha)[1:]),
    }
    for word, expected in tries.items():
        if np.allclose(expected, moves):
            return word
    return "right"
