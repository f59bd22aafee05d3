"""Which of the pictures of `companion.data.people.people` show glasses."""

import json
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("glasses.json")
PICTURES, EACH = 400, 10


def with_glasses():
    """Say of each of the 400 pictures of ORL whether glasses are worn on it.

    Returns
    -------
    numpy.ndarray
        (400,) bool, in the order of `companion.data.people.people`.

    Notes
    -----
    Looked up on a sheet of all pictures and written down in the file beside this one, which says
    how. Where glyphs take the place of faces, the labels mark the same places and mean nothing.
    Chapter :ref:`faces_and_people`.
    """
    listed = json.loads(FILE.read_text(encoding="utf-8"))["with_glasses"]
    shown = np.zeros(PICTURES, dtype=bool)
    for person, pictures in listed.items():
        shown[EACH * int(person) + np.array(pictures)] = True
    return shown
