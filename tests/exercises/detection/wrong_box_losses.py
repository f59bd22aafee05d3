"""Known wrong answers to the exercises of the chapter on losses for boxes."""

import numpy as np

from companion.exercises import wrong


@wrong("giou-by-hand", fails="test_giou_by_hand")
def giou_of_two():
    """The IoU."""
    return 4 / 28


@wrong("giou-by-hand", fails="test_giou_by_hand")
def giou_of_two():
    """Divides by the union."""
    return 4 / 28 - 8 / 28


@wrong("giou-by-hand", fails="test_giou_by_hand")
def giou_of_two():
    """The loss."""
    return 1 - (4 / 28 - 8 / 36)


@wrong("moved-inside", fails="test_which_losses_move_it")
def losses_that_move_it():
    """Takes GIoU for a cure of all."""
    return "GIoU and DIoU"


@wrong("moved-inside", fails="test_which_losses_move_it")
def losses_that_move_it():
    """Thinks any overlap gives a slope."""
    return "all"


@wrong("moved-inside", fails="test_which_losses_move_it")
def losses_that_move_it():
    """Thinks of areas only."""
    return "none"


def terms(a, b, clamp=True):
    """Parts of the measure: IoU, term of the centres, sides, sides around."""
    low, high = np.maximum(a[:2], b[:2]), np.minimum(a[2:], b[2:])
    both = np.prod(np.maximum(high - low, 0) if clamp else high - low)
    one, two = a[2:] - a[:2], b[2:] - b[:2]
    iou = both / (np.prod(one) + np.prod(two) - both)
    around = np.maximum(a[2:], b[2:]) - np.minimum(a[:2], b[:2])
    apart = (a[:2] + a[2:] - b[:2] - b[2:]) / 2
    return iou, np.sum(apart**2) / np.sum(around**2), one - two, around


@wrong("eiou", fails="test_boxes_that_overlap")
def eiou(a, b):
    """Forgets the sides."""
    iou, centres, _, _ = terms(a, b)
    return iou - centres


@wrong("eiou", fails="test_boxes_that_overlap")
def eiou(a, b):
    """Turns the corners of the first box into sides, in place."""
    iou, centres, unlike, around = terms(a, b)
    a[2:] -= a[:2]
    return iou - centres - np.sum(unlike**2 / around**2)


@wrong("eiou", fails="test_boxes_that_overlap")
def eiou(a, b):
    """Exchanges the sides of the box around both."""
    iou, centres, unlike, around = terms(a, b)
    return iou - centres - np.sum(unlike**2 / around[::-1] ** 2)


@wrong("eiou", fails="test_boxes_that_overlap")
def eiou(a, b):
    """The loss."""
    iou, centres, unlike, around = terms(a, b)
    return 1 - (iou - centres - np.sum(unlike**2 / around**2))


@wrong("eiou", fails="test_boxes_that_overlap")
def eiou(a, b):
    """Divides by the squared diagonal."""
    iou, centres, unlike, around = terms(a, b)
    return iou - centres - np.sum(unlike**2) / np.sum(around**2)


@wrong("eiou", fails="test_boxes_that_overlap")
def eiou(a, b):
    """Takes sizes in place of squares."""
    iou, centres, unlike, around = terms(a, b)
    return iou - centres - np.sum(np.abs(unlike) / around)


@wrong("eiou", fails="test_boxes_apart")
def eiou(a, b):
    """Multiplies negative lengths."""
    iou, centres, unlike, around = terms(a, b, clamp=False)
    return iou - centres - np.sum(unlike**2 / around**2)
