"""The grid: owners and codes by their definitions, there and back; its loss, by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from companion import nn
from companion.data.scenes import scenes
from companion.detection.boxes.overlap import box_iou
from companion.detection.grids.grid import Grid, decode, detect, encode, encode_all, owners
from companion.detection.grids.loss import WEIGHTS, grid_loss, grid_parts
from companion.detection.networks.grid_detector import grid_detector
from companion.training import predict

GRID = Grid()


def said(target, classes=10):
    """What a network says that has learned `target` by heart."""
    output = np.full((5 + classes, *target.shape[1:]), -20.0)
    output[0] = np.where(target[0] > 0, 20, -20)
    inside = np.clip(target[1:3], 1e-9, 1 - 1e-9)
    output[1:3] = np.log(inside / (1 - inside))
    output[3:5] = target[3:5]
    rows, columns = np.nonzero(target[0])
    output[5 + target[5, rows, columns].astype(int), rows, columns] = 20
    return output


def test_owner_by_hand():
    boxes = [[0, 0, 10, 10], [30, 0, 64, 8], [28, 30, 36, 34]]
    owner = owners(boxes, GRID)
    assert owner[0, 0] == 0  # centre (5, 5)
    assert owner[0, 5] == 1  # centre (47, 4)
    assert owner[4, 4] == 2  # centre (32, 32): the edge belongs to the cell right and below
    assert (owner >= 0).sum() == 3


def test_the_larger_of_two_in_a_cell():
    small, large = [30, 30, 34, 34], [24, 24, 41, 41]
    assert owners([small, large], GRID)[4, 4] == 1
    assert owners([large, small], GRID)[4, 4] == 0
    assert owners([small, small], GRID)[4, 4] == 0


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000))
def test_there_and_back(seed):
    made = scenes(1, seed=seed)
    boxes, classes = made.truths[0]
    target = encode(boxes, classes, GRID)
    found = detect(said(target), GRID, score_threshold=0.5, iou_threshold=1.0)
    owner = owners(boxes, GRID)
    assert sorted(found.classes) == sorted(classes[owner[owner >= 0]])
    overlap = box_iou(found.boxes, boxes)
    assert (overlap.max(axis=1) > 1 - 1e-4).all()


def test_target_by_hand():
    target = encode([[26, 10, 46, 30]], [7], Grid(64, 8, 10.0))  # centre (36, 20)
    expected = [1, 0.5, 0.5, np.log(2), np.log(2), 7]
    np.testing.assert_allclose(target[:, 2, 4], expected, rtol=1e-6)
    target[:, 2, 4] = 0
    assert not target.any()


def test_nothing_there():
    assert not encode([], [], GRID).any()
    assert len(detect(np.full((15, 8, 8), -9.0), GRID).boxes) == 0


def test_extreme_outputs_stay_finite():
    for value in (-1e4, 1e4):
        found = decode(np.full((15, 8, 8), value), GRID)
        assert np.isfinite(found.boxes).all()
        assert np.isfinite(found.scores).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: owners([[60, 0, 80, 9]], GRID), "centre of box 0.*clip_boxes_to_image"),
        (lambda: encode([[3, 3, 3, 9]], [0], GRID), "box 0 has no area"),
        (lambda: encode([[3, 3, 5, 9]], [0, 1], GRID), "for 1 boxes"),
        (lambda: decode(np.zeros((15, 7, 7)), GRID), r"expected \(5 \+ classes, 8, 8\)"),
        (lambda: decode(np.full((15, 8, 8), np.nan), GRID), "NaN"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_loss_by_hand_and_in_both_engines():
    rng = np.random.default_rng(0)
    made = scenes(3)
    target = encode_all(made, GRID).astype(np.float64)
    output = rng.normal(size=(3, 15, 8, 8))
    own = target[:, 0] > 0
    cells, goals = output.transpose(0, 2, 3, 1), target.transpose(0, 2, 3, 1)
    p = 1 / (1 + np.exp(-cells))
    apart = np.abs(cells[..., 3:5] - goals[..., 3:5])[own]
    scores = torch.from_numpy(cells[own][:, 5:])
    classes = torch.from_numpy(goals[own][:, 5].astype(int))
    expected = {
        "present": -np.log(np.where(own, p[..., 0], 1 - p[..., 0])).sum(),
        "place": ((p[..., 1:3] - goals[..., 1:3])[own] ** 2).sum(),
        "size": np.where(apart < 1, apart**2 / 2, apart - 0.5).sum(),
        "kind": float(torch.nn.functional.cross_entropy(scores, classes, reduction="sum")),
    }
    for engine, cast in ((nn, nn.Parameter), (torch.nn, torch.from_numpy)):
        # The companion's losses take arrays as targets, torch's take tensors.
        goal = target if engine is nn else torch.from_numpy(target)
        parts = grid_parts(engine)(cast(output), goal)
        for name, value in expected.items():
            assert float(parts[name]) == pytest.approx(value / own.sum(), rel=1e-10), name
        total = float(grid_loss(engine)(cast(output), goal))
        assert total == pytest.approx(
            sum(WEIGHTS[n] * v for n, v in expected.items()) / own.sum(), rel=1e-10
        )


def test_loss_of_scenes_without_objects():
    value = grid_loss(torch.nn)(torch.zeros(2, 15, 8, 8), torch.zeros(2, 6, 8, 8))
    assert float(value) == pytest.approx(128 * np.log(2), rel=1e-6)


def test_weights_have_names():
    with pytest.raises(ValueError, match="expected"):
        grid_loss(torch.nn, {"present": 1.0})


def test_network_in_both_engines():
    own, other = grid_detector(nn), grid_detector(torch.nn)
    other.load_state_dict({k: torch.from_numpy(v) for k, v in own.state_dict().items()})
    X = scenes(2).images
    found = [np.asarray(predict(model, X)) for model in (own, other)]
    assert found[0].shape == (2, 15, 8, 8)
    np.testing.assert_allclose(*found, atol=1e-4)
