"""Checks of the exercises in the chapter on YOLO."""

import numpy as np
from scipy.special import expit, softmax

from companion.detection.boxes.formats import box_convert
from companion.detection.grids.grid import Grid, encode, owners
from companion.exercises import assert_close, assert_unchanged, check
from companion.exercises.wording import kind_of


def word_of(got, words):
    assert isinstance(got, str), f"expected one of {words}, got {kind_of(got)}"
    assert got in words, f"expected one of {words}, got {got!r}"
    return got


def four_of(student):
    got = student.cell_and_place()
    assert isinstance(got, tuple), f"expected a tuple of four numbers, got {kind_of(got)}"
    assert len(got) == 4, f"expected row, column and two places, got {len(got)} values"
    return got


@check(
    "whose-turn",
    hints=(
        "The cell that holds the centre of the box speaks for it.",
        "The centre is (20, 45). A cell is 64 / 8 = 8 pixels wide and high.",
        "column = 20 // 8, row = 45 // 8",
    ),
)
def test_the_cell(student):
    "row and column of the cell"
    got = np.array(four_of(student)[:2], dtype=float)
    row, column = np.argwhere(owners([[10, 38, 30, 52]], Grid()) == 0)[0]
    mistakes = {
        "row and column are exchanged: rows count downwards": np.array([column, row]),
        "that is the cell of the upper left corner; take the centre": np.array([4, 1]),
        "count from 0": np.array([row + 1, column + 1]),
    }
    assert_close(got, np.array([row, column], dtype=float), mistakes=mistakes, what="the cell")


@check(
    "whose-turn",
    after="test_the_cell",
    hints=(
        "Divide the centre by the side of a cell. What is left of the whole number?",
        "20 / 8 = 2.5 and 45 / 8 = 5.625.",
        "The parts behind the point.",
    ),
)
def test_the_place(student):
    "the centre's place in the cell"
    got = np.array(four_of(student)[2:], dtype=float)
    target = encode([[10, 38, 30, 52]], [0], Grid())[:, 5, 2].astype(float)
    mistakes = {
        "first from the left, then from above": target[[2, 1]],
        "that is in pixels; divide by the side of a cell": target[1:3] * 8,
        "that is the centre as share of the picture": np.array([20, 45]) / 64,
    }
    assert_close(got, target[1:3], mistakes=mistakes, what="the place")


@check(
    "empty-cell",
    hints=(
        "Which parts of the loss does an empty cell have?",
        "Place, size and class are multiplied by 1 where there is an object, by 0 elsewhere.",
        "What is 0 times a number that rises?",
    ),
)
def test_the_box_of_an_empty_cell(student):
    "the loss when an empty cell changes its box"
    got = word_of(student.change_of_the_loss(), ("rises", "falls", "not at all"))
    assert got == "not at all", "look for the number of an empty cell's width in the formula"


def spread(seed, count, size):
    """Boxes with centres inside the picture."""
    rng = np.random.default_rng(seed)
    centres, sides = rng.uniform(0, size, (count, 2)), rng.uniform(2, size / 3, (count, 2))
    return np.hstack([centres - sides / 2, centres + sides / 2])


def unspoken(boxes, size, cells):
    return len(boxes) - int((owners(boxes, Grid(size, cells)) >= 0).sum())


@check(
    "lost-objects",
    hints=(
        "How many different cells hold a centre?",
        "The cell of a centre is floor(centre · cells / size), a pair of numbers.",
        "len(boxes) - len({tuple(np.floor(c * cells / size)) for c in centres})",
    ),
)
def test_lost_of_some(student):
    "pictures with a few objects"
    boxes = np.array([[0, 0, 22, 22], [9, 9, 13, 13], [4, 6, 18, 16], [40, 40, 60, 44.0]])
    mistakes = {
        "that is the number of cells that are taken": 2,
        "of three in one cell, two are lost": 1,
        "the one that gets the cell is not lost": 3,
    }
    expected = unspoken(boxes, 64, 8)
    assert_close(student.lost(boxes, 64, 8), expected, mistakes=mistakes, what="the number")
    # Centres (7, 20) and (20, 7): neither the same column nor the same row.
    other = np.array([[2, 15, 12, 25], [15, 2, 25, 12], [18, 15, 22, 25.0]])
    assert_close(student.lost(other, 64, 8), 0, what="the number where three cells are taken")
    assert_unchanged(student.lost)
    # Centres (8, 20), (12, 20) and (36, 16), (36, 20): edges belong to the cell behind them.
    edge = np.array([[2, 15, 14, 25], [6, 15, 18, 25], [30, 10, 42, 22], [30, 16, 42, 24.0]])
    mistakes = {
        "a centre upon an edge belongs to the cell to the right of it, or below": 0,
        "cut off to whole cells, do not round": 1,
    }
    got = student.lost(edge, 64, 8)
    assert_close(got, 2, mistakes=mistakes, what="the number with centres upon edges")


