"""Checks of the exercises in the chapter on adaptive learning rates."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

RANDOM = np.random.default_rng(17)


def parts(answer, count, names):
    """The entries of a tuple, or a failure that says what came instead."""
    assert isinstance(answer, tuple), f"expected the tuple ({names}), got {kind_of(answer)}"
    assert len(answer) == count, f"expected the tuple ({names}), got {len(answer)} values"
    return answer


def weighted(gradients, beta):
    """The running average as a weighted sum of all gradients so far."""
    weights = (1 - beta) * beta ** np.arange(len(gradients))[::-1]
    return np.tensordot(weights, gradients, axes=1)


def adam_run(student, gradients, theta, lr, betas, eps):
    """All parameters on the way, as the student's steps make them."""
    m, v, path = np.zeros_like(theta), np.zeros_like(theta), []
    for t, g in enumerate(gradients, start=1):
        answer = student.adam_step(theta, m, v, g, t, lr, *betas, eps)
        theta, m, v = parts(answer, 3, "theta, m, v")
        path.append(theta)
    return path, m, v


@check(
    "adam-step",
    hints=(
        "Update both averages first, then correct them, then move.",
        "The corrections divide by 1 - beta1**t and 1 - beta2**t; at t = 1 that makes m_hat = g.",
        "theta - lr * m_hat / (np.sqrt(v_hat) + eps)",
    ),
)
def test_first_update_goes_by_the_rate(student):
    "the first update moves each parameter by lr g / (|g| + eps)"
    theta, zero = np.array([1.0, -2.0, 0.5]), np.zeros(3)
    g = np.array([3.0, -0.02, 4e-4])
    for lr, eps in ((0.1, 1e-8), (0.02, 1e-3)):
        answer = student.adam_step(theta, zero, zero, g, 1, lr, 0.9, 0.999, eps)
        got, _, _ = parts(answer, 3, "theta, m, v")
        expected = theta - lr * g / (np.abs(g) + eps)
        raw = 0.1 * g / (np.sqrt(0.001 * g**2) + eps)
        mistakes = {
            "the averages are not corrected": theta - lr * raw,
            "eps stands under the root": theta - lr * g / np.sqrt(g**2 + eps),
            "the step goes uphill": theta + lr * g / (np.abs(g) + eps),
        }
        assert_close(got, expected, rtol=1e-9, mistakes=mistakes, what="theta after update 1")


@check(
    "adam-step",
    hints=(
        "What is handed on is m and v, not what the correction makes of them.",
        "Keep m and m_hat apart: return m.",
        "m = beta1 * m + (1 - beta1) * g; return theta, m, v",
    ),
)
def test_averages_are_weighted_sums(student):
    "after several updates m and v are the weighted sums of the gradients and of their squares"
    for count, betas in ((4, (0.9, 0.999)), (7, (0.6, 0.8))):
        gradients = RANDOM.normal(size=(count, 2, 3))
        _, m, v = adam_run(student, gradients, np.ones((2, 3)), 0.1, betas, 1e-8)
        expected = weighted(gradients, betas[0]), weighted(gradients**2, betas[1])
        corrected = expected[0] / (1 - betas[0] ** count)
        assert_close(
            m,
            expected[0],
            mistakes={
                "the corrected average is handed on": corrected,
                "beta1 and beta2 are swapped": weighted(gradients, betas[1]),
            },
            what=f"m after {count} updates",
        )
        absent = {"g is not squared": weighted(gradients, betas[1])}
        assert_close(v, expected[1], mistakes=absent, what=f"v after {count} updates")


@check(
    "adam-step",
    hidden=True,
    hints=(
        "The correction depends on the number of the update.",
        "Use t in both corrections, each with its own beta.",
        "m / (1 - beta1**t), v / (1 - beta2**t)",
    ),
)
def test_later_updates_and_the_given_arrays(student):
    "a later update uses its own t in both corrections, and the given arrays stay as they are"
    gradients = RANDOM.normal(size=(6, 4))
    betas, lr, eps = (0.7, 0.95), 0.05, 1e-6
    path, _, _ = adam_run(student, gradients, np.zeros(4), lr, betas, eps)
    place = np.zeros(4)
    for t, got in enumerate(path, start=1):
        m_hat = weighted(gradients[:t], betas[0]) / (1 - betas[0] ** t)
        v_hat = weighted(gradients[:t] ** 2, betas[1]) / (1 - betas[1] ** t)
        place = place - lr * m_hat / (np.sqrt(v_hat) + eps)
        assert_close(got, place, rtol=1e-9, what=f"theta after update {t}")
    assert_unchanged(student.adam_step)


