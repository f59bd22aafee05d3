"""Plain text in columns, and places in arrays: how reports of all kinds are laid out."""


def index_of(index):
    """Return an index in brackets; nothing for a number.

    Parameters
    ----------
    index : tuple of int or str
        Place in an array.

    Returns
    -------
    str
        Such as ``"[2, 1]"``.
    """
    return f"[{', '.join(map(str, index))}]" if index else ""


def table(rows):
    """Return rows of text in aligned columns.

    Parameters
    ----------
    rows : list of sequence of str
        The header, then the rows; all of one length.

    Returns
    -------
    str
        A line for each row, indented by two spaces.
    """
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(rows[0]))]
    lines = []
    for cells in rows:
        padded = [f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)]
        lines.append("  " + "  ".join(padded).rstrip())
    return "\n".join(lines)
