"""One file that is always whole: a run can end at any moment and go on from the last one."""

import os
from pathlib import Path

import torch


def save(path, state):
    """Write a state so that a reader finds the old file or the new one, and nothing between.

    Parameters
    ----------
    path : path-like
        File to write; its folder is made if needed.
    state : dict
        Tensors and plain values, nested as you like.

    Notes
    -----
    The draft is on the disk before it takes the name of the old file. Told in the chapter
    :ref:`frameworks`.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        with open(draft, "wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def load(path):
    """Read what `save` wrote, running no code that the file might bring.

    Parameters
    ----------
    path : path-like
        File to read.

    Returns
    -------
    dict or None
        The state, or None if there is no such file.
    """
    path = Path(path)
    return torch.load(path, weights_only=True) if path.exists() else None
