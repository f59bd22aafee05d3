"""Known wrong answers to the project on detection."""

import numpy as np

from companion import nn, optim
from companion.detection.experiments.trained_grid import trained_grid
from companion.detection.grids.grid import Grid, detect
from companion.detection.grids.loss import grid_loss
from companion.exercises import wrong
from companion.exercises.parts import assign, iou, read_out, suppress
from companion.gradients.tensor import Tensor
from companion.training import manual_seed, predict


@wrong("all-targets", fails="test_targets_of_scenes")
def all_targets(boxes, classes, size, cells):
    """Takes corners for centres."""
    rows = [np.column_stack([np.reshape(c, -1), np.reshape(b, (-1, 4)) / size])
            for b, c in zip(boxes, classes)]
    return np.stack([assign(r, cells) for r in rows])


@wrong("all-targets", fails="test_targets_of_scenes")
def all_targets(boxes, classes, size, cells):
    """Forgets to divide the sides by the size."""
    targets = []
    for b, c in zip(boxes, classes):
        b = np.reshape(b, (-1, 4))
        centre, sides = (b[:, :2] + b[:, 2:]) / 2 / size, b[:, 2:] - b[:, :2]
        targets.append(assign(np.column_stack([np.reshape(c, -1), centre, sides]), cells))
    return np.stack(targets)


@wrong("all-targets", fails="test_targets_of_scenes")
def all_targets(boxes, classes, size, cells):
    """Knows one size of images only."""
    targets = []
    for b, c in zip(boxes, classes):
        b = np.reshape(b, (-1, 4)) / 64
        centre, sides = (b[:, :2] + b[:, 2:]) / 2, b[:, 2:] - b[:, :2]
        targets.append(assign(np.column_stack([np.reshape(c, -1), centre, sides]), cells))
    return np.stack(targets)


@wrong("all-targets", fails="test_targets_of_scenes")
def all_targets(boxes, classes, size, cells):
    """Leaves empty scenes out."""
    targets = []
    for b, c in zip(boxes, classes):
        if len(b):
            b = b / size
            centre, sides = (b[:, :2] + b[:, 2:]) / 2, b[:, 2:] - b[:, :2]
            targets.append(assign(np.column_stack([c, centre, sides]), cells))
    return np.stack(targets)


@wrong("all-targets", fails="test_targets_of_scenes")
def all_targets(boxes, classes, size, cells):
    """Rounds corners to whole pixels."""
    targets = []
    for b, c in zip(boxes, classes):
        b = np.reshape(b, (-1, 4)).round() / size
        centre, sides = (b[:, :2] + b[:, 2:]) / 2, b[:, 2:] - b[:, :2]
        targets.append(assign(np.column_stack([np.reshape(c, -1), centre, sides]), cells))
    return np.stack(targets)


def kept_of(output, size, least, threshold, drop=True, by_class=True):
    """Do what the exercise asks, with one step left out."""
    boxes, scores, classes = read_out(output, size)
    if drop:
        sure = scores >= least
        boxes, scores, classes = boxes[sure], scores[sure], classes[sure]
    overlaps = np.array([iou(box, boxes) for box in boxes]).reshape(len(boxes), len(boxes))
    groups = classes if by_class else 0 * classes
    kept = np.asarray(suppress(overlaps, scores, groups, threshold), int)
    return boxes[kept], scores[kept], classes[kept]


@wrong("found-in", fails="test_what_is_found_in_a_scene")
def found_in(output, size, least=0.05, threshold=0.5):
    """Drops nothing."""
    return kept_of(output, size, least, threshold, drop=False)


@wrong("found-in", fails="test_what_is_found_in_a_scene")
def found_in(output, size, least=0.05, threshold=0.5):
    """Suppresses across classes."""
    return kept_of(output, size, least, threshold, by_class=False)


@wrong("found-in", fails="test_what_is_found_in_a_scene")
def found_in(output, size, least=0.05, threshold=0.5):
    """Suppresses nothing and sorts nothing."""
    boxes, scores, classes = read_out(output, size)
    sure = scores >= least
    return boxes[sure], scores[sure], classes[sure]


@wrong("found-in", fails="test_what_is_found_in_a_scene")
def found_in(output, size, least=0.05, threshold=0.5):
    """Takes the numbers that suppression returns for numbers of all boxes."""
    boxes, scores, classes = read_out(output, size)
    sure = scores >= least
    few = boxes[sure]
    overlaps = np.array([iou(box, few) for box in few]).reshape(len(few), len(few))
    kept = np.asarray(suppress(overlaps, scores[sure], classes[sure], threshold), int)
    return boxes[kept], scores[kept], classes[kept]


@wrong("found-in", fails="test_what_is_found_in_a_scene")
def found_in(output, size, least=0.05, threshold=0.5):
    """Ignores both settings."""
    return kept_of(output, size, 0.05, 0.5)


