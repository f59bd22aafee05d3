"""Checkpoints: one file of arrays and text, written whole or not at all, never unpickled."""

import json
import os
import sys
import zipfile
from pathlib import Path

import numpy as np

from companion.training.engines import to_numpy


def save(path, state):
    """Write a state to `path` so that an interrupt leaves the old file intact.

    Parameters
    ----------
    path : path-like
        File to write; its folder is made if needed.
    state : dict
        Dicts, lists, plain values, arrays and torch tensors, nested as you like.
    """
    path, arrays = Path(path), {}
    text = json.dumps(_pack(state, arrays))
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        with open(draft, "wb") as file:
            np.savez(file, state=np.array(text), **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def load(path):
    """Read what `save` wrote.

    Parameters
    ----------
    path : path-like
        File to read.

    Returns
    -------
    dict
        The state; torch tensors are tensors again.

    Raises
    ------
    ValueError
        If the file is not a checkpoint.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            return _unpack(json.loads(str(file["state"])), file)
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"{path} is not a checkpoint of companion.training ({error}); "
            "delete it to start afresh, or name another file"
        ) from error


def _pack(value, arrays):
    """Turn a value into JSON; arrays go aside, under a number."""
    if isinstance(value, dict):
        # Pairs, because JSON would turn the integer keys of torch's optimizers into text.
        return {"dict": [[key, _pack(inside, arrays)] for key, inside in value.items()]}
    if isinstance(value, (list, tuple)):
        return {"list": [_pack(inside, arrays) for inside in value]}
    if hasattr(value, "detach") or isinstance(value, (np.ndarray, np.generic)):
        name = f"array{len(arrays)}"
        arrays[name] = to_numpy(value)
        return {"torch" if hasattr(value, "cpu") else "array": name}
    return value


def _unpack(value, arrays):
    if not isinstance(value, dict):
        return value
    (kind, content), *_ = value.items()
    if kind == "dict":
        return {key: _unpack(inside, arrays) for key, inside in content}
    if kind == "list":
        return [_unpack(inside, arrays) for inside in content]
    array = arrays[content]
    return sys.modules["torch"].from_numpy(array) if kind == "torch" else array
