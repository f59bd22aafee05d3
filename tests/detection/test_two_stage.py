"""Two stages: anchors and targets by hand, losses by torch's, both engines, and that it learns."""

import numpy as np
import pytest
import torch

from companion import nn
from companion.data.scenes import scenes
from companion.detection.average_precision import mean_average_precision
from companion.detection.boxes.offsets import UNITS, offsets
from companion.detection.boxes.overlap import box_iou
from companion.detection.boxes.suppression import nms
from companion.detection.experiments.two_stage_contest import ANCHORS, trained
from companion.detection.networks.two_stage import two_stage
from companion.detection.regions.proposal_network import anchor_boxes, outlook_targets, propose
from companion.detection.regions.two_stage import (
    chosen_regions,
    detect_twice,
    head_loss,
    outlook_loss,
    pooled_side,
    two_stage_loss,
)

F = torch.nn.functional


def test_anchors_by_hand():
    found = anchor_boxes(16, 8, [(4, 2), (6, 6)])
    assert found.shape == (8, 4)
    assert found[2].tolist() == [11, 2, 13, 6]  # first row, second column, first shape
    assert found[5].tolist() == [1, 9, 7, 15]  # second row, first column, second shape


def said_by_heart(target):
    """What an outlook says that has learned its targets."""
    logits = np.where(target[0] > 0, 9.0, -9.0)[None]
    return np.concatenate([logits, target[2:]]).transpose(1, 0, 2, 3).reshape(-1, *target.shape[2:])


@pytest.mark.parametrize("seed", range(5))
def test_targets_are_proposals_when_learned_by_heart(seed):
    boxes = scenes(1, seed=seed).boxes[0]
    target = outlook_targets(boxes, ANCHORS, 16)
    assert target.shape == (6, 2, 16, 16)
    overlaps = box_iou(ANCHORS, boxes)
    own = target[0].transpose(1, 2, 0).ravel() > 0
    assert own[overlaps.argmax(axis=0)].all()
    assert own[(overlaps >= 0.6).any(axis=1)].all()
    counts = target[1].transpose(1, 2, 0).ravel() > 0
    assert counts[own].all()
    found = propose(said_by_heart(target), ANCHORS, most=len(boxes))
    best = box_iou(found.boxes, boxes)
    np.testing.assert_allclose(best.max(axis=0), 1, atol=1e-4)
    assert (found.scores > 0.9).all()


def test_proposals_are_thinned_as_by_nms():
    rng = np.random.default_rng(0)
    outlook = rng.normal(size=(10, 16, 16))
    every = propose(outlook, ANCHORS, most=10**6, iou_threshold=1.0, before=200)
    kept = nms(every.boxes, every.scores, 0.5)
    found = propose(outlook, ANCHORS, most=10**6, iou_threshold=0.5, before=200)
    np.testing.assert_array_equal(found.boxes, every.boxes[kept])
    assert len(propose(outlook, ANCHORS, most=3).boxes) == 3
    assert found.boxes.min() >= 0
    assert found.boxes.max() <= 64
    extreme = propose(np.full((10, 16, 16), -1e6), ANCHORS)
    assert np.isfinite(extreme.boxes).all()


def test_nothing_there():
    target = outlook_targets([], ANCHORS, 16)
    assert not target[[0, 2, 3, 4, 5]].any()
    assert target[1].all()
    boxes, labels, targets = chosen_regions([[0, 0, 9, 9]], ([], []), 4)
    assert boxes.shape == (4, 4)
    assert not labels.any()
    assert not targets.any()


def test_chosen_regions():
    truths = np.array([[10.0, 10, 30, 30]]), np.array([7])
    proposed = np.array([[11.0, 10, 31, 30], [40, 40, 50, 50], [0, 0, 9, 9]])
    for seed in range(5):
        rng = np.random.default_rng(seed)
        boxes, labels, targets = chosen_regions(proposed, truths, 6, rng=rng)
        own = box_iou(boxes, truths[0])[:, 0] >= 0.5
        assert own.sum() == 2  # the proposal near it, and the box itself
        np.testing.assert_array_equal(labels, np.where(own, 8, 0))
        expected = offsets(np.repeat(truths[0], 2, axis=0), boxes[own]) / UNITS
        np.testing.assert_allclose(targets[own], expected, rtol=1e-6)
        assert not targets[~own].any()
    boxes, labels, _ = chosen_regions([], truths, 5)
    assert (labels == 8).all()


