"""Checks of the exercises in depth on how much of a borrowed network should learn."""

import numpy as np

from companion import nn
from companion.exercises import assert_close, assert_unchanged, check
from companion.gradients.tensor import Tensor


@check(
    "drifting-average",
    hints=(
        "Each batch keeps a share of the old average and takes a share of its own mean.",
        "new = 0.9 · old + 0.1 · mean of the batch; the mean of every batch is 5.",
        "0.9 · (0.9 · 1 + 0.1 · 5) + 0.1 · 5",
    ),
)
def test_where_the_average_is(student):
    "the running mean after two batches"
    norm = nn.BatchNorm1d(1, momentum=0.1).double()
    norm.running_mean.data = np.array([1.0])
    for _ in range(2):
        norm(Tensor(np.array([[4.0], [6.0]])))
    mistakes = {
        "that is after one batch": 1.4,
        "the shares are exchanged: 0.1 is the share of the new": 0.1 * (0.1 + 4.5) + 4.5,
        "each batch moves a tenth of what is left, not of the first distance": 1.8,
    }
    right = float(norm.running_mean.numpy()[0])
    assert_close(student.running_mean(), right, mistakes=mistakes, what="the running mean")


def judged(errors, margin):
    """Winner by counting, or None: one loop, no arrays of booleans."""
    middle = {name: float(np.median(values)) for name, values in errors.items()}
    best = min(middle, key=middle.get)
    for name, values in errors.items():
        ahead = sum(float(a) < float(b) for a, b in zip(errors[best], values, strict=True))
        if name != best and ahead < len(values) - margin:
            return "none"
    return best


ERRORS = {
    "clear": {"a": [3.0, 4, 5, 4, 3, 4], "b": [4.0, 5, 6, 5, 4, 3.5], "c": [9.0, 9, 9, 9, 9, 9]},
    "scattered": {"a": [1.0, 9, 1, 9, 1, 1], "b": [2.0, 2, 2, 2, 2, 2]},
    "equal": {"a": [2.0, 2, 2], "b": [2.0, 2, 2], "c": [1.0, 3, 2]},
    "by pairs": {"b": [1.0, 5, 9, 13, 17], "a": [0.5, 4.5, 8.5, 12.5, 16.5]},
}


EXCEPTIONS = {
    "one exception in four seeds": {"b": [2.0, 2, 2, 2], "a": [1.0, 1, 1, 3]},
    "one exception that spoils the mean": {"b": [2.0] * 6, "a": [1.0, 1, 1, 1, 1, 99]},
    "two exceptions in twelve seeds": {"a": [1.0] * 10 + [3.0, 3], "b": [2.0] * 12},
    "another exception against each way": {
        "c": [5.0, 0.5, 5, 5, 5, 5], "a": [1.0, 1, 1, 1, 1, 1], "b": [0.5, 4, 4, 4, 4, 4],
    },
    "the one that is ahead not lowest in the median": {"a": [1.0, 2, 9], "b": [1.5, 2.5, 0]},
}  # fmt: skip


def as_arrays(errors):
    return {name: np.array(values) for name, values in errors.items()}


@check(
    "clear-winner",
    points=2,
    hints=(
        "First find the way with the lowest median; then compare it seed by seed.",
        "np.sum(errors[best] < errors[other]) counts the seeds in which it is ahead.",
        "if that is below len(errors[best]) - 1 for any other way, return 'none'",
    ),
)
def test_clear_and_scattered(student):
    "a clear winner, and one that wins by its median alone"
    for case in ("clear", "by pairs", "scattered"):
        right = judged(ERRORS[case], 1)
        mistakes = (
            {"its median is lowest, but another one wins in two seeds": "a"}
            if case == "scattered"
            else {"here a is ahead, with one seed as exception at most": "none"}
        )
        got = student.clear_winner(as_arrays(ERRORS[case]))
        assert_close(got, right, mistakes=mistakes, what=f"the winner of the {case} case")


@check(
    "clear-winner",
    hidden=True,
    after="test_clear_and_scattered",
    hints=(
        "Ties are not ahead, and the best way need not be compared with itself.",
        "Leave out name == best; use < and not <=.",
        "for name in errors: if name != best and …",
    ),
)
def test_ties_and_the_input(student):
    "ties are no wins, one way alone wins, and the input stays"
    assert_close(student.clear_winner(as_arrays(ERRORS["equal"])), "none", what="the case of ties")
    assert_unchanged(student.clear_winner)
    assert_close(student.clear_winner({"x": np.array([0.3, 0.2])}), "x", what="one way alone")
    for case, errors in EXCEPTIONS.items():
        got = student.clear_winner(as_arrays(errors))
        assert_unchanged(student.clear_winner)
        assert_close(got, judged(errors, 1), what=f"the winner with {case}")
    rng = np.random.default_rng(0)
    for _ in range(10):
        errors = {n: list(rng.integers(0, 8, size=6) + 0.31 * k) for k, n in enumerate("pqr")}
        what = f"the winner among {errors}"
        assert_close(student.clear_winner(as_arrays(errors)), judged(errors, 1), what=what)
