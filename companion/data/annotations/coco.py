"""COCO: one JSON file for all images; a box is its upper left corner, width and height."""

import json
from pathlib import Path

import numpy as np

from companion.data.annotations.annotated import annotated, field, number, read_json, side

LISTS = ("images", "annotations", "categories")


def read_coco(path):
    """Read the annotations of all images in a file in COCO's format.

    Parameters
    ----------
    path : str or pathlib.Path
        A JSON file with images, annotations and categories.

    Returns
    -------
    list of Annotated
        One for each image in the order of the file, also those without a box. `flags` hold
        ``iscrowd`` where it is given.

    Raises
    ------
    ValueError
        If a field is missing or no number, an id occurs twice, or an annotation refers to an image
        or category that is not there; with file and entry.

    Notes
    -----
    Lin et al. (2014); pixels are counted from 0. Outlines, run lengths (segmentation) and keypoints
    are not read. Chapter :ref:`annotation_files`.
    """
    data, where = read_json(path), str(path)
    images, marks, kinds = (_entries(data, name, where) for name in LISTS)
    sizes = _by_id(images, "images", where)
    names = _by_id(kinds, "categories", where)
    _by_id(marks, "annotations", where)
    rows = {id: [] for id in sizes}
    for k, entry in enumerate(marks):
        place = f"annotations[{k}]"
        image, kind = (field(entry, name, where, place) for name in ("image_id", "category_id"))
        for id, known, what in ((image, sizes, "image"), (kind, names, "category")):
            if id not in known:
                raise ValueError(f"{where}, {place}: there is no {what} with id {id!r}")
        given = field(entry, "bbox", where, place)
        if not isinstance(given, list) or len(given) != 4:
            raise ValueError(f"{where}, {place}, bbox: {given!r}; expected [x, y, width, height]")
        x, y, wide, high = (number(v, where, f"{place}, bbox") for v in given)
        flags = {}
        if "iscrowd" in entry:
            if entry["iscrowd"] not in (0, 1):
                got = entry["iscrowd"]
                raise ValueError(f"{where}, {place}, iscrowd: {got!r}; expected 0 or 1")
            flags["iscrowd"] = bool(entry["iscrowd"])
        name = field(names[kind], "name", where, f"category {kind}")
        rows[image].append((place, [x, y, x + wide, y + high], name, flags))
    found = []
    for id, entry in sizes.items():
        place = f"image {id}"
        sides = [
            side(field(entry, name, where, place), where, f"{place}, {name}")
            for name in ("width", "height")
        ]
        found.append(annotated(field(entry, "file_name", where, place), *sides, rows[id], where))
    return found


def write_coco(path, images):
    """Write images with their boxes in COCO's format; ids are counted from 1.

    Parameters
    ----------
    path : str or pathlib.Path
        Where.
    images : sequence of Annotated
        What.

    Raises
    ------
    ValueError
        If there is a flag besides ``iscrowd``.
    """
    names = sorted({name for image in images for name in image.names})
    numbers = {name: k for k, name in enumerate(names, 1)}
    marks = []
    for id, image in enumerate(images, 1):
        for box, name, flags in zip(*image[3:], strict=True):
            if set(flags) - {"iscrowd"}:
                raise ValueError(
                    f"write_coco: {image.image} has flags {sorted(flags)}; the format knows iscrowd"
                )
            corner, size = box[:2], box[2:] - box[:2]
            marks.append({
                "id": len(marks) + 1, "image_id": id, "category_id": numbers[name],
                "bbox": np.hstack([corner, size]).tolist(), "area": float(np.prod(size)),
                "iscrowd": int(flags.get("iscrowd", False)),
            })  # fmt: skip
    data = {
        "images": [
            {"id": id, "file_name": i.image, "width": i.width, "height": i.height}
            for id, i in enumerate(images, 1)
        ],
        "annotations": marks,
        "categories": [{"id": k, "name": name} for name, k in numbers.items()],
    }
    Path(path).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _entries(data, name, where):
    found = field(data, name, where, "the file")
    if not isinstance(found, list):
        raise ValueError(f"{where}, {name}: expected a list, got {found!r:.60}")
    return found


def _by_id(entries, name, where):
    found = {}
    for k, entry in enumerate(entries):
        id = field(entry, "id", where, f"{name}[{k}]")
        if not isinstance(id, int | str):
            raise ValueError(f"{where}, {name}[{k}]: id {id!r}; expected a number")
        if id in found:
            raise ValueError(f"{where}, {name}[{k}]: the id {id!r} occurs twice")
        found[id] = entry
    return found