@check(
    "lost-objects",
    hidden=True,
    after="test_lost_of_some",
    hints=(
        "Size and number of cells may be others, and there may be nothing.",
        "The side of a cell is size / cells, not 8.",
        "boxes.reshape(-1, 4), then as before",
    ),
)
def test_lost_of_many(student):
    "other sizes, many objects, none"
    for seed, (count, size, cells) in enumerate([(40, 100, 7), (60, 48, 6), (30, 64, 16)]):
        boxes = spread(seed, count, size)
        expected = unspoken(boxes, size, cells)
        assert_close(student.lost(boxes, size, cells), expected, what=f"{count} objects")
    # Cells of 2.5 pixels: centres at 2.2 and 2.6 from the left lie in two of them.
    parted = np.array([[1.2, 0, 3.2, 2], [1.6, 0, 3.6, 2]])
    mistakes = {"cut off cells to whole numbers, not pixels": 1}
    got = student.lost(parted, 10, 4)
    assert_close(got, 0, mistakes=mistakes, what="two objects, cells of 2.5 pixels")
    assert_close(student.lost(np.zeros((0, 4)), 64, 8), 0, what="no objects")


def assigned(labels, cells):
    """The target by the companion's own grid, with roots of shares."""
    grid = Grid(size=1.0, cells=cells, unit=1.0)
    target = np.zeros((6, cells, cells))
    if len(labels):
        boxes = box_convert(labels[:, 1:], "cxcywh", "xyxy")
        owner = owners(boxes, grid)
        for row, column in np.argwhere(owner >= 0):
            name, x, y, w, h = labels[owner[row, column]]
            inside = np.mod([x * cells, y * cells], 1)
            target[:, row, column] = [1, *inside, np.sqrt(w), np.sqrt(h), name]
    return target


ONE = np.array([[7, 0.59, 0.3, 0.25, 0.49]])
# The first three share a cell: the widest, the largest and the tallest.
SHARED = np.array([
    [3, 0.52, 0.55, 0.7, 0.1],
    [0, 0.58, 0.53, 0.5, 0.4],
    [1, 0.56, 0.57, 0.1, 0.84],
    [4, 0.10, 0.90, 0.3, 0.1],
])  # fmt: skip


def other_units(change):
    """The target of ONE with other numbers in its cell."""
    target = assigned(ONE, 8)
    target[:, 2, 4] = change(target[:, 2, 4].copy())
    return target


def put(cell, slot, values):
    cell[slot] = values
    return cell


@check(
    "own-assignment",
    points=2,
    hints=(
        "Which cell holds the centre, and what remains of the centre in it?",
        "column = int(x · cells), row = int(y · cells); place = x · cells − column, and so on.",
        "target[:, row, column] = 1, *place, np.sqrt(width), np.sqrt(height), name",
    ),
)
def test_one_object(student):
    "a picture with one object"
    right = assigned(ONE, 8)
    x, y, w, h = ONE[0, 1:]
    cell = right[:, 2, 4]
    mistakes = {
        "rows and columns are exchanged: target[:, row, column]": right.transpose(0, 2, 1),
        "the place must be that in the cell": other_units(lambda c: put(c, slice(1, 3), (x, y))),
        "first the place from the left, then from above": other_units(
            lambda c: c[[0, 2, 1, 3, 4, 5]]
        ),
        "width comes before height": other_units(lambda c: c[[0, 1, 2, 4, 3, 5]]),
        "the roots are missing": other_units(lambda c: put(c, slice(3, 5), (w, h))),
        "sizes are shares of the image, not of the cell": other_units(
            lambda c: put(c, slice(3, 5), cell[3:5] * np.sqrt(8))
        ),
    }
    got = student.assign(ONE, 8)
    assert_close(got, right, mistakes=mistakes, what="the target")
    assert_unchanged(student.assign)


