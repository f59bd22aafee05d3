"""Checks of the exercises on CTC by hand."""

from itertools import groupby, product

import numpy as np
import torch
from scipy.special import log_softmax, logsumexp

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def drawn(frames, classes, seed, scale=2.0):
    return scale * np.random.default_rng(seed).normal(size=(frames, classes))


def by_list(log_probs, target, blank):
    """Sum over a list of all paths."""
    frames, classes = log_probs.shape
    found = [
        sum(log_probs[t, k] for t, k in enumerate(path))
        for path in product(range(classes), repeat=frames)
        if [k for k, _ in groupby(path) if k != blank] == list(target)
    ]
    return float(logsumexp(found)) if found else -np.inf


def by_torch(log_probs, target, blank):
    loss = torch.nn.functional.ctc_loss(
        torch.tensor(log_probs),
        torch.tensor(target),
        torch.tensor(len(log_probs)),
        torch.tensor(len(target)),
        blank=blank,
        reduction="sum",
    )
    return -loss.item()


def number(got):
    assert np.ndim(got) == 0, f"expected one number, got {kind_of(got)}"
    return float(got)


SMALL = (
    (4, 3, [1, 2], 0),
    (5, 3, [0, 1], 2),
    (3, 2, [1], 0),
    (5, 3, [1, 1], 0),
    (6, 3, [2, 2, 1], 0),
    (1, 4, [3], 1),
    (4, 3, [1, 2, 1], 0),
    (5, 3, [1, 0], 2),  # label 0 is a label like any other
    (5, 3, [0, 0], 1),
    (5, 3, [2, 0, 2], 1),
)


@check(
    "ctc-forward",
    points=2,
    hints=(
        "Write the target with blanks; keep one log-sum for each place; go through the frames.",
        "From s, from s − 1, and from s − 2 if the label is no blank and differs from that one.",
        "np.logaddexp adds two probabilities; the result adds up the last two places",
    ),
)
def test_a_few_frames(student):
    "short targets, against a list of all paths"
    for seed, (frames, classes, target, blank) in enumerate(SMALL):
        log_probs = log_softmax(drawn(frames, classes, seed), axis=1)
        got = number(student.log_likelihood(log_probs, target, blank))
        assert_unchanged(student.log_likelihood)
        right = by_list(log_probs, target, blank)
        mistakes = {
            "that is the loss; its sign is the other one": -right,
            "the logarithm is asked for": np.exp(right),
        }
        if len(set(target)) == len(target) and blank == 0:
            best = log_probs.max(axis=1).sum()
            mistakes["all paths count, not the best one"] = best
        mistakes = {t: v for t, v in mistakes.items() if not np.isclose(v, right)}
        what = f"log P of {target}, blank {blank}, {frames} frames"
        assert_close(got, right, rtol=1e-6, atol=1e-9, mistakes=mistakes, what=what)


@check(
    "ctc-forward",
    after="test_a_few_frames",
    hints=(
        "An empty target has one path; one that is too long has none.",
        "Start one frame early at the first blank; then the empty target needs no special case.",
        "alpha = np.full(L, -np.inf); alpha[0] = 0",
    ),
)
def test_empty_and_impossible(student):
    "an empty target, targets without a path, and labels with the probability 0"
    log_probs = log_softmax(drawn(4, 3, 1), axis=1)
    for blank in (0, 2):
        got = number(student.log_likelihood(log_probs, [], blank))
        right = log_probs[:, blank].sum()
        assert_close(got, right, rtol=1e-6, what="log P of the empty target")
    for target in ([1, 1, 1], [1, 2, 1, 2, 1]):
        got = number(student.log_likelihood(log_probs, target, 0))
        assert got == -np.inf, f"{target} has no path of 4 frames: −inf expected, got {got}"
    log_probs[1, 1] = log_probs[2, 0] = -np.inf
    for target in ([1, 2], [2], [1, 1]):
        got = number(student.log_likelihood(log_probs, target, 0))
        with np.errstate(all="ignore"):
            right = by_list(log_probs, target, 0)
        what = f"log P of {target}, with −inf in log_probs"
        assert_close(got, right, rtol=1e-6, what=what)
    log_probs[:, 2] = -np.inf
    got = number(student.log_likelihood(log_probs, [1, 2], 0))
    assert got == -np.inf, f"label 2 has the probability 0 at each frame: −inf expected, got {got}"


