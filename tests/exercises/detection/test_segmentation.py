"""Checks of the exercises in the chapter on segmentation."""

import numpy as np

from companion.detection.pixels.segmenting import (
    class_dice,
    class_iou,
    pixel_accuracy,
    pixel_confusion,
)
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of
from companion.gradients.tensor import Tensor


def pair_of(got):
    assert isinstance(got, tuple), f"expected a tuple of two numbers, got {kind_of(got)}"
    assert len(got) == 2, f"expected accuracy and mean IoU, got {len(got)} values"
    return got


def word_of(got, words):
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    return got


def counts_of_nothing():
    truth = np.repeat([0, 1, 2], [92, 5, 3])
    return pixel_confusion(truth, np.zeros_like(truth), 3)


@check(
    "nothing-found",
    hints=(
        "How many of the hundred pixels have the right class?",
        "All pixels of the ground, and no other.",
        "92 / 100",
    ),
)
def test_the_accuracy_of_nothing(student):
    "the pixel accuracy"
    accuracy, _ = pair_of(student.nothing_found())
    mistakes = {"that is a percentage; return a share": 92.0, "that is the share of errors": 0.08}
    assert_close(accuracy, pixel_accuracy(counts_of_nothing()), mistakes=mistakes, what="accuracy")


@check(
    "nothing-found",
    hints=(
        "The IoU of a class that was never found is 0; what is that of the ground?",
        "The ground: 92 pixels in both maps, 100 in one of them at least. Then the mean of three.",
        "(0.92 + 0 + 0) / 3",
    ),
)
def test_the_mean_iou_of_nothing(student):
    "the mean IoU"
    _, mean = pair_of(student.nothing_found())
    mistakes = {
        "classes that were not found count, with 0": 0.92,
        "that is the mean over two classes; the ground is a class too": 0.46,
        "a third is the mean of shares, of pixels or of what was found, and not of IoU": 1 / 3,
        "the ground has an IoU that is not 0": 0.0,
        "that is the mean Dice coefficient": 1.84 / 1.92 / 3,
    }
    expected = float(class_iou(counts_of_nothing()).mean())
    assert_close(mean, expected, rtol=0, atol=6e-4, mistakes=mistakes, what="mean IoU")


@check(
    "dice-or-iou",
    hints=(
        "Write one of the two scores as a function of the other.",
        "D = 2J / (1 + J). Does it rise or fall with J?",
        "J = 1/3 gives 1/2, and J = 1/2 gives 2/3.",
    ),
)
def test_the_order_of_both_scores(student):
    "the network with the higher Dice coefficient"
    got = word_of(student.higher_dice(), ("A", "B", "either"))
    counts = [np.array([[0, 40 - hits], [20, hits]]) for hits in range(41)]
    scores = np.array([[class_iou(c)[1], class_dice(c)[1]] for c in counts])
    rises = (np.diff(scores, axis=0) > 0).all(axis=0)
    right = "A" if rises[0] == rises[1] else "either"
    assert got == right, "compute both scores for two numbers of common pixels"


def maps(N=2, C=2, h=2, w=3, B=1, H=4, W=6, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(N, C, h, w)), rng.normal(size=(N, B, H, W))


