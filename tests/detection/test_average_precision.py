"""Average precision, against pycocotools on random sets of boxes, and by hand."""

import contextlib
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from companion.detection.average_precision import (
    COCO_THRESHOLDS,
    Detections,
    Judged,
    average_precision,
    judge,
    match,
    mean_average_precision,
    precision_recall,
)
from companion.detection.boxes.formats import box_area, box_convert


def random_sets(seed, images=6, classes=3):
    """Objects, and detections that are moved objects and boxes from nowhere, with tied scores."""
    rng = np.random.default_rng(seed)
    detections, truths = [], []
    for _ in range(images):
        count, extra = rng.integers(0, 6), rng.integers(0, 6)
        boxes = np.hstack([rng.uniform(0, 200, (count, 2)), rng.uniform(4, 150, (count, 2))])
        names = rng.integers(0, classes, count)
        moved = boxes + rng.normal(0, 6, boxes.shape) * (rng.random((count, 1)) < 0.8)
        other = np.hstack([rng.uniform(0, 200, (extra, 2)), rng.uniform(4, 150, (extra, 2))])
        found = np.vstack([moved, moved, other])
        found[:, 2:] = np.maximum(found[:, 2:], 1)
        kinds = np.concatenate([names, names, rng.integers(0, classes, extra)])
        scores = rng.integers(0, 20, len(found)) / 20 if seed % 2 else rng.random(len(found))
        detections.append(Detections(box_convert(found, "xywh", "xyxy"), scores, kinds))
        truths.append((box_convert(boxes, "xywh", "xyxy"), names))
    return detections, truths


def by_pycocotools(detections, truths, thresholds, area, most):
    """AP of each threshold and class, as the official evaluation computes it; −1 for none."""
    annotations = [
        {
            "id": 0,
            "image_id": k,
            "category_id": int(name),
            "bbox": list(box),
            "area": float(box[2] * box[3]),
            "iscrowd": 0,
        }
        for k, (boxes, names) in enumerate(truths)
        for box, name in zip(box_convert(boxes, "xyxy", "xywh"), names, strict=True)
    ]
    for number, one in enumerate(annotations, 1):
        one["id"] = number
    results = [
        {"image_id": k, "category_id": int(c), "bbox": list(box), "score": float(s)}
        for k, found in enumerate(detections)
        for box, s, c in zip(
            box_convert(found.boxes, "xyxy", "xywh"), found.scores, found.classes, strict=True
        )
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "images": [{"id": k} for k in range(len(truths))],
            "annotations": annotations,
            "categories": [{"id": k} for k in range(3)],
        }
        coco.createIndex()
        run = COCOeval(coco, coco.loadRes(results) if results else COCO(), "bbox")
        run.params.iouThrs = np.array(thresholds)
        run.params.areaRng, run.params.areaRngLbl = [list(area)], ["all"]
        run.params.maxDets = [most]
        run.evaluate()
        run.accumulate()
    precision = run.eval["precision"][:, :, :, 0, 0]  # thresholds, recalls, classes
    return precision.mean(axis=1)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10**6),
    st.sampled_from([(0, 1e10), (0, 32**2), (32**2, 96**2), (96**2, 1e10)]),
    st.sampled_from([1, 3, 100]),
)
def test_equals_pycocotools(seed, area, most):
    detections, truths = random_sets(seed)
    if not sum(len(f.boxes) for f in detections):
        return
    expected = by_pycocotools(detections, truths, COCO_THRESHOLDS, area, most)
    for t, threshold in enumerate(COCO_THRESHOLDS):
        for name in range(3):
            judged = judge(detections, truths, name, threshold, area, most)
            if not judged.objects:
                assert expected[t, name] == -1
                continue
            found = average_precision(*precision_recall(judged))
            assert found == pytest.approx(expected[t, name], abs=1e-9)


def test_the_mean_is_that_of_pycocotools():
    detections, truths = random_sets(7, images=20)
    expected = by_pycocotools(detections, truths, COCO_THRESHOLDS, (0, 1e10), 100)
    found = mean_average_precision(detections, truths, COCO_THRESHOLDS)
    assert 0.1 < found == pytest.approx(expected.mean(), abs=1e-9)


JUDGED = Judged(np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, False, True, False]), 4)


def test_by_hand():
    precision, recall = precision_recall(JUDGED)
    np.testing.assert_allclose(precision, [1, 1 / 2, 2 / 3, 1 / 2])
    np.testing.assert_allclose(recall, [1 / 4, 1 / 4, 1 / 2, 1 / 2])
    assert average_precision(precision, recall, None) == pytest.approx(1 / 4 + 1 / 4 * 2 / 3)
    # Recalls 0, 0.1, 0.2 at precision 1; 0.3, 0.4, 0.5 at 2/3; five at 0.
    assert average_precision(precision, recall, 11) == pytest.approx((3 + 3 * 2 / 3) / 11)


def test_nothing_found_and_all_found():
    nothing = Judged(np.empty(0), np.empty(0, dtype=bool), 3)
    everything = Judged(np.ones(3), np.ones(3, dtype=bool), 3)
    for points in (11, 101, None):
        assert average_precision(*precision_recall(nothing), points) == 0
        assert average_precision(*precision_recall(everything), points) == pytest.approx(1)


def test_one_object_is_found_once():
    owner = match([[0, 0, 10, 10]] * 2, [0.5, 0.9], [[0, 0, 10, 10]], 0.5)
    assert owner.tolist() == [-1, 0]


def test_an_object_taken_leaves_the_next_best():
    truths = [[0, 0, 10, 10], [2, 0, 12, 10]]
    owner = match([[0, 0, 10, 10], [1, 0, 11, 10]], [0.9, 0.8], truths, 0.5)
    assert owner.tolist() == [0, 1]


def test_ignored_objects_do_not_count():
    boxes = np.array([[0, 0, 10, 10]])
    found = [Detections(boxes, np.ones(1), np.zeros(1, dtype=int))]
    judged = judge(found, [(boxes, [0])], 0, 0.5, area=(1000, np.inf))
    assert (judged.objects, len(judged.hits)) == (0, 0)
    assert box_area(boxes)[0] == 100


def test_no_objects_anywhere():
    empty = Detections(np.empty((0, 4)), np.empty(0), np.empty(0, dtype=int))
    with pytest.raises(ValueError, match="no image has an object"):
        mean_average_precision([empty], [([], [])])
    with pytest.raises(ValueError, match="no objects of this class"):
        precision_recall(judge([empty], [([], [])], 0, 0.5))


def test_other_numbers_of_images_or_points():
    with pytest.raises(ValueError, match="detections of 0 images, but 1"):
        judge([], [([], [])], 0, 0.5)
    with pytest.raises(ValueError, match="1 points"):
        average_precision([1], [1], 1)
    with pytest.raises(ValueError, match="two rows"):
        average_precision([1], [1, 2])
