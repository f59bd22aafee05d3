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


def lengths(rule, t):
    """Length of the t-th step in units of η when the gradients are 1, -1, 1, …"""
    g = -((-1.0) ** np.arange(1, t + 1))
    if rule == "Adagrad":
        return 1 / np.sqrt(np.sum(g**2))
    if rule == "RMSProp":
        return 1 / np.sqrt(weighted(g**2, 0.99))
    m_hat = weighted(g, 0.9) / (1 - 0.9**t)
    return abs(m_hat) / np.sqrt(weighted(g**2, 0.999) / (1 - 0.999**t))


@check(
    "alternating-signs",
    points=2,
    hints=(
        "All squared gradients are 1; what do the three rules make of them and of the signs?",
        "Adagrad divides by √100. RMSProp divides by about 1. What is left of Adam's m?",
        "m is about (1 - β₁)/(1 + β₁) = 0.1/1.9, a twentieth; Adagrad's step is a tenth.",
    ),
)
def test_the_shortest_and_the_longest_step(student):
    "the rules with the shortest and the longest hundredth step, computed for all three"
    got = parts(student.shortest_and_longest(), 2, "shortest, longest")
    told = {rule: lengths(rule, 100) for rule in ("Adagrad", "RMSProp", "Adam")}
    ranked = sorted(told, key=told.get)
    mistakes = {
        "Adagrad's step is 1/√100, a tenth of η, but in Adam's m the signs cancel": (
            "Adagrad",
            "RMSProp",
        ),
        "in Adam's m the signs cancel: its step is far below η": ("Adagrad", "Adam"),
        "this is the other way round": (ranked[-1], ranked[0]),
    }
    assert_close(tuple(got), (ranked[0], ranked[-1]), mistakes=mistakes, what="the pair")


def by_hand(count):
    """Steps of Adam with both memories 1/2, η = 0.3 and no ε, from weighted sums."""
    g = np.array([10.0, -2.0])[:count]
    share = 1 - 0.5**count
    return 0.3 * (weighted(g, 0.5) / share) / np.sqrt(weighted(g**2, 0.5) / share)


@check(
    "adam-by-hand",
    hints=(
        "Both averages start at 0; after one update the correction divides by 1 - 1/2.",
        "m = 5 and v = 50 before the correction, 10 and 100 after it.",
        "0.3 · 10 / √100",
    ),
)
def test_the_first_step_by_hand(student):
    "the first step"
    got = parts(student.two_steps(), 2, "first, second")
    mistakes = {
        "the averages are not corrected": 0.3 * 5 / np.sqrt(50),
        "the root is missing": 0.3 * 10 / 100,
        "the rate is missing": 1.0,
        "it goes uphill: give what is subtracted": -0.3,
    }
    assert_close(got[0], by_hand(1), rtol=0.01, mistakes=mistakes, what="the first step")


@check(
    "adam-by-hand",
    hints=(
        "Keep half of m and v from before the correction, and add half of what is new.",
        "m = 5/2 - 1, v = 25 + 2; this time the correction divides by 1 - 1/4.",
        "0.3 · 2 / √36",
    ),
)
def test_the_second_step_by_hand(student):
    "the second step"
    got = parts(student.two_steps(), 2, "first, second")
    mistakes = {
        "the averages are not corrected": 0.3 * 1.5 / np.sqrt(27),
        "the correction of the first update is used again": 0.3 * 3 / np.sqrt(54),
        "the sign of the gradient is lost": 0.3 * (3.5 / 0.75) / 6,
        "the corrected averages are handed on": 0.3 * (4 / 0.75) / np.sqrt(52 / 0.75),
        "momentum is missing: the step follows m, not the new gradient": -0.1,
    }
    assert_close(got[1], by_hand(2), rtol=0.01, mistakes=mistakes, what="the second step")


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


def rare(counts, weights, rows=1000):
    """Columns that are 1 in so many rows, no two in one row, and what they add up to."""
    X, begin = np.zeros((rows, len(counts))), 0
    for column, count in enumerate(counts):
        X[begin : begin + count, column] = 1
        begin += count
    order = RANDOM.permutation(rows)
    y = X @ weights + 0.01 * RANDOM.normal(size=rows)
    return X[order], y[order]


@check(
    "rare-columns",
    points=2,
    hints=(
        "The gradient of a rare column is small; a rule that divides it out treats all alike.",
        "Adagrad: keep the sum of the squared gradients of each column, and divide by its root.",
        "s = s + g**2; w = w - 0.5 * g / (np.sqrt(s) + 1e-10)",
    ),
)
def test_all_columns_arrive(student):
    "each weight comes within 0.1 of the truth in 60 updates"
    weights = np.array([1.0, -1.5, 0.8, -1.2])
    X, y = rare((500, 100, 20, 5), weights)
    got = np.asarray(student.learn_rare(X, y, 60), dtype=float)
    assert got.shape == (4,), f"expected 4 weights, got the shape {got.shape}"
    far = np.abs(got - weights)
    worst = int(np.argmax(far))
    assert far[worst] <= 0.1, (
        f"the weight of the column that is 1 in {int(X[:, worst].sum())} of 1,000 rows is "
        f"{got[worst]:.2f}, {far[worst]:.2f} away from the truth"
    )


@check(
    "rare-columns",
    hidden=True,
    hints=(
        "Other columns, other weights, and the rows in another order.",
        "Nothing may be tuned to one table: the same rate must do for all.",
        "Adagrad with a rate of about 0.5 does it; w and s begin at 0",
    ),
)
def test_other_columns_arrive_and_no_update_is_no_step(student):
    "another table is learned as well, and without an update all weights are 0"
    weights = np.array([-0.7, 1.3, 1.1])
    X, y = rare((8, 600, 60), weights)
    far = np.abs(np.asarray(student.learn_rare(X, y, 60), dtype=float) - weights).max()
    assert far <= 0.1, f"a weight of another table is {far:.2f} away from the truth"
    assert_close(np.asarray(student.learn_rare(X, y, 0), dtype=float), np.zeros(3))
    assert_unchanged(student.learn_rare)
