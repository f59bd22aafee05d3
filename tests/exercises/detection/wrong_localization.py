"""Known wrong answers to the exercises of the chapter on one object."""

import numpy as np

from companion.exercises import wrong


@wrong("empty-picture", fails="test_how_many_learn")
def numbers_that_learn():
    """One squared error over everything."""
    return 15


@wrong("empty-picture", fails="test_how_many_learn")
def numbers_that_learn():
    """Presence and box."""
    return 5


@wrong("empty-picture", fails="test_how_many_learn")
def numbers_that_learn():
    """Nothing at all."""
    return 0


@wrong("box-by-hand", fails="test_four_numbers")
def shares_by_hand():
    """Pixels."""
    return 70, 35, 50, 100


@wrong("box-by-hand", fails="test_four_numbers")
def shares_by_hand():
    """The corner."""
    return 0.1, 0.1, 0.5, 0.5


@wrong("box-by-hand", fails="test_four_numbers")
def shares_by_hand():
    """All divided by the width."""
    return 0.35, 0.175, 0.25, 0.5


@wrong("box-by-hand", fails="test_four_numbers")
def shares_by_hand():
    """Text."""
    return "0.35", "0.35", "0.5", "0.5"


@wrong("back-to-corners", fails="test_boxes_within")
def corners_of(rows, width, height):
    """Width before height."""
    x, y, wide, high = rows.T
    corners = np.stack([x - wide / 2, y - high / 2, x + wide / 2, y + high / 2], 1)
    return np.clip(corners, 0, 1) * [width, height, width, height]


@wrong("back-to-corners", fails="test_boxes_within")
def corners_of(rows, width, height):
    """Takes the centre for the corner."""
    x, y, high, wide = rows.T
    corners = np.stack([x, y, x + wide, y + high], 1)
    return np.clip(corners, 0, 1) * [width, height, width, height]


@wrong("back-to-corners", fails="test_boxes_over_the_edge")
def corners_of(rows, width, height):
    """Does not cut off."""
    x, y, high, wide = rows.T
    corners = np.stack([x - wide / 2, y - high / 2, x + wide / 2, y + high / 2], 1)
    return corners * [width, height, width, height]


@wrong("back-to-corners", fails="test_boxes_over_the_edge")
def corners_of(rows, width, height):
    """Cuts everything off at the width."""
    x, y, high, wide = rows.T
    corners = np.stack([x - wide / 2, y - high / 2, x + wide / 2, y + high / 2], 1)
    return np.clip(corners * [width, height, width, height], 0, width)


@wrong("back-to-corners", fails="test_boxes_over_the_edge")
def corners_of(rows, width, height):
    """Cuts everything off at the longer side."""
    x, y, high, wide = rows.T
    corners = np.stack([x - wide / 2, y - high / 2, x + wide / 2, y + high / 2], 1)
    return np.clip(corners * [width, height, width, height], 0, max(width, height))


@wrong("back-to-corners", fails="test_boxes_over_the_edge")
def corners_of(rows, width, height):
    """Moves boxes into the picture in place of cutting them off."""
    x, y, high, wide = rows.T
    x, y = np.clip(x, wide / 2, 1 - wide / 2), np.clip(y, high / 2, 1 - high / 2)
    corners = np.stack([x - wide / 2, y - high / 2, x + wide / 2, y + high / 2], 1)
    return corners * [width, height, width, height]


def parts_of(output, target, weight):
    """Gradient of one picture with an object; without one, zeros behind the first number."""
    slope = np.zeros(len(output))
    slope[0] = 1 / (1 + np.exp(-output[0])) - target[0]
    if target[0] == 1:
        slope[1:5] = 2 * weight * (output[1:5] - target[1:5])
        p = np.exp(output[5:] - output[5:].max())
        slope[5:] = p / p.sum()
        slope[5 + int(target[5])] -= 1
    return slope


@wrong("part-gradients", fails="test_with_an_object")
def localization_gradient(output, target, weight):
    """Takes the weight of the example for the weight."""
    return parts_of(output, target, 20)


@wrong("part-gradients", fails="test_with_an_object")
def localization_gradient(output, target, weight):
    """Writes eight numbers, whatever the number of classes."""
    slope = np.zeros(8)
    slope[: len(output)] = parts_of(output, target, weight)
    return slope


@wrong("part-gradients", fails="test_with_an_object")
def localization_gradient(output, target, weight):
    """Takes class 0 for no class."""
    slope = parts_of(output, target, weight)
    if target[0] == 1 and target[5] == 0:
        slope[5] += 1
    return slope


@wrong("part-gradients", fails="test_with_an_object")
def localization_gradient(output, target, weight):
    """Writes the gradient over the output."""
    output[:] = parts_of(output, target, weight)
    return output


@wrong("part-gradients", fails="test_without_an_object")
def localization_gradient(output, target, weight):
    """An empty picture gets no gradient at all."""
    return parts_of(output, target, weight) * target[0]


@wrong("part-gradients", fails="test_with_an_object")
def localization_gradient(output, target, weight):
    """Forgets the 2."""
    slope = np.zeros(len(output))
    slope[0] = 1 / (1 + np.exp(-output[0])) - target[0]
    if target[0] == 1:
        slope[1:5] = weight * (output[1:5] - target[1:5])
        p = np.exp(output[5:] - output[5:].max())
        slope[5:] = p / p.sum()
        slope[5 + int(target[5])] -= 1
    return slope


@wrong("part-gradients", fails="test_without_an_object")
def localization_gradient(output, target, weight):
    """Punishes the box everywhere."""
    slope = np.zeros(len(output))
    slope[0] = 1 / (1 + np.exp(-output[0])) - target[0]
    slope[1:5] = 2 * weight * (output[1:5] - target[1:5])
    if target[0] == 1:
        p = np.exp(output[5:] - output[5:].max())
        slope[5:] = p / p.sum()
        slope[5 + int(target[5])] -= 1
    return slope


@wrong("part-gradients", fails="test_without_an_object")
def localization_gradient(output, target, weight):
    """Squares everything, also where nothing is."""
    slope = np.zeros(len(output))
    slope[0] = 1 / (1 + np.exp(-output[0])) - target[0]
    slope[1:5] = 2 * weight * target[0] * (output[1:5] - target[1:5])
    p = np.exp(output[5:] - output[5:].max())
    slope[5:] = p / p.sum()
    slope[5 + int(target[5])] -= 1
    return slope


@wrong("part-gradients", fails="test_without_an_object")
def localization_gradient(output, target, weight):
    """A softmax that overflows."""
    slope = np.zeros(len(output))
    slope[0] = 1 / (1 + np.exp(-output[0])) - target[0]
    if target[0] == 1:
        slope[1:5] = 2 * weight * (output[1:5] - target[1:5])
        with np.errstate(all="ignore"):
            slope[5:] = np.exp(output[5:]) / np.exp(output[5:]).sum()
        slope[5 + int(target[5])] -= 1
    return slope