def by_places(deep, fine):
    """Each pixel asks the one above it that it came from."""
    i, j = np.indices(fine.shape[2:])
    return np.concatenate([fine, deep[:, :, i // 2, j // 2]], axis=1)


@check(
    "way-up",
    points=2,
    hints=(
        "Each pixel becomes a square of four; then the channels of both are put together.",
        "np.repeat along axes 2 and 3, and np.concatenate along axis 1.",
        "np.concatenate([fine, deep.repeat(2, axis=2).repeat(2, axis=3)], axis=1)",
    ),
)
def test_enlarge_and_join(student):
    "even sides"
    deep, fine = maps()
    large = deep.repeat(2, axis=2).repeat(2, axis=3)
    mistakes = {
        "np.tile puts whole copies side by side; repeat each pixel": np.concatenate(
            [fine, np.tile(deep, (1, 1, 2, 2))], axis=1
        ),
        "the channels of fine come first": np.concatenate([large, fine], axis=1),
    }
    assert_close(student.way_up(deep, fine), by_places(deep, fine), mistakes=mistakes)
    assert_unchanged(student.way_up)


@check(
    "way-up",
    after="test_enlarge_and_join",
    hints=(
        "A side of 5 was halved to 3, and comes back as 6.",
        "Cut the enlarged maps to the height and width of fine.",
        "large[:, :, : fine.shape[2], : fine.shape[3]]",
    ),
)
def test_odd_sides(student):
    "odd sides, both or one: the far end is cut away"
    for H, W in ((5, 3), (5, 4), (6, 3)):
        deep, fine = maps(h=3, w=2, H=H, W=W, B=3)
        near = deep.repeat(2, axis=2).repeat(2, axis=3)[:, :, 6 - H :, 4 - W :]
        mistakes = {
            "cut at the far end, not at the near one": np.concatenate([fine, near], axis=1),
        }
        what = f"the result for {H} × {W} and 3 × 2 pixels"
        got = student.way_up(deep, fine)
        assert_close(got, by_places(deep, fine), mistakes=mistakes, what=what)


def probabilities(seed=0, N=2, side=4):
    rng = np.random.default_rng(seed)
    return rng.random((N, side, side)), (rng.random((N, side, side)) < 0.3).astype(float)


def by_the_engine(p, t):
    x = Tensor(p, requires_grad=True)
    (1 - 2 * (x * t).sum() / (x.sum() + t.sum())).backward()
    return x.grad


@check(
    "dice-slope",
    points=2,
    hints=(
        "The quotient rule: p stands above with 2t and below with 1.",
        "∂D/∂p = (2t − D) / (Σp + Σt), and L = 1 − D turns the sign.",
        "return (D - 2 * t) / total",
    ),
)
def test_the_slope(student):
    "the derivative of 1 − D"
    p, t = probabilities()
    total = p.sum() + t.sum()
    D = 2 * (p * t).sum() / total
    each = (p + t).sum(axis=(1, 2), keepdims=True)
    mistakes = {
        "that is the slope of D; L = 1 − D": (2 * t - D) / total,
        "the denominator depends on p, too": -2 * t / total,
        "the 2 of the numerator is missing": (D - t) / total,
        "the sums go over all images": (2 * (p * t).sum(axis=(1, 2), keepdims=True) / each - 2 * t)
        / each,
    }
    assert_close(student.dice_slope(p, t), by_the_engine(p, t), mistakes=mistakes)
    assert_unchanged(student.dice_slope)


@check(
    "dice-slope",
    after="test_the_slope",
    hidden=True,
    hints=(
        "What if there is no object, and none is found?",
        "Both sums are 0: return zeros before dividing. With only one sum 0 the formula holds.",
        "if total == 0: return np.zeros(p.shape)",
    ),
)
def test_nothing_there_and_nothing_found(student):
    "empty maps, and maps without an object"
    p, t = probabilities(1)
    got = student.dice_slope(0 * p, 0 * t)
    assert_close(got, np.zeros(p.shape), what="the slope where both sums are 0")
    assert_close(student.dice_slope(p, 0 * t), np.zeros(p.shape), what="the slope with no object")
    assert_close(student.dice_slope(0 * p, t), -2 * t / t.sum(), what="the slope at p = 0")


@check(
    "diagnose-map",
    hints=(
        "Which of the four has a high accuracy and nearly nothing in the mean over classes?",
        "If ten of eleven classes have an IoU of 0, the mean is that of the ground by eleven.",
        "0.88 / 11 = 0.08",
    ),
)
def test_the_diagnosis(student):
    "what explains accuracy and mean IoU"
    got = word_of(student.diagnosis(), ("A", "B", "C", "D"))
    truth = np.repeat(np.arange(11), [880] + [12] * 10)
    ground = pixel_confusion(truth, 0 * truth, 11)
    fits = round(pixel_accuracy(ground), 2) == 0.88 and round(class_iou(ground).mean(), 2) == 0.08
    assert got == ("B" if fits else "A"), "which IoU would the ground have, which the ten others?"
