"""Known wrong answers to the exercises of the chapter on YOLO."""

import numpy as np

from companion.exercises import wrong


@wrong("whose-turn", fails="test_the_cell")
def cell_and_place():
    """Exchanges row and column."""
    return 2, 5, 0.5, 0.625


@wrong("whose-turn", fails="test_the_cell")
def cell_and_place():
    """Takes the upper left corner for the centre."""
    return 4, 1, 0.25, 0.75


@wrong("whose-turn", fails="test_the_cell")
def cell_and_place():
    """Counts from 1."""
    return 6, 3, 0.5, 0.625


@wrong("whose-turn", fails="test_the_place")
def cell_and_place():
    """Gives the place in pixels."""
    return 5, 2, 4, 5


@wrong("whose-turn", fails="test_the_place")
def cell_and_place():
    """Gives shares of the picture."""
    return 5, 2, 0.3125, 0.703125


@wrong("empty-cell", fails="test_the_box_of_an_empty_cell")
def change_of_the_loss():
    """Thinks that an empty cell should have a box of size 0."""
    return "rises"


@wrong("empty-cell", fails="test_the_box_of_an_empty_cell")
def change_of_the_loss():
    """Guesses."""
    return "falls"


@wrong("empty-cell", fails="test_the_box_of_an_empty_cell")
def change_of_the_loss():
    """Answers with a number."""
    return 0


@wrong("lost-objects", fails="test_lost_of_some")
def lost(boxes, size, cells):
    """Counts the cells."""
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    return len({tuple(np.floor(c * cells / size)) for c in centres})


@wrong("lost-objects", fails="test_lost_of_some")
def lost(boxes, size, cells):
    """Looks at rows alone."""
    rows = np.floor((boxes[:, 1] + boxes[:, 3]) / 2 * cells / size)
    return len(boxes) - len(set(rows))


@wrong("lost-objects", fails="test_lost_of_some")
def lost(boxes, size, cells):
    """Takes corners for centres."""
    return len(boxes) - len({tuple(np.floor(b * cells / size)) for b in boxes[:, :2]})


@wrong("lost-objects", fails="test_lost_of_some")
def lost(boxes, size, cells):
    """Rounds up, so that edges belong to the cell before them."""
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    return len(boxes) - len({tuple(np.ceil(c * cells / size)) for c in centres})


@wrong("lost-objects", fails="test_lost_of_some")
def lost(boxes, size, cells):
    """Counts cells with more than one object."""
    cells_of = np.floor((boxes[:, :2] + boxes[:, 2:]) / 2 * cells / size)
    return int((np.unique(cells_of, axis=0, return_counts=True)[1] > 1).sum())


@wrong("lost-objects", fails="test_lost_of_many")
def lost(boxes, size, cells):
    """Knows only cells of 8 pixels."""
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    return len(boxes) - len({tuple(np.floor(c / 8)) for c in centres})


