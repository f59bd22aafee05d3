"""Checks of the exercises in the chapter on whose fault an error is."""

import numpy as np
import torch

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

GIVEN = ((-2.0, 4, -1.0, 4), (-2.0, 4, -3.0, 5), (-2.0, 2, -3.0, 5), (-2.0, 5, -1.8, 3))


@check(
    "blame-by-hand",
    points=2,
    hints=(
        "If the reference has the higher score, a better search would have found something better.",
        "Divide each log P by its T first: that is what the search made large.",
        "Means: −0.5 and −0.25; −0.5 and −0.6; −1 and −0.6; −0.4 and −0.6.",
    ),
)
def test_four_verdicts(student):
    "four verdicts"
    got = student.blame_by_hand()
    assert isinstance(got, list | tuple), f"expected a list of four texts, got {kind_of(got)}"
    got = [str(one).strip().lower() for one in got]
    assert len(got) == 4, f"expected four verdicts, got {len(got)}"
    assert set(got) <= {"search", "model"}, f'expected "search" or "model", got {got}'
    for k, (output, steps, reference, right_steps) in enumerate(GIVEN):
        at_fault = "search" if reference / right_steps > output / steps else "model"
        plain = "search" if reference > output else "model"
        hint = "; that is the verdict by log P, and the search ranked by log P / T"
        assert got[k] == at_fault, f"number {k + 1}: {got[k]} is not at fault" + hint * (
            got[k] == plain != at_fault
        )


def examples(rng, count):
    lengths = rng.integers(1, 15, size=(2, count))
    reference, output = -lengths * rng.uniform(0.4, 0.8, size=(2, count)) - 0.5
    same = rng.random(count) < 0.3
    output[same], lengths[1][same] = reference[same], lengths[0][same]
    return reference, output, lengths[0], lengths[1], same


def counts(reference, output, steps, said_steps, same, alpha):
    found = [0, 0, 0]
    for r, o, t, u, equal in zip(reference, output, steps, said_steps, same, strict=True):
        better = r / float(t) ** alpha > o / float(u) ** alpha
        found[0 if equal else 1 if better else 2] += 1
    return tuple(found)


def three(got):
    assert isinstance(got, tuple | list | np.ndarray), f"expected three counts, got {kind_of(got)}"
    assert len(got) == 3, f"expected three counts, got {len(got)}"
    return got


@check(
    "blame-table",
    points=2,
    hints=(
        "Divide each log-probability by its own length to the power alpha, then compare.",
        "right: same. search: not same, and the reference has the higher score. model: the rest.",
        "search = ~same & (reference / reference_length**alpha > output / output_length**alpha)",
    ),
)
def test_counts(student):
    "random examples"
    rng = np.random.default_rng(0)
    for count, alpha in ((40, 0), (60, 1), (60, 0.5), (1, 1), (80, 2)):
        given = examples(rng, count)
        expected = counts(*given, alpha)
        got = three(student.blame_table(*given, alpha))
        assert_unchanged(student.blame_table)
        right, search, model = expected
        mistakes = {
            "search and model are exchanged": (right, model, search),
            "length normalization is left out": counts(*given, 0),
            "alpha is an exponent of the length": counts(*given, 1),
            "counts are asked for, not shares": tuple(v / count for v in expected),
        }
        mistakes = {t: np.array(v) for t, v in mistakes.items() if v != expected}
        assert_close(
            np.array(got), np.array(expected), mistakes=mistakes,
            what=f"right, search and model for α = {alpha}",
        )  # fmt: skip


