"""Known wrong answers to the exercises of the chapter on files of boxes."""

import numpy as np

from companion.exercises import wrong


@wrong("voc-by-hand", fails="test_the_bbox")
def bbox_by_hand():
    """Forgets that both ends belong."""
    return 10, 20, 29, 39


@wrong("voc-by-hand", fails="test_the_bbox")
def bbox_by_hand():
    """Counts from 1."""
    return 11, 21, 30, 40


@wrong("voc-by-hand", fails="test_the_bbox")
def bbox_by_hand():
    """Corners."""
    return 10, 20, 40, 60


@wrong("voc-by-hand", fails="test_the_bbox")
def bbox_by_hand():
    """Text."""
    return "10", "20", "30", "40"


def lines_of(text, faulty):
    """Five numbers of each line; a `ValueError` where the check finds a fault."""
    rows = [[float(word) for word in line.split()] for line in text.splitlines() if line.strip()]
    for k, words in enumerate(rows):
        if faulty(k, words):
            raise ValueError(f"no box: {words}")
    return np.array([words[:5] for words in rows]).reshape(-1, 5)


def corners(rows, width, height):
    """Class and corners in pixels."""
    c, x, y, w, h = rows.T
    x1, y1 = (x - w / 2) * width, (y - h / 2) * height
    return np.stack([c, x1, y1, x1 + w * width, y1 + h * height], 1)


def no_shares(words):
    """Whether any is no share."""
    return not all(0 <= word <= 1 for word in words)


@wrong("read-a-line", fails="test_lines")
def boxes_in(text, width, height):
    """Takes the centre for the corner."""
    rows = [[float(w) for w in line.split()] for line in text.splitlines() if line.strip()]
    rows = np.array(rows).reshape(-1, 5)
    c, x, y, w, h = rows.T
    return np.stack([c, x * width, y * height, (x + w) * width, (y + h) * height], 1)


@wrong("read-a-line", fails="test_lines")
def boxes_in(text, width, height):
    """Leaves shares."""
    rows = [[float(w) for w in line.split()] for line in text.splitlines() if line.strip()]
    rows = np.array(rows).reshape(-1, 5)
    c, x, y, w, h = rows.T
    return np.stack([c, x - w / 2, y - h / 2, x + w / 2, y + h / 2], 1)


@wrong("read-a-line", fails="test_faults")
def boxes_in(text, width, height):
    """Skips faulty lines."""
    rows = []
    for line in filter(str.strip, text.splitlines()):
        words = [float(word) for word in line.split()]
        if len(words) != 5 or not all(0 <= w <= 1 for w in words[1:]):
            continue
        c, x, y, w, h = words
        x1, y1 = (x - w / 2) * width, (y - h / 2) * height
        rows.append([c, x1, y1, x1 + w * width, y1 + h * height])
    return np.array(rows).reshape(-1, 5)


@wrong("read-a-line", fails="test_faults")
def boxes_in(text, width, height):
    """Takes whatever comes."""
    rows = []
    for line in filter(str.strip, text.splitlines()):
        c, x, y, w, h = [float(word) for word in line.split()][:5]
        x1, y1 = (x - w / 2) * width, (y - h / 2) * height
        rows.append([c, x1, y1, x1 + w * width, y1 + h * height])
    return np.array(rows).reshape(-1, 5)


@wrong("read-a-line", fails="test_lines")
def boxes_in(text, width, height):
    """Takes the class for a share too."""
    rows = lines_of(text, lambda k, words: len(words) != 5 or no_shares(words))
    return corners(rows, width, height)


@wrong("read-a-line", fails="test_lines")
def boxes_in(text, width, height):
    """Rounds to whole pixels."""
    rows = lines_of(text, lambda k, words: len(words) != 5 or no_shares(words[1:]))
    return corners(rows, width, height).round()


@wrong("read-a-line", fails="test_faults")
def boxes_in(text, width, height):
    """Looks at the centre alone."""
    rows = lines_of(text, lambda k, words: len(words) != 5 or no_shares(words[1:3]))
    return corners(rows, width, height)


@wrong("read-a-line", fails="test_faults")
def boxes_in(text, width, height):
    """Looks at the first line alone."""
    rows = lines_of(text, lambda k, words: k == 0 and (len(words) != 5 or no_shares(words[1:])))
    return corners(rows, width, height)


@wrong("read-a-line", fails="test_faults")
def boxes_in(text, width, height):
    """Refuses shares of 0 and 1."""

    def faulty(k, words):
        return len(words) != 5 or not all(0 < word < 1 for word in words[1:])

    return corners(lines_of(text, faulty), width, height)


@wrong("read-a-line", fails="test_faults")
def boxes_in(text, width, height):
    """Cuts boxes off at the edges."""
    rows = lines_of(text, lambda k, words: len(words) != 5 or no_shares(words[1:]))
    boxes = corners(rows, width, height)
    boxes[:, 1:] = boxes[:, 1:].clip(0, [width, height, width, height])
    return boxes
