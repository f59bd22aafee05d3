"""Writing files so that an interrupt at any moment leaves the old or the new, never half."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write ``text`` to ``path``: readers see the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def write_if_changed(path: Path, text: str) -> bool:
    """Write only a difference, so that the file's date says when its content changed."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    write_whole(path, text)
    return True


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one pipeline at a time work in ``folder``; the system frees the lock on any exit."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another build of this book is running; waiting for it to end ...", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
