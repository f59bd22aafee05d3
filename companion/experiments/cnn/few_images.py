"""Three tasks with few images each: patches of photographs, faces, digits; all for one network."""

from typing import NamedTuple

import numpy as np

from companion.data.digits import train_dev_test
from companion.data.faces import orl_faces
from companion.data.patches import patches

SIZES = {"patches": 49, "faces": 49, "digits": 33}
"""Pixels of the images of each task."""
COUNTS = {"patches": (1, 3, 10, 50), "faces": (1, 2, 5), "digits": (3, 30, 250)}
"""Images of each class to learn from."""


class Sets(NamedTuple):
    """Images to learn from and others to judge by.

    Attributes
    ----------
    X, y : numpy.ndarray
        Images (N, 3, H, W), classes (N,).
    X_new, y_new : numpy.ndarray
        Held out.
    task : str
        Whose.
    """

    X: np.ndarray
    y: np.ndarray
    X_new: np.ndarray
    y_new: np.ndarray
    task: str


def pool(task, prepare):
    """Load the images of a task, prepared for the network.

    Parameters
    ----------
    task : str
        "patches", "faces" or "digits".
    prepare : callable
        Maps a sequence of images (H, W, 3), from 0 to 1, and a number of pixels to an array
        (N, 3, pixels, pixels).

    Returns
    -------
    Sets
        For "faces" the first two arrays hold all 400 pictures and the others none: each draw
        divides them anew.

    Raises
    ------
    ValueError
        If there is no such task.
    """
    if task not in SIZES:
        raise ValueError(f"pool: there is no {task!r}; take one of {sorted(SIZES)}")
    size = SIZES[task]
    if task == "faces":
        faces = orl_faces()
        X = prepare(np.repeat(faces.reshape(-1, *faces.shape[2:], 1), 3, axis=3), size)
        y = np.repeat(np.arange(40), 10)
        return Sets(X, y, X[:0], y[:0], task)
    if task == "patches":
        d = patches()
        X, X_new = (prepare(X.transpose(0, 2, 3, 1), size) for X in (d.X_train, d.X_test))
        return Sets(X, d.y_train, X_new, d.y_test, task)
    d = train_dev_test()
    parts = (d.X_train, d.X_dev[:500])
    X, X_new = (prepare(np.repeat(X.reshape(-1, 28, 28, 1), 3, axis=3), size) for X in parts)
    return Sets(X, d.y_train, X_new, d.y_dev[:500], task)


def drawn(examples, count, seed):
    """Draw a training set from a pool; smaller ones of a seed are parts of larger ones.

    Parameters
    ----------
    examples : Sets
        As from `pool`.
    count : int
        Images of each class to learn from; of faces at most five.
    seed : int
        Of the draw.

    Returns
    -------
    Sets
        The chosen images, and those to judge by: for faces, five others of each person.

    Raises
    ------
    ValueError
        If a class has too few images.
    """
    rng, divide = np.random.default_rng(seed), len(examples.y_new) == 0
    learn, judge = [], []
    for label in np.unique(examples.y):
        order = rng.permutation(np.flatnonzero(examples.y == label))
        most = len(order) // 2 if divide else len(order)
        if count > most:
            raise ValueError(f"drawn: {count} images of class {label}, but there are {most}")
        learn.append(order[:count])
        judge.append(order[most:])
    rows = np.concatenate(learn)
    X, y = examples.X, examples.y
    found = examples._replace(X=X[rows], y=y[rows])
    if not divide:
        return found
    others = np.concatenate(judge)
    return found._replace(X_new=X[others], y_new=y[others])
