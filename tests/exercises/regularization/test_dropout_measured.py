"""Checks of the exercise on the page that measures dropout."""

import numpy as np
import torch

from companion.exercises import Source, assert_close, check
from companion.exercises.wording import kind_of

RANDOM = np.random.default_rng(12)
H, W, B = RANDOM.normal(size=(5, 8)), RANDOM.normal(size=(8, 3)) * 2, RANDOM.normal(size=3)


def crowd(h, W, b, p, samples, seed, divide=True):
    """Logarithms of the thinned networks' probabilities by torch, on the same draws."""
    rng, logs = np.random.default_rng(seed), []
    for _ in range(samples):
        kept = rng.random(h.shape) >= p
        scores = torch.tensor((h * kept / (1 - p if divide else 1)) @ W + b)
        logs.append(torch.log_softmax(scores, dim=1))
    return torch.stack(logs)


def asked(student, h, p, samples, seed):
    rng = Source(f"np.random.default_rng({seed})")
    got = student.ask_crowd(h, W, B, p, samples, rng)
    assert isinstance(got, tuple), f"expected a pair of arrays, got {kind_of(got)}"
    assert len(got) == 2, f"expected a pair of arrays, got {len(got)} values"
    return got


@check(
    "dropout-crowd",
    hints=(
        "Each thinned network gives probabilities; add them up and divide by their number.",
        "Drop, scale, take the scores, then the softmax; only then the mean.",
        "np.exp(logs).mean(axis=0), with logs (samples, N, K)",
    ),
)
def test_plain_mean(student):
    "the first array: the mean of the probabilities"
    for p, samples, seed in ((0.5, 7, 1), (0.2, 12, 2)):
        logs = crowd(H, W, B, p, samples, seed)
        bare = crowd(H, W, B, p, samples, seed, divide=False)
        mistakes = {
            "nothing was divided by 1 - p": bare.exp().mean(0).numpy(),
            "this is the geometric mean": torch.softmax(logs.mean(0), 1).numpy(),
            "this is the sum, not the mean": logs.exp().sum(0).numpy(),
        }
        got = asked(student, H, p, samples, seed)[0]
        assert_close(got, logs.exp().mean(0).numpy(), mistakes=mistakes, what="the plain mean")


@check(
    "dropout-crowd",
    points=2,
    hints=(
        "The logarithm of the geometric mean is the mean of the logarithms.",
        "Mean of log p over the samples, then exp, then divide each row by its sum.",
        "np.exp(log_softmax(np.mean(logs, axis=0)))",
    ),
)
def test_geometric_mean(student):
    "the second array: the geometric mean, each row with the sum 1"
    for p, samples, seed in ((0.5, 7, 3), (0.2, 12, 4)):
        logs = crowd(H, W, B, p, samples, seed)
        mistakes = {
            "the rows do not sum to 1: scale them": logs.mean(0).exp().numpy(),
            "this is the plain mean": logs.exp().mean(0).numpy(),
            "these are the logarithms": torch.log_softmax(logs.mean(0), 1).numpy(),
        }
        got = asked(student, H, p, samples, seed)[1]
        expected = torch.softmax(logs.mean(0), 1).numpy()
        assert_close(got, expected, mistakes=mistakes, what="the geometric mean")


@check(
    "dropout-crowd",
    hidden=True,
    hints=(
        "Scores of 1,000 overflow in an exponential.",
        "Subtract the largest score of each row; work with logarithms until the end.",
        "z = z - z.max(axis=1, keepdims=True)",
    ),
)
def test_large_scores(student):
    "large scores give numbers, for both means"
    logs = crowd(400 * H, W, B, 0.5, 6, 5)
    plain, geometric = asked(student, 400 * H, 0.5, 6, 5)
    assert_close(plain, logs.exp().mean(0).numpy(), what="the plain mean for large scores")
    expected = torch.softmax(logs.mean(0), 1).numpy()
    assert_close(geometric, expected, what="the geometric mean for large scores")
