"""Checks of the exercises on the page on the speed of attention."""

import numpy as np
import torch

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def bisected(workers, size):
    """The length at which both take the same ticks, by halving."""
    low, high = 0.0, 1e12

    def slower(places):
        return (4 * places * size**2 + 2 * places**2 * size) / workers > 3 * places

    if slower(1e-6):
        return 0.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if slower(middle) else (middle, high)
    return low


@check(
    "attention-crossing",
    points=1,
    hints=(
        "Set the two numbers of ticks equal and solve for T.",
        "3T = (4TD² + 2T²D) / P; T can be divided out.",
        "(3 * workers - 4 * size**2) / (2 * size)",
    ),
)
def test_many_workers(student):
    "where there is a crossing"
    for workers, size in (
        (100_000, 64),
        (10_000, 8),
        (1_000_000, 512),
        (5500, 64),
        (13, 3),
        (3, 1),
    ):
        expected = bisected(workers, size)
        mistakes = {
            "the workers share the multiplications of attention": max(
                0.0, (3 - 4 * size**2) / (2 * size)
            ),
            "the products with weights are missing": 3 * workers / (2 * size),
            "the recurrence has three operations a step": (workers - 4 * size**2) / (2 * size),
            "a product of places takes 2·T²·D": (3 * workers - 4 * size**2) / 2,
        }
        assert_close(
            student.crossing(workers, size), expected, mistakes=mistakes, what="the length"
        )


@check(
    "attention-crossing",
    points=1,
    after="test_many_workers",
    hints=(
        "With few workers attention is slower at any length.",
        "The formula then gives a negative length.",
        "max(0.0, …)",
    ),
)
def test_few_workers(student):
    "where there is none"
    for workers, size in ((1, 64), (1000, 64), (5, 3), (5000, 64), (300_000, 512)):
        expected = bisected(workers, size)
        assert expected == 0
        what = f"the length, {workers} workers, {size} features"
        assert_close(student.crossing(workers, size), expected, what=what)


def allowed(steps, size):
    """Chunk by chunk, in loops."""
    mask = np.zeros((steps, steps), bool)
    for t in range(steps):
        for s in range(t + 1):
            mask[t, s] = t // size - s // size <= 1
    return mask


@check(
    "chunk-mask",
    points=2,
    hints=(
        "Give each place the number of its chunk, and compare the numbers.",
        "chunk = place // size; allowed: not ahead, and chunk[s] at least chunk[t] − 1.",
        "(place <= place[:, None]) & (chunk >= chunk[:, None] - 1)",
    ),
)
def test_this_chunk_and_the_one_before(student):
    "several lengths, also with a short last chunk"
    for steps, size in ((8, 2), (7, 3), (1, 1), (5, 1), (6, 10), (30, 7), (4, 4)):
        expected = allowed(steps, size)
        got = student.chunked(steps, size)
        found = np.asarray(got).dtype
        assert found.kind == "b", f"expected an array of booleans, got {kind_of(got)} of {found}"
        place = np.arange(steps)
        chunk = place // size
        near = abs(chunk - chunk[:, None])
        behind = place[:, None] - place
        mistakes = {
            "nobody may look ahead": near <= 1,
            "the chunk before may be looked at, too": (near < 1) & (behind >= 0),
            "a window that slides; chunks have fixed borders": (behind >= 0) & (behind < 2 * size),
            "row t looks and column s is looked at; this is the other way round": expected.T,
            "only one chunk back": behind >= 0,
        }
        mistakes = {t: v for t, v in mistakes.items() if (v != expected).any()}
        assert_close(got, expected, mistakes=mistakes, what=f"the mask, {steps} places by {size}")


def triple(scores, values):
    """Largest score, sum of exponentials, mean; -inf, 0 and zeros where there is no key."""
    if not scores.shape[1]:
        return [
            np.full(len(scores), -np.inf),
            np.zeros(len(scores)),
            np.zeros((len(scores), values.shape[1])),
        ]
    scores = torch.tensor(scores)
    m = scores.max(dim=1).values
    s = torch.exp(scores - m[:, None]).sum(dim=1)
    y = torch.softmax(scores, dim=1) @ torch.tensor(values)
    return [m.numpy(), s.numpy(), y.numpy()]


