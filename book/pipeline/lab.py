"""JupyterLab in which a click on a chapter opens it as a notebook."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence

from .layout import Book
from .writing import write_if_changed

_VIEWERS = {
    "@jupyterlab/docmanager-extension:plugin": {
        "defaultViewers": {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}
    }
}


def lab(book: Book, arguments: Sequence[str]) -> None:
    """Start JupyterLab in the book's folder and wait until it ends."""
    command = [
        *(sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={book.root}"),
        "--LabApp.default_url=/lab/tree/index.md",
        *arguments,
    ]
    print("Open a chapter under book/ with a double click: it is a notebook.", flush=True)
    try:
        subprocess.run(command, env=lab_environment(book), cwd=book.root, check=False)
    except KeyboardInterrupt:
        print()


def lab_environment(book: Book) -> dict[str, str]:
    """The environment of JupyterLab; the user's own settings are left as they are.

    A further folder of settings makes Jupytext the viewer of Markdown; the kernel that
    belongs to this Python goes before others of the same name.
    """
    folder = book.build / "lab"
    overrides = folder / "labconfig" / "default_setting_overrides.json"
    write_if_changed(overrides, json.dumps(_VIEWERS, indent=2) + "\n")
    environment = book.environment()
    before = environment.get("JUPYTER_CONFIG_PATH", "")
    environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join(p for p in (str(folder), before) if p)
    environment["JUPYTER_PREFER_ENV_PATH"] = "1"
    return environment
