"""Checks of the exercise in the chapter on several tasks."""

import numpy as np
from scipy.special import log_softmax

from companion import nn
from companion.exercises import assert_close, assert_unchanged, check
from companion.gradients.tensor import Tensor


def _case(seed, N=12):
    rng = np.random.default_rng(seed)
    log_p = [log_softmax(rng.normal(size=(N, K)), axis=1) for K in (4, 3)]
    labels = [rng.integers(-1, K, size=N) for K in (4, 3)]
    labels[1][rng.permutation(N)[:7]] = -1
    labels[0][0], labels[1][1] = 3, 0
    return log_p, labels


def _expected(log_p, labels, weights):
    loss = nn.NLLLoss(ignore_index=-1)
    return sum(
        w * loss(Tensor(p), y).item() for p, y, w in zip(log_p, labels, weights, strict=True)
    )


@check(
    "masked-tasks",
    points=2,
    hints=(
        "Of each task, only the rows whose label is known count.",
        "Pick the log-probability of the right class at these rows, and take the mean over them.",
        "known = np.flatnonzero(label >= 0); -weight * log_p[known, label[known]].mean()",
    ),
)
def test_only_known_labels_count(student):
    "the weighted sum of the means over what is labelled"
    for seed, weights in ((0, (1.0, 1.0)), (1, (1.0, 0.3)), (2, (0.5, 4.0))):
        log_p, labels = _case(seed)
        taken = [p[np.arange(len(y)), y] for p, y in zip(log_p, labels, strict=True)]
        shares = [w * np.mean(y >= 0) for w, y in zip(weights, labels, strict=True)]
        mistakes = {
            "missing labels teach the last class": -sum(
                w * t.mean() for w, t in zip(weights, taken, strict=True)
            ),
            "the mean counts the missing ones": _expected(log_p, labels, shares),
            "the weights are left out": _expected(log_p, labels, (1, 1)),
            "the sign is wrong": -_expected(log_p, labels, weights),
            "only rows with both labels count": _both(log_p, labels, weights),
        }
        if weights == (1.0, 1.0):
            del mistakes["the weights are left out"]
        got = student.masked_loss(log_p, labels, weights)
        expected = _expected(log_p, labels, weights)
        assert_close(got, expected, rtol=1e-9, mistakes=mistakes, what="the loss")
        assert_unchanged(student.masked_loss)


def _both(log_p, labels, weights):
    rows = (labels[0] >= 0) & (labels[1] >= 0)
    if not rows.any():
        return np.inf
    return _expected([p[rows] for p in log_p], [y[rows] for y in labels], weights)


@check(
    "masked-tasks",
    hints=(
        "What is the mean of no numbers?",
        "Leave a task out of the sum when none of its labels is known.",
        "if len(known): …",
    ),
)
def test_a_task_without_labels_adds_nothing(student):
    "a task without any label adds 0, and two such tasks give 0"
    log_p, labels = _case(3)
    labels[1][:] = -1
    expected = _expected(log_p[:1], labels[:1], (2.0,))
    got = student.masked_loss(log_p, labels, (2.0, 1.0))
    assert_close(got, expected, rtol=1e-9, what="the loss with the labels of one task only")
    labels[0][:] = -1
    assert_close(student.masked_loss(log_p, labels, (2.0, 1.0)), 0.0, what="with no labels")
