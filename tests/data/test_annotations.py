"""Files of boxes: by hand from the formats' descriptions, by pycocotools, there and back."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO

from companion.data import annotations as files

VOC = """<annotation>
  <folder>VOC2007</folder><filename>000001.jpg</filename>
  <size><width>353</width><height>500</height><depth>3</depth></size><segmented>0</segmented>
  <object><name>dog</name><pose>Left</pose><truncated>1</truncated><difficult>0</difficult>
    <bndbox><xmin>48</xmin><ymin>240</ymin><xmax>195</xmax><ymax>371</ymax></bndbox></object>
  <object><name>person</name><difficult>1</difficult>
    <bndbox><xmin>8</xmin><ymin>12</ymin><xmax>352.5</xmax><ymax>498</ymax></bndbox>
    <part><name>head</name><bndbox><xmin>9</xmin><ymin>13</ymin><xmax>20</xmax><ymax>30</ymax>
    </bndbox></part></object>
</annotation>"""
COCO_FILE = {
    "images": [
        {"id": 7, "file_name": "a.jpg", "width": 640, "height": 480},
        {"id": 3, "file_name": "b.jpg", "width": 64, "height": 48},
    ],
    "categories": [{"id": 18, "name": "dog"}, {"id": 1, "name": "person"}],
    "annotations": [
        {"id": 1, "image_id": 7, "category_id": 18, "bbox": [10, 20, 30.5, 40], "iscrowd": 0},
        {"id": 2, "image_id": 7, "category_id": 1, "bbox": [0, 0, 640, 480], "iscrowd": 1},
    ],
}
LABELME = {
    "version": "5.0.1",
    "flags": {},
    "shapes": [
        {
            "label": "cat",
            "points": [[30, 5], [10, 25.5]],
            "group_id": 2,
            "shape_type": "rectangle",
            "flags": {"hidden": True},
        },
        {"label": "dog", "points": [[1, 2], [9, 4], [5, 8]], "shape_type": "polygon"},
    ],
    "imagePath": "a.jpg",
    "imageData": None,
    "imageHeight": 48,
    "imageWidth": 64,
}


def stored(folder, name, content):
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_voc_by_hand(tmp_path):
    found = files.read_voc(stored(tmp_path, "a.xml", VOC))
    assert found[:3] == ("000001.jpg", 353, 500)
    assert found.boxes.tolist() == [[47, 239, 195, 371], [7, 11, 352.5, 498]]
    assert found.names == ["dog", "person"]
    assert found.flags == [
        {"difficult": False, "truncated": True},
        {"difficult": True, "parts": 1},
    ]


def test_coco_by_hand_and_by_pycocotools(tmp_path):
    path = stored(tmp_path, "a.json", COCO_FILE)
    first, second = files.read_coco(path)
    assert first.boxes.tolist() == [[10, 20, 40.5, 60], [0, 0, 640, 480]]
    assert first.names == ["dog", "person"]
    assert first.flags == [{"iscrowd": False}, {"iscrowd": True}]
    assert second.image == "b.jpg"
    assert second.boxes.shape == (0, 4)
    oracle = COCO(str(path))
    for image, id in ((first, 7), (second, 3)):
        theirs = oracle.loadAnns(oracle.getAnnIds(imgIds=[id]))
        assert [oracle.cats[a["category_id"]]["name"] for a in theirs] == image.names
        for box, a in zip(image.boxes, theirs, strict=True):
            assert [*box[:2], *(box[2:] - box[:2])] == a["bbox"]


def test_coco_written_is_read_by_pycocotools(tmp_path):
    images = files.read_coco(stored(tmp_path, "a.json", COCO_FILE))
    files.write_coco(tmp_path / "b.json", images)
    oracle = COCO(str(tmp_path / "b.json"))
    assert sorted(oracle.imgs) == [1, 2]
    assert [a["bbox"] for a in oracle.loadAnns([1, 2])] == [[10, 20, 30.5, 40], [0, 0, 640, 480]]
    assert oracle.getAnnIds(iscrowd=True) == [2]


def test_yolo_by_hand(tmp_path):
    path = stored(tmp_path, "a.txt", "1 0.5 0.25 0.5 0.5\n\n0 0.1 0.9 0.2 0.2\n")
    found = files.read_yolo(path, 200, 100, ["cat", "dog"])
    np.testing.assert_allclose(found.boxes, [[50, 0, 150, 50], [0, 80, 40, 100]])
    assert found.names == ["dog", "cat"]
    empty = files.read_yolo(stored(tmp_path, "b.txt", ""), 200, 100, [])
    assert empty.boxes.shape == (0, 4)


def test_labelme_by_hand(tmp_path):
    found = files.read_labelme(stored(tmp_path, "a.json", LABELME))
    assert found.boxes.tolist() == [[10, 5, 30, 25.5], [1, 2, 9, 8]]
    assert found.flags == [{"hidden": True, "group_id": 2}, {"shape_type": "polygon"}]
    assert found[:3] == ("a.jpg", 64, 48)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.integers(0, 30), st.integers(1, 14), st.integers(1, 14)),
        max_size=4,
    )
)
def test_there_and_back(tmp_path_factory, given_boxes):
    folder = tmp_path_factory.mktemp("boxes")
    boxes = np.array([[x, y, x + w, y + h] for x, y, w, h in given_boxes], float).reshape(-1, 4)
    names = ["dog", "cat & mouse <1>", "dog", "Hund ä"][: len(boxes)]
    image = files.Annotated("a.jpg", 64, 48, boxes, names, [{} for _ in names])
    files.write_voc(folder / "a.xml", image)
    files.write_coco(folder / "a.json", [image])
    files.write_labelme(folder / "b.json", image)
    files.write_yolo(folder / "a.txt", image, sorted(set(names)))
    for found in (
        files.read_voc(folder / "a.xml"),
        files.read_coco(folder / "a.json")[0],
        files.read_labelme(folder / "b.json"),
        files.read_yolo(folder / "a.txt", 64, 48, sorted(set(names))),
    ):
        np.testing.assert_allclose(found.boxes, boxes, atol=1e-5)
        assert found.names == names


def test_flags_come_back(tmp_path):
    one = np.array([[1.0, 2, 5, 6]])
    voc = files.Annotated("a.jpg", 9, 9, one, ["x"], [{"difficult": True, "truncated": False}])
    files.write_voc(tmp_path / "a.xml", voc)
    assert files.read_voc(tmp_path / "a.xml").flags == voc.flags
    crowd = voc._replace(flags=[{"iscrowd": True}])
    files.write_coco(tmp_path / "a.json", [crowd])
    assert files.read_coco(tmp_path / "a.json")[0].flags == crowd.flags
    grouped = voc._replace(flags=[{"group_id": 4, "hidden": True}])
    files.write_labelme(tmp_path / "b.json", grouped)
    assert files.read_labelme(tmp_path / "b.json").flags == grouped.flags


def changed(data, *path, value):
    """A copy of nested lists and dictionaries with one entry changed; None takes it out."""
    data = json.loads(json.dumps(data))
    *way, last = path
    inner = data
    for step in way:
        inner = inner[step]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return data


FAULTS = [
    (files.read_voc, VOC.replace("<xmax>195</xmax>", ""), "object 0: <bndbox/xmax> is missing"),
    (files.read_voc, VOC.replace(">195<", ">wide<"), "object 0, xmax: 'wide' is no number"),
    (files.read_voc, VOC.replace(">195<", ">19<"), "object 0: corners"),
    (files.read_voc, VOC.replace(">195<", ">inf<"), "expected finite"),
    (files.read_voc, VOC.replace("<name>dog</name>", "<name/>"), "object 0: <name> is missing"),
    (files.read_voc, VOC.replace("<difficult>1", "<difficult>yes"), "<difficult> is 'yes'"),
    (files.read_voc, VOC.replace("<width>353", "<width>0"), "image of 0 × 500"),
    (files.read_voc, VOC.replace("<width>353", "<width>nan"), "width: 'nan' is no whole number"),
    (files.read_voc, VOC[:300], "line .*: no XML"),
    (files.read_voc, "<html/>", "root is <html>"),
    (files.read_coco, "{]", "line 1: no JSON"),
    (files.read_coco, changed(COCO_FILE, "images", value=None), "'images' is missing"),
    (files.read_coco, changed(COCO_FILE, "images", value={}), "images: expected a list"),
    (files.read_coco, changed(COCO_FILE, "images", 1, "id", value=7), "id 7 occurs twice"),
    (
        files.read_coco,
        changed(COCO_FILE, "annotations", 0, "image_id", value=9),
        r"annotations\[0\]: there is no image with id 9",
    ),
    (
        files.read_coco,
        changed(COCO_FILE, "annotations", 0, "category_id", value=9),
        "no category with id 9",
    ),
    (
        files.read_coco,
        changed(COCO_FILE, "annotations", 1, "bbox", value=[1, 2, 3]),
        r"annotations\[1\], bbox",
    ),
    (
        files.read_coco,
        changed(COCO_FILE, "annotations", 1, "bbox", value=[1, 2, -3, 4]),
        r"annotations\[1\]: corners",
    ),
    (files.read_coco, changed(COCO_FILE, "annotations", 1, "iscrowd", value=2), "expected 0 or 1"),
    (files.read_coco, changed(COCO_FILE, "images", 0, "width", value=True), "True is no number"),
    (files.read_labelme, changed(LABELME, "shapes", 0, "shape_type", value="circle"), "a circle"),
    (files.read_labelme, changed(LABELME, "shapes", 0, "label", value=None), r"shapes\[0\].*label"),
    (files.read_labelme, changed(LABELME, "shapes", 0, "points", value=[[1, 2]]), "of 1 points"),
    (files.read_labelme, changed(LABELME, "shapes", 1, "points", value=[3]), r"expected \[x, y\]"),
    (files.read_labelme, changed(LABELME, "imageWidth", value=None), "'imageWidth' is missing"),
    (lambda p: files.read_yolo(p, 64, 48, ["a"]), "0 0.5 0.5 0.2\n", "line 1: 4 words"),
    (lambda p: files.read_yolo(p, 64, 48, ["a"]), "0 .5 .5 .2 .2\n1 .5 .5 .2 .2", "line 2: class"),
    (lambda p: files.read_yolo(p, 64, 48, ["a"]), "0 32 24 9 9", "not pixels"),
    (lambda p: files.read_yolo(p, 64, 48, ["a"]), "0 nan 0 0 0", "not pixels"),
    (lambda p: files.read_yolo(p, 64, 48, ["a"]), "0 x 0 0 0", "'x' is no number"),
    (lambda p: files.read_yolo(p, 0, 48, ["a"]), "", "image of 0 × 48"),
]


@pytest.mark.parametrize(("read", "content", "says"), FAULTS)
def test_faults_are_named(tmp_path, read, content, says):
    path = stored(tmp_path, "faulty.file", content)
    with pytest.raises(ValueError, match=says) as told:
        read(path)
    assert "faulty.file" in str(told.value)


def test_what_a_format_cannot_say_is_not_written(tmp_path):
    image = files.Annotated("a.jpg", 9, 9, np.array([[1.0, 2, 5, 6]]), ["x"], [{"odd": 1}])
    for write in (files.write_voc, lambda p, i: files.write_coco(p, [i])):
        with pytest.raises(ValueError, match="odd"):
            write(tmp_path / "a", image)
    with pytest.raises(ValueError, match="the format takes none"):
        files.write_yolo(tmp_path / "a", image, ["x"])
    over = image._replace(boxes=np.array([[1.0, 2, 15, 6]]), flags=[{}])
    with pytest.raises(ValueError, match="over the edge"):
        files.write_yolo(tmp_path / "a", over, ["x"])
    with pytest.raises(ValueError, match="was a polygon"):
        files.write_labelme(tmp_path / "a", image._replace(flags=[{"shape_type": "polygon"}]))
    assert not (tmp_path / "a").exists()
