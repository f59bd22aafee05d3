"""Known wrong answers to the exercises of the page on augmentation in depth."""

import numpy as np

from companion.exercises import wrong


@wrong("visible-share", fails="test_shares_of_boxes")
def visible_share(boxes, window):
    """Returns the area, not its share."""
    low = np.maximum(boxes[:, :2], window[:2])
    high = np.minimum(boxes[:, 2:], window[2:])
    return np.maximum(high - low, 0).prod(axis=1)


@wrong("visible-share", fails="test_shares_of_boxes")
def visible_share(boxes, window):
    """Computes intersection over union."""
    low = np.maximum(boxes[:, :2], window[:2])
    high = np.minimum(boxes[:, 2:], window[2:])
    inside = np.maximum(high - low, 0).prod(axis=1)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    return inside / (area + (window[2:] - window[:2]).prod() - inside)


@wrong("visible-share", fails="test_shares_of_boxes")
def visible_share(boxes, window):
    """Lets the window begin at 0."""
    low = np.maximum(boxes[:, :2], 0)
    high = np.minimum(boxes[:, 2:], window[2:])
    inside = np.maximum(high - low, 0).prod(axis=1)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    return inside / np.where(area > 0, area, 1)


@wrong("visible-share", fails="test_boxes_outside_and_without_area")
def visible_share(boxes, window):
    """Multiplies two negative lengths."""
    low = np.maximum(boxes[:, :2], window[:2])
    high = np.minimum(boxes[:, 2:], window[2:])
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    return np.maximum((high - low).prod(axis=1), 0) / np.where(area > 0, area, 1)


@wrong("visible-share", fails="test_boxes_outside_and_without_area")
def visible_share(boxes, window):
    """Divides by an area of 0."""
    low = np.maximum(boxes[:, :2], window[:2])
    high = np.minimum(boxes[:, 2:], window[2:])
    with np.errstate(all="ignore"):
        return np.maximum(high - low, 0).prod(1) / (boxes[:, 2:] - boxes[:, :2]).prod(1)


@wrong("mixed-loss", fails="test_the_loss_of_mixtures")
def mixed_loss(scores, first, second, share):
    """Mixes probabilities before the logarithm."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    n = np.arange(len(scores))
    return -np.log(share * p[n, first] + (1 - share) * p[n, second]).mean()


@wrong("mixed-loss", fails="test_the_loss_of_mixtures")
def mixed_loss(scores, first, second, share):
    """Sums over the examples."""
    top = scores - scores.max(axis=1, keepdims=True)
    log_p = top - np.log(np.exp(top).sum(axis=1, keepdims=True))
    n = np.arange(len(scores))
    return -(share * log_p[n, first] + (1 - share) * log_p[n, second]).sum()


@wrong("mixed-loss", fails="test_large_scores")
def mixed_loss(scores, first, second, share):
    """Lets the exponential overflow."""
    with np.errstate(all="ignore"):
        log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    n = np.arange(len(scores))
    return -(share * log_p[n, first] + (1 - share) * log_p[n, second]).mean()


@wrong("mixed-loss", fails="test_large_scores")
def mixed_loss(scores, first, second, share):
    """Takes the logarithm of a probability that is 0."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    n = np.arange(len(scores))
    with np.errstate(all="ignore"):
        return -(share * np.log(p[n, first]) + (1 - share) * np.log(p[n, second])).mean()


@wrong("mixed-loss", fails="test_large_scores")
def mixed_loss(scores, first, second, share):
    """Subtracts the largest score of all rows."""
    top = scores - scores.max()
    with np.errstate(all="ignore"):
        log_p = top - np.log(np.exp(top).sum(axis=1, keepdims=True))
    n = np.arange(len(scores))
    return -(share * log_p[n, first] + (1 - share) * log_p[n, second]).mean()
