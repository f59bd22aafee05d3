"""Checks of the exercises in the chapter on files of boxes."""

import numpy as np

from companion.exercises import assert_close, assert_raises, check
from companion.exercises.failures import Different, Raised
from companion.exercises.wording import kind_of


@check(
    "voc-by-hand",
    points=2,
    hints=(
        "VOC counts from 1, and both ends belong to the box.",
        "How many columns are 11 to 40, and how many lie before them?",
        "(11 − 1, 21 − 1, 40 − 11 + 1, 60 − 21 + 1)",
    ),
)
def test_the_bbox(student):
    "left, top, width, height"
    expected = np.array([11 - 1, 21 - 1, 40 - 11 + 1, 60 - 21 + 1.0])
    mistakes = {
        "both ends belong to the box": np.array([10, 20, 29, 39.0]),
        "COCO counts from 0": np.array([11, 21, 30, 40.0]),
        "the numbers as they stand lose a pixel and shift the box": np.array([11, 21, 29, 39.0]),
        "these are corners; COCO takes width and height": np.array([10, 20, 40, 60.0]),
    }
    got = student.bbox_by_hand()
    right_kind = isinstance(got, tuple | list | np.ndarray)
    assert right_kind, f"expected four numbers in a tuple, got {kind_of(got)}"
    assert not any(isinstance(end, str) for end in got), "expected numbers, got text"
    assert_close(np.array(got, float), expected, mistakes=mistakes, what="bbox")


LINES = np.array([[12, 0.5, 0.25, 0.335, 0.5], [0, 0.1, 0.9, 0.2, 0.2]])
TEXT = "12 0.5 0.25 0.335 0.5\n\n0 0.1 0.9 0.2 0.2\n"


def corners(lines, width, height):
    """Class and corners of lines with five numbers each."""
    lines = np.asarray(lines, float)
    middle, half = lines[:, 1:3], lines[:, 3:] / 2
    shares = np.hstack([middle - half, middle + half])
    return np.hstack([lines[:, :1], shares * [width, height, width, height]])


@check(
    "read-a-line",
    points=2,
    hints=(
        "Split the text into lines and the lines into words; the first, the class, is no share.",
        "Half of the width lies left of the centre; x is multiplied by width, y by height.",
        "[c, (x - w / 2) * width, (y - h / 2) * height, …]",
    ),
)
def test_lines(student):
    "two boxes, and none"
    expected, moved = corners(LINES, 200, 100), LINES.copy()
    moved[:, 1:3] += LINES[:, 3:] / 2
    mistakes = {
        "these are shares, not pixels": corners(LINES, 1, 1),
        "x is multiplied by the width, y by the height": corners(LINES, 100, 200),
        "width stands before height in the file": corners(LINES[:, [0, 1, 2, 4, 3]], 200, 100),
        "x and y are exchanged": expected[:, [0, 2, 1, 4, 3]],
        "that is the centre, not the corner": corners(moved, 200, 100),
        "corners are not rounded": expected.round(),
    }
    assert_close(student.boxes_in(TEXT, 200, 100), expected, mistakes=mistakes, what="boxes")
    assert_close(student.boxes_in("", 200, 100), np.empty((0, 5)), what="an empty file")


@check(
    "read-a-line",
    after="test_lines",
    hidden=True,
    hints=(
        "A faulty line must not pass.",
        "Count the words of each line, and look whether its four shares lie from 0 to 1. The "
        "class may be any number, and boxes may reach over the edge.",
        "if len(words) != 5 or not all(0 <= w <= 1 for w in words[1:]): raise ValueError(…)",
    ),
)
def test_faults(student):
    "pixels, lines of another length, and shares at their bounds"
    good = "0 0.5 0.5 0.2 0.2\n"
    faults = {
        "pixels in place of shares": "0 32 24 9 9\n",
        "four words": "0 0.5 0.5 0.2\n",
        "six words": "0 0.5 0.5 0.2 0.2 0.9\n",
        "a centre below 0": "0 -0.1 0 0 0\n",
        "a centre below the picture": "0 0.5 1.2 0.2 0.2\n",
        "a width above 1": "0 0.5 0.5 1.5 0.2\n",
        "a height above 1": "0 0.5 0.5 0.2 9\n",
        "a height below 0": "0 0.5 0.5 0.2 -0.2\n",
        "a fault in the second line": good + "0 32 24 9 9\n",
    }
    for fault, text in faults.items():
        try:
            assert_raises(student.boxes_in, text, 64, 64, error="ValueError")
        except Different as error:
            raise Different(f"With {fault}: {error}") from None
    lines = [[3, 0.5, 0.5, 1, 1], [1, 0, 1, 0.5, 0]]
    try:
        got = student.boxes_in("3 0.5 0.5 1 1\n1 0 1 0.5 0\n", 60, 40)
    except Raised as error:
        raise Different(f"Shares of 0 and 1 are allowed, but it raised {error}") from None
    right = corners(lines, 60, 40)
    mistakes = {"boxes are not cut off at the edges": np.clip(right, 0, [9, 60, 40, 60, 40])}
    assert_close(got, right, mistakes=mistakes, what="boxes")
