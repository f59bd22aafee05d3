"""Values in words: how the comparisons name kinds, numbers, places and rows."""

import numpy as np

SHOWN = 6
LIKELY = "\nLikely mistake: "


def likely_line(hint):
    """Return the line on a guessed mistake, which may be a question."""
    return f"{LIKELY}{hint}{'' if hint.endswith(('?', '!', '.')) else '.'}" if hint else ""


def kind_of(value):
    """Return what kind of value this is."""
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def capital(what):
    """Return a text with a capital at its start."""
    return what[:1].upper() + what[1:]


def short(value):
    """Return a value, shortened."""
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def number(value):
    """Return an entry of an array."""
    return f"{value:.10g}" if isinstance(value, np.floating | float) else short(value.item())


def row(array):
    """Return a row of an array on one line."""
    return np.array2string(array, precision=5, threshold=SHOWN, max_line_width=78)
