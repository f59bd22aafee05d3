"""Checks of the project on detection: digits found on real surfaces by the learner's own parts."""

import numpy as np

from companion.data.scenes import scenes
from companion.detection.average_precision import Detections, mean_average_precision
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wire import Source


def target_of(boxes, classes, size, cells):
    """Cell by cell: the largest object whose centre lies in it."""
    target = np.zeros((6, cells, cells))
    for i, j in np.ndindex(cells, cells):
        best = 0
        for (x1, y1, x2, y2), name in zip(boxes, classes, strict=True):
            column, row = (x1 + x2) / 2 * cells / size, (y1 + y2) / 2 * cells / size
            area = (x2 - x1) * (y2 - y1)
            if (int(row), int(column)) == (i, j) and area > best:
                best = area
                sides = np.sqrt([(x2 - x1) / size, (y2 - y1) / size])
                target[:, i, j] = [1, column - j, row - i, *sides, name]
    return target


@check(
    "all-targets",
    points=2,
    hints=(
        "Each scene by itself: change units, then call assign, then stack.",
        "Rows of assign: class, centre x, centre y, width, height, each box number over size.",
        "np.column_stack([classes, (b[:, :2] + b[:, 2:]) / 2, b[:, 2:] - b[:, :2]]) with b / size",
    ),
)
def test_targets_of_scenes(student):
    "targets of scenes with one, several and no objects, in images of two sizes"
    for size, cells, seed in ((64, 8, 0), (96, 6, 1)):
        made = scenes(6, seed=seed, size=size, objects=(1, 4))
        boxes = [*made.boxes, np.empty((0, 4), np.float32)]
        classes = [*made.classes, np.empty(0, np.int64)]
        right = np.stack(
            [target_of(b, c, size, cells) for b, c in zip(boxes, classes, strict=True)]
        )
        got = student.all_targets(boxes, classes, size, cells)
        exchanged = right[:, [0, 2, 1, 4, 3, 5]].transpose(0, 1, 3, 2)
        mistakes = {"x and y are exchanged": exchanged}
        assert_close(got, right, rtol=1e-4, atol=1e-5, mistakes=mistakes, what="targets")
    assert_unchanged(student.all_targets)


def scene_with(entries, cells=4, classes=3):
    """Output of a network that is sure of some cells: row, column, logit, side, class."""
    output = np.zeros((5 + classes, cells, cells))
    output[0] = -8
    output[3:5] = 0.5
    for row, column, logit, side, name in entries:
        output[0, row, column] = logit
        output[3:5, row, column] = np.sqrt(side)
        output[5 + name, row, column] = 12
    return output


@check(
    "found-in",
    points=3,
    hints=(
        "Four steps: read_out, drop, compare, suppress.",
        "Drop first; then overlaps[i] = iou(boxes[i], boxes), a square table.",
        "kept = suppress(overlaps, scores, classes, threshold); boxes[kept], scores[kept], ...",
    ),
)
def test_what_is_found_in_a_scene(student):
    "neighbours on one object, two classes on one spot, unsure cells, nothing at all"
    # In an image of 80 pixels cells have 20, boxes of half the side 40: neighbours overlap by 1/3.
    entries = [(1, 1, 3.0, 0.5, 0), (1, 2, 2.0, 0.5, 0), (2, 1, 1.0, 0.5, 1), (3, 3, -1.0, 0.25, 2)]
    output = scene_with(entries)
    centres = {(r, c): np.array([20 * c + 10, 20 * r + 10]) for r, c, *_ in entries}
    for least, threshold, places in (
        (0.05, 0.3, [(1, 1), (2, 1), (3, 3)]),
        (0.05, 0.5, [(1, 1), (1, 2), (2, 1), (3, 3)]),
        (0.5, 0.3, [(1, 1), (2, 1)]),
        (0.99, 0.3, []),
    ):
        rows = {(r, c): (logit, side, name) for r, c, logit, side, name in entries}
        chosen = [rows[place] for place in places]
        half = np.array([[40 * side] for _, side, _ in chosen]).reshape(-1, 1)
        middle = np.array([centres[place] for place in places]).reshape(-1, 2)
        sure = np.exp(12) / (np.exp(12) + 2)
        scores = np.array([sure / (1 + np.exp(-logit)) for logit, *_ in chosen])
        got = student.found_in(output, 80, least, threshold)
        assert isinstance(got, tuple | list), "expected the triple boxes, scores, classes"
        assert len(got) == 3, f"expected boxes, scores and classes; got {len(got)} values"
        case = f"(least score {least}, threshold {threshold})"
        boxes = np.hstack([middle - half, middle + half])
        assert_close(got[1], scores, rtol=1e-6, what=f"the scores {case}")
        assert_close(got[0], boxes, rtol=1e-6, atol=1e-9, what=f"the boxes {case}")
        names = np.array([name for *_, name in chosen], dtype=int)
        assert np.array_equal(np.asarray(got[2]), names), (
            f"the classes {case}: got {np.asarray(got[2]).tolist()}, expected {names.tolist()}"
        )


FEATURES = """
from companion import nn
from companion.data.scenes import scenes
from companion.detection.experiments.trained_grid import trained_grid
from companion.training import predict

def features(count, part, seed):
    return predict(trained_grid(nn)[:-1], scenes(count, part, seed=seed).images)
"""


@check(
    "find-digits",
    points=6,
    hints=(
        "The plan of the page; print the mean loss of each epoch: it must fall.",
        "Targets once, outside the loops, as float32; the rate changes with each epoch.",
        "optimizer.param_groups[0]['lr'] = 0.02 * (1 - epoch / passes)",
    ),
)
def test_it_finds_digits(student):
    "a mean average precision of 0.6 on 200 new scenes"
    known, new = scenes(1000, seed=3), scenes(200, "test", seed=4)
    given = Source("features(1000, 'train', 3)", FEATURES)
    asked = Source("features(200, 'test', 4)", FEATURES)
    said = student.find_digits(given, known.boxes, known.classes, asked)
    assert len(said) == 200, f"expected a triple for each of 200 scenes; got {len(said)}"
    found = [Detections(*(np.asarray(part) for part in triple)) for triple in said]
    quality = mean_average_precision(found, new.truths)
    assert quality >= 0.6, (
        f"the mean average precision on 200 new scenes is {quality:.2f}; 0.6 is asked for"
    )
