"""Formats of boxes: there and back, against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask

from companion.detection.boxes.formats import (
    FORMATS,
    as_boxes,
    box_area,
    box_convert,
    clip_boxes_to_image,
    in_pixels,
    normalized,
)

sizes = arrays(np.float64, st.tuples(st.integers(0, 6), st.just(4)), elements=st.floats(0, 1e3))


def test_each_format_by_its_definition():
    box = [[10.0, 20.0, 30.0, 60.0]]
    np.testing.assert_array_equal(box_convert(box, "xyxy", "xywh"), [[10, 20, 20, 40]])
    np.testing.assert_array_equal(box_convert(box, "xyxy", "cxcywh"), [[20, 40, 20, 40]])
    np.testing.assert_array_equal(box_convert([[20, 40, 20, 40]], "cxcywh", "xyxy"), box)


@given(sizes)
@pytest.mark.parametrize("middle", FORMATS)
@pytest.mark.parametrize("start", FORMATS[1:])
def test_there_and_back(start, middle, boxes):
    back = box_convert(box_convert(boxes, start, middle), middle, start)
    np.testing.assert_allclose(back, boxes, atol=1e-9 * 1e3)


@given(sizes)
def test_area_is_that_of_pycocotools(boxes):
    polygons = [[x, y, x + w, y, x + w, y + h, x, y + h] for x, y, w, h in boxes.round()]
    if polygons:
        expected = mask.area(mask.frPyObjects(polygons, 2048, 2048))
        found = box_area(box_convert(boxes.round(), "xywh", "xyxy"))
        np.testing.assert_array_equal(found, expected)


def test_shares_of_an_image():
    box = np.array([[32.0, 16.0, 64.0, 48.0]])
    np.testing.assert_array_equal(normalized(box, 64, 32), [[0.5, 0.5, 1, 1.5]])
    np.testing.assert_array_equal(in_pixels(normalized(box, 64, 32), 64, 32), box)
    with pytest.raises(ValueError, match="no area"):
        normalized(box, 64, 0)


def test_cut_off_at_the_edges():
    boxes = [[-5, -5, 5, 5], [60, 60, 70, 70], [100, 0, 110, 10], [1, 2, 3, 4]]
    expected = [[0, 0, 5, 5], [60, 60, 64, 64], [64, 0, 64, 10], [1, 2, 3, 4]]
    np.testing.assert_array_equal(clip_boxes_to_image(boxes, 64, 64), expected)


def test_no_boxes_and_a_point():
    assert as_boxes([]).shape == (0, 4)
    assert box_convert([], "xywh", "xyxy").shape == (0, 4)
    assert box_area([[3, 3, 3, 3]])[0] == 0


@pytest.mark.parametrize(
    ("boxes", "says"),
    [
        ([[0, 0, 1]], r"\(1, 3\); expected \(N, 4\)"),
        ([0, 0, 1, 1], r"\(4,\); expected \(N, 4\)"),
        ([[0, 0, 1, 1], [0, 0, np.nan, 1]], "number 1 is .*not finite"),
        ([[5, 0, 1, 1]], "number 0 is .*box_convert"),
    ],
)
def test_what_is_no_box(boxes, says):
    with pytest.raises(ValueError, match=says):
        as_boxes(boxes)


def test_unknown_format_and_negative_size():
    with pytest.raises(ValueError, match="no format 'yolo'"):
        box_convert([[0, 0, 1, 1]], "yolo", "xyxy")
    with pytest.raises(ValueError, match="number 0"):
        box_convert([[0, 0, -1, 1]], "xywh", "xyxy")
