"""Checks of the exercises in the chapter on distillation."""

import numpy as np
from scipy.special import softmax

from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of

SCORES = 2 * np.log([6.0, 3.0, 1.0])


def two_of(student):
    got = student.softened()
    assert isinstance(got, tuple | list), f"expected a tuple of two tuples, got {kind_of(got)}"
    assert len(got) == 2, f"expected soft targets and gradient, got {len(got)} values"
    for part in got:
        assert np.shape(part) == (3,), f"expected three numbers each, got {kind_of(part)}"
    return [np.array(part, dtype=float) for part in got]


@check(
    "soften-by-hand",
    hints=(
        "Divide each score by T before you take its power of e.",
        "2 log 6 divided by 2 is log 6, and its power is 6.",
        "The powers are 6 : 3 : 1; divide each by their sum.",
    ),
)
def test_the_soft_targets(student):
    "the soft targets"
    mistakes = {
        "that is T = 1; divide the scores by 2 first": softmax(SCORES),
        "the scores were multiplied by T": softmax(2 * SCORES),
        "the powers must be divided by their sum": np.array([6.0, 3, 1]),
        "the powers of e are missing": SCORES / SCORES.sum(),
    }
    assert_close(two_of(student)[0], softmax(SCORES / 2), mistakes=mistakes, what="q")


@check(
    "soften-by-hand",
    hints=(
        "The gradient of the cross-entropy is (p − q)/T, and the loss is T² times it.",
        "The pupil's scores are equal: p is 1/3 for each class.",
        "2 · (1/3 − 0.6) for the first class",
    ),
)
def test_the_gradient_of_the_loss(student):
    "the gradient"
    away = 1 / 3 - softmax(SCORES / 2)
    mistakes = {
        "the sign: p − q": -2 * away,
        "the factor T is missing": away,
        "T² belongs to it: T² / T = T": away / 2,
        "one of the two factors 1/T is missing: T² / T = T": 4 * away,
        "that is the gradient for the label": np.array([-2 / 3, 1 / 3, 1 / 3]),
    }
    assert_close(two_of(student)[1], 2 * away, mistakes=mistakes, what="the gradient", atol=2e-3)


@check(
    "without-t-squared",
    hints=(
        "The chain rule brings one factor 1/T. Where does another one come from?",
        "p and q are both nearly even, and their difference falls like 1/T.",
        "(10/40)²",
    ),
)
def test_how_much_smaller(student):
    "the gradient at T = 40, compared with T = 10"
    words = ("the same", "a quarter", "a sixteenth")
    got = student.gradient_without_the_factor()
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    z, v = np.random.default_rng(0).normal(size=(2, 50, 10))
    sizes = [np.abs(softmax(z / T, 1) - softmax(v / T, 1)).mean() / T for T in (10, 40)]
    right = words[np.abs(np.array([1, 1 / 4, 1 / 16]) - sizes[1] / sizes[0]).argmin()]
    assert got == right, "both factors 1/T count: that of the chain rule and that in p − q"


def committee(seed, M=3, N=5, K=4):
    return 4 * np.random.default_rng(seed).normal(size=(M, N, K))


@check(
    "several-teachers",
    hints=(
        "Each teacher is softened on its own; then their probabilities are averaged.",
        "The softmax runs over the last axis, the mean over the first.",
        "np.exp(scores / T) over its sum along axis 2, then .mean(axis=0)",
    ),
)
def test_the_mean_of_the_teachers(student):
    "soft targets of three teachers"
    scores = committee(0)
    mistakes = {
        "the scores were averaged, not the probabilities": softmax(scores.mean(axis=0) / 2, 1),
        "the temperature is missing": softmax(scores, 2).mean(axis=0),
        "the scores were multiplied by T": softmax(scores * 2, 2).mean(axis=0),
        "the probabilities were softened, not the scores": softmax(
            softmax(scores, 2).mean(axis=0) / 2, 1
        ),
        "the mean runs over the teachers, the first axis": softmax(scores / 2, 2).mean(axis=1),
    }
    right = softmax(scores / 2, 2).mean(axis=0)
    assert_close(student.committee_targets(scores, 2.0), right, mistakes=mistakes, what="targets")