def test_losses_are_torch_s_in_both_engines():
    rng = np.random.default_rng(0)
    made = scenes(2)
    outlook = rng.normal(size=(2, 10, 16, 16))
    target = np.stack([outlook_targets(b, ANCHORS, 16) for b in made.boxes]).astype(float)
    labels, said = np.array([0, 3, 10]), rng.normal(size=(3, 15))
    wanted = rng.normal(size=(3, 4)) * (labels > 0)[:, None]
    first = 0
    for n in range(2):
        for a in range(2):
            logit, *by = torch.from_numpy(outlook[n, 5 * a : 5 * a + 5])
            own, counts, *goal = torch.from_numpy(target[n, :, a])
            first += F.binary_cross_entropy_with_logits(
                logit[counts > 0], own[counts > 0], reduction="sum"
            )
            for one, other in zip(by, goal, strict=True):
                first += F.huber_loss(one[own > 0], other[own > 0], reduction="sum")
    first /= target[:, 0].sum()
    tensor = torch.from_numpy(said)
    second = F.cross_entropy(tensor[:, :11], torch.from_numpy(labels))
    second += F.huber_loss(tensor[1:, 11:], torch.from_numpy(wanted[1:]), reduction="sum") / 3
    for engine, cast in ((nn, nn.Parameter), (torch.nn, torch.from_numpy)):
        goal = [x if engine is nn else torch.from_numpy(x) for x in (target, labels, wanted)]
        assert float(outlook_loss(engine)(cast(outlook), goal[0])) == pytest.approx(float(first))
        assert float(head_loss(engine)(cast(said), *goal[1:])) == pytest.approx(float(second))


def both_engines():
    own, other = two_stage(nn), two_stage(torch.nn)
    other.load_state_dict({k: torch.from_numpy(v) for k, v in own.state_dict().items()})
    back = {k: v.numpy() for k, v in other.state_dict().items()}
    assert back.keys() == own.state_dict().keys()
    own.load_state_dict(back)
    return own, other


def test_network_in_both_engines():
    own, other = both_engines()
    made = scenes(2)
    proposed = [np.array([[3.0, 3, 30, 40]]), np.empty((0, 4))]
    for model in (own, other):
        model.eval()
    for given in (None, proposed):
        found = [
            detect_twice(m, made.images, ANCHORS, given, score_threshold=0) for m in (own, other)
        ]
        for one, two in zip(*found, strict=True):
            for values, others in zip(one, two, strict=True):
                np.testing.assert_allclose(values, others, atol=1e-3)
    assert len(found[0][1].boxes) == 0
    assert pooled_side(own, np.zeros((1, 48, 16, 16))) == 5


@pytest.mark.parametrize("given", [False, True])
def test_one_step_is_alike_in_both_engines(given):
    own, other = both_engines()
    made, numbers = scenes(2), np.array([1, 0])
    proposed = [np.array([[3.0, 3, 30, 40], [0, 0, 9, 9]])] * 2 if given else None
    values, slopes = [], []
    for model, engine, X in ((own, nn, made.images), (other, torch.nn, torch.tensor(made.images))):
        loss = two_stage_loss(engine, model, made, ANCHORS, proposed)
        value = loss(model(X), numbers)
        value.backward()
        values.append(value.item())
        grads = {n: p.grad for n, p in model.named_parameters() if p.grad is not None}
        slopes.append({n: np.asarray(g) for n, g in grads.items()})
    assert values[0] == pytest.approx(values[1], rel=1e-3)
    assert slopes[0].keys() == slopes[1].keys()
    for name, slope in slopes[0].items():
        scale = np.abs(slope).max() + 1e-6
        np.testing.assert_allclose(slope / scale, slopes[1][name] / scale, atol=0.02)


def test_it_learns():
    """Few scenes by heart: a detector whose targets or pooling were wrong would not find them."""
    made = scenes(24, objects=(1, 2))
    model = trained(torch.nn, torch.optim, made, epochs=60, seed=0)
    found = detect_twice(model, made.images, ANCHORS)
    assert mean_average_precision(found, made.truths) > 0.6


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: anchor_boxes(30, 4), "no whole number"),
        (lambda: anchor_boxes(32, 4, [(0, 3)]), "above 0"),
        (lambda: outlook_targets([], ANCHORS[:-1], 16), "anchors for 16"),
        (lambda: propose(np.zeros((5, 16, 16)), ANCHORS), "for 512 anchors"),
        (lambda: propose(np.full((10, 16, 16), np.nan), ANCHORS), "NaN"),
        (lambda: chosen_regions([], ([], [])), "leave the image out"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