def halves(seed, steps, left, right, values, scale=1.0):
    rng = np.random.default_rng(seed)
    scores = scale * rng.normal(size=(steps, left + right))
    mixed = rng.normal(size=(left + right, values))
    return (
        triple(scores[:, :left], mixed[:left]),
        triple(scores[:, left:], mixed[left:]),
        triple(scores, mixed),
    )


def merged(student, first, second, expected, mistakes=None):
    got = student.merge(first, second)
    assert_unchanged(student.merge)
    assert isinstance(got, tuple | list), f"expected a tuple (m, s, y), got {kind_of(got)}"
    assert len(got) == 3, f"expected three arrays, got {len(got)}"
    for one, want, name in zip(got, expected, "msy", strict=True):
        assert np.isfinite(one).all(), f"{name} is not finite"
        wrong = (mistakes or {}).get(name, {})
        wrong = {t: v for t, v in wrong.items() if not np.allclose(v, want)}
        assert_close(one, want, mistakes=wrong, what=f"the array {name}")


@check(
    "merge-halves",
    points=2,
    hints=(
        "Bring both sums to the larger of the two maxima; then they add up.",
        "A half whose largest score is m1 counts s1 * exp(m1 - m); the means count by that.",
        "y = (w1[:, None] * y1 + w2[:, None] * y2) / (w1 + w2)[:, None]",
    ),
)
def test_two_halves(student):
    "of several sizes, against all keys at once"
    for seed, sizes in enumerate(((3, 4, 4, 2), (1, 1, 1, 1), (5, 2, 7, 3), (2, 6, 1, 4))):
        first, second, expected = halves(seed, *sizes, scale=2.0)
        (m1, s1, y1), (m2, s2, y2) = first, second
        plain = (s1[:, None] * y1 + s2[:, None] * y2) / (s1 + s2)[:, None]
        m = np.maximum(m1, m2)
        w1, w2 = s1 * np.exp(m1 - m), s2 * np.exp(m2 - m)
        mistakes = {
            "m": {"the larger of the two, query by query": m1 + m2},
            "s": {"each sum stands for exponentials below its own maximum": s1 + s2},
            "y": {
                "each half counts by its sum at the common maximum": plain,
                "the halves do not count alike": (y1 + y2) / 2,
                "y is a mean: divide by the sum": w1[:, None] * y1 + w2[:, None] * y2,
            },
        }
        merged(student, first, second, expected, mistakes)


@check(
    "merge-halves",
    points=1,
    after="test_two_halves",
    hints=(
        "Exponentials of large scores overflow.",
        "Take exp only of differences that are 0 or negative.",
        "np.exp(m1 - np.maximum(m1, m2))",
    ),
)
def test_large_scores(student):
    "scores in the thousands"
    for seed in (5, 6):
        merged(student, *halves(seed, 4, 3, 5, 2, scale=3000.0))


@check(
    "merge-halves",
    points=1,
    after="test_two_halves",
    hidden=True,
    hints=(
        "exp(-∞) is 0: the empty half counts nothing.",
        "Do not divide by a half's own sum, which may be 0, and do not subtract -∞ from -∞.",
        "m = np.maximum(m1, m2) is finite, so m1 - m is -∞ and its exponential 0",
    ),
)
def test_a_half_without_keys(student):
    "first or second, for all queries or for some"
    merged(student, *halves(7, 3, 0, 4, 2))
    merged(student, *halves(8, 3, 4, 0, 2))
    first, second, expected = ([a.copy() for a in part] for part in halves(9, 6, 3, 4, 2))
    for row in (0, 4):  # nothing to look at in the second half, as under a causal mask
        second[0][row], second[1][row], second[2][row] = -np.inf, 0, 0
        for whole, half in zip(expected, first, strict=True):
            whole[row] = half[row]
    merged(student, first, second, expected)
    merged(student, second, first, expected)
