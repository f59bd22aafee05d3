"""Known wrong answers to the exercises of the page that compares eight optimizers."""

import numpy as np

from companion.exercises import wrong


@wrong("spike-by-hand", fails="test_both_averages_and_the_move_after_a_spike")
def after_one_spike():
    """Does not square the gradient."""
    return 10.9, 1.099, 10.4, 0.954


@wrong("spike-by-hand", fails="test_both_averages_and_the_move_after_a_spike")
def after_one_spike():
    """Swaps the memories."""
    return 1.099, 1000.9, 0.0347, 0.0316


@wrong("spike-by-hand", fails="test_the_move_while_v_remembers")
def after_one_spike():
    """Forgets the root."""
    return 10.9, 11.0, 3.29, 1 / 11


@wrong("spike-by-hand", fails="test_the_move_while_v_remembers")
def after_one_spike():
    """Lets v forget as fast as m."""
    return 10.9, 11.0, 3.29, 1.0


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
