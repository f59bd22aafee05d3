"""Wrong answers to the exercises on segmentation that people really give."""

import numpy as np

from companion.exercises import wrong


@wrong("nothing-found", fails="test_the_accuracy_of_nothing")
def nothing_found():
    return 92.0, 0.307


@wrong("nothing-found", fails="test_the_mean_iou_of_nothing")
def nothing_found():
    return 0.92, 0.92


@wrong("nothing-found", fails="test_the_mean_iou_of_nothing")
def nothing_found():
    return 0.92, 0.46


@wrong("nothing-found", fails="test_the_mean_iou_of_nothing")
def nothing_found():
    return 0.92, 0.333


@wrong("dice-or-iou", fails="test_the_order_of_both_scores")
def higher_dice():
    return "B"


@wrong("dice-or-iou", fails="test_the_order_of_both_scores")
def higher_dice():
    return "either"


@wrong("dice-or-iou", fails="test_the_order_of_both_scores")
def higher_dice():
    return "a"


@wrong("way-up", fails="test_enlarge_and_join")
def way_up(deep, fine):
    large = np.tile(deep, (1, 1, 2, 2))
    return np.concatenate([fine, large[:, :, : fine.shape[2], : fine.shape[3]]], axis=1)


@wrong("way-up", fails="test_enlarge_and_join")
def way_up(deep, fine):
    large = deep.repeat(2, axis=2).repeat(2, axis=3)
    return np.concatenate([large[:, :, : fine.shape[2], : fine.shape[3]], fine], axis=1)


@wrong("way-up", fails="test_odd_sides")
def way_up(deep, fine):
    large = deep.repeat(2, axis=2).repeat(2, axis=3)
    return np.concatenate([fine, large], axis=1)


@wrong("way-up", fails="test_odd_sides")
def way_up(deep, fine):
    large = deep.repeat(2, axis=2).repeat(2, axis=3)
    return np.concatenate([fine, large[:, :, -fine.shape[2] :, -fine.shape[3] :]], axis=1)


@wrong("dice-slope", fails="test_the_slope")
def dice_slope(p, t):
    total = p.sum() + t.sum()
    return (2 * t - 2 * (p * t).sum() / total) / total


@wrong("dice-slope", fails="test_the_slope")
def dice_slope(p, t):
    return -2 * t / (p.sum() + t.sum())


@wrong("dice-slope", fails="test_the_slope")
def dice_slope(p, t):
    total = (p + t).sum(axis=(1, 2), keepdims=True)
    return (2 * (p * t).sum(axis=(1, 2), keepdims=True) / total - 2 * t) / total


@wrong("way-up", fails="test_odd_sides")
def way_up(deep, fine):
    large = deep.repeat(2, axis=2).repeat(2, axis=3)
    if fine.shape[2] % 2:
        large = large[:, :, :-1, :-1]
    return np.concatenate([fine, large], axis=1)


@wrong("dice-slope", fails="test_the_slope")
def dice_slope(p, t):
    total = p.sum() + t.sum()
    if total == 0:
        return np.zeros(p.shape)
    p *= t
    return (2 * p.sum() / total - 2 * t) / total


@wrong("dice-slope", fails="test_nothing_there_and_nothing_found")
def dice_slope(p, t):
    if p.sum() == 0 or t.sum() == 0:
        return np.zeros(p.shape)
    total = p.sum() + t.sum()
    return (2 * (p * t).sum() / total - 2 * t) / total


@wrong("dice-slope", fails="test_nothing_there_and_nothing_found")
def dice_slope(p, t):
    total = p.sum() + t.sum()
    return (2 * (p * t).sum() / total - 2 * t) / total


@wrong("diagnose-map", fails="test_the_diagnosis")
def diagnosis():
    return "A"


@wrong("diagnose-map", fails="test_the_diagnosis")
def diagnosis():
    return "C"


@wrong("diagnose-map", fails="test_the_diagnosis")
def diagnosis():
    return "D"
