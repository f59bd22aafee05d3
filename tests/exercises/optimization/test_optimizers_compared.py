"""Checks of the exercises in the page that compares eight optimizers."""

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


@check(
    "spike-by-hand",
    hints=(
        "Both averages keep most of what they had and mix in a little of what is new.",
        "m keeps 0.9 of 1 and takes 0.1 of 100; v keeps 0.999 of 1 and takes 0.001 of 100².",
        "m = 0.9 + 10 and v = 0.999 + 10; the move is m / √v",
    ),
)
def test_both_averages_and_the_move_after_a_spike(student):
    "m, v and the move right after one gradient of 100"
    got = parts(student.after_one_spike(), 4, "m, v, move, move with m = 1")
    gradients = np.append(np.ones(20_000), 100.0)
    expected = weighted(gradients, 0.9), weighted(gradients**2, 0.999)
    assert_close(
        got[0],
        expected[0],
        rtol=0.02,
        mistakes={"the memories are swapped": 0.999 + 0.001 * 100, "m is all new": 100.0},
        what="m",
    )
    assert_close(
        got[1],
        expected[1],
        rtol=0.02,
        mistakes={"the gradient is not squared": 1.099, "the memories are swapped": 1000.9},
        what="v",
    )
    assert_close(
        got[2],
        expected[0] / np.sqrt(expected[1]),
        rtol=0.02,
        mistakes={"the root is missing": expected[0] / expected[1]},
        what="the move right after the spike",
    )


@check(
    "spike-by-hand",
    hints=(
        "m is back at 1, but v is still what the spike has made of it.",
        "Divide 1 by the root of the v from before.",
        "1 / √11",
    ),
)
def test_the_move_while_v_remembers(student):
    "the move once m is back at 1 and v is not"
    got = parts(student.after_one_spike(), 4, "m, v, move, move with m = 1")
    v = weighted(np.append(np.ones(20_000), 100.0) ** 2, 0.999)
    mistakes = {"the root is missing": 1 / v, "v is back at 1 as well": 1.0}
    assert_close(got[3], 1 / np.sqrt(v), rtol=0.02, mistakes=mistakes, what="the later move")


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
