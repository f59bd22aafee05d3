"""Checks of the exercises in the chapter on files of boxes."""

import numpy as np

from companion.exercises import assert_close, assert_raises, check


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
    assert_close(np.array(student.bbox_by_hand(), float), expected, mistakes=mistakes, what="bbox")


TEXT = "1 0.5 0.25 0.5 0.5\n\n0 0.1 0.9 0.2 0.2\n"


@check(
    "read-a-line",
    points=2,
    hints=(
        "Split the text into lines and the lines into words.",
        "Half of the width lies left of the centre; x is multiplied by width, y by height.",
        "[c, (x - w / 2) * width, (y - h / 2) * height, …]",
    ),
)
def test_lines(student):
    "two boxes, and none"
    expected = np.array([[1, 50, 0, 150, 50], [0, 0, 80, 40, 100.0]])
    shares = expected / [1, 200, 100, 200, 100]
    mistakes = {
        "these are shares, not pixels": shares,
        "width and height are exchanged": np.array(
            [[1, 50, 0, 150, 50], [0, 0, 80, 40, 100.0]]
        )[:, [0, 2, 1, 4, 3]],
        "that is the centre, not the corner": np.array(
            [[1, 100, 25, 200, 75], [0, 20, 90, 60, 110.0]]
        ),
    }
    assert_close(student.boxes_in(TEXT, 200, 100), expected, mistakes=mistakes, what="boxes")
    assert_close(student.boxes_in("", 200, 100), np.empty((0, 5)), what="an empty file")


@check(
    "read-a-line",
    after="test_lines",
    hidden=True,
    hints=(
        "A faulty line must not pass.",
        "Count the words, and look whether the four shares lie from 0 to 1.",
        "if len(words) != 5 or not all(0 <= w <= 1 for w in words[1:]): raise ValueError(…)",
    ),
)
def test_faults(student):
    "pixels, and lines of another length"
    for text in ("0 32 24 9 9\n", "0 0.5 0.5 0.2\n", "0 0.5 0.5 0.2 0.2 0.9\n", "0 -0.1 0 0 0\n"):
        assert_raises(student.boxes_in, text, 64, 64, error="ValueError")
