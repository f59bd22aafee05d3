"""Offsets: by hand, there and back; who finds which object, by its definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.detection.boxes.offsets import BETWEEN, NOTHING, matched, moved, offsets
from companion.detection.boxes.overlap import box_iou


def some(rng, count):
    corner = rng.uniform(-20, 60, size=(count, 2))
    return np.hstack([corner, corner + rng.uniform(2, 40, size=(count, 2))])


def test_by_hand():
    # Centres (30, 25) and (20, 20), sizes 20 × 30 and 20 × 20.
    found = offsets([[20, 10, 40, 40]], [[10, 10, 30, 30]])
    np.testing.assert_allclose(found, [[0.5, 0.25, 0, np.log(1.5)]])


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 6))
def test_there_and_back(seed, count):
    rng = np.random.default_rng(seed)
    boxes, references = some(rng, count), some(rng, count)
    np.testing.assert_allclose(moved(references, offsets(boxes, references)), boxes, atol=1e-9)


def test_extreme_offsets_stay_finite():
    for by in (1e9, -1e9):
        assert np.isfinite(moved([[0, 0, 9, 9]], [[by, by, by, by]])).all()


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_matched_by_definition(seed):
    rng = np.random.default_rng(seed)
    boxes, truths = some(rng, 30), some(rng, 3)
    overlaps = box_iou(boxes, truths)
    found = matched(boxes, truths, 0.2, 0.4, best=True)
    for k, row in enumerate(overlaps):
        own = [m for m in range(3) if row[m] == overlaps[:, m].max() > 0]
        if own:
            assert found[k] in own
        elif row.max() >= 0.4:
            assert row[found[k]] == row.max()
        else:
            assert found[k] == (NOTHING if row.max() < 0.2 else BETWEEN)


def test_no_boxes_no_objects():
    assert matched(np.zeros((3, 4)), []).tolist() == [NOTHING] * 3
    assert len(matched([], [[0, 0, 1, 1]])) == 0
    assert matched([[0, 0, 1, 1]], [[5, 5, 6, 6]], best=True).tolist() == [NOTHING]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: offsets([[0, 0, 1, 1]], []), "1 boxes, but 0"),
        (lambda: offsets([[0, 0, 0, 1]], [[0, 0, 1, 1]]), "box 0 has no area"),
        (lambda: offsets([[0, 0, 1, 1]], [[0, 0, 1, 0]]), "reference 0 has no area"),
        (lambda: moved([[0, 0, 1, 1]], [[0, 0, 0]]), r"offsets \(1, 3\)"),
        (lambda: moved([[0, 0, 1, 1]], [[0, 0, 0, np.nan]]), "NaN"),
        (lambda: matched([], [], 0.7, 0.3), "low ≤ high"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises(ValueError, match=says):
        call()