@check(
    "blame-table",
    points=2,
    after="test_counts",
    hidden=True,
    hints=(
        "A right output is nobody's fault; an equal score of another sentence is the model's.",
        "Rounding may make two scores of the same sentence differ: look at same first.",
        "search = ~same & (r > o)",
    ),
)
def test_same_and_equal(student):
    "right outputs whose scores differ in the last digit; equal scores; lists"
    reference, output = np.array([-1.0, -2.0, -3.0, -3.0]), np.array([-1.0, -2.5, -3.0, -2.0])
    reference[0] += 1e-9
    lengths, same = np.full(4, 3), np.array([True, True, False, False])
    got = three(student.blame_table(reference, output, lengths, lengths, same, 0))
    assert_close(np.array(got), np.array([2, 0, 2]), what="right, search and model")
    reference, output = np.array([-2.0, -3.0, -2.0]), np.array([-4.0, -1.5, -3.0])
    lengths, said, same = np.array([2, 4, 2]), np.array([4, 2, 4]), np.zeros(3, bool)
    got = three(student.blame_table(reference, output, lengths, said, same, 1))
    assert_close(np.array(got), np.array([0, 0, 3]), what="right, search and model")
    got = student.blame_table([-1.0, -2.0], [-2.0, -1.0], [4, 4], [4, 4], [False, False], 1)
    assert_close(np.array(three(got)), np.array([0, 1, 1]), what="right, search and model of lists")


def covered(log_p, weights, beta):
    scores = []
    for p, a in zip(log_p, weights, strict=True):
        columns = torch.tensor(a).sum(0).clamp(max=1)
        scores.append(p + beta * torch.log(columns).sum().item())
    return scores


def looks(rng, count, read):
    return [
        rng.dirichlet(0.5 * np.ones(read), size=int(rng.integers(1, 7))) + 1e-6
        for _ in range(count)
    ]


@check(
    "coverage-rank",
    points=2,
    hints=(
        "Add up each column: all looks at one token that was read.",
        "Sums above 1 count as 1; the logarithms of the sums are added.",
        "p + beta * np.log(np.minimum(a.sum(axis=0), 1)).sum()",
    ),
)
def test_random_looks(student):
    "random weights"
    rng = np.random.default_rng(0)
    for count, read, beta in ((6, 3, 0.2), (8, 5, 0.5), (1, 2, 1.0), (5, 1, 1.0), (9, 4, 0.0)) * 3:
        weights = looks(rng, count, read)
        log_p = -rng.exponential(2, size=count)
        scores = covered(log_p, weights, beta)
        expected = int(np.argmax(scores))
        got = student.best_covered(log_p, weights, beta)
        assert_unchanged(student.best_covered)
        assert isinstance(got, int | np.integer), f"expected an index, got {kind_of(got)}"
        uncut = [
            p + beta * np.log(a.sum(axis=0)).sum() for p, a in zip(log_p, weights, strict=True)
        ]
        mistakes = {
            "sums above 1 count as 1": int(np.argmax(uncut)),
            "coverage is left out": int(np.argmax(log_p)),
            "the penalty is added; it is negative already": int(
                np.argmax(2 * log_p - np.array(scores))
            ),
        }
        mistakes = {t: v for t, v in mistakes.items() if v != expected}
        assert_close(got, expected, mistakes=mistakes, what="the index of the best hypothesis")


@check(
    "coverage-rank",
    after="test_random_looks",
    hidden=True,
    hints=(
        "One hypothesis may look at the same token again and again.",
        "Cut at 1 after adding the column up, not each weight, and not the total.",
        "np.minimum(a.sum(axis=0), 1)",
    ),
)
def test_repeated_looks(student):
    "a hypothesis that looks at one token ten times; float32"
    stuck = np.tile([0.98, 0.01, 0.01], (10, 1))
    fair = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]])
    weights = [np.full((6, 2), 0.5), np.array([[0.5, 0.5]])]
    got = student.best_covered(np.array([-4.0, -3.0]), weights, 0.1)
    assert_close(got, 1, what="the index; log P is not divided by the number of tokens here")
    for dtype in (np.float64, np.float32):
        weights = [stuck.astype(dtype), fair.astype(dtype)]
        got = student.best_covered(np.array([-1.0, -3.5], dtype), weights, 1.0)
        assert_close(got, 1, what="the index; the first never looked at two of three tokens")
        got = student.best_covered(np.array([-1.0, -3.5], dtype), weights, 0.01)
        assert_close(got, 0, what="the index; with a small β the probability decides")
