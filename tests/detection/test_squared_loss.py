"""The first YOLO's loss: against its sum written out cell by cell, in both engines; its reading."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.data.scenes import scenes
from companion.detection.boxes.overlap import box_iou
from companion.detection.grids.grid import Grid, decode, encode, encode_all
from companion.detection.grids.squared_loss import (
    WEIGHTS,
    read_squared,
    squared_loss,
    squared_parts,
    with_roots,
)

GRID = Grid()


def published(output, target):
    """Equation 3 of the paper as nested loops, one box a cell, confidence 1."""
    total, objects = 0.0, 0
    for said, truth in zip(output, target, strict=True):
        for row in range(8):
            for column in range(8):
                cell, goal = said[:, row, column], truth[:, row, column]
                if goal[0] == 0:
                    total += 0.5 * cell[0] ** 2
                    continue
                objects += 1
                total += (cell[0] - 1) ** 2
                total += 5 * ((cell[1:5] - goal[1:5]) ** 2).sum()
                total += sum((cell[5 + c] - (c == goal[5])) ** 2 for c in range(10))
    return total / objects


def test_equation_3_in_both_engines():
    target = with_roots(encode_all(scenes(3), GRID), GRID).astype(np.float64)
    output = np.random.default_rng(0).normal(size=(3, 15, 8, 8))
    expected = published(output, target)
    ours = squared_loss(nn)(nn.Parameter(output), target)
    assert float(ours) == pytest.approx(expected, rel=1e-10)
    theirs = torch.from_numpy(output).requires_grad_()
    value = squared_loss(torch.nn)(theirs, torch.from_numpy(target))
    assert value.item() == pytest.approx(expected, rel=1e-10)
    own = nn.Parameter(output)
    squared_loss(nn)(own, target).backward()
    value.backward()
    np.testing.assert_allclose(own.grad, theirs.grad.numpy(), atol=1e-12)


def test_nothing_there():
    empty = torch.zeros(2, 6, 8, 8)
    parts = squared_parts(torch.nn)(torch.ones(2, 15, 8, 8), empty)
    assert {name: float(value) for name, value in parts.items()} == {
        "present": 0, "empty": 128, "place": 0, "size": 0, "kind": 0,
    }  # fmt: skip


def test_roots_by_hand():
    target = encode([[26, 6, 42, 34]], [7], GRID)  # 16 × 28 of 64 pixels
    roots = with_roots(target[None], GRID)[0]
    np.testing.assert_allclose(roots[3:5, 2, 4], [0.5, np.sqrt(28 / 64)], rtol=1e-6)
    assert (np.delete(roots, [3, 4], axis=0) == np.delete(target, [3, 4], axis=0)).all()
    roots[:, 2, 4] = 0
    assert not roots.any()


def test_there_and_back():
    made = scenes(20, seed=3)
    for truth in made.truths:
        target = with_roots(encode(*truth, GRID)[None], GRID)[0]
        own = target[0] > 0
        output = np.zeros((15, 8, 8))
        output[:5] = target[:5]
        for row, column in np.argwhere(own):
            output[5 + int(target[5, row, column]), row, column] = 1
        found = read_squared(output, GRID)
        sure = found.scores == 1
        assert sure.sum() == own.sum()
        assert (box_iou(found.boxes[sure], truth[0]).max(axis=1) > 1 - 1e-4).all()
        where = np.argwhere(own)[:, ::-1] * 8
        centres = (found.boxes[sure, :2] + found.boxes[sure, 2:]) / 2
        assert ((centres >= where - 1e-3) & (centres <= where + 8 + 1e-3)).all()


def test_cells_come_in_the_same_order_as_from_decode():
    output = np.zeros((15, 8, 8))
    output[1:3], output[3:5] = 0.5, 0.25
    ours = decode(np.zeros((15, 8, 8)), GRID)
    theirs = read_squared(output, GRID)
    np.testing.assert_allclose(
        theirs.boxes[:, :2] + theirs.boxes[:, 2:], ours.boxes[:, :2] + ours.boxes[:, 2:]
    )


def test_extreme_outputs_stay_boxes():
    for value in (-1e4, 1e4):
        found = read_squared(np.full((15, 8, 8), value), GRID)
        assert np.isfinite(found.boxes).all()
        assert (found.boxes[:, 2:] >= found.boxes[:, :2]).all()
        assert ((found.scores >= 0) & (found.scores <= 1)).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: with_roots(np.zeros((6, 8, 8)), GRID), r"expected \(N, 6, 8, 8\)"),
        (lambda: read_squared(np.zeros((15, 7, 7)), GRID), r"expected \(5 \+ classes, 8, 8\)"),
        (lambda: read_squared(np.full((15, 8, 8), np.nan), GRID), "NaN"),
        (lambda: squared_loss(nn, {**WEIGHTS, "more": 1}), "expected"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