@check(
    "own-assignment",
    after="test_one_object",
    hints=(
        "Where two centres share a cell, only the object with the larger area may be written.",
        "Area is width × height. Go through the labels so that the largest is written last.",
        "for k in np.argsort(labels[:, 3] * labels[:, 4]): …",
    ),
)
def test_two_in_a_cell(student):
    "objects that share a cell, in any order"
    for order in ([0, 1, 2, 3], [1, 2, 3, 0], [2, 3, 0, 1]):
        labels = SHARED[order]
        mistakes = {
            f"the largest area must win, whatever {what}": assigned(
                labels[np.isin(labels[:, 0], (winner, 4))], 5
            )
            for winner, what in ((3, "the order or the width"), (1, "the order or the height"))
        }
        got = student.assign(labels, 5)
        assert_close(got, assigned(labels, 5), mistakes=mistakes, what="the target")
        assert_unchanged(student.assign)


@check(
    "own-assignment",
    hidden=True,
    after="test_two_in_a_cell",
    hints=(
        "There may be no object, or many, and any number of cells.",
        "Start with zeros of shape (6, cells, cells); with no labels they stay.",
        "np.zeros((6, cells, cells)), and labels of shape (0, 5)",
    ),
)
def test_none_and_many(student):
    "no objects, many objects, other grids"
    assert_close(student.assign(np.zeros((0, 5)), 8), np.zeros((6, 8, 8)), what="no objects")
    rng = np.random.default_rng(0)
    for count, cells in ((30, 7), (12, 13), (5, 1)):
        numbers = np.hstack([rng.uniform(0, 1, (count, 2)), rng.uniform(0.02, 0.6, (count, 2))])
        labels = np.hstack([rng.integers(0, 10, (count, 1)), numbers])
        got = student.assign(labels, cells)
        assert_close(got, assigned(labels, cells), what=f"{count} objects, {cells} cells")


def read(output, size):
    """Boxes, scores and classes, cell by cell, with SciPy."""
    cells, boxes, scores, classes = output.shape[1], [], [], []
    for row in range(cells):
        for column in range(cells):
            said = output[:, row, column]
            x = (column + expit(said[1])) / cells * size
            y = (row + expit(said[2])) / cells * size
            w, h = said[3:5] ** 2 * size
            boxes.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
            scores.append(expit(said[0]) * softmax(said[5:]).max())
            classes.append(said[5:].argmax())
    return np.array(boxes), np.array(scores), np.array(classes)


def example(seed=0, classes=4, cells=3, scale=1.0):
    rng = np.random.default_rng(seed)
    output = rng.normal(0, scale, (5 + classes, cells, cells))
    output[3:5] = rng.uniform(0.1, 0.9, (2, cells, cells))
    return output


def three_of(got):
    assert isinstance(got, tuple | list), f"expected boxes, scores, classes, got {kind_of(got)}"
    assert len(got) == 3, f"expected boxes, scores and classes, got {len(got)} values"
    return got


