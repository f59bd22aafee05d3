"""When a chapter must run again: never for its prose, always for what its code can see."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import platform
from contextlib import suppress
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from .imports import READERS, Package, mentions_of
from .layout import Book, Page
from .machines import CHOOSING
from .notebooks import code_cells, read_notebook, tags
from .versions import versions_for

_EXECUTOR = Path(__file__).with_name("nbval_plugin.py")
_RUNNING_TAGS = ("raises-exception", "skip-execution")


def key_of(book: Book, page: Page, notebook: NotebookNode) -> dict[str, str]:
    """Everything the outputs of a chapter depend on: name of the part → fingerprint."""
    key = {
        "its code": _digest(json.dumps(_as_run(notebook))),
        "the version of Python": platform.python_version(),
        "the stored outputs": _file_digest(book.reference(page)),
        "the way chapters are run": _file_digest(_EXECUTOR),
        "the kernels asked for": json.dumps({v: os.environ.get(v) for v in CHOOSING}),
    }
    package = Package(book.package, book.root / book.package)
    modules = package.closure(imported_modules(book, notebook), mentioned_names(notebook))
    names = mentioned_names(notebook) | package.mentions(modules)
    reads = not READERS.isdisjoint(mentioned_names(notebook))
    key["the versions in constraints.txt"] = _digest(
        "\n".join(versions_for(book.constraints, names))
    )
    for module in sorted(modules):
        key[module] = _digest(package.text_of(module) if reads else package.code_of(module))
    for file in package.data_files(modules):
        key[file.relative_to(book.root).as_posix()] = _file_digest(file)
    return key


def imported_modules(book: Book, notebook: NotebookNode) -> set[str]:
    """Modules of the companion that the cells of a chapter import themselves."""
    package = Package(book.package, book.root / book.package)
    return {module for source in _sources(notebook) for module in package.imports_of(source)}


def mentioned_names(notebook: NotebookNode) -> set[str]:
    """Identifiers in the cells of a chapter."""
    return {name for source in _sources(notebook) for name in mentions_of(source)}


def _sources(notebook: NotebookNode) -> list[str]:
    """The cells as plain Python; without those that are none."""
    found = []
    for cell in code_cells(notebook):
        # IPython turns %magics into Python; each cell gets its own transformer.
        source = TransformerManager().transform_cell(cell.source)
        with suppress(SyntaxError):  # running the cell reports it, with its line
            ast.parse(source)
            found.append(source)
    return found


def why_stale(book: Book, page: Page, key: dict[str, str]) -> str | None:
    """Why a chapter has to run, in words, or None when its last run still holds."""
    executed = read_notebook(book.executed(page))
    if executed is None:
        return "it has not been run yet"
    old = executed.metadata["course"]["key"]
    changed = [part for part in sorted({*old, *key}) if old.get(part) != key.get(part)]
    if not changed:
        return None
    shown = ", ".join(changed[:3]) + (", ..." if len(changed) > 3 else "")
    return f"changed: {shown}"


def _as_run(notebook: NotebookNode) -> list[tuple[str, list[str]]]:
    """Sources with the tags that change how they are run; hiding a cell changes nothing."""
    return [
        (
            cell.source,
            sorted(t for t in tags(cell) if t in _RUNNING_TAGS or t.startswith("nbval-")),
        )
        for cell in code_cells(notebook)
    ]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.exists() else "none"