@check(
    "several-teachers",
    after="test_the_mean_of_the_teachers",
    hidden=True,
    hints=(
        "What does np.exp make of a score of 5,000?",
        "Subtract the largest score of each row first; the softmax stays the same.",
        "z = scores / T; z = z - z.max(axis=2, keepdims=True)",
    ),
)
def test_large_scores(student):
    "a single teacher with scores in the thousands, and the scores stay as they are"
    scores = 2000 * committee(1, M=1)
    right = softmax(scores / 4, 2).mean(axis=0)
    assert_close(student.committee_targets(scores, 4.0), right, what="targets")
    assert_unchanged(student.committee_targets)


def half(seed, N=6, K=4, unlabelled=(1, 3, 4)):
    rng = np.random.default_rng(seed)
    z, v = 3 * rng.normal(size=(2, N, K))
    labels = rng.integers(0, K, N)
    labels[list(unlabelled)] = -1
    return z, v, labels


def parts(z, v, labels, T):
    """Gradients of J and of the ordinary cross-entropy, for each example alone."""
    soft = T * (softmax(z / T, 1) - softmax(v / T, 1))
    return soft, softmax(z, 1) - np.eye(z.shape[1])[labels]


def gradient(z, v, labels, T, share):
    soft, hard = parts(z, v, labels, T)
    mixed = (1 - share) * soft + share * hard
    return np.where((labels >= 0)[:, None], mixed, soft) / len(z)


@check(
    "half-labelled",
    hints=(
        "Begin with the teacher alone: the gradient of J for one example is T (p − q).",
        "Mean over the batch: divide by the number of examples.",
        "T * (p - q) / len(z), with p and q at temperature T",
    ),
)
def test_nobody_has_a_label(student):
    "a batch without labels"
    z, v, labels = half(0, unlabelled=range(6))
    soft, _ = parts(z, v, labels, 4.0)
    mistakes = {
        "the mean over the batch: divide by N": soft,
        "the factor T is missing": soft / 4 / 6,
        "T² / T = T": soft / 16 / 6,
        "T² / T = T, not T²": soft * 4 / 6,
        "without a label the whole loss is J, not a share of it": 0.7 * soft / 6,
        "the sign: p − q": -soft / 6,
    }
    got = student.half_labelled_gradient(z, v, labels, 4.0, 0.3)
    assert_close(got, soft / 6, mistakes=mistakes, what="dz")


@check(
    "half-labelled",
    points=2,
    after="test_nobody_has_a_label",
    hints=(
        "Where a label is known, both gradients are mixed.",
        "The label's part has no temperature: softmax(z) minus 1 at the label.",
        "(1 - share) * T * (p - q) + share * (softmax(z) - one_hot)",
    ),
)
def test_some_have_labels(student):
    "a batch in which half of the labels are known"
    given = half(1)
    soft, hard = parts(*given, 4.0)
    z, _, labels = given
    known = (labels >= 0)[:, None]
    hot = np.eye(4)[labels]
    warm = 0.7 * soft + 0.3 * (softmax(z / 4, 1) - hot)
    mistakes = {
        "the label −1 was taken for the last class": (0.7 * soft + 0.3 * hard) / 6,
        "the label's part has no temperature": np.where(known, warm, soft) / 6,
        "the share belongs to the labels, the rest to the teacher": np.where(
            known, 0.3 * soft + 0.7 * hard, soft
        )
        / 6,
        "the teacher's part must shrink by 1 − share": np.where(known, soft + 0.3 * hard, soft) / 6,
        "without a label the whole loss is J, not a share of it": np.where(
            known, 0.7 * soft + 0.3 * hard, 0.7 * soft
        )
        / 6,
    }
    got = student.half_labelled_gradient(*given, 4.0, 0.3)
    assert_close(got, gradient(*given, 4.0, 0.3), mistakes=mistakes, what="dz")
    assert_unchanged(student.half_labelled_gradient)


@check(
    "half-labelled",
    after="test_some_have_labels",
    hidden=True,
    hints=(
        "Other temperatures, shares and sizes; and scores of some hundreds.",
        "Subtract the largest score of each row before np.exp.",
        "z = z - z.max(axis=1, keepdims=True)",
    ),
)
def test_other_batches(student):
    "other temperatures and shares, one example, large scores"
    z, v, labels = half(3)
    cases = [
        (*half(2, N=1, K=3, unlabelled=()), 1.0, 0.5),
        (*half(4, N=7, K=2, unlabelled=(0,)), 8.0, 1.0),
        (400 * z, 400 * v, labels, 2.0, 0.1),
    ]
    for case in cases:
        assert_close(student.half_labelled_gradient(*case), gradient(*case), what="dz")
