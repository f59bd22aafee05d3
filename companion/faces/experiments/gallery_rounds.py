"""How often a gallery names people right: each picture is enrolled in turn, the others probe."""

from typing import NamedTuple

import numpy as np

from companion.faces.gallery import Gallery


class Round(NamedTuple):
    """Probes against a gallery of everybody.

    Attributes
    ----------
    distances : numpy.ndarray
        (P, N) of the probes from the people, these in the order of their names.
    own : numpy.ndarray
        (P,) int64: the column of each probe's own person.
    """

    distances: np.ndarray
    own: np.ndarray


def rounds(encodings, names, each=1, by="nearest"):
    """Enrol everybody with a few pictures, probe with all others; and again with the next few.

    Parameters
    ----------
    encodings, names : numpy.ndarray
        (M, D) and (M,).
    each : int
        Pictures that are enrolled of each person; somebody's first follow the last.
    by : str
        As for `companion.faces.gallery.Gallery`.

    Returns
    -------
    list of Round
        As many as the person with the fewest has pictures.

    Raises
    ------
    ValueError
        If somebody would have no picture left to probe with.

    Notes
    -----
    Chapter :ref:`identification`.
    """
    names = np.asarray(names)
    people = np.unique(names)
    rows = [np.flatnonzero(names == name) for name in people]
    fewest = min(map(len, rows), default=0)
    if not 1 <= each < fewest:
        raise ValueError(
            f"rounds: {each} of {fewest} pictures of a person enrolled; "
            "expected at least 1, and one left to probe with"
        )
    found = []
    for start in range(fewest):
        gallery, probing = Gallery(by), np.ones(len(names), dtype=bool)
        for name, own in zip(people.tolist(), rows, strict=True):
            chosen = own[(start + np.arange(each)) % len(own)]
            gallery.enrol(name, encodings[chosen])
            probing[chosen] = False
        own = np.searchsorted(people, names[probing])
        found.append(Round(gallery.distances(encodings[probing]), own))
    return found