@wrong("lost-objects", fails="test_lost_of_many")
def lost(boxes, size, cells):
    """Has centres at whole pixels only."""
    centres = ((boxes[:, :2] + boxes[:, 2:]) / 2).astype(int)
    return len(boxes) - len({tuple(c * cells // size) for c in centres})


@wrong("own-assignment", fails="test_one_object")
def assign(labels, cells):
    """Rows for columns."""
    target = np.zeros((6, cells, cells))
    for k in np.argsort(labels[:, 3] * labels[:, 4]):
        name, x, y, w, h = labels[k]
        column, row = int(x * cells), int(y * cells)
        place = x * cells - column, y * cells - row
        target[:, column, row] = 1, *place, w**0.5, h**0.5, name
    return target


@wrong("own-assignment", fails="test_one_object")
def assign(labels, cells):
    """Leaves the centre as share of the picture."""
    target = np.zeros((6, cells, cells))
    for k in np.argsort(labels[:, 3] * labels[:, 4]):
        name, x, y, w, h = labels[k]
        target[:, int(y * cells), int(x * cells)] = 1, x, y, w**0.5, h**0.5, name
    return target


@wrong("own-assignment", fails="test_one_object")
def assign(labels, cells):
    """Forgets the roots."""
    target = np.zeros((6, cells, cells))
    for k in np.argsort(labels[:, 3] * labels[:, 4]):
        name, x, y, w, h = labels[k]
        column, row = int(x * cells), int(y * cells)
        target[:, row, column] = 1, x * cells - column, y * cells - row, w, h, name
    return target


@wrong("own-assignment", fails="test_one_object")
def assign(labels, cells):
    """Rounds to the nearest cell."""
    target = np.zeros((6, cells, cells))
    for k in np.argsort(labels[:, 3] * labels[:, 4]):
        name, x, y, w, h = labels[k]
        column, row = (min(round(v * cells), cells - 1) for v in (x, y))
        place = x * cells - column, y * cells - row
        target[:, row, column] = 1, *place, w**0.5, h**0.5, name
    return target


@wrong("own-assignment", fails="test_two_in_a_cell")
def assign(labels, cells):
    """Lets the last one win."""
    target = np.zeros((6, cells, cells))
    for name, x, y, w, h in labels:
        column, row = int(x * cells), int(y * cells)
        place = x * cells - column, y * cells - row
        target[:, row, column] = 1, *place, w**0.5, h**0.5, name
    return target


@wrong("own-assignment", fails="test_two_in_a_cell")
def assign(labels, cells):
    """Lets the tallest one win."""
    target = np.zeros((6, cells, cells))
    for k in np.argsort(labels[:, 4]):
        name, x, y, w, h = labels[k]
        column, row = int(x * cells), int(y * cells)
        place = x * cells - column, y * cells - row
        target[:, row, column] = 1, *place, w**0.5, h**0.5, name
    return target


@wrong("own-assignment", fails="test_two_in_a_cell")
def assign(labels, cells):
    """Takes a cell with class 0 for an empty one."""
    target = np.zeros((6, cells, cells))
    for name, x, y, w, h in labels:
        column, row = int(x * cells), int(y * cells)
        said = target[:, row, column]
        if said[5] == 0 or np.sqrt(w * h) > said[3] * said[4]:
            place = x * cells - column, y * cells - row
            target[:, row, column] = 1, *place, w**0.5, h**0.5, name
    return target


def written(labels, order, cells):
    """Write the objects in an order, over each other."""
    target = np.zeros((6, cells, cells))
    for name, x, y, w, h in labels[order]:
        column, row = int(x * cells), int(y * cells)
        place = x * cells - column, y * cells - row
        target[:, row, column] = 1, *place, w**0.5, h**0.5, name
    return target


@wrong("own-assignment", fails="test_two_in_a_cell")
def assign(labels, cells):
    """Sorts the caller's labels."""
    labels[:] = labels[np.argsort(labels[:, 3] * labels[:, 4])]
    return written(labels, slice(None), cells)


@wrong("own-assignment", fails="test_two_in_a_cell")
def assign(labels, cells):
    """Lets the widest one win."""
    return written(labels, np.argsort(labels[:, 3]), cells)


@wrong("own-assignment", fails="test_two_in_a_cell")
def assign(labels, cells):
    """Lets the longest edge win."""
    return written(labels, np.argsort(labels[:, 3] + labels[:, 4]), cells)


@wrong("own-assignment", fails="test_none_and_many")
def assign(labels, cells):
    """Stumbles over a picture without objects."""
    target = np.zeros((6, cells, cells))
    largest = (labels[:, 3] * labels[:, 4]).max()
    for k in np.argsort(labels[:, 3] * labels[:, 4] / largest):
        name, x, y, w, h = labels[k]
        column, row = int(x * cells), int(y * cells)
        place = x * cells - column, y * cells - row
        target[:, row, column] = 1, *place, w**0.5, h**0.5, name
    return target


@wrong("own-decoding", fails="test_the_boxes")
def read_out(output, size):
    """Forgets the cell's corner."""
    said, cells = output.reshape(len(output), -1).T, output.shape[1]
    centre = 1 / (1 + np.exp(-said[:, 1:3])) * size / cells
    half = said[:, 3:5] ** 2 * size / 2
    p = np.exp(said[:, 5:]) / np.exp(said[:, 5:]).sum(axis=1, keepdims=True)
    scores = p.max(axis=1) / (1 + np.exp(-said[:, 0]))
    return np.hstack([centre - half, centre + half]), scores, p.argmax(axis=1)


@wrong("own-decoding", fails="test_the_boxes")
def read_out(output, size):
    """Takes rows for columns."""
    said, cells = output.reshape(len(output), -1).T, output.shape[1]
    corner = np.stack(np.divmod(np.arange(cells**2), cells), axis=1)
    centre = (corner + 1 / (1 + np.exp(-said[:, 1:3]))) * size / cells
    half = said[:, 3:5] ** 2 * size / 2
    p = np.exp(said[:, 5:]) / np.exp(said[:, 5:]).sum(axis=1, keepdims=True)
    scores = p.max(axis=1) / (1 + np.exp(-said[:, 0]))
    return np.hstack([centre - half, centre + half]), scores, p.argmax(axis=1)


@wrong("own-decoding", fails="test_the_boxes")
def read_out(output, size):
    """Forgets to square the roots."""
    said, cells = output.reshape(len(output), -1).T, output.shape[1]
    rows, columns = np.divmod(np.arange(cells**2), cells)
    corner = np.stack([columns, rows], axis=1)
    centre = (corner + 1 / (1 + np.exp(-said[:, 1:3]))) * size / cells
    half = said[:, 3:5] * size / 2
    p = np.exp(said[:, 5:]) / np.exp(said[:, 5:]).sum(axis=1, keepdims=True)
    scores = p.max(axis=1) / (1 + np.exp(-said[:, 0]))
    return np.hstack([centre - half, centre + half]), scores, p.argmax(axis=1)


@wrong("own-decoding", fails="test_scores_and_classes")
def read_out(output, size):
    """Takes the probability of an object alone."""
    said, cells = output.reshape(len(output), -1).T, output.shape[1]
    rows, columns = np.divmod(np.arange(cells**2), cells)
    sure = 1 / (1 + np.exp(-said[:, :3]))
    centre = (np.stack([columns, rows], axis=1) + sure[:, 1:]) * size / cells
    half = said[:, 3:5] ** 2 * size / 2
    return np.hstack([centre - half, centre + half]), sure[:, 0], said[:, 5:].argmax(axis=1)


@wrong("own-decoding", fails="test_scores_and_classes")
def read_out(output, size):
    """Gives the place of the class in the output."""
    said, cells = output.reshape(len(output), -1).T, output.shape[1]
    rows, columns = np.divmod(np.arange(cells**2), cells)
    sure = 1 / (1 + np.exp(-said[:, :3]))
    centre = (np.stack([columns, rows], axis=1) + sure[:, 1:]) * size / cells
    half = said[:, 3:5] ** 2 * size / 2
    p = np.exp(said[:, 5:]) / np.exp(said[:, 5:]).sum(axis=1, keepdims=True)
    boxes = np.hstack([centre - half, centre + half])
    return boxes, sure[:, 0] * p.max(axis=1), p.argmax(axis=1) + 5


@wrong("own-decoding", fails="test_large_numbers_and_other_grids")
def read_out(output, size):
    """Overflows in the softmax."""
    said, cells = output.reshape(len(output), -1).T, output.shape[1]
    rows, columns = np.divmod(np.arange(cells**2), cells)
    sure = 1 / (1 + np.exp(-said[:, :3]))
    centre = (np.stack([columns, rows], axis=1) + sure[:, 1:]) * size / cells
    half = said[:, 3:5] ** 2 * size / 2
    p = np.exp(said[:, 5:]) / np.exp(said[:, 5:]).sum(axis=1, keepdims=True)
    boxes = np.hstack([centre - half, centre + half])
    return boxes, sure[:, 0] * p.max(axis=1), p.argmax(axis=1)


@wrong("diagnose-detector", fails="test_which_bug")
def planted_bug():
    """The sides."""
    return "A"


@wrong("diagnose-detector", fails="test_which_bug")
def planted_bug():
    """The corner."""
    return "B"


@wrong("diagnose-detector", fails="test_which_bug")
def planted_bug():
    """The diagonal."""
    return "D"
