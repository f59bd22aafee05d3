"""The harness of steps: recall by hand on maps made up, and stored numbers against a small run."""

import numpy as np
import torch

from companion.data.scenes import scenes
from companion.detection.boxes.overlap import box_iou
from companion.detection.experiments.window_steps import (
    HEIGHT,
    SEEDS,
    SIDE,
    STEPS,
    contest,
    examples,
    found_at,
    squares,
    stored,
)

MADE = scenes(6, "dev", height=HEIGHT)


def test_squares_by_hand():
    assert squares([[10, 20, 20, 36]]).tolist() == [[3, 16, 27, 40]]


def test_examples_are_what_their_labels_say():
    X, y = examples(MADE, np.random.default_rng(0))
    assert X.shape[1:] == (1, SIDE, SIDE)
    assert X.dtype == y.dtype == np.float32
    assert 0.1 < y.mean() < 0.9
    assert np.abs(X).max() <= 0.5


def perfect(made):
    """Scores of a classifier that knows the truth: IoU with the nearest object's window."""
    i, j = np.indices((41, 41)).reshape(2, -1)
    placed = np.stack([j, i, j + SIDE, i + SIDE], axis=1).astype(float)
    best = [box_iou(placed, squares(boxes)).max(axis=1, initial=0) for boxes in made.boxes]
    return np.reshape(best, (-1, 41, 41))


def test_a_classifier_that_knows_the_truth():
    scores = perfect(MADE)
    inside = [((s := squares(b)) >= 0).all() and (s <= 64).all() for b in MADE.boxes]
    recall, windows = found_at(scores, MADE, 1)
    assert windows == 1681
    assert recall > 0.8
    assert any(inside)
    coarse, few = found_at(scores, MADE, 16)
    assert few == 9
    assert coarse < recall


def test_no_false_alarm_is_allowed():
    # The only sure window is wrong: nothing counts before it.
    scores = np.zeros((6, 41, 41))
    placed = np.array([[0.0, 0, SIDE, SIDE]])
    empty = next(k for k, b in enumerate(MADE.boxes) if box_iou(placed, squares(b)).max() < 0.5)
    scores[empty, 0, 0] = 9
    assert found_at(scores, MADE, 1, allowed=0)[0] == 0


def test_stored_numbers_are_like_a_small_run():
    kept = stored()
    assert tuple(kept["steps"]) == STEPS
    assert np.shape(kept["recall"]) == (len(SEEDS), len(STEPS))
    found = contest(torch.nn, torch.optim, 0, judged=40, count=150, epochs=4)
    assert found["windows"] == kept["windows"]
    assert found["recall"][2] > found["recall"][-1] + 0.15
