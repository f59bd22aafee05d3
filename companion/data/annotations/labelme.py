"""labelme: one JSON file for each image; shapes of several kinds, of which we take boxes."""

import json
from pathlib import Path

from companion.data.annotations.annotated import annotated, field, number, read_json, side


def read_labelme(path):
    """Read the annotations of one image as the program labelme writes them.

    Parameters
    ----------
    path : str or pathlib.Path
        A JSON file.

    Returns
    -------
    Annotated
        A rectangle gives its box, whichever two of its corners were clicked first and second; a
        polygon or line strip the smallest box around it, with its ``shape_type`` in `flags`, beside
        the flags and the group_id that somebody gave.

    Raises
    ------
    ValueError
        If a shape is of another kind (circle, point, line, mask …), which has no agreed box, or a
        field is missing or no number; with file and shape.

    Notes
    -----
    Wada's program, after LabelMe (Russell et al., 2008); pixels are counted from 0. Chapter
    :ref:`annotation_files`.
    """
    data, where = read_json(path), str(path)
    sides = [
        side(field(data, name, where, "the file"), where, name)
        for name in ("imageWidth", "imageHeight")
    ]
    rows = []
    for k, shape in enumerate(field(data, "shapes", where, "the file")):
        place = f"shapes[{k}]"
        points = _points(field(shape, "points", where, place), where, place)
        kind, name = shape.get("shape_type", "polygon"), field(shape, "label", where, place)
        least = {"rectangle": 2, "polygon": 3, "linestrip": 2}.get(kind)
        if least is None:
            raise ValueError(
                f"{where}, {place}: the shape {name!r} is a {kind}; expected rectangle, polygon or "
                "linestrip, others have no agreed box"
            )
        if len(points) < least or (kind == "rectangle" and len(points) != 2):
            raise ValueError(f"{where}, {place}: a {kind} of {len(points)} points")
        flags = dict(shape.get("flags") or {})
        if shape.get("group_id") is not None:
            flags["group_id"] = shape["group_id"]
        if kind != "rectangle":
            flags["shape_type"] = kind
        x, y = zip(*points, strict=True)
        rows.append((place, [min(x), min(y), max(x), max(y)], name, flags))
    return annotated(field(data, "imagePath", where, "the file"), *sides, rows, where)


def write_labelme(path, image):
    """Write an image's boxes as rectangles that labelme opens.

    Parameters
    ----------
    path : str or pathlib.Path
        Where; next to the image, whose name is written down.
    image : Annotated
        What.

    Raises
    ------
    ValueError
        If a box is that of an outline, which is not known here any more.
    """
    shapes = []
    for box, name, flags in zip(*image[3:], strict=True):
        if "shape_type" in flags:
            raise ValueError(
                f"write_labelme: {name!r} of {image.image} was a {flags['shape_type']}, and only "
                "the box around it is left; take shape_type out of its flags to write a rectangle"
            )
        others = {key: value for key, value in flags.items() if key != "group_id"}
        shapes.append({
            "label": name, "points": [box[:2].tolist(), box[2:].tolist()],
            "group_id": flags.get("group_id"), "shape_type": "rectangle", "flags": others,
        })  # fmt: skip
    data = {
        "version": "5.0.0", "flags": {}, "shapes": shapes, "imagePath": image.image,
        "imageData": None, "imageHeight": image.height, "imageWidth": image.width,
    }  # fmt: skip
    Path(path).write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


def _points(points, where, place):
    if not isinstance(points, list) or not all(isinstance(p, list) and len(p) == 2 for p in points):
        raise ValueError(f"{where}, {place}, points: {points!r:.60}; expected [x, y] each")
    return [[number(v, where, f"{place}, points") for v in point] for point in points]
