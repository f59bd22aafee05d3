"""Checks of the exercises on the page on the speed of a recurrence."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

LENGTHS = (1, 2, 7, 100)


def scheduled(steps):
    """Turns of the three networks, by working out when each state is ready."""

    def run(ready, backward=False):
        """Turn at which each state of a direction is ready, from when its inputs are."""
        done, before = [], 0
        for turn in ready[::-1] if backward else ready:
            before = max(before, turn) + 1
            done.append(before)
        return done[::-1] if backward else done

    def both(ready):
        return [max(pair) for pair in zip(run(ready), run(ready, True), strict=True)]

    start = [0] * steps
    return max(run(run(start))), max(both(start)), max(both(both(start)))


def turn_at(student, place, mistakes):
    for steps in LENGTHS:
        got = student.turns(steps)
        several = isinstance(got, tuple | list) or (isinstance(got, np.ndarray) and got.ndim == 1)
        assert several, f"expected a tuple of three numbers, got {kind_of(got)}"
        assert len(got) == 3, f"expected three numbers, got {len(got)}"
        expected = scheduled(steps)[place]
        likely = {text: f(steps) for text, f in mistakes.items() if f(steps) != expected}
        assert_close(
            got[place], expected, mistakes=likely, what=f"turns of ({place + 1}), {steps} steps"
        )


@check(
    "speed-turns",
    hints=(
        "When can the upper layer take its first step?",
        "It needs the first state of the lower layer, not all of them.",
        "the upper layer is one turn behind: steps + 1",
    ),
)
def test_two_layers(student):
    "two layers on top of each other"
    mistakes = {
        "the upper layer need not wait until the lower one has ended": lambda n: 2 * n,
        "the upper layer's last step comes one turn later": lambda n: n,
    }
    turn_at(student, 0, mistakes)


@check(
    "speed-turns",
    hints=(
        "Does one direction need anything of the other?",
        "Two workers can walk from both ends at the same time.",
        "steps",
    ),
)
def test_both_directions(student):
    "one layer in both directions"
    turn_at(student, 1, {"both directions can run at the same time": lambda n: 2 * n})


@check(
    "speed-turns",
    hints=(
        "At which turn are *both* lower states of the first step ready?",
        "The backward state of the first step is the last one of its direction.",
        "the upper layer begins after `steps` turns and takes as many: 2 * steps",
    ),
)
def test_two_layers_in_both_directions(student):
    "two layers in both directions"
    mistakes = {
        "the upper layer's first step needs the lower backward state, which is made last": (
            lambda n: n + 1
        ),
        "directions run at the same time": lambda n: 4 * n,
    }
    turn_at(student, 2, mistakes)


def counted(lag, window):
    """Count targets of a window by their places."""
    return sum(place - lag >= 0 for place in range(window)) / window


@check(
    "speed-connected",
    hints=(
        "Number the places of a window from 0. Where is the input of the target at place i?",
        "At place i − lag, which lies in the window if it is at least 0.",
        "(window - lag) / window",
    ),
)
def test_windows_longer_than_the_lag(student):
    "windows longer than the lag"
    for lag, window in ((8, 16), (8, 9), (1, 4), (3, 10), (0, 5), (0, 1), (90, 1000)):
        expected = counted(lag, window)
        likely = {
            "the target at place `lag` reaches the first input of the window": max(
                0, window - lag - 1
            )
            / window,
            "that is the share that does not reach its input": 1 - expected,
            "that is a number of targets, not a share": window - lag,
        }
        likely = {text: value for text, value in likely.items() if value != expected}
        got = student.connected_share(lag, window)
        assert_close(got, expected, mistakes=likely, what=f"share for lag {lag}, window {window}")


@check(
    "speed-connected",
    hints=(
        "A share is never below 0.",
        "If the lag is as long as the window, or longer, nothing is connected.",
        "max(0, window - lag) / window",
    ),
)
def test_windows_no_longer_than_the_lag(student):
    "windows that are as short as the lag, or shorter"
    for lag, window in ((8, 8), (8, 4), (1, 1), (20, 3), (1000, 90)):
        got = student.connected_share(lag, window)
        likely = {"a share is never below 0": (window - lag) / window} if lag > window else {}
        assert_close(
            got, counted(lag, window), mistakes=likely, what=f"share for lag {lag}, window {window}"
        )


def states(x, w, u):
    kept = [0.0]
    for value in x:
        kept.append(w * value + u * kept[-1])
    return kept


def by_backward(x, w, u, back):
    """Walk back from the last state, at most `back` steps."""
    kept, da, du = states(x, w, u), 1.0, 0.0
    for t in range(len(x), max(len(x) - back, 0), -1):
        du += da * kept[t - 1]
        da *= u
    return du


def drawn(seed, steps):
    rng = np.random.default_rng(seed)
    return rng.normal(size=steps).round(2).tolist(), *rng.uniform(0.4, 1.3, 2).round(2).tolist()


def close_to_derivative(student, given, likely, what):
    """Call with a list, and compare; float32, as torch computes, is welcome."""
    expected = by_backward(*given)
    likely = {text: v for text, v in likely.items() if not np.isclose(v, expected, rtol=1e-3)}
    got = student.cut_derivative(*given)
    assert_unchanged(student.cut_derivative)
    assert_close(got, expected, rtol=1e-5, atol=1e-6, mistakes=likely, what=what)


@check(
    "speed-cut",
    hints=(
        "First without a cut: at each step u is multiplied by the state before it.",
        "Going back, what arrives is multiplied by u at each step.",
        "the sum of u ** j * h[T - 1 - j], with j from 0",
    ),
)
def test_without_a_cut(student):
    "as many steps back as there are, or more"
    cases = [drawn(seed, steps) for seed, steps in enumerate((1, 2, 3, 6))]
    for x, w, u in (*cases, (cases[-1][0], 0.7, -0.8), (cases[-1][0], -1.5, 0.0)):
        steps, kept = len(x), states(x, w, u)
        for back in (steps, steps + 3):
            likely = {
                "the states before each step, not those after it": sum(
                    u**j * kept[steps - j] for j in range(steps)
                ),
                "each step further back has one more factor u": sum(kept[:-1]),
                "that is the last step alone": kept[-2],
                "that is the derivative with respect to w": sum(
                    u**j * value for j, value in enumerate(x[::-1])
                ),
            }
            what = f"the derivative for {steps} step{'s' * (steps > 1)}, w = {w}, u = {u}"
            close_to_derivative(student, (x, w, u, back), likely, what)


@check(
    "speed-cut",
    after="test_without_a_cut",
    hints=(
        "Only the derivative is cut; the states are the same as without a cut.",
        "The state `back` steps before the end keeps its value: it multiplies u at the first step "
        "that counts.",
        "j goes from 0 to back - 1",
    ),
)
def test_with_a_cut(student):
    "a cut at every place"
    cases = [drawn(seed + 10, steps) for seed, steps in enumerate((5, 7, 12))]
    for x, w, u in (*cases, (cases[-1][0], 0.7, -0.9)):
        for back in range(1, len(x)):
            likely = {
                "nothing is cut": by_backward(x, w, u, len(x)),
                "the state is handed on: it does not begin at 0 again": by_backward(
                    x[-back:], w, u, back
                ),
                "one step too few": by_backward(x, w, u, back - 1),
                "one step too many": by_backward(x, w, u, back + 1),
            }
            what = f"the derivative for {len(x)} steps, w = {w}, u = {u}, {back} back"
            close_to_derivative(student, (x, w, u, back), likely, what)