def smallest_count(lengths, distance):
    """First count whose sum reaches the distance."""
    return int(np.argmax(np.cumsum(lengths) >= distance)) + 1


@check(
    "adagrad-reach",
    hints=(
        "Add up the lengths of the steps until the sum is large enough.",
        "The t-th step has length lr / sqrt(t), and t starts at 1.",
        "while gone < distance: t += 1; gone += lr / np.sqrt(t)",
    ),
)
def test_count_of_steps(student):
    "the steps needed for several distances and rates"
    t = np.arange(1, 200_000)
    for distance, lr in ((10.0, 0.7), (3.3, 0.05), (0.9, 0.4)):
        expected = smallest_count(lr / np.sqrt(t), distance)
        mistakes = {
            "one step too few": expected - 1,
            "one step too many": expected + 1,
            "all steps count as if they were as long as the first": int(np.ceil(distance / lr)),
        }
        got = student.adagrad_steps(distance, lr)
        assert_close(got, expected, mistakes=mistakes, what=f"steps to {distance} at rate {lr}")


@check(
    "adagrad-reach",
    hidden=True,
    hints=(
        "The first step has length lr.",
        "A distance of exactly lr is reached by one step.",
        "while gone < distance, not <=",
    ),
)
def test_the_first_step_may_be_enough(student):
    "a distance that the first step reaches, exactly or by far, takes one step"
    assert_close(student.adagrad_steps(0.5, 0.5), 1)
    assert_close(student.adagrad_steps(0.01, 2.0), 1)


@check(
    "decoupled-adagrad",
    hints=(
        "The penalty is no part of the gradient: s gets g**2 and nothing else.",
        "Shrink theta by 1 - lr * weight_decay, then take Adagrad's step.",
        "(1 - lr * weight_decay) * theta - lr * g / (np.sqrt(s) + eps)",
    ),
)
def test_decoupled_update(student):
    "weights and sum after one update, for several decays"
    for weight_decay, lr in ((0.3, 0.2), (0.05, 0.5), (0.0, 0.1)):
        theta, g = RANDOM.normal(size=(2, 4))
        s, eps = RANDOM.uniform(0.5, 2, 4), 1e-3
        answer = student.adagrad_w_step(theta, s, g, lr, weight_decay, eps)
        got, total = parts(answer, 2, "theta, s")
        move = lr * g / (np.sqrt(s + g**2) + eps)
        penalized = g + weight_decay * theta
        assert_close(
            total,
            s + g**2,
            mistakes={"the penalty is part of the sum": s + penalized**2},
            what="s",
        )
        rate = lr / (np.sqrt(s + g**2) + eps)
        mistakes = {
            "the sum is used before g**2 is added": (1 - lr * weight_decay) * theta
            - lr * g / (np.sqrt(s) + eps),
            "the decay goes by the effective rate": theta - rate * penalized,
            "the decay shrinks the step as well": (1 - lr * weight_decay) * (theta - move),
            "the rate is missing from the decay": (1 - weight_decay) * theta - move,
        }
        expected = theta - lr * weight_decay * theta - move
        assert_close(got, expected, mistakes=mistakes, what=f"theta for λ = {weight_decay}")


@check(
    "decoupled-adagrad",
    hidden=True,
    hints=(
        "The caller keeps theta and s.",
        "`s += g**2` writes into the caller's array.",
        "s = s + g**2",
    ),
)
def test_decoupled_update_leaves_the_arrays(student):
    "the given arrays are the same afterwards"
    student.adagrad_w_step(np.ones(3), np.ones(3), np.full(3, 2.0), 0.1, 0.1, 1e-10)
    assert_unchanged(student.adagrad_w_step)


def moves_after(G, beta1, beta2, count):
    """Moves and roots of v from the spike on, from the closed form of both averages."""
    k = np.arange(count)
    m = 1 + (1 - beta1) * beta1**k * (G - 1)
    root = np.sqrt(1 + (1 - beta2) * beta2**k * (G**2 - 1))
    return m / root, root


