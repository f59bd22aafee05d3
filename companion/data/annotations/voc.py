"""Pascal VOC: one XML file for each image; pixels are counted from 1, and both ends belong."""

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np

from companion.data.annotations.annotated import annotated, number, side

CORNERS = ("xmin", "ymin", "xmax", "ymax")
FLAGS = ("difficult", "truncated", "occluded")


def read_voc(path):
    """Read the annotation of one image in the format of Pascal VOC.

    Parameters
    ----------
    path : str or pathlib.Path
        An XML file.

    Returns
    -------
    Annotated
        With 1 taken off xmin and ymin: columns xmin to xmax, counted from 1, cover the picture from
        xmin − 1 to xmax. `flags` hold difficult, truncated and occluded where they are given.

    Raises
    ------
    ValueError
        If the file is no XML, or an element is missing, no number or no flag; with file and object.

    Notes
    -----
    Everingham et al. (2010). Programs that write this format by counting from 0 shift their boxes
    by a pixel; nothing in the file tells. Elements *part* (head, hand, foot of a person) are no
    objects of their own: `flags` hold their number as ``parts``. Chapter :ref:`annotation_files`.
    """
    try:
        root = ET.fromstring(Path(path).read_text(encoding="utf-8"))
    except ET.ParseError as error:
        raise ValueError(f"{path}, line {error.position[0]}: no XML, {error}") from None
    if root.tag != "annotation":
        raise ValueError(f"{path}: the root is <{root.tag}>; expected <annotation>")
    width, height = (
        side(_text(root, f"size/{name}", path, "image"), path, name)
        for name in ("width", "height")
    )
    rows = []
    for k, entry in enumerate(root.iter("object")):
        place = f"object {k}"
        ends = [
            number(_text(entry, f"bndbox/{corner}", path, place), path, f"{place}, {corner}")
            for corner in CORNERS
        ]
        flags = {name: _flag(entry, name, path, place) for name in FLAGS}
        flags = {name: value for name, value in flags.items() if value is not None}
        if parts := len(entry.findall("part")):
            flags["parts"] = parts
        box = [ends[0] - 1, ends[1] - 1, ends[2], ends[3]]
        rows.append((place, box, _text(entry, "name", path, place), flags))
    return annotated(_text(root, "filename", path, "image"), width, height, rows, str(path))


def write_voc(path, image):
    """Write an image's annotations in the format of Pascal VOC.

    Parameters
    ----------
    path : str or pathlib.Path
        Where.
    image : Annotated
        What; corners that are whole numbers stay whole.

    Raises
    ------
    ValueError
        If there is a flag that the format does not know, or no whole pixel lies in a box.
    """
    root = ET.Element("annotation")
    _add(root, "filename", image.image)
    size = ET.SubElement(root, "size")
    for name, value in (("width", image.width), ("height", image.height), ("depth", 3)):
        _add(size, name, value)
    for k, (box, name, flags) in enumerate(zip(*image[3:], strict=True)):
        unknown = sorted(set(flags) - set(FLAGS))
        if unknown or box[2] - box[0] < 1 or box[3] - box[1] < 1:
            raise ValueError(
                f"write_voc: box {k} is {box.tolist()} with flags {sorted(flags)}; the format "
                f"takes boxes of at least a pixel and of flags {', '.join(FLAGS)}"
            )
        entry = ET.SubElement(root, "object")
        _add(entry, "name", name)
        for flag, value in flags.items():
            _add(entry, flag, int(value))
        ends = ET.SubElement(entry, "bndbox")
        for corner, value in zip(CORNERS, box + np.array([1, 1, 0, 0]), strict=True):
            _add(ends, corner, int(value) if value == int(value) else float(value))
    ET.indent(root)
    Path(path).write_text(ET.tostring(root, encoding="unicode") + "\n", encoding="utf-8")


def _text(entry, name, path, place):
    found = entry.find(name)
    if found is None or not (found.text or "").strip():
        raise ValueError(f"{path}, {place}: <{name}> is missing or empty")
    return found.text.strip()


def _flag(entry, name, path, place):
    found = entry.find(name)
    if found is None:
        return None
    if (found.text or "").strip() not in ("0", "1"):
        raise ValueError(f"{path}, {place}: <{name}> is {found.text!r}; expected 0 or 1")
    return found.text.strip() == "1"


def _add(parent, name, value):
    ET.SubElement(parent, name).text = str(value)
