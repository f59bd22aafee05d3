"""Checks of the exercises on the page on augmentation in depth."""

import numpy as np
from scipy.special import log_softmax

from companion.exercises import assert_close, check


def counted(boxes, window, fine=8):
    """Shares by counting small squares, for boxes with corners at whole eighths."""
    at = (np.arange(30 * fine) + 0.5) / fine - 10
    x, y = np.meshgrid(at, at)
    inside = (window[0] < x) & (x < window[2]) & (window[1] < y) & (y < window[3])
    shares = []
    for x1, y1, x2, y2 in boxes:
        box = (x1 < x) & (x < x2) & (y1 < y) & (y < y2)
        shares.append((box & inside).sum() / max(box.sum(), 1))
    return np.array(shares)


@check(
    "visible-share",
    points=2,
    hints=(
        "The overlap of two boxes is a box: from the larger beginning to the smaller end.",
        "Compute it along x and along y, multiply, and divide by the area of the box.",
        "np.minimum(boxes[:, 2:], window[2:]) - np.maximum(boxes[:, :2], window[:2])",
    ),
)
def test_shares_of_boxes(student):
    "boxes inside, cut by an edge or a corner, and around the window"
    boxes = np.array([
        [1.0, 1, 3, 2], [-2, 1, 2, 4], [6, 5, 10, 9], [-4, -4, 16, 16], [2, -3, 3, 9],
    ])  # fmt: skip
    window = np.array([0.0, 0, 8, 6])
    expected = counted(boxes, window)
    area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    union = area + 48 - expected * area
    mistakes = {
        "this is the area of the overlap: divide by that of the box": expected * area,
        "divided by the area of the window": expected * area / 48,
        "this is intersection over union": expected * area / union,
    }
    got = student.visible_share(boxes, window)
    assert_close(got, expected, atol=1e-9, mistakes=mistakes, what="the shares")
    window = np.array([2.0, 1, 8, 6])
    mistakes = {
        "the window begins at its own x1, y1, not at 0": expected,
        "x2 and y2 are where the window ends, not its size": counted(boxes, (2, 1, 10, 7)),
    }
    got = student.visible_share(boxes, window)
    expected = counted(boxes, window)
    what = "the shares in the window (2, 1, 8, 6)"
    assert_close(got, expected, atol=1e-9, mistakes=mistakes, what=what)


@check(
    "visible-share",
    after="test_shares_of_boxes",
    hints=(
        "What if the overlap ends before it begins?",
        "Cut off lengths at 0 before you multiply; a box without area must not divide by 0.",
        "np.maximum(high - low, 0).prod(axis=1) / np.where(area > 0, area, 1)",
    ),
)
def test_boxes_outside_and_without_area(student):
    "boxes outside the window, also beyond a corner, and boxes without area have the share 0"
    boxes = np.array([
        [9.0, 7, 12, 9], [-5, 1, -1, 3], [1, 1, 1, 4], [3, 3, 3, 3], [9, 1, 12, 5], [2, 2, 4, 4],
    ])  # fmt: skip
    window = np.array([0.0, 0, 8, 6])
    got = student.visible_share(boxes, window)
    low, high = np.maximum(boxes[:, :2], window[:2]), np.minimum(boxes[:, 2:], window[2:])
    with np.errstate(invalid="ignore", divide="ignore"):
        blind = np.prod(high - low, axis=1) / np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    mistakes = {"two negative lengths have a positive product": np.nan_to_num(blind)}
    assert_close(got, counted(boxes, window), mistakes=mistakes, what="the shares")


def cases(seed, size=1.0):
    rng = np.random.default_rng(seed)
    scores = size * rng.normal(size=(7, 5))
    first, second = rng.integers(5, size=(2, 7))
    return scores, first, second, rng.random(7)


def losses(scores, first, second, share):
    label = share[:, None] * np.eye(5)[first] + (1 - share[:, None]) * np.eye(5)[second]
    return -np.sum(label * log_softmax(scores, axis=1), axis=1)


@check(
    "mixed-loss",
    points=2,
    hints=(
        "Cross-entropy is linear in the label.",
        "Take the log-probability of each of the two classes and mix them by the share.",
        "-(share * log_p[n, first] + (1 - share) * log_p[n, second]).mean()",
    ),
)
def test_the_loss_of_mixtures(student):
    "the mean cross-entropy of mixtures of two classes"
    scores, first, second, share = cases(0)
    log_p, n = log_softmax(scores, axis=1), np.arange(7)
    each = losses(scores, first, second, share)
    blended = share * np.exp(log_p[n, first]) + (1 - share) * np.exp(log_p[n, second])
    mistakes = {
        "summed, not averaged": each.sum(),
        "the two shares are exchanged": losses(scores, second, first, share).mean(),
        "probabilities are mixed before the logarithm": -np.log(blended).mean(),
        "the sign is missing": -each.mean(),
        "only the first class counts": losses(scores, first, first, share).mean(),
    }
    got = student.mixed_loss(scores, first, second, share)
    assert_close(got, each.mean(), mistakes=mistakes, what="the loss")


@check(
    "mixed-loss",
    hints=(
        "exp(1000) is infinite.",
        "Subtract the largest score of each row first: softmax does not change.",
        "top = scores - scores.max(axis=1, keepdims=True)",
    ),
)
def test_large_scores(student):
    "scores up to a thousand, and rows that are a thousand apart"
    scores, first, second, share = cases(1)
    apart = scores + np.linspace(-900, 900, 7)[:, None]
    for large in (1000 * scores / np.abs(scores).max(), apart):
        expected = losses(large, first, second, share).mean()
        got = student.mixed_loss(large, first, second, share)
        assert_close(got, expected, what="the loss of large scores")