@check(
    "own-decoding",
    points=2,
    hints=(
        "Put the place back into its cell, and the cell back into the picture.",
        "centre = (cell's corner + sigmoid(logits)) · size / cells; sides = roots² · size.",
        "np.hstack([centre - sides / 2, centre + sides / 2])",
    ),
)
def test_the_boxes(student):
    "the boxes in pixels"
    output = example()
    boxes = read(output, 90)[0]
    rows, columns = np.divmod(np.arange(9), 3)
    corner = np.stack([columns, rows, columns, rows], axis=1) * 30.0
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]) / 2
    roots = output[3:5].reshape(2, -1).T * 90 / 2
    mirrored = corner[:, [1, 0, 3, 2]]
    logits = output[1:3].reshape(2, -1).T
    raw = (corner[:, :2] / 30 + logits) * 30
    flipped = half[:, ::-1]
    mistakes = {
        "the cell's corner is missing": boxes - corner,
        "rows and columns of the corner are exchanged": boxes - corner + mirrored,
        "cells come row by row": boxes.reshape(3, 3, 4).transpose(1, 0, 2).reshape(9, 4),
        "the sigmoid of the place is missing": np.hstack([raw - half, raw + half]),
        "square the roots": np.hstack([middle - roots, middle + roots]),
        "width comes before height": np.hstack([middle - flipped, middle + flipped]),
        "that is centre and size; return two corners": np.hstack([middle, 2 * half]),
        "half of the sides to each side": np.hstack([middle - 2 * half, middle + 2 * half]),
        "multiply by the side of the picture": boxes / 90,
    }
    got = three_of(student.read_out(output, 90))[0]
    assert_close(got, boxes, mistakes=mistakes, what="the boxes")
    assert_unchanged(student.read_out)


@check(
    "own-decoding",
    points=2,
    after="test_the_boxes",
    hints=(
        "The score says two things at once: there is something, and it is this class.",
        "sigmoid of the first number, times the largest entry of the softmax over the classes.",
        "scores = sigmoid(said[:, 0]) * softmax(said[:, 5:]).max(axis=1)",
    ),
)
def test_scores_and_classes(student):
    "scores and classes"
    output = example(1)
    _, scores, classes = read(output, 64)
    _, got_scores, got_classes = three_of(student.read_out(output, 64))
    said = output.reshape(len(output), -1).T
    mistakes = {
        "the probability of the class is missing": expit(said[:, 0]),
        "the probability of an object is missing": softmax(said[:, 5:], axis=1).max(axis=1),
        "the sigmoid of the first number is missing": said[:, 0]
        * softmax(said[:, 5:], axis=1).max(axis=1),
        "classes share a softmax; they have no sigmoid each": expit(said[:, 0])
        * expit(said[:, 5:]).max(axis=1),
        "the softmax goes over the classes of a cell, not over the cells": expit(said[:, 0])
        * softmax(said[:, 5:], axis=0).max(axis=1),
    }
    assert_close(got_scores, scores, mistakes=mistakes, what="the scores")
    mistakes = {"count classes from 0, behind the first five numbers": classes + 5}
    assert_close(got_classes, classes, mistakes=mistakes, what="the classes")


@check(
    "own-decoding",
    hidden=True,
    after="test_scores_and_classes",
    hints=(
        "Large numbers must not overflow, and all sizes must work.",
        "Cut logits off before exp, and take the largest class score away first.",
        "np.exp(scores - scores.max(axis=1, keepdims=True))",
    ),
)
def test_large_numbers_and_other_grids(student):
    "logits of ±1000, one class, other grids"
    for output, size in (
        (example(2, scale=400.0), 64),
        (example(3, classes=1, cells=5), 320),
        (example(4, classes=10, cells=8), 64),
    ):
        got = three_of(student.read_out(output, size))
        for values, right, what in zip(
            got, read(output, size), ("boxes", "scores", "classes"), strict=True
        ):
            assert_close(values, right, what=f"{what}, output of shape {output.shape}")


@check(
    "diagnose-detector",
    hints=(
        "Work out what the network was taught for an object in the upper left.",
        "Share of the picture: near 0 in the upper left, near 1 in the lower right.",
        "Which bug makes the place in the cell equal to the place in the picture?",
    ),
)
def test_which_bug(student):
    "the bug that puts the picture's place into the cell"
    words = ("A", "B", "C", "D")
    got = word_of(student.planted_bug(), words)
    centre = np.array([6.0, 60.0, 33.0])
    cell, inside = np.floor(centre / 8), centre / 64
    fits = {
        "A": np.allclose(cell + inside, centre / 8),
        "B": np.allclose(np.floor(inside), cell),
        "C": inside[0] < 0.2 and inside[1] > 0.8 and np.allclose(np.floor(cell + inside), cell),
        "D": False,
    }
    assert fits[got], f"with bug {got} the boxes would not be off in this way; follow one centre"