@check(
    "after-a-spike",
    points=2,
    hints=(
        "Follow m and v update by update; the spike comes first, then ones.",
        "After the spike m = 0.9 + 0.1 G and v = 0.999 + 0.001 G²; then average in 1 each time.",
        "slow += m / np.sqrt(v) < 0.5, until both are back near 1",
    ),
)
def test_updates_below_one_half(student):
    "the count for gradients of 100, 300 and 60 with the usual memories, and for shorter ones"
    for G, betas in (
        (100.0, (0.9, 0.999)),
        (300.0, (0.9, 0.999)),
        (60.0, (0.9, 0.999)),
        (50.0, (0.5, 0.99)),
    ):
        moves, root = moves_after(G, *betas, 30_000)
        expected = int(np.sum(moves < 0.5))
        mistakes = {
            "the updates right after the spike are counted as well": int(
                np.flatnonzero(moves < 0.5)[-1] + 1
            ),
            "v is used without its root": int(np.sum(moves / root < 0.5)),
        }
        got = student.slow_updates(G, *betas)
        assert_close(got, expected, mistakes=mistakes, what=f"updates for G = {G:g}, {betas}")


@check(
    "after-a-spike",
    hidden=True,
    hints=(
        "A small spike does not slow Adam down that far.",
        "If the move never falls below one half, the count is 0.",
        "Stop when m and v are both back near 1, and do not count beforehand.",
    ),
)
def test_small_spikes_and_large_ones(student):
    "no spike and small ones cost nothing; right after a huge one the move is large"
    for G in (1.0, 5.0, 30.0):
        assert_close(student.slow_updates(G), 0, what=f"updates for G = {G:g}")
    expected = int(np.sum(moves_after(1e4, 0.9, 0.999, 60_000)[0] < 0.5))
    assert_close(student.slow_updates(1e4), expected, what="updates for G = 10,000")


def rmsprop_moves(gradients, alpha, word):
    """What each of the four programs subtracts, from weighted sums."""
    keep = 1 - alpha if word == "swapped" else alpha
    v = np.array([weighted(gradients[:k] ** 2, keep) for k in range(len(gradients) + 1)])
    if word == "late":
        return np.append(0.0, gradients[1:] / np.sqrt(v[1:-1]))
    return gradients / (v[1:] if word == "no root" else np.sqrt(v[1:]))


def stream(count):
    """Gradients that keep away from 0."""
    return RANDOM.choice([-1, 1], count) * RANDOM.uniform(0.3, 3, count)


@check(
    "wrong-rmsprop",
    points=2,
    hints=(
        "Compute what each of the four programs would have done with these gradients.",
        "Start with v = 0 and run through the gradients; compare with moves.",
        "Return the word whose moves differ least.",
    ),
)
def test_right_and_without_root(student):
    "the right program and the one without the root are recognized"
    for word, count in (("right", 12), ("no root", 12), ("right", 30), ("no root", 5)):
        gradients = stream(count)
        moves = rmsprop_moves(gradients, 0.9, word)
        got = student.diagnose_rmsprop(gradients, moves, 0.9)
        assert_close(got, word, what=f"the word for {count} moves")


@check(
    "wrong-rmsprop",
    hints=(
        "Swapped: v ← (1-α) v + α g². Late: the division comes before the update of v.",
        "A late program does not move at the first update.",
        "late = np.append(0, gradients[1:] / np.sqrt(v[1:-1])), with v[0] = 0",
    ),
)
def test_swapped_and_late(student):
    "the two other mistakes are recognized"
    for word, count in (("swapped", 12), ("late", 12), ("late", 25), ("swapped", 4)):
        gradients = stream(count)
        moves = rmsprop_moves(gradients, 0.95, word)
        got = student.diagnose_rmsprop(gradients, moves, 0.95)
        assert_close(got, word, what=f"the word for {count} moves")


@check(
    "wrong-rmsprop",
    hidden=True,
    hints=(
        "The size of the gradients and the memory may be anything.",
        "Use alpha as it is given; compare all moves, not only the first.",
        "np.abs(tries[word] - moves).max()",
    ),
)
def test_other_memories_and_sizes(student):
    "short memories and tiny gradients make no difference"
    for alpha, size in ((0.6, 1.0), (0.8, 1e-2), (0.99, 50.0)):
        for word in ("late", "right", "swapped", "no root"):
            gradients = size * stream(20)
            moves = rmsprop_moves(gradients, alpha, word)
            got = student.diagnose_rmsprop(gradients, moves, alpha)
            assert_close(got, word, what=f"the word for α = {alpha}")
