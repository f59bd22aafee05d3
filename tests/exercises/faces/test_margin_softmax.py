"""Checks of the exercises on the page about margins on the sphere."""

import numpy as np

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def two_of(got):
    assert isinstance(got, tuple | list), f"expected a tuple of two values, got {kind_of(got)}"
    assert len(got) == 2, f"expected two values, got {len(got)}"
    return got


@check(
    "strip-by-hand",
    hints=(
        "The own angle counts as if it were larger by the margin.",
        "θ + 20° < 80° − θ",
        "(80 - 20) / 2",
    ),
)
def test_how_far(student):
    "how far a picture may be from its own direction"
    angles = np.arange(0, 80.5, 0.5)
    expected = angles[angles + 20 <= 80 - angles].max()
    mistakes = {
        "that is without a margin": 40,
        "the whole margin was taken off; half of it belongs to the other side": 20,
        "that is the angle to the other direction, or the margin has the wrong sign": 50,
        "the angle to the other direction grows smaller as the own one grows: halve it": 60,
        "that is in radians; degrees are asked for": float(np.radians(expected)),
    }
    assert_close(two_of(student.strip_by_hand())[0], expected, mistakes=mistakes, what="the angle")


@check(
    "strip-by-hand",
    hints=(
        "Compare the own angle plus the margin with the other angle.",
        "35° + 20° against 45°",
        "55° is more, so the other one wins.",
    ),
)
def test_who_wins(student):
    "who wins in training"
    got = two_of(student.strip_by_hand())[1]
    assert got in ("own", "other"), f'expected "own" or "other", got {got!r}'
    cosines = np.cos(np.radians([35 + 20, 45]))
    expected = ("own", "other")[int(cosines.argmax())]
    assert got == expected, "in training the own angle counts as 35° + 20°"


def example(seed, batch=6, classes=4):
    rng = np.random.default_rng(seed)
    return rng.uniform(-0.8, 0.99, (batch, classes)), rng.integers(0, classes, batch)


def by_angles(cosines, labels, scale, margin):
    """With the arc cosine, one entry after the other."""
    out = np.empty(cosines.shape)
    for i, row in enumerate(cosines):
        for k, c in enumerate(row):
            out[i, k] = scale * np.cos(np.arccos(c) + (margin if k == labels[i] else 0))
    return out


@check(
    "arc-logits",
    points=2,
    hints=(
        "cos(θ + m) = cos θ cos m − sin θ sin m, and sin θ = √(1 − cos² θ).",
        "Only one entry of each row changes: cosines[np.arange(B), labels].",
        "logits[rows, labels] = scale * (own * np.cos(margin) - sine * np.sin(margin))",
    ),
)
def test_logits(student):
    "logits of a batch"
    cosines, labels = example(0)
    got = student.arc_logits(cosines, labels, 16.0, 0.5)
    own = np.eye(4, dtype=bool)[labels]
    angles = np.arccos(cosines)
    mistakes = {
        "the margin was added to every angle": 16 * np.cos(angles + 0.5),
        "the margin was subtracted": 16 * np.cos(angles - 0.5 * own),
        "that is a margin on the cosine, not on the angle": 16 * (cosines - 0.5 * own),
        "the scale is missing": np.cos(angles + 0.5 * own),
        "the margin went to the other classes": 16 * np.cos(angles + 0.5 * ~own),
        "the own entry is to be scaled, too": np.where(own, 1, 16) * np.cos(angles + 0.5 * own),
        "the margin is in radians, as np.cos takes it": 16 * np.cos(angles + np.radians(0.5) * own),
    }
    expected = by_angles(cosines, labels, 16.0, 0.5)
    assert_close(got, expected, mistakes=mistakes, what="the logits")
    assert_unchanged(student.arc_logits)


@check(
    "arc-logits",
    hints=(
        "Rounding can make a cosine a trifle larger than 1.",
        "Then 1 − cos² is below 0 and its root is NaN.",
        "np.sqrt(np.clip(1 - own**2, 0, None))",
    ),
)
def test_at_the_pole(student):
    "pictures on their directions, one cosine a trifle larger than 1"
    cosines = np.array([[np.nextafter(1.0, 2.0), 0.0], [0.3, 1.0]])
    got = student.arc_logits(cosines, np.array([0, 1]), 8.0, 0.25)
    expected = 8 * np.array([[np.cos(0.25), 0.0], [0.3, np.cos(0.25)]])
    undefined = expected.copy()
    undefined[0, 0] = np.nan
    mistakes = {
        "the first cosine is 1 + 2e-16 by rounding: clip 1 − cos², which is below 0": undefined
    }
    assert_close(got, expected, atol=1e-6, mistakes=mistakes, what="the logits")


@check(
    "arc-logits",
    hidden=True,
    after="test_logits",
    hints=(
        "Try it without a margin: what must come out?",
        "Other numbers of pictures and people, other scales.",
        "Neither 16 nor 0.5 may stand in the code.",
    ),
)
def test_other_batches(student):
    "other sizes, scales and margins"
    for seed, (batch, classes, scale, margin) in enumerate(
        [(1, 2, 1.0, 0.0), (9, 28, 64.0, 0.3), (3, 3, 4.0, 0.1)], start=1
    ):
        cosines, labels = example(seed, batch, classes)
        got = student.arc_logits(cosines, labels, scale, margin)
        expected = by_angles(cosines, labels, scale, margin)
        assert_close(got, expected, what=f"the logits of {batch} pictures, {classes} people")


@check(
    "scale-floor",
    hints=(
        "Softmax of the three scaled cosines.",
        "The cosine of 120° is −½, of 0° it is 1.",
        "e^s / (e^s + 2 e^(−s/2))",
    ),
)
def test_scale_one(student):
    "the probability at scale 1"
    e = np.exp(np.cos(np.radians([0, 120, 240])))
    mistakes = {
        "with three people at right angles": np.e / (np.e + 2),
        "that is the loss": -np.log(e[0] / e.sum()),
        "with only one other person": 1 / (1 + np.exp(-1.5)),
    }
    got = two_of(student.perfect_but_unsure())[0]
    assert_close(got, e[0] / e.sum(), atol=0.006, rtol=0, mistakes=mistakes, what="at s = 1")


@check(
    "scale-floor",
    hints=(
        "The same formula with 10 times the cosines.",
        "1 / (1 + 2 e^(−15))",
        "1.00, to two digits",
    ),
)
def test_scale_ten(student):
    "the probability at scale 10"
    e = np.exp(10 * np.cos(np.radians([0, 120, 240])))
    got = two_of(student.perfect_but_unsure())[1]
    assert_close(got, e[0] / e.sum(), atol=0.006, rtol=0, what="at s = 10")