@wrong("found-in", fails="test_what_is_found_in_a_scene")
def found_in(output, size, least=0.05, threshold=0.5):
    """Leaves the boxes in the order of the cells."""
    boxes, scores, classes = kept_of(output, size, least, threshold)
    order = np.lexsort((boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]))
    return boxes[order], scores[order], classes[order]


@wrong("found-in", fails="test_what_is_found_in_a_scene")
def found_in(output, size, least=0.05, threshold=0.5):
    """Drops a box whose score is the least one."""
    return kept_of(output, size, np.nextafter(least, 1), threshold)


@wrong("found-in", fails="test_what_is_found_in_a_scene")
def found_in(output, size, least=0.05, threshold=0.5):
    """Drops by the probability of an object alone."""
    boxes, scores, classes = read_out(output, size)
    sure = 1 / (1 + np.exp(-output[0].ravel())) >= least
    boxes, scores, classes = boxes[sure], scores[sure], classes[sure]
    overlaps = np.array([iou(box, boxes) for box in boxes]).reshape(len(boxes), len(boxes))
    kept = np.asarray(suppress(overlaps, scores, classes, threshold), int)
    return boxes[kept], scores[kept], classes[kept]


def learned(features, boxes, classes, asked, passes, rate=0.02, unit=64, change=None):
    """Do what the project asks, with one step wrong."""
    rows = []
    for b, c in zip(boxes, classes):
        b = np.reshape(b, (-1, 4)) / unit
        centre, sides = (b[:, :2] + b[:, 2:]) / 2, b[:, 2:] - b[:, :2]
        rows.append(assign(np.column_stack([np.reshape(c, -1), centre, sides]), 8))
    targets = np.stack(rows).astype(np.float32)
    targets = targets if change is None else change(targets)
    manual_seed(0)
    head, loss = nn.Conv2d(64, 15, 1), grid_loss(nn)
    optimizer, rng = optim.Adam(head.parameters()), np.random.default_rng(0)
    for epoch in range(passes):
        optimizer.param_groups[0]["lr"] = rate * (1 - epoch / passes)
        for k in np.split(rng.permutation(len(targets)), range(32, len(targets), 32)):
            optimizer.zero_grad()
            loss(head(Tensor(features[k])), targets[k]).backward()
            optimizer.step()
    return predict(head, asked)


def spoken(said):
    """Turn outputs into triples, as the right answer does."""
    return [kept_of(output, 64, 0.05, 0.5) for output in said]


@wrong("find-digits", fails="test_it_finds_digits")
def find_digits(features, boxes, classes, asked, passes=20):
    """Learns in one pass."""
    return spoken(learned(features, boxes, classes, asked, 1))


@wrong("find-digits", fails="test_it_finds_digits")
def find_digits(features, boxes, classes, asked, passes=20):
    """Exchanges rows and columns of the targets."""
    def turn(t):
        return np.ascontiguousarray(t.transpose(0, 1, 3, 2))
    return spoken(learned(features, boxes, classes, asked, passes, change=turn))


@wrong("find-digits", fails="test_it_finds_digits")
def find_digits(features, boxes, classes, asked, passes=20):
    """A rate a hundred times too small."""
    return spoken(learned(features, boxes, classes, asked, passes, rate=0.0002))


@wrong("find-digits", fails="test_it_finds_digits")
def find_digits(features, boxes, classes, asked, passes=20):
    """Sides of the targets as they are, not their roots."""
    def plain(t):
        t[:, 3:5] **= 2
        return t
    return spoken(learned(features, boxes, classes, asked, passes, change=plain))


@wrong("find-digits", fails="test_it_finds_digits")
def find_digits(features, boxes, classes, asked, passes=20):
    """Mixes features and targets."""
    order = np.random.default_rng(1).permutation(len(features))
    return spoken(learned(features[order], boxes, classes, asked, passes))


@wrong("find-digits", fails="test_it_finds_digits")
def find_digits(features, boxes, classes, asked, passes=20):
    """Borrows the head as well, and learns nothing."""
    return [tuple(detect(output, Grid())) for output in predict(trained_grid(nn)[-1:], asked)]


@wrong("find-digits", fails="test_it_finds_digits")
def find_digits(features, boxes, classes, asked, passes=20):
    """Suppresses nothing, but puts the boxes in order."""
    found = []
    for output in learned(features, boxes, classes, asked, passes):
        parts = read_out(output, 64)
        order = np.argsort(-parts[1], kind="stable")
        found.append(tuple(part[order] for part in parts))
    return found


@wrong("find-digits", fails="test_it_finds_digits")
def find_digits(features, boxes, classes, asked, passes=20):
    """Returns all cells as they come."""
    return [read_out(output, 64) for output in learned(features, boxes, classes, asked, passes)]