@check(
    "ctc-forward",
    after="test_a_few_frames",
    hidden=True,
    hints=(
        "Plain probabilities of a thousand frames are 0.",
        "Stay with logarithms from the first frame to the last.",
        "never np.log of a sum of np.exp without taking out the largest: np.logaddexp does it",
    ),
)
def test_thousands_of_frames(student):
    "two thousand frames, against torch"
    log_probs = log_softmax(drawn(2000, 5, 0), axis=1)
    target = np.random.default_rng(1).integers(1, 5, 30).tolist()
    got = number(student.log_likelihood(log_probs, target, 0))
    assert_close(got, by_torch(log_probs, target, 0), rtol=1e-6, what="log P of 30 labels")


def tables(scores, target, blank):
    """Labels of the places, and both tables, place by place."""
    labels = [blank]
    for k in target:
        labels += [k, blank]
    log_p = log_softmax(scores, axis=1)
    frames, places = len(scores), len(labels)

    def joined(s, later):
        jump = labels[later] != blank and labels[later] != labels[s]
        return later - s in (0, 1) or (later - s == 2 and jump)

    forward = np.full((frames, places), -np.inf)
    backward = np.full((frames, places), -np.inf)
    forward[0, :2], backward[-1, -2:] = log_p[0, labels[:2]], 0
    for t in range(1, frames):
        for s in range(places):
            came = [forward[t - 1, r] for r in range(places) if joined(r, s)]
            forward[t, s] = np.logaddexp.reduce(came) + log_p[t, labels[s]]
    for t in reversed(range(frames - 1)):
        for s in range(places):
            go = [
                backward[t + 1, r] + log_p[t + 1, labels[r]] for r in range(places) if joined(s, r)
            ]
            backward[t, s] = np.logaddexp.reduce(go)
    return np.array(labels), forward, backward


def gradient_of_torch(scores, target, blank):
    z = torch.tensor(scores, requires_grad=True)
    loss = torch.nn.functional.ctc_loss(
        z.log_softmax(1),
        torch.tensor(target, dtype=torch.long),
        torch.tensor(len(scores)),
        torch.tensor(len(target)),
        blank=blank,
        reduction="sum",
    )
    loss.backward()
    return z.grad.numpy()


CASES = (
    (6, 4, [1, 2], 0),
    (7, 3, [1, 1], 0),
    (5, 3, [0, 1, 0], 2),
    (1, 2, [1], 0),
    (9, 5, [4, 4, 2, 3], 0),
    (4, 3, [], 1),  # a single place
)


@check(
    "ctc-back",
    points=2,
    hints=(
        "The gradient is softmax minus occupancy, label by label.",
        "Occupancy of a place: exp(forward + backward − log P); log P is the log-sum of any row.",
        "gradient[:, k] -= share[:, s] for each place s with label k",
    ),
)
def test_gradient(student):
    "against torch"
    for seed, (frames, classes, target, blank) in enumerate(CASES):
        scores = drawn(frames, classes, seed)
        labels, forward, backward = tables(scores, target, blank)
        got = student.score_gradient(scores, labels, forward, backward)
        assert_unchanged(student.score_gradient)
        right = gradient_of_torch(scores, target, blank)
        p = np.exp(log_softmax(scores, axis=1))
        once = p.copy()
        share = np.exp(forward + backward - np.logaddexp.reduce(forward[-1, -2:]))
        once[:, labels] = p[:, labels] - share
        mistakes = {
            "the sign is the other one": -right,
            "that is the gradient at the log-probabilities; the softmax is missing": right - p,
            "a label at several places gets the shares of all of them": once,
            "the sum over the frames is not divided by their number": right / frames,
        }
        mistakes = {t: v for t, v in mistakes.items() if not np.allclose(v, right)}
        assert_close(got, right, rtol=1e-5, atol=1e-8, mistakes=mistakes, what="the gradient")


@check(
    "ctc-back",
    points=2,
    after="test_gradient",
    hidden=True,
    hints=(
        "Tables of many frames hold large negative numbers; scores may be in the thousands.",
        "Subtract log P before exp; subtract the largest score of a row before exp.",
        "np.exp(both - np.logaddexp.reduce(both[0]))",
    ),
)
def test_long_and_large(student):
    "many frames, and large scores"
    for frames, scale, tolerance in ((400, 3.0, 1e-6), (8, 500.0, 1e-6)):
        scores = drawn(frames, 4, 3, scale)
        labels, forward, backward = tables(scores, [1, 3, 3, 2], 0)
        got = student.score_gradient(scores, labels, forward, backward)
        assert np.isfinite(got).all(), f"not finite for {frames} frames, scores up to {scale:g}"
        right = gradient_of_torch(scores, [1, 3, 3, 2], 0)
        assert_close(got, right, rtol=1e-4, atol=tolerance, what="the gradient")
