"""Scores of segmentation equal scikit-learn's; what is absent, ignored or wrong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, jaccard_score

from companion.detection.pixels.segmenting import (
    class_dice,
    class_iou,
    mean_iou,
    pixel_accuracy,
    pixel_confusion,
)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_equal_to_scikit_learn(seed, classes):
    rng = np.random.default_rng(seed)
    truth, found = rng.integers(classes, size=(2, 3, 5, 4))
    counts = pixel_confusion(truth, found, classes)
    flat, labels = (truth.ravel(), found.ravel()), range(classes)
    np.testing.assert_array_equal(counts, confusion_matrix(*flat, labels=labels))
    there = np.isin(labels, [*flat[0], *flat[1]])
    for own, theirs in ((class_iou, jaccard_score), (class_dice, f1_score)):
        expected = theirs(*flat, labels=labels, average=None, zero_division=0.0)
        np.testing.assert_allclose(own(counts)[there], expected[there])
        assert np.isnan(own(counts)[~there]).all()
    assert pixel_accuracy(counts) == pytest.approx(accuracy_score(*flat))
    assert mean_iou(counts) == pytest.approx(class_iou(counts)[there].mean())
    iou = class_iou(counts)
    np.testing.assert_allclose(class_dice(counts), 2 * iou / (1 + iou))


def test_by_hand():
    truth = [[0, 0, 0, 0], [0, 1, 1, 0], [0, 2, 2, 0]]
    found = [[0, 0, 0, 0], [0, 1, 0, 0], [0, 1, 2, 2]]
    counts = pixel_confusion(truth, found, 4)
    assert counts.tolist() == [[7, 0, 1, 0], [1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]]
    np.testing.assert_allclose(class_iou(counts)[:3], [7 / 9, 1 / 3, 1 / 3])
    assert pixel_accuracy(counts) == 9 / 12
    assert mean_iou(counts, skip=[0]) == pytest.approx(1 / 3)


def test_counts_add_up():
    truth, found = np.random.default_rng(0).integers(3, size=(2, 6, 4, 4))
    halves = sum(pixel_confusion(truth[k], found[k], 3) for k in (slice(3), slice(3, 6)))
    np.testing.assert_array_equal(halves, pixel_confusion(truth, found, 3))


def test_ignored_pixels_are_not_counted():
    counts = pixel_confusion([0, 1, 255, 255], [0, 0, 1, 0], 2, ignore=255)
    assert counts.tolist() == [[1, 0], [1, 0]]


def test_nothing_at_all():
    counts = pixel_confusion(np.zeros((0, 4, 4), int), np.zeros((0, 4, 4), int), 3)
    assert counts.sum() == 0
    assert np.isnan(pixel_accuracy(counts))
    assert np.isnan(mean_iou(counts))
    assert np.isnan(mean_iou([[5]], skip=[0]))


def test_many_pixels_do_not_overflow():
    counts = np.full((2, 2), 2**40)
    assert pixel_accuracy(counts) == 0.5
    many = np.full(70_000, 200, np.uint8)
    assert pixel_confusion(many, many, 201)[200, 200] == 70_000


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: pixel_confusion([0, 1], [0], 2), "expected one shape"),
        (lambda: pixel_confusion([0, 2], [0, 1], 2), "true class is 2; expected from 0 to 1"),
        (lambda: pixel_confusion([0, 1], [0, -1], 2), "found class is -1"),
        (lambda: pixel_confusion([0, 1], [0.2, 0.8], 2), "not integers"),
        (lambda: pixel_confusion([0, 1], [0, np.nan], 2), "not integers"),
        (lambda: class_iou(np.zeros((2, 3))), r"expected \(K, K\)"),
        (lambda: pixel_accuracy(np.zeros(3)), r"expected \(K, K\)"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
