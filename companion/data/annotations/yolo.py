"""YOLO: a text file for each image; a line is class, centre and size as shares of the image."""

from pathlib import Path

from companion.data.annotations.annotated import annotated, number


def read_yolo(path, width, height, names):
    """Read the boxes of one image in YOLO's text format.

    Parameters
    ----------
    path : str or pathlib.Path
        A text file; an empty one means an image without objects.
    width, height : int
        Of the image in pixels: the file does not tell.
    names : sequence of str
        The classes in their order; the file tells their numbers from 0.

    Returns
    -------
    Annotated
        With the file's own name as that of the image, and no flags: the format has none.

    Raises
    ------
    ValueError
        If a line has not five numbers, a class is unknown, or a centre or size is no share from 0
        to 1, as when pixels were written; with file and line.

    Notes
    -----
    The format of darknet. Chapter :ref:`annotation_files`.
    """
    rows = []
    for k, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        place, words = f"line {k}", line.split()
        if len(words) != 5:
            raise ValueError(
                f"{path}, {place}: {len(words)} words; expected class, centre x, centre y, width, "
                "height (longer lines hold outlines, not boxes)"
            )
        if not words[0].isdecimal() or int(words[0]) >= len(names):
            raise ValueError(
                f"{path}, {place}: class {words[0]!r}; expected a whole number below {len(names)}"
            )
        shares = [number(word, path, place) for word in words[1:]]
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError(
                f"{path}, {place}: {' '.join(words[1:])}; expected shares of the image from 0 "
                "to 1, not pixels"
            )
        x, y, wide, high = _pixels(shares, width, height)
        box = [x - wide / 2, y - high / 2, x + wide / 2, y + high / 2]
        rows.append((place, box, names[int(words[0])], {}))
    return annotated(Path(path).name, width, height, rows, str(path))


def write_yolo(path, image, names):
    """Write an image's boxes in YOLO's text format.

    Parameters
    ----------
    path : str or pathlib.Path
        Where.
    image : Annotated
        What; boxes lie within the image.
    names : sequence of str
        The classes in their order.

    Raises
    ------
    ValueError
        If a class is not among the names, a box has flags, which would get lost, or it reaches over
        the edge.
    """
    lines, numbers = [], {name: k for k, name in enumerate(names)}
    for box, name, flags in zip(*image[3:], strict=True):
        if name not in numbers or any(flags.values()):
            raise ValueError(
                f"write_yolo: {image.image} has {name!r} with flags {flags}; the format takes "
                f"none, and classes {list(names)}"
            )
        if min(box) < 0 or box[2] > image.width or box[3] > image.height:
            raise ValueError(
                f"write_yolo: box {box.tolist()} of {image.image} reaches over the edge; cut it "
                "off first (clip_boxes_to_image)"
            )
        (x1, y1, x2, y2), W, H = box.tolist(), image.width, image.height
        shares = (x1 + x2) / 2 / W, (y1 + y2) / 2 / H, (x2 - x1) / W, (y2 - y1) / H
        lines.append(" ".join([str(numbers[name]), *(f"{share:.8f}" for share in shares)]))
    Path(path).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def _pixels(shares, width, height):
    x, y, wide, high = shares
    return x * width, y * height, wide * width, high * height
